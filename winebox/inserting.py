"""Inserting thousands of rows: what `bulk_create` does, without building an expression for each value."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.utils import timezone

AT_A_TIME = 500
# The bits of an id that `id_near` leaves it, and those among them that say what kind of id it is: a random one.
_OWN = (1 << 80) - 1
_VERSION, _VERSION_4 = 0xF000 << 64 | 0xC000 << 48, 0x4000 << 64 | 0x8000 << 48
Column = Sequence[Any]


@dataclass(frozen=True)
class Insertion:
    """Rows of one model that only need to be written: their values are such as the driver takes."""

    model: type[models.Model]
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def write(self, using: str = DEFAULT_DB_ALIAS) -> None:
        if not self.rows:
            return
        connection: Any = connections[using]
        if connection.vendor == "mongodb":
            made: Any = [self.model(**dict(zip(self.columns, line, strict=True))) for line in self.rows]
            models.QuerySet(self.model, using=using).bulk_create(made, batch_size=AT_A_TIME)
            return
        _execute(self, connection)


def insert(rows: Sequence[models.Model], using: str = DEFAULT_DB_ALIAS) -> None:
    """Insert instances of one model; the times they are made and changed are now."""
    if rows:
        names = _names(type(rows[0]))
        insert_values(type(rows[0]), names, map(attrgetter(*names), rows), using)


def insert_values(
    model: type[models.Model], names: Sequence[str], values: Iterable[Sequence[Any]], using: str = DEFAULT_DB_ALIAS
) -> None:
    """Insert rows given as values of these columns ("wine_id"); ids and times are added, other columns are as usual."""
    insertion(model, names, values, using).write(using)


def insertion(
    model: type[models.Model], names: Sequence[str], values: Iterable[Sequence[Any]], using: str = DEFAULT_DB_ALIAS
) -> Insertion:
    """Return what `insert_values` writes, for later."""
    connection: Any = connections[using]
    lines = list(values)
    if connection.vendor == "mongodb" or not lines:
        return Insertion(model, tuple(names), lines)
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    added: list[Any] = [field for field in model._meta.concrete_fields if field not in fields]
    given = zip(fields, zip(*lines, strict=True), strict=True)
    converted = [_converter(field, connection)(column) for field, column in given]
    converted += [_usual(field, len(lines), connection) for field in added]
    columns = tuple(field.column for field in (*fields, *added))
    return Insertion(model, columns, list(zip(*converted, strict=True)))


def id_near(anchor: uuid.UUID, pk: uuid.UUID | None = None) -> uuid.UUID:
    """Return an id, a new one or of `pk`, that begins as another one does.

    What belongs to the rows that are written one after another is then written in the order of its ids: it fills page
    after page of an index, where else each row would dirty a page of its own.
    """
    own = int.from_bytes(os.urandom(10)) & ~_VERSION | _VERSION_4 if pk is None else pk.int & _OWN
    return uuid.UUID(int=anchor.int & ~_OWN | own)


def _execute(insertion: Insertion, connection: Any) -> None:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(column) for column in insertion.columns)
    marks = ", ".join(["%s"] * len(insertion.columns))
    table = quote(insertion.model._meta.db_table)
    sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608  (names of our models)
    with connection.cursor() as cursor:
        for start in range(0, len(insertion.rows), AT_A_TIME):
            cursor.executemany(sql, insertion.rows[start : start + AT_A_TIME])


def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if not _is_of_now(field)]


def _is_of_now(field: Any) -> bool:
    return bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


def _usual(field: Any, count: int, connection: Any) -> Column:
    """Return the values of a column that the caller says nothing about."""
    if _is_of_now(field):
        value = timezone.now()
    elif field.default is uuid.uuid4:
        return _converter(field, connection)([uuid.uuid4() for _number in range(count)])
    else:
        value = field.get_default()
    return list(_converter(field, connection)([value])) * count


def _converter(field: Any, connection: Any) -> Callable[[Column], Column]:
    """Return what turns a column's values into those the driver takes: in one go, for there are thousands."""
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    if isinstance(target, models.IntegerField | models.BooleanField):
        return _as_they_are
    if isinstance(target, models.CharField | models.TextField):
        return _as_texts
    if isinstance(target, models.UUIDField):
        return _as_they_are if connection.features.has_native_uuid_field else _as_hex

    def convert(value: Any) -> Any:
        return target.get_db_prep_save(value, connection)

    is_key = isinstance(target, models.DateField | models.DecimalField)
    return lambda values: _each_once(values, convert) if is_key else [convert(value) for value in values]


def _as_they_are(values: Column) -> Column:
    return values


def _as_texts(values: Column) -> Column:
    # A choice is a text of a class of its own, which a driver would look at twice.
    return [value if value is None or type(value) is str else str(value) for value in values]


def _as_hex(values: Column) -> Column:
    return [None if value is None else value.hex for value in values]


def _each_once(values: Column, convert: Callable[[Any], Any]) -> Column:
    """Convert each value once: the same few days come again and again."""
    known = {value: convert(value) for value in set(values)}
    return [known[value] for value in values]

"""Rows as JSON and back; coming back, each value is looked at, because an archive may be damaged or forged."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from winebox.archive.parts import Part, Row

CHUNK = 2000
# The smallest of what the three engines keep in each kind of column.
RANGES = {
    "PositiveSmallIntegerField": (0, 32_767),
    "PositiveIntegerField": (0, 2_147_483_647),
    "PositiveBigIntegerField": (0, 9_223_372_036_854_775_807),
    "SmallIntegerField": (-32_768, 32_767),
    "IntegerField": (-2_147_483_648, 2_147_483_647),
    "BigIntegerField": (-9_223_372_036_854_775_808, 9_223_372_036_854_775_807),
}
TEXTS = frozenset({"CharField", "TextField", "EmailField", "SlugField", "URLField", "FileField"})
AnyField: TypeAlias = "Field[Any, Any]"
Converter = Callable[[Any], Any]


class RowRefused(ValueError):
    """A row that cannot be one of ours; the text says why."""


class Columns:
    """The fields of a model that are in archives."""

    def __init__(self, part: Part, model: type[Model]) -> None:
        name = str(model._meta.model_name)
        derived = part.derived.get(name, frozenset())
        self.model = model
        self.fields: list[AnyField] = [one for one in model._meta.concrete_fields if one.name not in derived]
        self._only = part.only.get(name)
        self._prepare = part.prepare.get(name)
        self._encoders = [(one.name, _encoder(one)) for one in self.fields]
        self._decoders = {one.name: (one, _decoder(one)) for one in self.fields}

    def rows(self) -> QuerySet[Any]:
        """Return the rows that are in archives, through no manager that hides any."""
        rows: QuerySet[Any] = QuerySet(self.model)
        return rows if self._only is None else rows.filter(self._only)

    def rows_left_out(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = QuerySet(self.model)
        return rows.none() if self._only is None else rows.exclude(self._only)

    def lines(self) -> Iterator[bytes]:
        """Yield each row as a line of JSON, by primary key."""
        names = [one.attname for one in self.fields]
        rows = self.rows().order_by("pk").values_list(*names)
        for values in rows.iterator(chunk_size=CHUNK):
            row = {
                name: value if encode is None or value is None else encode(value)
                for (name, encode), value in zip(self._encoders, values, strict=True)
            }
            yield json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"

    def decode(self, row: Row) -> Model:
        """Return the row as it will be written; raises RowRefused."""
        if unknown := row.keys() - self._decoders.keys():
            raise RowRefused(_("there is no field “%(field)s”") % {"field": min(unknown)[:60]})
        values = {
            field.attname: _decoded(field, decode, row[name]) if name in row else _without(field)
            for name, (field, decode) in self._decoders.items()
        }
        instance = self.model(**values)
        if self._prepare is not None:
            self._prepare(instance)
        return instance


def parse_line(line: bytes) -> Row:
    """Return a line of JSON as a row; raises RowRefused."""
    try:
        row = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise RowRefused(_("it cannot be read")) from error
    if not isinstance(row, dict):
        raise RowRefused(_("it is no row"))
    return row


def _no_constant(name: str) -> None:
    raise ValueError(name)


# -- Writing -----------------------------------------------------------------------------------------------------------


def moment(value: datetime) -> str:
    """Return a time in UTC to the millisecond, which is what every engine keeps."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _encoder(field: AnyField) -> Converter | None:
    kind = _target(field).get_internal_type()
    if kind == "DateTimeField":
        return moment
    if kind == "JSONField":
        # Engines disagree about the order in which the names of a document come back.
        return lambda value: json.loads(json.dumps(value, sort_keys=True))
    if kind == "BinaryField":
        return lambda value: base64.b64encode(bytes(value)).decode()
    if kind == "DecimalField":
        return lambda value: f"{Decimal(value):f}"
    if kind == "DateField":
        return lambda value: str(value.isoformat())
    if kind in {"UUIDField", "GenericIPAddressField", "FileField"}:
        return str
    if kind in {*TEXTS, *RANGES, "BooleanField", "FloatField"}:
        return None
    raise TypeError(f"An archive does not know how to keep {field}: add it to winebox.archive.rows.")


def _target(field: AnyField) -> AnyField:
    """Return the field whose values these are: for a reference, the one it refers to."""
    return _target(field.target_field) if isinstance(field, ForeignKey) else field


# -- Reading -----------------------------------------------------------------------------------------------------------


def _decoded(field: AnyField, decode: Converter, value: Any) -> Any:
    if value is None:
        if field.null:
            return None
        raise RowRefused(_("“%(field)s” is empty") % {"field": field.name})
    try:
        return decode(value)
    except RowRefused as error:
        raise RowRefused(_("“%(field)s” %(why)s") % {"field": field.name, "why": error}) from error
    except (ValueError, TypeError, ArithmeticError, ValidationError) as error:
        raise RowRefused(_("“%(field)s” is not what it has to be") % {"field": field.name}) from error


def _without(field: AnyField) -> Any:
    """Return the value of a field that the archive does not have because it is older than the field."""
    if not field.primary_key:
        if field.has_default():
            return field.get_default()
        if field.null:
            return None
        if field.blank and _target(field).get_internal_type() in TEXTS:
            return ""
    raise RowRefused(_("“%(field)s” is missing") % {"field": field.name})


def _decoder(field: AnyField) -> Converter:
    target = _target(field)
    kind = target.get_internal_type()
    if kind in TEXTS:
        return _text(field)
    if kind in RANGES:
        return _number(*RANGES[kind])
    decoders: dict[str, Converter] = {
        "UUIDField": _uuid,
        "BooleanField": _truth,
        "DateTimeField": _moment,
        "DateField": _day,
        "JSONField": _document,
        "BinaryField": _bytes,
    }
    if kind in decoders:
        return decoders[kind]
    return lambda value: target.clean(_storable(value) if isinstance(value, str) else value, None)


def _text(field: AnyField) -> Converter:
    limit = field.max_length
    choices = {key for key, _label in field.flatchoices} if field.choices else None

    def read(value: Any) -> str:
        text = _storable(value)
        if limit is not None and len(text) > limit:
            raise RowRefused(_("is longer than %(limit)d characters") % {"limit": limit})
        if choices is not None and text not in choices and not (text == "" and field.blank):
            raise RowRefused(_("is none of its choices"))
        return text

    return read


def _storable(value: Any) -> str:
    if not isinstance(value, str):
        raise RowRefused(_("is no text"))
    if "\0" in value or (not value.isascii() and _has_half(value)):
        raise RowRefused(_("has characters that no text has"))
    return value


def _has_half(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _number(least: int, most: int) -> Converter:
    def read(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise RowRefused(_("is no number from %(least)d to %(most)d") % {"least": least, "most": most})
        return value

    return read


def _uuid(value: Any) -> uuid.UUID:
    if not isinstance(value, str) or len(value) != 36:
        raise RowRefused(_("is no id"))
    return uuid.UUID(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise RowRefused(_("is neither true nor false"))
    return value


def _moment(value: Any) -> datetime:
    found = parse_datetime(value)
    # The first and the last days of the calendar have no moment in every time zone.
    if found is None or found.tzinfo is None or not 1800 <= found.year <= 2400:
        raise RowRefused(_("is no time"))
    return found


def _day(value: Any) -> Any:
    found = parse_date(value)
    if found is None or not 1800 <= found.year <= 2400:
        raise RowRefused(_("is no day"))
    return found


def _document(value: Any) -> Any:
    for text in _texts(value):
        _storable(text)
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise RowRefused(_("has a number that is too large"))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _texts(one)


def _bytes(value: Any) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise RowRefused(_("is not what it has to be")) from error

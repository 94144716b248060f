"""The verbs of a place: add, edit, delete."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cellar import search, stock
from cellar.folding import fold
from cellar.models import Bottle, Location, Transaction, TransactionLine
from cellar.settling import settle
from cellar.tree import load_tree

Result = TypeVar("Result")
NOTE_LENGTH = 1000


class PlaceError(Exception):
    """A change of the places that cannot be made; the text is for the person who asked for it."""

    # What it is about, where that is one thing that was typed.
    field: str | None = None


class NameTakenError(PlaceError):
    """There is a place of that name beside it."""

    field = "name"


def add_place(
    *,
    name: str,
    kind: str,
    parent: Location | None = None,
    rows: int | None = None,
    columns: int | None = None,
    note: str = "",
    key: UUID | None = None,
) -> Location:
    """Add a place; the same key twice is one place."""
    facts = {"name": name, "kind": kind, "parent": parent, "rows": rows, "columns": columns, "note": note}

    pk = key or uuid.uuid4()

    def work() -> Location:
        _hold_beside(parent)
        require_free_name(name=name, parent=parent, but=pk)
        location, _created = Location.objects.get_or_create(pk=pk, defaults=facts)
        return location

    return _settled(work)


def edit_place(*, location: Location, **facts: Any) -> Location:
    """Change a place; refused when it would lie inside itself, or when a bottle would lose its slot."""
    rows, columns = facts.get("rows", location.rows), facts.get("columns", location.columns)

    def work() -> Location:
        parent = facts.get("parent", location.parent)
        parent_id = parent.pk if parent else None
        # All of them: of two people who put each of two places into the other one has to see what the other did.
        _hold([location.pk, parent.pk] if parent else [location.pk], everywhere=parent is not None)
        require_fit(location=location, parent=parent, rows=rows, columns=columns)
        called = facts.get("name", location.name)
        if (fold(called), parent_id) != (fold(location.name), location.parent_id):
            _hold_beside(parent)
            require_free_name(name=called, parent=parent, but=location.pk)
        for name, value in facts.items():
            setattr(location, name, value)
        location.save(update_fields=[*facts, "updated_at"])
        search.reindex(wines_in(load_tree().inside(location.pk)))
        return location

    return _settled(work)


def require_fit(*, location: Location, parent: Location | None, rows: int | None, columns: int | None) -> None:
    """Refuse what a place cannot become: one that lies inside itself, or a rack without a slot that is taken."""
    if parent is not None and parent.pk in load_tree().inside(location.pk):
        raise PlaceError(_("A place cannot lie inside itself."))
    in_slots = Bottle.objects.filter(location=location, row__isnull=False)
    if in_slots.filter(Q(row__gt=rows or 0) | Q(column__gt=columns or 0)).exists():
        raise PlaceError(_("There are bottles in slots that would no longer exist. Move them first."))


def require_free_name(*, name: str, parent: Location | None, but: UUID) -> None:
    """Refuse a name that a place beside it has, whatever the accents and case: nobody could tell them apart."""
    beside = Location.objects.current().filter(parent=parent).exclude(pk=but)
    taken = next((one for one in beside if fold(one.name) == fold(name)), None)
    if taken is None:
        return
    if parent is None:
        raise NameTakenError(_("There is a place called “%(name)s” already. Choose another name.") % {"name": taken})
    raise NameTakenError(
        _("There is a place called “%(name)s” in “%(parent)s” already. Choose another name.")
        % {"name": taken, "parent": parent}
    )


def wines_in(location_ids: Sequence[UUID]) -> list[UUID]:
    """Return the wines with a bottle at these places."""
    bottles = Bottle.objects.present().filter(location_id__in=location_ids).order_by()
    return list(bottles.values_list("wine_id", flat=True).distinct())


def delete_place(*, location: Location, actor: AbstractBaseUser, key: UUID | None = None) -> int:
    """Delete a place and what is in it; its bottles move up to the place around it. Returns how many moved.

    A place that the history names is put aside rather than deleted, and comes back when an undo
    brings a bottle back to it.
    """

    def work() -> int:
        tree = load_tree()
        inside = tree.inside(location.pk)
        # First: whoever puts a bottle here at the same moment waits, and is then told that the place is gone.
        now = timezone.now()
        Location.objects.filter(pk__in=inside).update(archived_at=now, updated_at=now)
        note = _("%(place)s was removed") % {"place": tree.label(location.pk)}
        moved = stock.move_all(
            from_ids=inside, to=stock.Place(location.parent_id), actor=actor, note=note[:NOTE_LENGTH], key=key
        )
        for location_id in reversed(inside):
            if not is_named(location_id):
                Location.objects.filter(pk=location_id).delete()
        return sum(transaction.quantity for transaction in moved)

    return _settled(work)


def _settled(work: Callable[[], Result]) -> Result:
    """Do the work, all or nothing, and again when the database refused it because of somebody else's."""
    result: list[Result] = []

    def once() -> list[Transaction]:
        result[:] = [work()]
        return []

    settle(once, None)
    return result[0]


def _hold_beside(parent: Location | None) -> None:
    """Make others who add a place beside this one wait, so that of two with one name one sees the other."""
    if parent is not None:
        _hold([parent.pk])
    else:
        Location.objects.filter(parent=None).update(updated_at=timezone.now())


def _hold(location_ids: Sequence[UUID], *, everywhere: bool = False) -> None:
    """Make others who change these places wait; refused when one of them was deleted meanwhile."""
    now = timezone.now()
    if everywhere:
        Location.objects.update(updated_at=now)
    if Location.objects.current().filter(pk__in=location_ids).update(updated_at=now) < len(set(location_ids)):
        raise PlaceError(_("That place is no longer there. Nothing was changed; choose another one."))


def is_named(location_id: UUID) -> bool:
    """Whether the ledger, a bottle or another place still names a place."""
    lines = TransactionLine.objects.filter(Q(location_before=location_id) | Q(location_after=location_id))
    return (
        lines.exists()
        or Bottle.objects.filter(location=location_id).exists()
        or Location.objects.filter(parent=location_id).exists()
    )

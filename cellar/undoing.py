"""Taking back what was done, by writing the reverse."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cellar.choosing import hold_wines
from cellar.ledger import Actor, Change, Entry, Place, StockError, chunks, draft
from cellar.models import Bottle, Kind, Location, State, Transaction, TransactionLine
from cellar.settling import settle, write
from cellar.slots import no_such_slot
from cellar.tree import load_tree


def undo(*, action: UUID, actor: Actor, key: UUID | None = None) -> list[Transaction]:
    """Write the reverse of everything that was done in one action; an undo can be undone, too.

    Raises StockError when it was undone before, when something has happened to one of its bottles
    since, or when the slot that a bottle would return to is taken.
    """

    def work() -> list[Transaction]:
        originals = _in_effect(action)
        lines = list(TransactionLine.objects.filter(transaction__in=[one.pk for one in originals]).order_by())
        _revive_places([line.location_before_id for line in lines])
        hold_wines(original.wine_id for original in originals)
        undo_action = key or uuid.uuid4()
        written: list[Transaction] = []
        for some in _rounds(originals, lines):
            ids = {one.pk for one in some}
            changes = _reversed([line for line in lines if line.transaction_id in ids])
            entries: list[Entry] = []
            for original in some:
                transaction = draft(
                    Kind.UNDO, wine_id=original.wine_id, quantity=original.quantity, actor=actor,
                    key=None if entries or written else undo_action, action=undo_action,
                    reverses=original, size_ml=original.size_ml, reason=original.reason,
                )  # fmt: skip
                entries.append(Entry(transaction, changes[original.pk]))
            written += write(entries)
        return written

    return settle(work, key)


def _rounds(originals: Sequence[Transaction], lines: Sequence[TransactionLine]) -> Iterator[list[Transaction]]:
    """Yield the transactions of an action in the order in which they are taken back.

    In an import a bottle may come and go by one action: what happened last is taken back first.
    """
    steps: dict[UUID, list[tuple[int, UUID]]] = defaultdict(list)
    sizes: Counter[UUID] = Counter()
    for line in lines:
        steps[line.bottle_id].append((line.step, line.transaction_id))
        sizes[line.transaction_id] += 1
    for group in steps.values():
        group.sort()
    left = list(originals)
    while left:
        last = Counter(group[-1][1] for group in steps.values() if group)
        ready = [one for one in left if last[one.pk] == sizes[one.pk]]
        if not ready:
            raise StockError(_("These changes cannot be taken back together. Nothing was changed."))
        yield ready
        ids = {one.pk for one in ready}
        left = [one for one in left if one.pk not in ids]
        for group in steps.values():
            if group and group[-1][1] in ids:
                group.pop()


def _in_effect(action: UUID) -> list[Transaction]:
    """Return the transactions of an action; where it was undone and that undone again, those that did it again."""
    while True:
        found = list(Transaction.objects.filter(action=action).order_by("created_at", "id"))
        if not found:
            raise StockError(_("There is nothing to undo."))
        undone = Transaction.objects.filter(reverses__in=[one.pk for one in found]).first()
        if undone is None:
            return found
        again = Transaction.objects.filter(reverses=undone).first()
        if again is None:
            raise StockError(_("This was undone already."))
        action = again.action


def _reversed(lines: Sequence[TransactionLine]) -> dict[UUID, list[Change]]:
    """Return, by transaction, the changes that bring each bottle back to how it was before."""
    bottles = Bottle.objects.in_bulk([line.bottle_id for line in lines])
    _require_unchanged(lines, bottles)
    changes: dict[UUID, list[Change]] = defaultdict(list)
    for line in lines:
        place = Place(line.location_before_id, line.row_before, line.column_before)
        changes[line.transaction_id].append(Change(bottles[line.bottle_id], State(line.state_before), place))
    _require_slots([change for group in changes.values() for change in group])
    return changes


def _require_unchanged(lines: Sequence[TransactionLine], bottles: dict[UUID, Bottle]) -> None:
    since = {line.bottle_id: line.step for line in lines if line.step != bottles[line.bottle_id].step}
    count = len(moved_on(since))
    if count:
        raise StockError(
            ngettext(
                "%(count)d of these bottles has changed since. Undo that first; nothing was changed.",
                "%(count)d of these bottles have changed since. Undo that first; nothing was changed.",
                count,
            )
            % {"count": count}
        )


def moved_on(since: dict[UUID, int]) -> list[UUID]:
    """Return the bottles to which something happened after these steps that is still in effect."""
    later: dict[UUID, list[UUID]] = defaultdict(list)
    for part in chunks(list(since)):
        for bottle_id, step, transaction_id in (
            TransactionLine.objects.filter(bottle_id__in=part)
            .order_by("bottle_id", "step")
            .values_list("bottle_id", "step", "transaction_id")
        ):
            if step > since[bottle_id]:
                later[bottle_id].append(transaction_id)
    reverses = _reversals({one for transactions in later.values() for one in transactions})
    return [pk for pk, transactions in later.items() if not _cancel_out(transactions, reverses)]


def _reversals(transaction_ids: set[UUID]) -> dict[UUID, UUID | None]:
    """Return, by transaction, which one it takes back."""
    return {
        pk: reverses_id
        for part in chunks(list(transaction_ids))
        for pk, reverses_id in Transaction.objects.filter(pk__in=part).order_by().values_list("pk", "reverses_id")
    }


def _cancel_out(transactions: Sequence[UUID], reverses: dict[UUID, UUID | None]) -> bool:
    """Whether each of these, in the order they happened, was taken back by a later one, like brackets that close."""
    pending: list[UUID] = []
    for one in transactions:
        if pending and reverses[one] == pending[-1]:
            pending.pop()
        else:
            pending.append(one)
    return not pending


def _require_slots(changes: Sequence[Change]) -> None:
    """Refuse when a bottle would return to a slot that is taken or no longer there."""
    wanted = {change.place for change in changes if change.place.is_slot}
    if not wanted:
        return
    racks = Location.objects.in_bulk({place.location_id for place in wanted})
    returning = {change.bottle.pk for change in changes}
    lying = Bottle.objects.filter(location__in=list(racks), row__isnull=False).order_by()
    taken = {
        Place(location_id, row, column)
        for pk, location_id, row, column in lying.values_list("pk", "location_id", "row", "column")
        if pk not in returning
    }
    for place in sorted(wanted, key=lambda one: (str(one.location_id), one.row, one.column)):
        rack = racks[place.location_id]
        if not rack.has_slot(place.row or 0, place.column or 0):
            raise StockError(no_such_slot(rack))
        if place in taken:
            raise StockError(
                _("Another bottle is in row %(row)d, column %(column)d of %(place)s now. Move it first.")
                % {"row": place.row, "column": place.column, "place": rack.name}
            )


def _revive_places(location_ids: Sequence[UUID | None]) -> None:
    """Bring deleted places back, with those around them, when bottles return to them; and keep them from going."""
    ids = {one for one in location_ids if one is not None}
    if not ids:
        return
    tree = load_tree()
    around = {one.pk for location_id in ids for one in tree.path(location_id) if one.archived_at is not None}
    for part in chunks(sorted(ids | around)):
        Location.objects.filter(pk__in=part).update(archived_at=None, updated_at=timezone.now())

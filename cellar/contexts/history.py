"""What happened, told in sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Count, Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cellar.contexts.rows import address_of
from cellar.models import Kind, Reason, Transaction, TransactionLine, Wine
from cellar.models.transaction import TransactionQuerySet
from cellar.money import format_money
from cellar.sizes import STANDARD, size_label
from cellar.tree import SEPARATOR, Tree, slots_label
from winebox import databases

ICONS: dict[str, str] = {
    Kind.CHECK_IN: "add",
    Kind.ORDER: "truck",
    Kind.DELIVER: "truck",
    Kind.CANCEL: "close",
    Kind.CHECK_OUT: "glass",
    Kind.OPEN: "glass",
    Kind.MOVE: "move",
    Kind.COUNT: "count",
}


@dataclass
class Event:
    """One action as the history tells it; `parts` are its transactions, one for each wine."""

    action: UUID
    kind: str
    happened_at: datetime
    created_at: datetime
    who: str
    is_undone: bool
    parts: list[EventPart] = field(default_factory=list)

    @property
    def undo_url(self) -> str:
        return "" if self.is_undone else address_of("undo", self.action)

    @property
    def icon(self) -> str:
        """Return the name of the picture beside it."""
        return ICONS.get(self.kind, "undo")


@dataclass(frozen=True)
class EventPart:
    text: str
    detail: str
    note: str
    wine: Wine | None

    @property
    def wine_url(self) -> str:
        return address_of("wine", self.wine.pk) if self.wine else ""


# Whether it was taken back, and that again, and that once more; what was changed about more often costs a query each.
STORY = ("wine", "actor", "undone_by__undone_by__undone_by")


def with_story(transactions: TransactionQuerySet, first: int = 0, last: int | None = None) -> list[Transaction]:
    """Return some transactions with what telling them needs: who, which wine, and whether they were taken back."""
    if databases.joins_quickly():
        return list(transactions.select_related(*STORY)[first:last])
    rows = list(transactions[first:last])
    _attach(rows, "wine", Wine.objects.in_bulk({row.wine_id for row in rows}))
    _attach(rows, "actor", get_user_model().objects.in_bulk({row.actor_id for row in rows if row.actor_id}))
    _attach_reversals(rows)
    return rows


def _attach(rows: Iterable[Transaction], name: str, known: Mapping[Any, Model]) -> None:
    for row in rows:
        setattr(row, name, known.get(getattr(row, f"{name}_id")))


def _attach_reversals(rows: Sequence[Transaction]) -> None:
    """Give each transaction the one that took it back, these the ones that took them back, and so on."""
    while rows:
        undos = {undo.reverses_id: undo for undo in Transaction.objects.filter(reverses__in=[row.pk for row in rows])}
        for row in rows:
            # Where Django keeps what select_related found, or that it found nothing.
            row._state.fields_cache["undone_by"] = undos.get(row.pk)
        rows = list(undos.values())


def events(transactions: Sequence[Transaction], tree: Tree, *, name_wines: bool = True) -> list[Event]:
    """Return the transactions as events, those of one action together. One query, for the places."""
    moves = _moves(transactions)
    result: list[Event] = []
    for one in transactions:
        if not result or result[-1].action != one.action:
            who = str(one.actor) if one.actor else _("nobody")
            result.append(Event(one.action, one.kind, one.happened_at, one.created_at, who, one.is_undone))
        part = EventPart(
            _sentence(one, names_wine=name_wines),
            _detail(one, moves[one.pk], tree),
            one.note,
            one.wine if name_wines else None,
        )
        result[-1].parts.append(part)
    return result


VERBS = {
    Kind.CHECK_IN: gettext_lazy("Checked in %s"),
    Kind.CHECK_OUT: gettext_lazy("Checked out %s"),
    Kind.ORDER: gettext_lazy("Ordered %s"),
    Kind.DELIVER: gettext_lazy("Received %s"),
    Kind.CANCEL: gettext_lazy("Cancelled the order of %s"),
    Kind.OPEN: gettext_lazy("Opened %s"),
    Kind.MOVE: gettext_lazy("Moved %s"),
    Kind.COUNT: gettext_lazy("Stock-take, found: %s"),
    Kind.UNDO: gettext_lazy("Took back: %s"),
}
REASONS = {
    Reason.DRANK: gettext_lazy("Drank %s"),
    Reason.GIFT: gettext_lazy("Gave away %s"),
    Reason.SOLD: gettext_lazy("Sold %s"),
    Reason.BROKEN: gettext_lazy("Broke %s"),
    Reason.SPOILED: gettext_lazy("Spoiled: %s"),
    Reason.MISSING: gettext_lazy("Missing: %s"),
    Reason.RETURNED: gettext_lazy("Returned %s"),
    Reason.DONATED: gettext_lazy("Donated %s"),
}


@dataclass(frozen=True)
class Move:
    """From where to where some bottles of a transaction went; one with a slot is of a single bottle."""

    before: UUID | None
    after: UUID | None
    slot: tuple[int, int] | None


def _moves(transactions: Sequence[Transaction]) -> dict[UUID, list[Move]]:
    """Return, by transaction, from where to where its bottles went; those that went to no slot are counted together."""
    lines = TransactionLine.objects.filter(transaction_id__in=[one.pk for one in transactions]).order_by()
    rows = lines.values_list(
        "transaction_id", "location_before_id", "location_after_id", "row_after", "column_after"
    ).annotate(n=Count("id"))
    moves: dict[UUID, list[Move]] = defaultdict(list)
    for transaction_id, before, after, row, column, _n in rows:
        moves[transaction_id].append(Move(before, after, None if row is None else (row, column)))
    return moves


def _sentence(transaction: Transaction, *, names_wine: bool) -> str:
    """Return what happened: "Drank 2 bottles", or "Drank 2 bottles of" where the wine's name follows."""
    n = transaction.quantity
    bottles = ngettext("%(n)d bottle", "%(n)d bottles", n) % {"n": n}
    if transaction.size_ml and transaction.size_ml != STANDARD:
        bottles = f"{n} × {size_label(transaction.size_ml)}"
    sentence = _verb(transaction) % bottles
    return _("%(sentence)s of") % {"sentence": sentence} if names_wine else sentence


def _verb(transaction: Transaction) -> str:
    if transaction.kind == Kind.CHECK_OUT and transaction.reason in REASONS:
        return str(REASONS[Reason(transaction.reason)])
    if transaction.kind == Kind.COUNT and transaction.reason == Reason.MISSING:
        return str(_("Stock-take, missing: %s"))
    return str(VERBS[Kind(transaction.kind)])


def _detail(transaction: Transaction, moves: list[Move], tree: Tree) -> str:
    """Return place, price, shop and person of a transaction in one line."""
    parts = []
    if transaction.unit_price is not None:
        price = format_money(transaction.unit_price, transaction.currency)
        parts.append(_("%(price)s each") % {"price": price})
    if transaction.revenue is not None:
        parts.append(format_money(transaction.revenue, transaction.currency))
    parts += [text for text in (transaction.store, transaction.recipient) if text]
    if transaction.expected_on:
        parts.append(_("expected on %(day)s") % {"day": date_format(transaction.expected_on)})
    if transaction.kind == Kind.MOVE:
        parts.append(f"{_joined(tree, [one.before for one in moves])} → {_destinations(tree, moves)}")
    elif transaction.kind in (Kind.CHECK_IN, Kind.DELIVER):
        parts.append(_destinations(tree, moves))
    elif transaction.kind in (Kind.CHECK_OUT, Kind.OPEN, Kind.COUNT):
        known = [one.before or one.after for one in moves if one.before or one.after]
        if known:
            parts.append(_joined(tree, known))
    return SEPARATOR.join(parts)


def _joined(tree: Tree, location_ids: Sequence[UUID | None]) -> str:
    return ", ".join(dict.fromkeys(tree.label(one) for one in location_ids))


def _destinations(tree: Tree, moves: Sequence[Move]) -> str:
    """Return where bottles went, with the slots of each place: "Rack B (row 1, column 3–6), Shelf"."""
    slots: dict[UUID | None, list[tuple[int, int]]] = defaultdict(list)
    for one in moves:
        slots[one.after] += [one.slot] if one.slot else []
    return ", ".join(
        f"{tree.label(place)} ({slots_label(taken)})" if taken else tree.label(place) for place, taken in slots.items()
    )

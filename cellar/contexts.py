"""What pages show, ready to print: rows, groups and pictures made of the nouns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cellar import drinking
from cellar.models import PRESENT, Bottle, Kind, Location, Reason, State, Transaction, TransactionLine, Wine
from cellar.money import format_money
from cellar.sizes import STANDARD, size_label
from cellar.tree import SEPARATOR, Tree

NO_PLACE = "none"


@dataclass(frozen=True)
class WherePart:
    """Some bottles of one wine at one place."""

    label: str
    count: int
    url: str


def location_url(location_id: UUID | None) -> str:
    return reverse("location", args=[location_id]) if location_id else reverse("no_place")


def attach_places(wines: Iterable[Wine], tree: Tree) -> list[Wine]:
    """Give each wine `places`: where its bottles lie, most bottles first. One query."""
    rows = list(wines)
    bottles = Bottle.objects.present().filter(wine_id__in=[wine.pk for wine in rows]).order_by()
    where: dict[UUID, dict[UUID | None, list[tuple[int | None, int | None]]]] = defaultdict(lambda: defaultdict(list))
    for wine_id, location_id, row, column in bottles.values_list("wine_id", "location_id", "row", "column"):
        where[wine_id][location_id].append((row, column))
    for wine in rows:
        groups = sorted(where[wine.pk].items(), key=lambda group: -len(group[1]))
        wine.places = [  # type: ignore[attr-defined]
            WherePart(_group_label(tree, place, slots), len(slots), location_url(place)) for place, slots in groups
        ]
    return rows


def _group_label(tree: Tree, location_id: UUID | None, slots: Sequence[tuple[int | None, int | None]]) -> str:
    """Return "Rack B · row 2" when all lie in one row, else the place alone."""
    rows = {row for row, _column in slots}
    label = tree.short_label(location_id)
    row = next(iter(rows)) if len(rows) == 1 else None
    return label if row is None else f"{label}{SEPARATOR}{_('row %(row)d') % {'row': row}}"


@dataclass
class BottleGroup:
    """Bottles of one wine that are alike: same place, size and state."""

    location_id: UUID | None
    size_ml: int
    state: str
    label: str
    bottles: list[Bottle] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.bottles)

    @property
    def size_label(self) -> str:
        return "" if self.size_ml == STANDARD else size_label(self.size_ml)

    @property
    def slots_label(self) -> str:
        """Return the slots as people say them: "row 2, column 3–6"."""
        slots = sorted((bottle.row, bottle.column) for bottle in self.bottles if bottle.row and bottle.column)
        by_row: dict[int, list[int]] = defaultdict(list)
        for row, column in slots:
            by_row[row].append(column)
        parts = [
            _("row %(row)d, column %(columns)s") % {"row": row, "columns": _ranges(columns)}
            for row, columns in by_row.items()
        ]
        return "; ".join(parts)

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def value(self) -> str:
        return f"{self.location_id or NO_PLACE}:{self.size_ml}"

    @property
    def url(self) -> str:
        return location_url(self.location_id)


def _ranges(numbers: Sequence[int]) -> str:
    """Return sorted numbers as ranges: "3–6, 8"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def bottle_groups(bottles: Iterable[Bottle], tree: Tree) -> list[BottleGroup]:
    """Return the bottles grouped by place, size and state, places in the order of their names."""
    groups: dict[tuple[Any, ...], BottleGroup] = {}
    for bottle in bottles:
        key = (bottle.location_id, bottle.size_ml, bottle.state)
        if key not in groups:
            groups[key] = BottleGroup(*key, label=tree.label(bottle.location_id))
        groups[key].bottles.append(bottle)
    return sorted(groups.values(), key=lambda group: (group.location_id is None, group.label, group.size_ml))


def bottle_choices(
    wine: Wine, states: Sequence[str], tree: Tree, bottle_id: UUID | None = None
) -> list[tuple[str, str]]:
    """Return which bottles of a wine a form may ask for: by place and size, and the one that was pointed at."""
    bottles = list(Bottle.objects.filter(wine=wine, state__in=states).order_by("created_at", "id"))
    choices: dict[str, tuple[str, int]] = {}
    for bottle in bottles:
        value = f"{bottle.location_id or NO_PLACE}:{bottle.size_ml}"
        label, count = choices.get(value, (f"{tree.label(bottle.location_id)}{SEPARATOR}{bottle.size_label}", 0))
        choices[value] = (label, count + 1)
    result = [(value, f"{label} ({count})") for value, (label, count) in choices.items()]
    one = next((bottle for bottle in bottles if bottle.pk == bottle_id), None)
    if one is not None:
        where = tree.slot_label(one.location_id, one.row, one.column)
        result.insert(0, (f"bottle:{one.pk}", _("the one at %(place)s") % {"place": where}))
    return result


# -- History -----------------------------------------------------------------------------------------------------------


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
        return "" if self.is_undone else reverse("undo", args=[self.action])


@dataclass(frozen=True)
class EventPart:
    text: str
    detail: str
    note: str
    wine: Wine | None


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
Move = tuple[UUID | None, UUID | None]


def _moves(transactions: Sequence[Transaction]) -> dict[UUID, list[Move]]:
    """Return, by transaction, from where to where its bottles went."""
    lines = TransactionLine.objects.filter(transaction_id__in=[one.pk for one in transactions]).order_by()
    rows = lines.values_list("transaction_id", "location_before_id", "location_after_id").annotate(n=Count("id"))
    moves: dict[UUID, list[Move]] = defaultdict(list)
    for transaction_id, before, after, _n in rows:
        moves[transaction_id].append((before, after))
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
    if transaction.kind == Kind.MOVE:
        before = _joined(tree, [before for before, _after in moves])
        parts.append(f"{before} → {_joined(tree, [after for _before, after in moves])}")
    elif transaction.kind in (Kind.CHECK_IN, Kind.DELIVER):
        parts.append(_joined(tree, [after for _before, after in moves]))
    elif transaction.kind in (Kind.CHECK_OUT, Kind.OPEN, Kind.COUNT):
        known = [before or after for before, after in moves if before or after]
        if known:
            parts.append(_joined(tree, known))
    return SEPARATOR.join(parts)


def _joined(tree: Tree, location_ids: Sequence[UUID | None]) -> str:
    return ", ".join(dict.fromkeys(tree.label(one) for one in location_ids))


# -- Racks -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slot:
    label: str
    url: str
    wine: Wine | None = None

    @property
    def readiness(self) -> drinking.Readiness | None:
        return self.wine.readiness if self.wine else None


@dataclass(frozen=True)
class RackRow:
    label: int
    slots: list[Slot]


@dataclass(frozen=True)
class Rack:
    name: str
    columns: list[int]
    rows: list[RackRow]


def rack(location: Location, bottles: Iterable[Bottle], *, may_change: bool) -> Rack:
    """Return a rack as rows of slots; a free one leads to adding, a taken one to its bottle."""
    by_slot = {(bottle.row, bottle.column): bottle for bottle in bottles if bottle.row}
    columns = list(range(1, (location.columns or 0) + 1))
    rows = []
    for row in range(1, (location.rows or 0) + 1):
        slots = [_slot(location, row, column, by_slot.get((row, column)), may_change) for column in columns]
        rows.append(RackRow(row, slots))
    return Rack(location.name, columns, rows)


def _slot(location: Location, row: int, column: int, bottle: Bottle | None, may_change: bool) -> Slot:
    where = _("row %(row)d, column %(column)d") % {"row": row, "column": column}
    if bottle is None:
        url = f"{reverse('fill_slot', args=[location.pk])}?row={row}&column={column}" if may_change else ""
        return Slot(_("%(where)s: free") % {"where": where}, url)
    readiness = bottle.wine.readiness.label
    return Slot(f"{where}: {bottle.wine.full_name}, {readiness}", reverse("bottle", args=[bottle.pk]), bottle.wine)


# -- Stock-take --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CountRow:
    """What the book has of one wine in one size at a place."""

    wine_id: UUID
    size_ml: int
    label: str
    expected: int
    wine: Wine

    @property
    def field(self) -> str:
        return f"found_{self.wine_id.hex}_{self.size_ml}"

    @property
    def expected_field(self) -> str:
        return f"expected_{self.wine_id.hex}_{self.size_ml}"


def count_rows(location_id: UUID | None) -> list[CountRow]:
    """Return what to count at a place: each wine and size that the book has there."""
    bottles = Bottle.objects.filter(location_id=location_id, state__in=PRESENT).order_by()
    groups = list(bottles.values_list("wine_id", "size_ml").annotate(n=Count("id")))
    wines = Wine.objects.in_bulk({wine_id for wine_id, _size, _n in groups})
    rows = [
        CountRow(wine_id, size, _count_label(wines[wine_id], size), n, wines[wine_id]) for wine_id, size, n in groups
    ]
    return sorted(rows, key=lambda row: (row.wine.sort_key, row.size_ml))


def _count_label(wine: Wine, size_ml: int) -> str:
    return wine.full_name if size_ml == STANDARD else f"{wine.full_name}, {size_label(size_ml)}"


# -- When to drink -----------------------------------------------------------------------------------------------------


def pace_sentence(wine: Wine) -> str:
    """Return in words how drinking goes against the window, or nothing where there is no pace."""
    drunk = wine.count_gone
    pace = drinking.pace(
        window=wine.window,
        on_hand=wine.count_present,
        on_order=wine.count_on_order,
        drunk=drunk,
        today=timezone.localdate(),
    )
    if pace is None or not wine.count_present or pace.total < 2:
        return ""
    begin = _("You have opened %(drunk)d of %(total)d: ") % {"drunk": drunk, "total": pace.total}
    if pace.bottles > 0:
        behind = ngettext("%(n)d bottle behind the pace.", "%(n)d bottles behind the pace.", pace.bottles)
        return begin + behind % {"n": pace.bottles}
    if pace.bottles < 0:
        ahead = ngettext("%(n)d bottle ahead of the pace.", "%(n)d bottles ahead of the pace.", -pace.bottles)
        return begin + ahead % {"n": -pace.bottles}
    return str(begin + _("right on pace."))


def urgency(wine: Wine) -> str:
    """Return in a few words why a wine should be drunk now."""
    year = drinking.this_year()
    if wine.readiness == drinking.Readiness.PAST:
        return _("past its window since %(year)d") % {"year": wine.drink_until}
    if wine.drink_until == year:
        return str(_("its last year"))
    if wine.readiness == drinking.Readiness.FADING:
        return _("fading, until %(year)s") % {"year": wine.drink_until or "?"}
    return f"{wine.readiness.label}, {wine.window_label}"

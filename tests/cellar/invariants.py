"""The invariants of the ledger, written down a second time, as plainly as can be: what the audit is measured by."""

from collections import Counter, defaultdict

from cellar.models import Bottle, State, Transaction, TransactionLine, Wine

COUNTED = {
    "count_on_order": State.ON_ORDER,
    "count_in_cellar": State.IN_CELLAR,
    "count_open": State.OPEN,
    "count_gone": State.GONE,
}


def assert_the_book_is_right() -> None:
    """Check the first three invariants of the design, and that the ledger has no gaps."""
    bottles = list(Bottle.objects.all())
    lines: dict[object, list[TransactionLine]] = defaultdict(list)
    for line in TransactionLine.objects.order_by("step"):
        lines[line.bottle_id].append(line)
    for bottle in bottles:
        assert_lines_lead_to(bottle, lines.pop(bottle.pk))
    assert not lines
    assert_counters_match(bottles)
    assert_one_bottle_a_slot(bottles)
    assert_transactions_are_whole()


def assert_lines_lead_to(bottle: Bottle, lines: list[TransactionLine]) -> None:
    now: tuple[object, ...] = (State.VOID, None, None, None)
    for number, line in enumerate(lines, start=1):
        assert line.step == number
        assert (line.state_before, line.location_before_id, line.row_before, line.column_before) == now
        now = (line.state_after, line.location_after_id, line.row_after, line.column_after)
    assert (bottle.state, bottle.location_id, bottle.row, bottle.column) == now
    assert bottle.step == len(lines)
    assert bottle.last_transaction == lines[-1].transaction_id
    assert bottle.source_id == lines[0].transaction_id
    if bottle.state in (State.VOID, State.GONE, State.ON_ORDER):
        assert bottle.location_id is None


def assert_counters_match(bottles: list[Bottle]) -> None:
    found = Counter((bottle.wine_id, bottle.state) for bottle in bottles)
    for wine in Wine.objects.all():
        counted = {name: getattr(wine, name) for name in COUNTED}
        assert counted == {name: found[wine.pk, state] for name, state in COUNTED.items()}
        assert min(counted.values()) >= 0


def assert_one_bottle_a_slot(bottles: list[Bottle]) -> None:
    slots = Counter((one.location_id, one.row, one.column) for one in bottles if one.row is not None)
    assert not slots or max(slots.values()) == 1


def assert_transactions_are_whole() -> None:
    found = Counter(TransactionLine.objects.values_list("transaction_id", flat=True))
    assert dict(found) == dict(Transaction.objects.values_list("pk", "quantity"))


def counts(wine: Wine) -> tuple[int, int, int, int]:
    """On order, in cellar, open, gone."""
    wine.refresh_from_db()
    return (wine.count_on_order, wine.count_in_cellar, wine.count_open, wine.count_gone)

"""What a line of each of CellarTracker's tables says about bottles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cellar.folding import fold
from cellar.imports.formats.cellartracker import columns
from cellar.imports.formats.knowledge import states
from cellar.imports.formats.knowledge.laying import LENGTH, lay
from cellar.imports.formats.knowledge.reading import Reading
from cellar.imports.rows import Lot
from cellar.models import Reason, State

_STATES = {"-1": State.ON_ORDER, "0": State.GONE, "1": State.IN_CELLAR}
_PLAIN = frozenset({"drank from my cellar", "drank"})
NOTE, BOTTLE_NOTE, STORE, BARCODE = 1000, 500, 120, 60


@dataclass(frozen=True)
class Wanted:
    """Which bottles of a table count: where several tables name the same bottles, one of them is asked."""

    stock: bool = True
    order: bool = True
    gone: bool = True


def lots_of(part: str, reading: Reading, wanted: Wanted) -> list[Lot]:
    """Return the bottles of a line."""
    reader = _READERS.get(part)
    found = reader(reading) if reader else []
    counts = {State.IN_CELLAR: wanted.stock, State.ON_ORDER: wanted.order, State.GONE: wanted.gone}
    if not found and any(counts.values()):
        reading.leave_bottles(*columns.OF_BOTTLES)
    if found and fold(reading.text("Location")) not in columns.PENDING:
        reading.leave(_("No bottle of this row is in the cellar."), "Location", "Bin")
    return [lot for lot in found if counts[lot.state]]


def _list(reading: Reading) -> list[Lot]:
    key = reading.text("WineBarcode")
    found = []
    if quantity := reading.quantity("Quantity"):
        lot = _placed(reading, Lot(quantity=quantity, size_ml=_size(reading, "Size"), key=key))
        found.append(_priced(reading, lot, "Price", "Currency"))
    if pending := reading.quantity("Pending"):
        lot = Lot(quantity=pending, state=State.ON_ORDER, size_ml=_size(reading, "Size"), key=key)
        found.append(_priced(reading, lot, "Price", "Currency"))
    return found


def _inventory(reading: Reading) -> list[Lot]:
    is_pending = fold(reading.text("Location")) in columns.PENDING
    lot = Lot(
        state=State.ON_ORDER if is_pending else State.IN_CELLAR,
        size_ml=_size(reading, "Size"),
        barcode=reading.short("Barcode", BARCODE),
        store=reading.short("StoreName", STORE),
        purchased_on=reading.day("PurchaseDate"),
        note=reading.short("BottleNote", BOTTLE_NOTE),
    )
    if not is_pending:
        _placed(reading, lot)
    return [_natively_priced(reading, lot)]


def _bottles(reading: Reading) -> list[Lot]:
    state = _STATES.get(reading.text("BottleState"))
    # A row is a bottle, unless a column counts.
    quantity = reading.quantity("Quantity") if "Quantity" in reading.line.positions else 1
    if state is None:
        reading.row.skip(
            "BottleState",
            reading.line.get("BottleState"),
            _("The state of a bottle is -1 (on order), 0 (consumed) or 1 (in the cellar)."),
        )
        return []
    if not quantity:
        if not reading.text("Quantity"):
            reading.row.skip("Quantity", "", _("No number of bottles is said: none are added."))
        return []
    if quantity > 1:
        reason = _("A barcode is that of one bottle, and these are %(number)d.") % {"number": quantity}
        reading.leave(reason, "Barcode")
    lot = Lot(
        quantity=quantity,
        state=state,
        size_ml=_size(reading, "BottleSize"),
        barcode=reading.short("Barcode", BARCODE) if quantity == 1 else "",
        store=reading.short("Store", STORE),
        purchased_on=reading.day("PurchaseDate"),
        note=reading.short("BottleNote", BOTTLE_NOTE),
        purchase_note=reading.cut("PurchaseNote", reading.text("PurchaseNote"), NOTE),
    )
    if state == State.ON_ORDER:
        lot.expected_on = reading.day("DeliveryDate")
    else:
        lot.delivered_on = reading.day("DeliveryDate")
        _placed(reading, lot)
    if state == State.GONE:
        _gone(reading, lot, "ConsumptionDate", "ConsumptionRevenue", "ConsumptionRevenueCurrency")
    return [_priced(reading, lot, "BottleCost", "BottleCostCurrency")]


def _consumed(reading: Reading) -> list[Lot]:
    number = reading.short("iConsumed", BARCODE)
    lot = Lot(
        state=State.GONE,
        size_ml=_size(reading, "Size"),
        # The number is that of the bottle: the barcode without its leading zeros.
        barcode=number.zfill(10) if number.isdecimal() else number,
        note=reading.short("BottleNote", BOTTLE_NOTE),
        purchase_note=reading.cut("PurchaseNote", reading.text("PurchaseNote"), NOTE),
    )
    _placed(reading, lot)
    _gone(reading, lot, "Consumed", "NativeRevenue", "NativeRevenueCurrency")
    return [_natively_priced(reading, lot)]


def _purchase(reading: Reading) -> list[Lot]:
    """Return what remains of a purchase; when the others went, and how, the table does not say."""
    is_delivered = fold(reading.text("Delivered")) != "false"
    remaining = reading.quantity("Remaining" if reading.text("Remaining") else "Quantity")
    if not remaining:
        return []
    lot = Lot(
        quantity=remaining,
        state=State.IN_CELLAR if is_delivered else State.ON_ORDER,
        size_ml=_size(reading, "Size"),
        store=reading.short("StoreName", STORE),
        purchased_on=reading.day("PurchaseDate"),
        key=f"iPurchase {number}" if (number := reading.text("iPurchase")) else "",
        purchase_note=reading.short("OrderNumber", NOTE),
    )
    if is_delivered:
        lot.delivered_on = reading.day("DeliveryDate")
    else:
        lot.expected_on = reading.day("DeliveryDate")
    return [_natively_priced(reading, lot)]


def _browser(reading: Reading) -> list[Lot]:
    if not any(reading.text(column) for column in ("Quantity", "TotalQuantity", "Pending")):
        return []
    pending = reading.quantity("Pending")
    # The total is that of stock and orders.
    column = "Quantity" if reading.text("Quantity") else "TotalQuantity"
    here = reading.quantity(column) - (pending if column == "TotalQuantity" else 0)
    if here < 0:
        reading.row.skip(column, reading.text(column), _("These are fewer than are on order."))
    if here <= 0 and not pending:
        return []
    size = _size(reading, "Size" if reading.text("Size") else "BottleSize")
    found = []
    if here > 0:
        found.append(_priced(reading, _placed(reading, Lot(quantity=here, size_ml=size)), "Price", "Currency"))
    if pending:
        lot = Lot(quantity=pending, state=State.ON_ORDER, size_ml=size)
        found.append(_priced(reading, lot, "Price", "Currency"))
    return found


def _availability(reading: Reading) -> list[Lot]:
    """Return counts without sizes: bottles of 75 cl."""
    found = []
    if here := reading.quantity("LocalQuantityActual"):
        found.append(Lot(quantity=here))
    if pending := reading.quantity("ActualPending"):
        found.append(Lot(quantity=pending, state=State.ON_ORDER))
    return found


_READERS: dict[str, Callable[[Reading], list[Lot]]] = {
    "list": _list,
    "inventory": _inventory,
    "bottles": _bottles,
    "consumed": _consumed,
    "purchase": _purchase,
    "pending": _purchase,
    "browser": _browser,
    "availability": _availability,
}


def _size(reading: Reading, column: str) -> int:
    return reading.size(column)


def _placed(reading: Reading, lot: Lot) -> Lot:
    location = reading.short("Location", LENGTH)
    return lay(lot, "" if fold(location) in columns.PENDING else location, slot=reading.short("Bin", LENGTH))


def _priced(reading: Reading, lot: Lot, price: str, currency: str) -> Lot:
    lot.unit_price, lot.currency = reading.money(price, currency)
    return lot


def _natively_priced(reading: Reading, lot: Lot) -> Lot:
    """Read what was paid in the currency it was paid in, else as CellarTracker converted it."""
    _priced(reading, lot, "NativePrice", "NativePriceCurrency")
    return lot if lot.unit_price is not None else _priced(reading, lot, "Price", "Currency")


def _gone(reading: Reading, lot: Lot, date: str, revenue: str, currency: str) -> None:
    lot.consumed_on = reading.day(date)
    kind, short = reading.text("ConsumptionType"), reading.text("ShortType")
    lot.reason = (states.reason_of(kind, short) or Reason.OTHER).value
    lot.revenue, lot.revenue_currency = reading.money(revenue, currency)
    said = [] if (kind or short).casefold() in _PLAIN else [kind or short]
    note = reading.text("ConsumptionNote")
    lot.consumption_note = reading.cut("ConsumptionNote", ": ".join(part for part in (*said, note) if part), NOTE)

"""Where bottles go: places that are there, and the free slots of racks."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cellar.ledger import Place, StockError
from cellar.models import Bottle, Location

Slot = tuple[int, int]


class Slots:
    """Hands out places within one change, each slot once."""

    def __init__(self) -> None:
        self._held: set[UUID] = set()
        self._free: dict[UUID, list[Slot]] = {}
        self._taken: dict[UUID, set[tuple[int | None, int | None]]] = {}
        self._racks: dict[UUID, Location] = {}

    def hold(self, location_id: UUID | None) -> None:
        """Refuse a place that was deleted, and keep it from being deleted or made smaller until the change is done.

        Call it before wines are held: everybody who waits has to wait in the same order.
        """
        if location_id is None or location_id in self._held:
            return
        if not Location.objects.current().filter(pk=location_id).update(updated_at=timezone.now()):
            raise StockError(_("That place is no longer there. Nothing was changed; choose another one."))
        self._held.add(location_id)

    def take(self, place: Place, quantity: int) -> list[Place]:
        """Return where n bottles go: the free slots of a rack from the slot given on, or n times the place itself."""
        self.hold(place.location_id)
        if place.location_id is None or place.row is None or place.column is None:
            return [Place(place.location_id)] * quantity
        free = self._free_from(place.location_id, (place.row, place.column), quantity)
        self._free[place.location_id] = [slot for slot in self._free[place.location_id] if slot not in free]
        return [Place(place.location_id, row, column) for row, column in free]

    def _free_from(self, location_id: UUID, first: Slot, quantity: int) -> list[Slot]:
        rack = self._rack(location_id)
        if not rack.has_slot(*first):
            raise StockError(no_such_slot(rack))
        free = [slot for slot in self._free[location_id] if slot >= first]
        # Bottles may go on behind one that comes with them, but not, without a word, behind somebody else's.
        if first in self._taken[location_id] or (quantity == 1 and first not in free):
            raise StockError(_("That slot is taken. Nothing was changed; choose another one."))
        if len(free) < quantity:
            raise StockError(_too_few_slots(rack, len(free)))
        return free[:quantity]

    def _rack(self, location_id: UUID) -> Location:
        if location_id not in self._racks:
            rack = Location.objects.get(pk=location_id)
            bottles = Bottle.objects.filter(location=rack, row__isnull=False).order_by()
            taken = set(bottles.values_list("row", "column"))
            self._racks[location_id], self._taken[location_id] = rack, taken
            self._free[location_id] = [slot for slot in _slots_of(rack) if slot not in taken]
        return self._racks[location_id]


def slots_from(place: Place, quantity: int) -> list[Place]:
    """Return where n bottles go: the free slots of a rack from the slot given on, or n times the place itself."""
    return Slots().take(place, quantity)


def no_such_slot(rack: Location) -> str:
    if not rack.is_rack:
        return _("%(place)s has no slots. Nothing was changed.") % {"place": rack.name}
    return _("%(place)s has %(rows)d rows and %(columns)d columns. Nothing was changed.") % {
        "place": rack.name,
        "rows": rack.rows,
        "columns": rack.columns,
    }


def _slots_of(rack: Location) -> list[Slot]:
    """Return the slots of a rack in reading order."""
    rows, columns = rack.rows or 0, rack.columns or 0
    return [(row, column) for row in range(1, rows + 1) for column in range(1, columns + 1)]


def _too_few_slots(rack: Location, count: int) -> str:
    return ngettext(
        "Only %(count)d slot of %(place)s is free from there on. Nothing was changed.",
        "Only %(count)d slots of %(place)s are free from there on. Nothing was changed.",
        count,
    ) % {"count": count, "place": rack.name}

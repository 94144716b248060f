"""Where bottles go: places that are there, and the free slots of racks."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cellar.ledger import Place, StockError
from cellar.models import Bottle, Location

Slot = tuple[int, int]


class TooFewSlotsError(StockError):
    """Fewer slots are free than there are bottles that are to have one."""

    field, code = "slots", "too_few_slots"

    def __init__(self, rack: Location, free: int, *, from_there_on: bool = False) -> None:
        if from_there_on:
            text = ngettext(
                "Only %(count)d slot of %(place)s is free from there on. Nothing was changed.",
                "Only %(count)d slots of %(place)s are free from there on. Nothing was changed.",
                free,
            )
        elif free:
            text = ngettext(
                "Only %(count)d slot of %(place)s is free. Nothing was changed.",
                "Only %(count)d slots of %(place)s are free. Nothing was changed.",
                free,
            )
        else:
            text = _("No slot of %(place)s is free. Nothing was changed.")
        super().__init__(text % {"count": free, "place": rack.name})


@dataclass
class Rack:
    """A place as a change found it: the slots that were taken, and those that it has not handed out yet."""

    location: Location
    taken: set[Slot]
    free: list[Slot]


class Slots:
    """Hands out places within one change, each slot once."""

    def __init__(self) -> None:
        self._held: set[UUID] = set()
        self._racks: dict[UUID, Rack] = {}

    def hold(self, location_id: UUID | None) -> None:
        """Refuse a place that was deleted, and keep it from being deleted or made smaller until the change is done.

        Call it before wines are held: everybody who waits has to wait in the same order.
        """
        if location_id is None or location_id in self._held:
            return
        if not Location.objects.current().filter(pk=location_id).update(updated_at=timezone.now()):
            raise StockError(_("That place is no longer there. Nothing was changed; choose another one."))
        self._held.add(location_id)

    def meant(self, place: Place) -> Place:
        """Hold the place and return what is meant by it: where there are no slots, there are none to fill."""
        self.hold(place.location_id)
        if place.location_id is None or place.is_slot or not place.fills:
            return place
        return place if self._rack(place.location_id).location.is_rack else Place(place.location_id)

    def take(self, place: Place, quantity: int) -> list[Place]:
        """Return where n bottles go, as the place says.

        Where a slot is named, that are the free slots of the rack from it on; with `fills` and without a slot, those
        from the first one on; with `or_loose` the rack itself for what is left. Otherwise n times the place itself.
        """
        place = self.meant(place)
        loose = Place(place.location_id)
        if place.location_id is None or not (place.is_slot or place.fills):
            return [loose] * quantity
        rack = self._rack(place.location_id)
        chosen = _choose(rack, place, quantity)
        gone = set(chosen)
        rack.free = [slot for slot in rack.free if slot not in gone]
        in_slots = [Place(place.location_id, row, column) for row, column in chosen]
        return in_slots + [loose] * (quantity - len(in_slots))

    def take_some(self, location_id: UUID, quantity: int) -> list[Place]:
        """Return where n bottles go that are to have slots of a rack, as many of them as are free, but one at least."""
        wanted = Place(location_id, fills=True, or_loose=True)
        places = [one for one in self.take(wanted, quantity) if one.is_slot]
        if not places:
            raise TooFewSlotsError(self._rack(location_id).location, 0)
        return places

    def _rack(self, location_id: UUID) -> Rack:
        if location_id not in self._racks:
            location = Location.objects.get(pk=location_id)
            bottles = Bottle.objects.filter(location=location, row__isnull=False).order_by()
            pairs = bottles.values_list("row", "column") if location.is_rack else ()
            taken = {(row, column) for row, column in pairs if row and column}
            free = [slot for slot in _slots_of(location) if slot not in taken]
            self._racks[location_id] = Rack(location, taken, free)
        return self._racks[location_id]


def _choose(rack: Rack, place: Place, quantity: int) -> list[Slot]:
    """Return the slots that n bottles take, fewer only where the rest may lie there without one."""
    first, free = place.slot, rack.free
    if first is not None:
        if not rack.location.has_slot(*first):
            raise StockError(no_such_slot(rack.location))
        free = [slot for slot in free if slot >= first]
        # Bottles may go on behind one that comes with them, but not, without a word, behind somebody else's.
        if first in rack.taken or (quantity == 1 and first not in free):
            raise StockError(_("That slot is taken. Nothing was changed; choose another one."))
    if len(free) < quantity and not place.or_loose:
        raise TooFewSlotsError(rack.location, len(free), from_there_on=first is not None)
    return free[:quantity]


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

"""Where the bottles of the demo lie."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from cellar import places
from cellar.demo.choice import new_id
from cellar.ledger import NOWHERE, Place
from cellar.models import Location, LocationKind, Wine
from cellar.sizes import STANDARD

ROWS, COLUMNS = 10, 12
RACK = ROWS * COLUMNS
RACKS_A_CELLAR = 12


@dataclass
class House:
    """The places of the demo; `taken` is how many slots of each rack are promised, in reading order."""

    racks: list[Location]
    shelves: list[Location]
    fridge: Location
    offsite: Location
    large: Location
    taken: list[int] = field(init=False)
    themes: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.taken = [0] * len(self.racks)

    def place_for(self, rng: random.Random, wine: Wine, size_ml: int, quantity: int) -> Place:
        """Return where somebody would put n new bottles; with a slot they go into a rack."""
        luck = rng.random()
        if luck < 0.02:
            return NOWHERE
        if size_ml != STANDARD:
            return Place(self.large.pk)
        if luck < 0.07:
            return Place(self.offsite.pk)
        if luck < 0.14 and wine.type in {"white", "sparkling", "rose"}:
            return Place(self.fridge.pk)
        slot = self._slot_for(rng, wine, quantity) if luck < 0.68 else None
        return slot or Place(rng.choice(self.shelves).pk)

    def _slot_for(self, rng: random.Random, wine: Wine, quantity: int) -> Place | None:
        """Return the first of n slots in a row, wines of a kind and country in the same rack as far as it goes."""
        first = self.themes.setdefault((wine.type, wine.country), rng.randrange(len(self.racks)))
        for step in range(len(self.racks)):
            number = (first + step) % len(self.racks)
            if self.taken[number] + quantity <= RACK:
                row, column = divmod(self.taken[number], COLUMNS)
                self.taken[number] += quantity
                return Place(self.racks[number].pk, row + 1, column + 1)
        return None


def furnish(rng: random.Random, bottles: int) -> House:
    """Make a house with room for n bottles."""

    def add(name: str, kind: LocationKind, parent: Location | None = None, *, is_rack: bool = False) -> Location:
        rows, columns = (ROWS, COLUMNS) if is_rack else (None, None)
        return places.add_place(name=name, kind=kind, parent=parent, rows=rows, columns=columns, key=new_id(rng))

    home = add("Home", LocationKind.HOUSE)
    racks: list[Location] = []
    cellar = home
    for number in range(max(2, bottles * 6 // 10 // RACK + 1)):
        if number % RACKS_A_CELLAR == 0:
            cellar = add(f"Cellar {number // RACKS_A_CELLAR + 1}" if number else "Cellar", LocationKind.CELLAR, home)
        racks.append(add(f"Rack {_letters(number)}", LocationKind.RACK, cellar, is_rack=True))
    cellar = racks[0].parent or home
    shelves = [add(f"Shelf {number + 1}", LocationKind.SHELF, cellar) for number in range(max(3, bottles // 150))]
    return House(
        racks=racks,
        shelves=shelves,
        fridge=add("Wine fridge", LocationKind.FRIDGE, add("Kitchen", LocationKind.OTHER, home)),
        offsite=add("Bonded warehouse", LocationKind.OFFSITE),
        large=add("Large and small bottles", LocationKind.SHELF, cellar),
    )


def _letters(number: int) -> str:
    """Return A, B, … Z, AA, AB, …"""
    rest, letter = divmod(number, 26)
    return (_letters(rest - 1) if rest else "") + chr(ord("A") + letter)

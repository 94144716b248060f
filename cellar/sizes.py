"""Bottle sizes: their names, how they are written and how they are read. Every size is in millilitres."""

import re
from decimal import ROUND_HALF_DOWN, Decimal
from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from cellar.folding import fold

STANDARD = 750
SMALLEST = 20
LARGEST = 30_000  # a melchizedek

# The names of each size; the first is the one shown. Jéroboam is not among them: it is two sizes.
SIZES: dict[int, tuple[str, ...]] = {
    187: (gettext_noop("Split"), "Piccolo", "Quarter", "Quarter bottle"),
    200: (),
    250: (),
    375: (gettext_noop("Half bottle"), "Half", "Demi", "Demi-bouteille"),
    500: (),
    620: (gettext_noop("Clavelin"),),
    700: (),
    STANDARD: (gettext_noop("Bottle"), "Standard", "Standard bottle"),
    1000: (gettext_noop("Litre"), "Liter"),
    1500: (gettext_noop("Magnum"),),
    2250: (gettext_noop("Marie-Jeanne"),),
    3000: (gettext_noop("Double magnum"),),
    4500: (gettext_noop("Rehoboam"),),
    5000: (),
    6000: (gettext_noop("Imperial"), "Impériale", "Methuselah", "Mathusalem"),
    9000: (gettext_noop("Salmanazar"),),
    12_000: (gettext_noop("Balthazar"),),
    15_000: (gettext_noop("Nebuchadnezzar"),),
    18_000: (gettext_noop("Melchior"), "Solomon", "Salomon"),
}

# Sizes that need no name beside the figure.
_PLAIN = {STANDARD, 1000}

_BY_NAME = {fold(name): ml for ml, names in SIZES.items() for name in names}

_UNITS = {
    **dict.fromkeys(("ml", "cc", "millilitre", "milliliter"), 1),
    **dict.fromkeys(("cl", "centilitre", "centiliter"), 10),
    **dict.fromkeys(("dl", "decilitre", "deciliter"), 100),
    **dict.fromkeys(("l", "lt", "ltr", "litre", "liter"), 1000),
}

# "75 cl", "0,75 l", "1.5", and "Magnum (1.5 l)" as size_label writes it.
_VOLUME = re.compile(r"(?:[^0-9()]*\()?\s*([0-9]{1,6})(?:[.,]([0-9]{1,6}))?\s*([a-z]*?)s?\.?\s*\)?")


def size_label(ml: int) -> str:
    """Return a size as a person writes it: "75 cl", "Magnum (1.5 l)"."""
    volume = _volume_label(ml)
    names = SIZES.get(ml)
    if not names or ml in _PLAIN:
        return volume
    return f"{_(names[0])} ({volume})"


def size_names(ml: int) -> list[str]:
    """Return all that a size is called, in the language of the house, too; a jéroboam is two sizes."""
    names = SIZES.get(ml, ())
    jeroboam = ("Jéroboam",) if ml in (3000, 4500) else ()
    return list(dict.fromkeys([*(_(name) for name in names[:1]), *names, *jeroboam]))


def size_choices() -> list[tuple[int, str]]:
    """Return the known sizes for a form's select, the standard bottle first, then by size."""
    return list(_choices(get_language()))


@lru_cache
def _choices(language: str | None) -> list[tuple[int, str]]:
    return [(ml, size_label(ml)) for ml in sorted(SIZES, key=lambda ml: (ml != STANDARD, ml))]


def parse_size(text: str) -> int:
    """Read "750ml", "75 cl", "0,75 l", "Magnum" or a bare "1.5" (litres); a ValueError is a sentence for the person."""
    folded = fold(text)
    if folded in _BY_NAME:
        return _BY_NAME[folded]
    if folded == "jeroboam":
        raise ValueError(
            _("A jéroboam is 3 l in Champagne and Burgundy and 4.5 l in Bordeaux: enter the litres instead.")
        )
    match = _VOLUME.fullmatch(folded)
    if match is None:
        raise ValueError(_unreadable(text))
    whole, fraction, unit = match.group(1), match.group(2) or "", match.group(3)
    if not unit:
        return _checked(_bare(Decimal(f"{whole}.{fraction}"), text), text)
    if unit not in _UNITS:
        raise ValueError(_unreadable(text))
    if _UNITS[unit] == 1 and len(fraction) == 3 and len(whole) <= 2:
        whole, fraction = whole + fraction, ""  # "1,500 ml": the mark separates thousands
    return _checked(Decimal(f"{whole}.{fraction}") * _UNITS[unit], text)


def _bare(number: Decimal, text: str) -> Decimal:
    """Return the millilitres that a number without a unit means."""
    if number < 20:
        return number * 1000
    if number in SIZES:
        return number
    if number * 10 in SIZES and number < 100:
        return number * 10  # 75, 37.5: nobody has bottles of 75 ml
    if number * 10 in SIZES or number < 100:
        raise ValueError(
            _("“%(size)s” could be millilitres or centilitres: add the unit.") % {"size": text.strip()[:40]}
        )
    return number


def _checked(ml: Decimal, text: str) -> int:
    # A split of 187.5 ml is kept as 187, as everybody writes it.
    rounded = int(ml.quantize(Decimal(1), rounding=ROUND_HALF_DOWN))
    if not SMALLEST <= rounded <= LARGEST:
        raise ValueError(
            _("“%(size)s” is no bottle size: it must be between %(smallest)s and %(largest)s.")
            % {
                "size": text.strip()[:40],
                "smallest": _volume_label(SMALLEST),
                "largest": _volume_label(LARGEST),
            }
        )
    return rounded


def _unreadable(text: str) -> str:
    return _("“%(size)s” cannot be read as a bottle size: write it like 75 cl, 1.5 l or Magnum.") % {
        "size": text.strip()[:40]
    }


def _volume_label(ml: int) -> str:
    if ml >= 1000:
        return _("%(litres)s l") % {"litres": _figure(Decimal(ml) / 1000)}
    return _("%(centilitres)s cl") % {"centilitres": _figure(Decimal(ml) / 10)}


def _figure(number: Decimal) -> str:
    plain = f"{number.normalize():f}"
    decimals = len(plain.partition(".")[2])
    return str(number_format(plain, decimal_pos=decimals))

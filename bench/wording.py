"""What the labels say that `bench.drawn` draws: in which words, order and language, and how much is left out."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cellar.reference.catalogue import CatalogueWine

# Of a language: alcohol, origin, control, and who filled the bottle.
_WORDS = {
    "en": ("ALC {0} % BY VOL|{0}% ALC/VOL|Alc. {0}% vol", "PRODUCT OF {1}|WINE OF {1}", "", "ESTATE BOTTLED BY {2}"),
    "fr": (
        "{0} % vol|Alc. {0}% vol.",
        "PRODUIT DE FRANCE|PRODUCT OF FRANCE",
        "APPELLATION {3} CONTRÔLÉE|Appellation {3} Protégée",
        "MIS EN BOUTEILLE AU CHÂTEAU|Mis en bouteille par {2}",
    ),
    "it": (
        "{0} % vol.|ALC. {0}% VOL.",
        "PRODUCT OF ITALY|PRODOTTO IN ITALIA",
        "DENOMINAZIONE DI ORIGINE CONTROLLATA|D.O.C.",
        "Imbottigliato all'origine da {2}|Contiene solfiti",
    ),
    "es": (
        "{0}% vol.|Alc. {0}% Vol",
        "PRODUCT OF {1}|PRODUCTO DE {1}",
        "DENOMINACIÓN DE ORIGEN",
        "Embotellado por {2}",
    ),
    "pt": (
        "{0}% vol.|Álc. {0}% Vol",
        "PRODUCT OF {1}|PRODUTO DE {1}",
        "DENOMINAÇÃO DE ORIGEM CONTROLADA",
        "Engarrafado por {2}",
    ),
    "de": (
        "{0} % vol|Alk. {0}% vol",
        "Deutscher Wein|PRODUCT OF {1}",
        "Qualitätswein",
        "Gutsabfüllung {2}|Erzeugerabfüllung",
    ),
}
_LANGUAGES = {
    "France": "fr", "Italy": "it", "Spain": "es", "Argentina": "es", "Chile": "es", "Uruguay": "es", "Mexico": "es",
    "Portugal": "pt", "Brazil": "pt", "Germany": "de", "Austria": "de", "Switzerland": "fr",
}  # fmt: skip
_TYPES = {
    "red": {"fr": "Vin rouge", "it": "Vino rosso", "es": "Vino tinto", "pt": "Vinho tinto", "de": "Rotwein"},
    "white": {"fr": "Vin blanc", "it": "Vino bianco", "es": "Vino blanco", "pt": "Vinho branco", "de": "Weißwein"},
    "rose": {"it": "Rosato", "es": "Rosado", "fr": "Rosé", "pt": "Rosé", "de": "Rosé"},
    "sparkling": {"fr": "Brut", "it": "Spumante", "es": "Espumoso", "pt": "Espumante", "de": "Sekt"},
}
_TYPES_IN_ENGLISH = {"red": "Red Wine", "white": "White Wine", "rose": "Rosé", "sparkling": "Sparkling Wine"}
_LITRES = ("750 ml", "75 cl", "0,75 L", "75cl e", "750ML")
_FOUNDED = ("SINCE {0}", "ESTD {0}", "Depuis {0}", "Anno {0}", "Fondata nel {0}", "Desde {0}", "seit {0}")


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand together: how high, as a share of the label's height, and in which letters."""

    text: str
    height: float
    kind: str
    accent: bool = False
    # Between letters, as a share of their height.
    spacing: float = 0.0


@dataclass(frozen=True, slots=True)
class Printed:
    """All that a label says; vintage and size are empty where they are not on it."""

    lines: list[Line]
    vintage: str
    size: str


def printed(wine: CatalogueWine, chance: random.Random) -> Printed:
    """Return what a label of the wine may say, from above to below; small print comes last on most."""
    years = [year for year in wine.vintages if year > 1990]
    vintage = str(chance.choice(years)) if years and chance.random() < 0.8 else ""
    size = chance.choice(_LITRES) if chance.random() < 0.7 else ""
    language = _LANGUAGES.get(wine.country, "en") if chance.random() < 0.85 else "en"
    letters = chance.choice(("serif", "serif", "sans"))
    large = _title(wine, chance, letters)
    large += _of_the_wine(wine, chance, letters, language)
    if vintage:
        large.append(Line(vintage, chance.uniform(0.04, 0.08), letters, chance.random() < 0.5))
    chance.shuffle(large)
    small = _small_print(wine, chance, language, size)
    shown = [text for text in small if text and chance.random() < 0.7]
    lines = [*large, *(Line(text, chance.uniform(0.022, 0.03), letters) for text in shown)]
    has_size = any(size in text for text in shown)
    return Printed(lines, vintage, "750" if size and has_size else "")


def _title(wine: CatalogueWine, chance: random.Random, letters: str) -> list[Line]:
    """Return producer and name; one of them is large."""
    name = _shortened(wine.name.replace("(", "").replace(")", ""), chance)
    of_name, of_producer = chance.choice((letters, "script", "script")), chance.choice((letters, letters, "script"))
    large, middle = chance.uniform(0.085, 0.13), chance.uniform(0.055, 0.08)
    spacing = chance.choice((0.0, 0.0, 0.15, 0.35))
    producer = _cased(wine.producer, chance, of_producer)
    if chance.random() < 0.5:
        return [
            Line(producer, large, of_producer, True, spacing),
            Line(_cased(name, chance, of_name), middle, of_name),
        ]
    first = Line(_cased(name, chance, of_name), large, of_name, True)
    # Some name the producer in the small print alone, and some nowhere.
    if chance.random() < 0.4:
        return [first, Line(wine.producer, 0.028, letters)] if chance.random() < 0.75 else [first]
    return [first, Line(producer, middle, of_producer, False, spacing)]


def _of_the_wine(wine: CatalogueWine, chance: random.Random, letters: str, language: str) -> list[Line]:
    """Return region, type, grapes and the year the house was founded, as far as the label has them."""
    place = _place(wine)
    kind = _TYPES.get(wine.type, {}).get(language) or _TYPES_IN_ENGLISH.get(wine.type, "")
    grapes = " ".join(wine.grapes).replace("/", " ") if len(wine.grapes) <= 2 else ""
    founded = chance.choice(_FOUNDED).format(chance.randint(1720, 1995))
    lines = []
    for text, height, share in (
        ("" if place.lower() in wine.name.lower() else place, 0.06, 0.85),
        (kind, 0.045, 0.45),
        (grapes, 0.05, 0.4),
        (founded, 0.03, 0.25),
    ):
        if text and chance.random() < share:
            lines.append(Line(_cased(text, chance), height * chance.uniform(0.65, 1), letters))
    return lines


def _small_print(wine: CatalogueWine, chance: random.Random, language: str, size: str) -> list[str]:
    words = (_figure(float(wine.abv), language), wine.country.upper(), wine.producer, _place(wine))
    alcohol, origin, control, filled = (
        chance.choice(phrases.split("|")).format(*words) for phrases in _WORDS[language]
    )
    texts = [control, filled, origin, "  ".join(part for part in (size, alcohol) if part)]
    chance.shuffle(texts)
    return texts


def _place(wine: CatalogueWine) -> str:
    return wine.region.split(" (")[0]


def _figure(alcohol: float, language: str) -> str:
    text = f"{alcohol:g}" if alcohol % 1 else f"{alcohol:.0f}"
    return text if language == "en" else text.replace(".", ",")


def _shortened(name: str, chance: random.Random) -> str:
    """Return what a label says of a long name: the catalogue often has more words than stand together."""
    words = [word for word in name.split() if chance.random() > 0.15]
    return " ".join(words) if len(words) > 1 and len(name.split()) > 2 else name


def _cased(text: str, chance: random.Random, kind: str = "") -> str:
    return text.upper() if kind != "script" and chance.random() < 0.6 else text

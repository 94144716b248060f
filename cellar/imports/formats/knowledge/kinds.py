"""What kind of wine a word means, in eight languages; and what is no wine at all.

Words are matched whole: Salentino is not ale, Virginia is not gin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cellar.folding import fold
from cellar.models import Colour, Sweetness, WineType


@dataclass(frozen=True)
class Kind:
    """What a file says of a wine's kind; `drink` is "spirits", "beer", "cider" or "sake" where it is no wine."""

    type: str = ""
    colour: str = ""
    sweetness: str = ""
    drink: str = ""


UNKNOWN = Kind()
NOT_WINE = WineType.OTHER.value

_COLOURS = {
    "red": "red rouge rot rotwein rosso tinto tintos vermelho rott rodvin rood rode roodwijn negre nero noir claret",
    "white": "white blanc blancs weiss weisswein bianco blanco branco vitt vit hvid hvidvin wit witte",
    "rose": "rose roses rosato rosado rosewein rosevin rosewijn blush clairet chiaretto cerasuolo weissherbst",
    "orange": "orange orangewine orangewein arancione naranja laranja amber",
}
# Whole phrases come before words: "Demi-sec" is not dry, "Vin doux naturel" is fortified.
_TYPE_PHRASES = {
    WineType.FORTIFIED: ("vin doux naturel", "vins doux naturels", "vino de licor", "vin de liqueur", "vin mute"),
    WineType.ORANGE: ("skin contact", "maceration wine", "vin de maceration"),
    WineType.DESSERT: ("late harvest", "vendange tardive", "vendanges tardives", "vendemmia tardiva", "ice wine"),
}
_TYPE_WORDS = {
    WineType.SPARKLING: (
        "sparkling spark effervescent effervescents petillant mousseux cremant schaumwein sekt perlwein spumante "
        "frizzante prosecco espumante espumantes espumoso espumosos cava champagne champagner champan franciacorta "
        "mousserande mousserend mousserende bubbles bubbly bulles bollicine bobler bubbel bubbels"
    ),
    WineType.FORTIFIED: (
        "fortified fortificato fortificado fortifie mute vdn port porto portwein portvin sherry jerez xeres madeira "
        "marsala likorwein liquoroso licoroso licorosos generoso generosos starkvin hedvin vermouth vermut wermut"
    ),
    WineType.DESSERT: (
        "dessert desserts dessertwein dessertvin dessertwijn liquoreux susswein edelsuss passito icewine eiswein "
        "beerenauslese trockenbeerenauslese sauternes tokaji tba sotvin"
    ),
}
_SWEETNESS_PHRASES = {
    Sweetness.OFF_DRY: (
        "off dry", "demi sec", "demi secs", "semi dry", "semi secco", "semi seco", "meio seco", "half dry", "halv torr",
        "half droog", "medium dry",
    ),
    Sweetness.MEDIUM: ("medium sweet", "semi sweet", "semi dulce", "meio doce", "demi doux", "halb suss"),
    Sweetness.DRY: ("extra brut", "brut nature", "bone dry"),
}  # fmt: skip
_SWEETNESS_WORDS = {
    Sweetness.OFF_DRY: "offdry halbtrocken feinherb abboccato semiseco semisecco halvtorr halvtor halfdroog demisec",
    Sweetness.MEDIUM: "medium moelleux lieblich amabile semidulce halbsuss halfzoet",
    Sweetness.DRY: "dry sec secs trocken secco seco torr tor droog brut asciutto",
    Sweetness.SWEET: "sweet doux suss dolce dulce doce sott sot sod zoet edelsuss liquoreux dessert susswein sotvin",
}
_DRINK_PHRASES = {"eau de vie": "spirits", "eaux de vie": "spirits", "single malt": "spirits"}
# In a column that says the kind.
_DRINK_WORDS = {
    "spirits": (
        "spirit spirits spirituosen spirituose spiritueux distilled distillate distillato distillati destillat "
        "destilado destilados sprit brannvin gedestilleerd liquor liquors liqueur liqueurs likor licor licores likeur "
        "liquore liquori whisky whiskies whiskey whiskeys scotch bourbon rye gin genever jenever rum rhum ron vodka "
        "wodka tequila mezcal cognac armagnac brandy brandies calvados grappa schnaps schnapps obstler pisco cachaca "
        "absinthe absinth akvavit aquavit aguardiente bagaceira marc pastis bitters soju baijiu moonshine korn"
    ),
    "beer": (
        "beer beers bier biere bieres birra birre cerveza cervezas cerveja cervejas ol ale ales lager stout porter "
        "pilsner pilsener pils ipa lambic gueuze weissbier hefeweizen"
    ),
    "cider": "cider ciders cidre cidres sidra sidro apfelwein mead met hydromel poire perry",
    "sake": "sake nihonshu",
}
# In a name, where other columns say nothing: only words that are hardly ever part of a wine's name or producer's.
_DRINK_NAMES = {
    "spirits": (
        "whisky whiskey scotch bourbon gin rum rhum vodka tequila mezcal cognac armagnac brandy calvados grappa pisco "
        "cachaca absinthe aquavit liqueur"
    ),
    "beer": "beer lager stout ale ales pilsner ipa weissbier hefeweizen",
    "cider": "cider",
    "sake": "sake nihonshu",
}
# In "Bourbon Barrel Aged Zinfandel" the word before these says something else.
_NOT_DRINK_BEFORE = "barrel barrels cask casks aged finish vineyard vineyards estate creek valley"


def _index(words: dict[str, str]) -> dict[str, str]:
    return {word: meaning for meaning, line in words.items() for word in fold(line).split()}


_COLOUR_OF = _index(_COLOURS)
_TYPE_OF = _index({str(kind.value): line for kind, line in _TYPE_WORDS.items()})
_SWEETNESS_OF = _index({str(one.value): line for one, line in _SWEETNESS_WORDS.items()})
_DRINK_OF = _index(_DRINK_WORDS)
_DRINK_NAMED = _index(_DRINK_NAMES)
_OTHERWISE = frozenset(_NOT_DRINK_BEFORE.split())
_TYPE_PHRASE_OF = {phrase: str(kind.value) for kind, phrases in _TYPE_PHRASES.items() for phrase in phrases}
_SWEETNESS_PHRASE_OF = {phrase: str(one.value) for one, phrases in _SWEETNESS_PHRASES.items() for phrase in phrases}
_STILL_WORDS = "wine wines wein weine vin vins vino vinos vini vinho still stillwein tranquille tranquillo"
_STILL = frozenset(_STILL_WORDS.split())
_NO_WORD = re.compile(r"[^a-z0-9]+")
_KNOWN_COLOURS = {one.value for one in Colour}


def says_nothing(text: str) -> bool:
    """Whether a cell says no more than that it is wine, and a still one."""
    return all(word in _STILL for word in _words(text))


def agrees(one: Kind, whole: Kind) -> bool:
    """Whether what one cell says is part of what all of a row say together."""
    kind_is_in = not one.type or one.type in {whole.type, whole.colour}
    colour_is_in = not one.colour or one.colour == whole.colour
    return kind_is_in and colour_is_in and one.sweetness in {"", whole.sweetness}


@lru_cache(maxsize=2048)
def kind_of(*texts: str) -> Kind:
    """Read "White - Sparkling", "Vin rouge", "Weißwein, halbtrocken"; several cells say it together.

    The style beats the colour; a word nobody knows leaves the kind blank, never red.
    """
    words = _words(" ".join(texts))
    spaced = f" {' '.join(words)} "
    drink = _meaning(words, spaced, _DRINK_OF, _DRINK_PHRASES)
    sweetness = _meaning(words, spaced, _SWEETNESS_OF, _SWEETNESS_PHRASE_OF)
    style = _meaning(words, spaced, _TYPE_OF, _TYPE_PHRASE_OF)
    colour = _colour(words)
    if drink and not style:
        return Kind(NOT_WINE, drink=drink)
    if not style and colour:
        return Kind(colour, sweetness=sweetness)
    if not style and _is_only_sweet(words):
        return Kind(WineType.DESSERT.value, sweetness=sweetness)
    if not style:
        return Kind(sweetness=sweetness)
    if style == WineType.DESSERT.value:
        sweetness = sweetness or Sweetness.SWEET.value
    return Kind(style, colour if colour in _KNOWN_COLOURS else "", sweetness)


def named_drink(name: str) -> str:
    """Return which drink other than wine a name names ("Hendrick's Gin"), or nothing."""
    words = _words(name)
    for place, word in enumerate(words):
        follows = words[place + 1] if place + 1 < len(words) else ""
        if word in _DRINK_NAMED and follows not in _OTHERWISE:
            return _DRINK_NAMED[word]
    return ""


def sweetness_of(text: str) -> str:
    """Read "Trocken", "demi-sec", "Off-Dry"."""
    words = _words(text)
    return _meaning(words, f" {' '.join(words)} ", _SWEETNESS_OF, _SWEETNESS_PHRASE_OF)


def is_kind(text: str) -> bool:
    """Whether a cell says the kind of a drink: used to guess what a column is."""
    found = kind_of(text)
    return len(_words(text)) <= 4 and bool(found.type or found.drink)


def _words(text: str) -> list[str]:
    return [word for word in _NO_WORD.split(fold(text)) if word]


def _meaning(words: list[str], spaced: str, by_word: dict[str, str], by_phrase: dict[str, str]) -> str:
    for phrase, meaning in by_phrase.items():
        if f" {phrase} " in spaced:
            return meaning
    return next((by_word[word] for word in words if word in by_word), "")


def _colour(words: list[str]) -> str:
    found = [_COLOUR_OF[word] for word in words if word in _COLOUR_OF]
    # "Blanc de Noirs" and "Rosé, red grapes" name two: the first is what is in the glass.
    return found[0] if found else ""


def _is_only_sweet(words: list[str]) -> bool:
    return any(_SWEETNESS_OF.get(word) == Sweetness.SWEET.value for word in words)

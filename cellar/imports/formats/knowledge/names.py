"""What is in a wine's display name: its producer, its vintage."""

from __future__ import annotations

import re

from cellar.folding import fold

FIRST_YEAR = 1900
# Words that begin the name of an estate; after them come particles and the name itself.
_ESTATE_WORDS = (
    "Château Ch. Domaine Dom. Mas Clos Maison Caves Cave Cellier Vignoble Vignobles Weingut Schloss Schlossgut Winzer "
    "Winzerhof Weinhaus Winzergenossenschaft Tenuta Tenute Fattoria Podere Poderi Castello Cantina Cantine Cascina "
    "Azienda Villa Rocca Bodega Bodegas Finca Viña Viñas Viñedos Pago Dominio Celler Quinta Casa Herdade Adega Adegas"
)
_PARTICLE_WORDS = (
    "de du des d la le les l et di del della delle dei degli da dal do dos das von vom zu zum zur der am im und san "
    "santa santo saint sainte st ste los las el y e agricola"
)
_ESTATES = frozenset(fold(_ESTATE_WORDS).split())
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_EDGES = " \t-–—,;:·."
_NV = re.compile(r"(?<![^\s(])(?:N\.?V\.?|MV|non[- ]?vintage|non[- ]mill[ée]sim[ée])(?![^\s),])", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d./])((?:19|20)\d{2})(?:\s?/\s?(\d{2}|\d{4}))?(?![\d./])")
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]")


def without_producer(name: str, producer: str) -> str:
    """Return a display name without the producer it begins with, unless that empties it (Pétrus)."""
    words, own = name.split(), producer.split()
    if not own or len(words) <= len(own):
        return name.strip()
    if [_bare(word) for word in words[: len(own)]] != [_bare(word) for word in own]:
        return name.strip()
    return " ".join(words[len(own) :]).strip(_EDGES) or name.strip()


def producer_by_sorting(name: str, sort_name: str) -> str:
    """Return the producer that "Yquem, Château d' …" tells of "Château d'Yquem …": the sorted form moves its beginning.

    Empty where the two do not prove it.
    """
    core, comma, _rest = sort_name.partition(", ")
    place = name.find(core) if comma and core else -1
    if place < 1:
        return ""
    producer, remainder = name[: place + len(core)], name[place + len(core) :]
    is_whole = not remainder or remainder.startswith(" ")
    proven = f"{core}, {name[:place].rstrip()}{remainder if remainder else ''}"
    return producer.strip() if is_whole and _single_spaced(proven) == _single_spaced(sort_name) else ""


def producer_by_prefix(name: str) -> str:
    """Guess the producer of a display name: "Château", particles and one word; empty where it begins otherwise."""
    words = name.split()
    if not words or fold(words[0]) not in _ESTATES:
        return ""
    place = 1
    while place < len(words) and fold(words[place]).strip(".,'’") in _PARTICLES:
        place += 1
    if place >= len(words) or not words[place][:1].isalpha():
        return ""
    return " ".join(words[: place + 1]).rstrip(",")


def split_vintage(name: str, *, last_year: int) -> tuple[str, str]:
    """Return a name without the vintage written in it, and the vintage as text ("2019", "NV", "" where there is none).

    Of "2023/24" it is the first year. Two different years say nothing.
    """
    years = {match.group(1) for match in _YEAR.finditer(name) if FIRST_YEAR <= int(match.group(1)) <= last_year}
    if len(years) == 1:
        year = years.pop()
        bare = _tidy(_YEAR.sub(lambda match: "" if match.group(1) == year else match.group(0), name))
        return (bare, year) if bare else (name.strip(), "")
    if not years and _NV.search(name):
        bare = _tidy(_NV.sub("", name))
        return (bare, "NV") if bare else (name.strip(), "")
    return name.strip(), ""


def _bare(word: str) -> str:
    return fold(word).strip(",;")


def _tidy(text: str) -> str:
    return " ".join(_EMPTY_BRACKETS.sub("", text).split()).strip(_EDGES)


def _single_spaced(text: str) -> str:
    return " ".join(text.split())

"""Recognising which format files are in, by their headers.

A module in `formats` has a tuple `FORMATS` of `Format`. `recognise` is given one table (or document) and returns which
part of the format it is ("bottles", "consumed"), or "" for a stranger; `parse` is given all sources of one format, each
with its `part`, and yields rows. Formats that are more particular have the higher `rank`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

from cellar.imports import formats
from cellar.imports.options import Options
from cellar.imports.rows import Row
from cellar.imports.tables import Source


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something only the person knows: the field of `Options` it fills, and the answers (value, text)."""

    option: str
    text: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Format:
    """One kind of file, or of files that belong together."""

    # As `--format` takes it: "cellartracker".
    name: str
    # As the pages call it: "CellarTracker".
    label: str
    recognise: Callable[[Source], str]
    parse: Callable[[Sequence[Source], Options], Iterator[Row]]
    # What is to be said about these sources before anything is done, sentence by sentence.
    warn: Callable[[Sequence[Source]], Sequence[str]] = lambda _sources: ()
    # What has to be asked about these sources.
    ask: Callable[[Sequence[Source]], Sequence[Question]] = lambda _sources: ()
    # The date order and the decimal sign that this format always has, if it has.
    date_order: str = ""
    decimal: str = ""
    rank: int = 50


@dataclass
class Recognised:
    """A format, and the sources that are in it."""

    format: Format
    sources: list[Source] = field(default_factory=list)


@cache
def all_formats() -> tuple[Format, ...]:
    """Return the formats of all modules, the most particular first."""
    found: list[Format] = []
    for module in pkgutil.iter_modules(formats.__path__, f"{formats.__name__}."):
        found.extend(getattr(import_module(module.name), "FORMATS", ()))
    return tuple(sorted(found, key=lambda one: (-one.rank, one.name)))


def format_named(name: str) -> Format | None:
    return next((one for one in all_formats() if one.name == name), None)


def recognise(source: Source, *, among: Sequence[Format] | None = None) -> tuple[Format, Source] | None:
    """Return the format of a source, and the source with its part; None where no format knows it."""
    for one in all_formats() if among is None else among:
        if part := one.recognise(source):
            return one, source.as_part(part)
    return None


def group(sources: Sequence[Source]) -> list[Recognised]:
    """Return the sources by format; those of one format are read together. What nobody knows is left out."""
    groups: dict[str, Recognised] = {}
    for source in sources:
        if (found := recognise(source)) is not None:
            kind, known = found
            groups.setdefault(kind.name, Recognised(kind)).sources.append(known)
    return list(groups.values())

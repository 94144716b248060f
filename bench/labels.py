"""Score an engine at reading labels: `python -m bench.labels DIR [--altered SEED] [--half first|second] [--wines N]`.

DIR holds photos named by X-Wines id and `labels.csv`, the truth. `--drawn SEED` draws labels of so many (`--count`)
other wines instead (see `bench.drawn`), in the typefaces of the system and of `--fonts`. `--altered` reads other photos
of the same labels (see `bench.altered`), `--half` every other one alone, so that what was tried on one half is judged
on the other; `--wines` invents wines around the real ones up to that many, `--loaded` compares with the database.
Claude (`--engine claude`) needs a key and a database (`manage.py setup`), and each photo counts for
WINEBOX_SCANS_PER_DAY.
"""

from __future__ import annotations

import argparse
import dataclasses
import math
import os
import random
import resource
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from PIL import Image

from bench import drawn
from bench.altered import ALTERED, altered

if TYPE_CHECKING:
    from cellar.labels.reading.findings import LabelReading
    from cellar.reference.catalogue import CatalogueWine

AS_IT_IS = "as it is"
HALVES = ("first", "second")


@dataclasses.dataclass(frozen=True, slots=True)
class Sample:
    """A photo of a label, whose wine it is, and what its fields should say."""

    wine_id: int
    name: str
    photo: Image.Image
    expected: Mapping[str, Any]


class Score:
    """What one kind of photo came to."""

    def __init__(self) -> None:
        self.photos = self.first = self.among_five = 0
        self.waited: list[float] = []
        self.worked: list[float] = []
        self.fields: Counter[tuple[str, str]] = Counter()

    def add(self, reading: LabelReading, truth: Sample, worked: float) -> None:
        ids = [one.wine_id for one in reading.candidates]
        self.photos += 1
        self.first += ids[:1] == [truth.wine_id]
        self.among_five += truth.wine_id in ids
        self.waited.append(reading.seconds)
        self.worked.append(worked)
        for name, outcome in outcomes(reading, truth.expected):
            self.fields[name, outcome] += 1

    def line(self, name: str) -> str:
        return (
            f"| {name} | {self.first} of {self.photos} ({self.first / self.photos:.0%}) "
            f"| {self.among_five} ({self.among_five / self.photos:.0%}) | {statistics.mean(self.worked):.1f} s "
            f"| {max(self.worked):.1f} s | {statistics.mean(self.waited):.1f} s |"
        )


def expected_of(wine: CatalogueWine) -> dict[str, Any]:
    return {
        "producer": wine.producer,
        "name": wine.name,
        "type": wine.type,
        "country": wine.country,
        "region": wine.region,
        "grapes": sorted(wine.grapes),
        "alcohol": float(wine.abv),
    }


def outcomes(reading: LabelReading, expected: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield for each field whether it is right, wrong, wrong though shown as sure, or missing."""
    for name, value in expected.items():
        found = reading.fields.get(name)
        if found is None:
            yield name, "missing" if value else "right"
        elif _comparable(name, found.value) == value:
            yield name, "right"
        else:
            yield name, "wrong, shown as sure" if found.is_sure else "wrong"


def _comparable(name: str, value: Any) -> Any:
    if name == "grapes":
        return sorted(row["name"] for row in value)
    return float(value) if name == "alcohol" else value


def invented(wines: Sequence[CatalogueWine], count: int) -> Iterator[CatalogueWine]:
    """Yield the wines, and others made of their words and of words like theirs, until there are so many."""
    chance = random.Random(1)
    yield from wines
    counted = Counter(word for one in wines for word in set(one.name.split()))
    usual = sorted(word for word, number in counted.items() if number > 2)
    names = sorted({word for one in wines for word in one.producer.split() if len(word) > 4 and word.isalpha()})
    producers: list[str] = []

    def blend() -> str:
        one, other = chance.choice(names), chance.choice(names)
        return one[: chance.randint(2, len(one) - 2)] + other[chance.randint(2, len(other) - 2) :].lower()

    for number in range(count - len(wines)):
        if number % 7 == 0:
            producers.append(f"{chance.choice(wines).producer.split()[0]} {blend()}" if number % 2 else blend())
        real = chance.choice(wines)
        producer = chance.choice(producers[-2000:]) if chance.random() < 0.9 else real.producer
        name = " ".join(chance.sample(usual, chance.randint(1, 3))) + (f" {blend()}" if number % 3 == 0 else "")
        yield dataclasses.replace(real, wine_id=900_000 + number, producer=producer, name=name)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path, nargs="?")
    arguments.add_argument("--engine", choices=("tesseract", "claude"), default="tesseract")
    arguments.add_argument("--altered", type=int, metavar="SEED")
    arguments.add_argument("--drawn", type=int, metavar="SEED")
    arguments.add_argument("--count", type=int, default=60)
    arguments.add_argument("--fonts", type=Path, action="append", default=[])
    arguments.add_argument("--half", choices=HALVES)
    arguments.add_argument("--wines", type=int, default=0)
    arguments.add_argument("--loaded", action="store_true")
    options = arguments.parse_args()
    if options.folder is None and options.drawn is None:
        arguments.error("name a folder of photos, or a seed to draw labels from")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winebox.settings")
    django.setup()
    _score(options)


def _score(options: argparse.Namespace) -> None:
    from cellar.labels.reading import budget, engines
    from cellar.labels.reading.known import Listed
    from cellar.reference.catalogue import read_wines

    # What counts is work: a machine that does other things as well makes a reading wait, and no worse.
    budget.MOST_WAITING = math.inf
    made = None if options.loaded else Listed(invented(list(read_wines()), options.wines))
    scores = {kind: Score() for kind in ([AS_IT_IS] if options.altered is None else ALTERED)}
    print("| photos | first | among five | work, mean | work, most | waited, mean |\n|---|---|---|---|---|---|")
    for kind, score in scores.items():
        for sample in samples(options):
            photo = _photo(sample, kind, options.altered)
            begun = _work()
            one = engines.read([photo], engine=options.engine, alone=True, catalogue=made)
            score.add(one, sample, _work() - begun)
        print(score.line(kind), flush=True)
    if len(scores) > 1:
        print(_together(list(scores.values())).line("all"))
    _print_fields(_together(list(scores.values())))


def samples(options: argparse.Namespace) -> Iterable[Sample]:
    """Yield the photos of the folder, or labels of wines that are not in it."""
    found = _photographed(options.folder) if options.drawn is None else _drawn(options)
    return islice(found, HALVES.index(options.half), None, 2) if options.half else found


def _photographed(folder: Path) -> Iterator[Sample]:
    from cellar.reference.catalogue import read_wines

    truths = {wine.wine_id: wine for wine in read_wines(folder / "labels.csv")}
    for path in sorted(folder.glob("*.jp*g")):
        wine = truths[int(path.stem)]
        yield Sample(wine.wine_id, path.stem, Image.open(path).convert("RGB"), expected_of(wine))


def _drawn(options: argparse.Namespace) -> Iterator[Sample]:
    from cellar.reference.catalogue import read_wines

    drawn.FOLDERS += tuple(options.fonts)
    photographed = {int(path.stem) for path in options.folder.glob("*.jp*g")} if options.folder else set()
    # Labels in Cyrillic or Greek letters are for other typefaces, and for an engine that knows them.
    wines = [wine for wine in read_wines() if wine.wine_id not in photographed and _is_latin(wine.name + wine.producer)]
    for wine in random.Random(options.drawn).sample(wines, options.count):
        label = drawn.draw(wine, seed=options.drawn)
        printed = {"vintage": label.vintage, "size": label.size}
        yield Sample(wine.wine_id, str(wine.wine_id), label.photo, expected_of(wine) | printed)


def _is_latin(text: str) -> bool:
    return all(ord(letter) < ord("Ͱ") or not letter.isalpha() for letter in text)


def _photo(sample: Sample, kind: str, seed: int) -> bytes:
    from cellar.labels.sanitise import sanitise

    image = sample.photo
    if kind != AS_IT_IS:
        image = altered(image, kind, seed=seed, name=sample.name)
    target = BytesIO()
    image.save(target, "JPEG", quality=92)
    return sanitise(target, max_bytes=100_000_000).variants["large"]


def _work() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _together(scores: Sequence[Score]) -> Score:
    total = Score()
    for score in scores:
        total.photos += score.photos
        total.first += score.first
        total.among_five += score.among_five
        total.waited += score.waited
        total.worked += score.worked
        total.fields.update(score.fields)
    return total


def _print_fields(score: Score) -> None:
    kinds = ("right", "wrong", "wrong, shown as sure", "missing")
    print(f"\n| field | {' | '.join(kinds)} |\n|---|---|---|---|---|")
    for name in dict.fromkeys(name for name, _kind in score.fields):
        print(f"| {name} | {' | '.join(str(score.fields[name, kind]) for kind in kinds)} |")


if __name__ == "__main__":
    main()

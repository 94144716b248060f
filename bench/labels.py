"""Score an engine at reading labels: `python -m bench.labels DIR [--altered SEED] [--half first|second] [--wines N]`.

DIR holds photos named by X-Wines id and `labels.csv`, the truth. `--altered` reads other photos of the same labels
instead (see `bench.altered`), `--half` every other photo alone, so that what was tried on one half is judged on the
other; `--wines` invents wines around the real ones up to that many, `--loaded` compares with what is in the database.
Claude (`--engine claude`) needs a key and a database (`manage.py setup`), and each photo counts for
WINEBOX_SCANS_PER_DAY.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import random
import resource
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from PIL import Image

from bench.altered import ALTERED, altered

if TYPE_CHECKING:
    from cellar.labels.reading.findings import LabelReading
    from cellar.reference.catalogue import CatalogueWine

FIELDS = ("producer", "name", "type", "country", "region", "grapes", "alcohol")
AS_IT_IS = "as it is"
HALVES = ("first", "second")


class Score:
    """What one kind of photo came to."""

    def __init__(self) -> None:
        self.photos = self.first = self.among_five = 0
        self.waited: list[float] = []
        self.worked: list[float] = []
        self.fields: Counter[tuple[str, str]] = Counter()

    def add(self, reading: LabelReading, truth: CatalogueWine, worked: float) -> None:
        ids = [one.wine_id for one in reading.candidates]
        self.photos += 1
        self.first += ids[:1] == [truth.wine_id]
        self.among_five += truth.wine_id in ids
        self.waited.append(reading.seconds)
        self.worked.append(worked)
        for name, outcome in outcomes(reading, truth):
            self.fields[name, outcome] += 1

    def line(self, name: str) -> str:
        return (
            f"| {name} | {self.first} of {self.photos} ({self.first / self.photos:.0%}) "
            f"| {self.among_five} ({self.among_five / self.photos:.0%}) | {statistics.mean(self.worked):.1f} s "
            f"| {max(self.worked):.1f} s | {statistics.mean(self.waited):.1f} s |"
        )


def outcomes(reading: LabelReading, truth: CatalogueWine) -> Iterator[tuple[str, str]]:
    """Yield for each field whether it is right, wrong, wrong though shown as sure, or missing."""
    expected = {
        "producer": truth.producer,
        "name": truth.name,
        "type": truth.type,
        "country": truth.country,
        "region": truth.region,
        "grapes": sorted(truth.grapes),
        "alcohol": float(truth.abv),
    }
    for name in FIELDS:
        found = reading.fields.get(name)
        if found is None:
            yield name, "missing"
        elif _comparable(name, found.value) == expected[name]:
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
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--engine", choices=("tesseract", "claude"), default="tesseract")
    arguments.add_argument("--altered", type=int, metavar="SEED")
    arguments.add_argument("--half", choices=HALVES)
    arguments.add_argument("--wines", type=int, default=0)
    arguments.add_argument("--loaded", action="store_true")
    options = arguments.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winebox.settings")
    django.setup()
    _score(options)


def _score(options: argparse.Namespace) -> None:
    from cellar.labels.reading import engines
    from cellar.labels.reading.known import Listed
    from cellar.reference.catalogue import read_wines

    truths = {wine.wine_id: wine for wine in read_wines(options.folder / "labels.csv")}
    made = None if options.loaded else Listed(invented(list(read_wines()), options.wines))
    paths = sorted(options.folder.glob("*.jp*g"))
    if options.half:
        paths = paths[HALVES.index(options.half) :: 2]
    scores = {kind: Score() for kind in ([AS_IT_IS] if options.altered is None else ALTERED)}
    print("| photos | first | among five | work, mean | work, most | waited, mean |\n|---|---|---|---|---|---|")
    for kind, score in scores.items():
        for path in paths:
            photo = _photo(path, kind, options.altered)
            begun = _work()
            one = engines.read([photo], engine=options.engine, alone=True, catalogue=made)
            score.add(one, truths[int(path.stem)], _work() - begun)
        print(score.line(kind), flush=True)
    if len(scores) > 1:
        print(_together(list(scores.values())).line("all"))
    _print_fields(_together(list(scores.values())))


def _photo(path: Path, kind: str, seed: int) -> bytes:
    from cellar.labels.sanitise import sanitise

    image = Image.open(path).convert("RGB")
    if kind != AS_IT_IS:
        image = altered(image, kind, seed=seed, name=path.stem)
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
    for name in FIELDS:
        print(f"| {name} | {' | '.join(str(score.fields[name, kind]) for kind in kinds)} |")


if __name__ == "__main__":
    main()

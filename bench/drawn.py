"""Labels of other bottles, drawn: for most wines of the catalogue there is no photo.

A wine, the seed and chance decide what the label says (see `bench.wording`), in which letters and colours, how it is
bent around a bottle, and in which light that stands. What is not drawn is what real labels surprise with: letters
made for one label alone, pictures behind them, writing by hand. So these are no photos, and their figures are kinder.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from bench.wording import Line, printed

if TYPE_CHECKING:
    from cellar.reference.catalogue import CatalogueWine

# Where systems keep typefaces, and what those of each kind are called; what there is not is drawn with another one.
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
_KINDS = {
    "serif": "NimbusRoman-* EBGaramond12-Regular EBGaramond12-Bold EBGaramond12-Italic EBGaramondSC12-* C059-* P052-*"
    " GoudyBookletter* OldStandard-* LinLibertine_R* DejaVuSerif*",
    "sans": "NimbusSans-* NimbusSansNarrow-* URWGothic-* LinBiolinum_R*"
    " Lato-Regular Lato-Bold Lato-Light DejaVuSans DejaVuSans-Bold",
    "script": "Z003-* DancingScript-* LobsterTwo-* KaushanScript-* DejaVuSerif-Italic",
}
# Ground, letters, and the letters of what is to be seen first.
_COLOURS = (
    ("#f7f4ea", "#1c1a18", "#1c1a18"),
    ("#ffffff", "#202020", "#7a1420"),
    ("#efe6cf", "#3a2a1a", "#8a6420"),
    ("#f4f0ee", "#5a5a5a", "#9c7a34"),
    ("#e6dcd8", "#6d2436", "#40202a"),
    ("#14161a", "#e8e4da", "#f4f0e6"),
    ("#101010", "#c8a24c", "#d8b45c"),
    ("#1d2a44", "#d9d2b8", "#d6b566"),
    ("#5c1424", "#eadfc8", "#e0bd70"),
    ("#c9d6c4", "#24402c", "#24402c"),
)
_GLASS = ("#101210", "#1f2a1a", "#38401c", "#c8c090", "#e6e0c0", "#2a1810")
_WALLS = ("#d8d8d6", "#8a7a68", "#504840", "#f2f2f2", "#a8b0b8", "#2c2a2a")
_SIZES = ((480, 640), (1500, 2000))
_STRIPS = 24


@dataclass(frozen=True, slots=True)
class Label:
    """A label that was drawn, and what it says beside the wine."""

    photo: Image.Image
    vintage: str
    size: str


def draw(wine: CatalogueWine, *, seed: int) -> Label:
    """Return the photo of a label of this wine; the same seed draws the same one again."""
    chance = random.Random(f"{seed} {wine.wine_id}")
    text = printed(wine, chance)
    photo = _in_light(_on_bottle(_flat(text.lines, chance), chance), chance)
    photo = photo.resize(chance.choice(_SIZES), Image.Resampling.LANCZOS)
    return Label(_as_jpeg(photo, chance), text.vintage, text.size)


@cache
def _faces(kind: str) -> tuple[Path, ...]:
    return tuple(
        path
        for name in _KINDS[kind].split()
        for folder in FOLDERS
        for path in sorted(folder.rglob(f"{name}.?tf"))
        if path.is_file()
    )


def _flat(lines: Sequence[Line], chance: random.Random) -> Image.Image:
    """Return the flat label."""
    ground, ink, accent = chance.choice(_COLOURS)
    width, height = 1400, chance.choice((1300, 1600, 1800))
    label = Image.new("RGB", (width, height), ground)
    if chance.random() < 0.3:
        _draw_picture(label, ground, chance)
    pen = ImageDraw.Draw(label)
    faces = {kind: chance.choice(_faces(kind) or (None,)) for kind in _KINDS}
    if chance.random() < 0.4:
        pen.rectangle((30, 30, width - 30, height - 30), outline=accent, width=chance.choice((3, 8)))
    rows = [row for line in lines for row in _rows(line, faces[line.kind], height, int(0.74 * width))]
    crest = int(chance.choice((0, 0, 0.1, 0.2)) * height)
    free = height * 0.9 - crest - sum(box[3] - box[1] for _row, _font, box, _line in rows)
    gap = min(0.06 * height, free / len(rows))
    top = 0.05 * height + (free - gap * len(rows)) / 2
    before = chance.randrange(len(rows))
    for number, (row, font, box, line) in enumerate(rows):
        if crest and number == before:
            _draw_crest(pen, (width // 2, int(top)), crest, accent, chance)
            top += crest + gap / 2
        left = (width - box[2] + box[0]) / 2
        _write(pen, (left - box[0], top - box[1]), (row, font, box, line), accent if line.accent else ink)
        top += box[3] - box[1] + gap
    return label


_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
_Row = tuple[str, _Font, tuple[float, float, float, float], Line]


def _rows(line: Line, face: Path | None, height: int, widest: int) -> Iterator[_Row]:
    """Yield a line, in two rows where it is long, in letters small enough for the label."""
    words = line.text.split()
    halves = len(words) // 2 if len(line.text) > 16 and line.height > 0.05 and len(words) > 1 else len(words)
    parts = [" ".join(part) for part in (words[:halves], words[halves:]) if part]
    size = line.height * height
    width = max(_box(part, _font(face, size), line)[2] for part in parts)
    font = _font(face, size * min(1.0, widest / width))
    for part in parts:
        yield part, font, _box(part, font, line), line


def _box(text: str, font: _Font, line: Line) -> tuple[float, float, float, float]:
    left, top, right, bottom = font.getbbox(text)
    return left, top, right + _gap(font, line) * (len(text) - 1), bottom


def _gap(font: _Font, line: Line) -> float:
    return line.spacing * font.getbbox("H")[3]


def _write(pen: ImageDraw.ImageDraw, at: tuple[float, float], row: _Row, colour: str) -> None:
    text, font, _place, line = row
    x, y = at
    for number, letter in enumerate(text if line.spacing else [text]):
        before = font.getlength(text[:number]) + _gap(font, line) * number
        pen.text((x + before, y), letter, fill=colour, font=font)


def _font(face: Path | None, size: float) -> _Font:
    return ImageFont.truetype(face, size) if face else ImageFont.load_default(size)


def _draw_picture(label: Image.Image, ground: str, chance: random.Random) -> None:
    """Draw something behind the letters: hills, leaves, paper, in colours near the ground's."""
    pen = ImageDraw.Draw(label)
    base, far = ImageColor.getrgb(ground)[:3], chance.randint(15, 60)
    for _shape in range(chance.randint(10, 60)):
        x, y, size = chance.uniform(0, label.width), chance.uniform(0, label.height), chance.uniform(20, 400)
        colour = tuple(min(255, max(0, part + chance.randint(-far, far))) for part in base)
        draw = chance.choice((pen.ellipse, pen.rectangle))
        draw((x, y, x + size, y + size * chance.uniform(0.2, 1)), colour if chance.random() < 0.5 else None, colour, 4)


def _draw_crest(pen: ImageDraw.ImageDraw, at: tuple[int, int], size: int, colour: str, chance: random.Random) -> None:
    """Draw something that is no letter: rings, leaves, a shield."""
    x, y = at
    pen.ellipse((x - size // 2, y, x + size // 2, y + size), outline=colour, width=4)
    for _leaf in range(chance.randint(5, 25)):
        a, b = chance.uniform(-0.4, 0.4) * size, chance.uniform(0.1, 0.9) * size
        length = chance.uniform(0.05, 0.2) * size
        pen.chord((x + a, y + b, x + a + length, y + b + length), chance.randrange(360), chance.randrange(360), colour)


def _on_bottle(label: Image.Image, chance: random.Random) -> Image.Image:
    """Return the label bent around a bottle before a wall, seen a little from above or below."""
    width, height = 1500, 2000
    photo = Image.new("RGB", (width, height), chance.choice(_WALLS))
    glass = int(width * chance.uniform(0.78, 1.0))
    left = (width - glass) // 2 + chance.randint(-40, 40)
    photo.paste(Image.new("RGB", (glass, height), chance.choice(_GLASS)), (left, 0))
    # Most labels go around further than one sees.
    scale = glass * chance.uniform(0.92, 1.12) / label.width
    flat = label.resize((round(label.width * scale), round(label.height * scale)), Image.Resampling.LANCZOS)
    bent, mask = _bent(flat, chance.uniform(-0.08, 0.08) * glass, chance.uniform(0.75, 0.98))
    photo.paste(bent, (left + (glass - bent.width) // 2, (height - bent.height) // 2 + chance.randint(-60, 60)), mask)
    shade = Image.new("L", (width, 1), 0)
    for x in range(width):
        aside = (x - left) / glass * 2 - 1
        shade.putpixel((x, 0), round(255 * (0.45 + 0.55 * math.sqrt(1 - aside**2))) if abs(aside) < 1 else 255)
    return ImageChops.multiply(photo, Image.merge("RGB", [shade.resize(photo.size)] * 3))


def _bent(flat: Image.Image, sag: float, roundness: float) -> tuple[Image.Image, Image.Image]:
    """Return the label as a cylinder shows it and where it is: narrower at the sides, its lines bowed by `sag`."""
    width, height = flat.size
    room = math.ceil(abs(sag))
    widest = math.asin(roundness)
    edges = [round(width * number / _STRIPS) for number in range(_STRIPS + 1)]
    asides = [edge / width * 2 - 1 for edge in edges]
    sources = [width / 2 * (1 + math.asin(aside * roundness) / widest) for aside in asides]
    shifts = [sag * (1 - aside**2) + (0 if sag < 0 else -sag) for aside in asides]
    mesh = [
        (
            (edges[n], 0, edges[m], height + room),
            _upright(sources[n], shifts[n], sources[m], shifts[m], height + room),
        )
        for n, m in pairwise(range(_STRIPS + 1))
    ]
    target = (width, height + room)
    whole = Image.new("L", flat.size, 255)
    return (
        flat.transform(target, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC),
        whole.transform(target, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC),
    )


def _upright(left: float, from_left: float, right: float, from_right: float, height: int) -> tuple[float, ...]:
    """Return the corners of a strip, against the clock."""
    return left, from_left, left, from_left + height, right, from_right + height, right, from_right


def _in_light(photo: Image.Image, chance: random.Random) -> Image.Image:
    """Return the photo with a lamp in the glass, grain, and more light from one side."""
    width, height = photo.size
    lamp = Image.new("L", photo.size, 0)
    at, wide = chance.uniform(0.1, 0.9) * width, chance.uniform(0.01, 0.05) * width
    ImageDraw.Draw(lamp).rectangle((at, 0, at + wide, height), fill=chance.randint(0, 170))
    lamp = lamp.filter(ImageFilter.GaussianBlur(width / 100))
    photo = Image.composite(Image.new("RGB", photo.size, "white"), photo, lamp)
    slope = Image.linear_gradient("L").resize(photo.size).rotate(chance.choice((0, 180)))
    photo = ImageChops.multiply(photo, Image.merge("RGB", [ImageOps.autocontrast(slope).point(_half)] * 3))
    grain = Image.effect_noise(photo.size, chance.uniform(2, 14))
    photo = ImageChops.add(photo, Image.merge("RGB", [grain] * 3), offset=-128)
    photo = photo.rotate(chance.gauss(0, 2), Image.Resampling.BICUBIC)
    photo = photo.filter(ImageFilter.GaussianBlur(chance.uniform(0, 3)))
    return ImageEnhance.Brightness(photo).enhance(chance.uniform(0.8, 1.15))


def _half(value: int) -> int:
    return 170 + value // 3


def _as_jpeg(photo: Image.Image, chance: random.Random) -> Image.Image:
    target = BytesIO()
    photo.save(target, "JPEG", quality=chance.randint(60, 92))
    return Image.open(target).convert("RGB")

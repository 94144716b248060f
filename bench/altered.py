"""Photos as other hands would take them: the same labels turned, seen from aside, cropped, blurred, in other light.

Which ways, and how far each goes, is drawn by chance from a seed, the kind and the name of the photo: the same seed
makes the same photos again, another one makes photos that nothing was tried on. They are kept nowhere.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO

from PIL import Image, ImageEnhance, ImageFilter

Alteration = Callable[[Image.Image, random.Random], Image.Image]

_WALL = (90, 80, 70)


def _turned(image: Image.Image, chance: random.Random) -> Image.Image:
    return image.rotate(chance.uniform(1, 3) * chance.choice((-1, 1)), Image.Resampling.BICUBIC, fillcolor=_WALL)


def _from_aside(image: Image.Image, chance: random.Random) -> Image.Image:
    """Return the photo in perspective: each corner of what is seen lies up to a sixteenth further in."""
    width, height = image.size
    corners = [(0, 0), (0, height), (width, height), (width, 0)]
    moved = []
    for x, y in corners:
        in_x, in_y = chance.uniform(0, width / 16), chance.uniform(0, height / 16)
        moved += [x + in_x if x == 0 else x - in_x, y + in_y if y == 0 else y - in_y]
    return image.transform(image.size, Image.Transform.QUAD, tuple(moved), Image.Resampling.BICUBIC)


def _cropped(image: Image.Image, chance: random.Random) -> Image.Image:
    width, height = image.size
    left, top, right, bottom = (chance.uniform(0, 0.08) for _side in range(4))
    return image.crop((int(width * left), int(height * top), int(width * (1 - right)), int(height * (1 - bottom))))


def _blurred(image: Image.Image, chance: random.Random) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(chance.uniform(0.5, 1.0)))


def _darker(image: Image.Image, chance: random.Random) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(chance.uniform(0.35, 0.7))


def _pressed(image: Image.Image, chance: random.Random) -> Image.Image:
    target = BytesIO()
    image.save(target, "JPEG", quality=chance.randint(25, 50))
    return Image.open(target).convert("RGB")


def _smaller(image: Image.Image, chance: random.Random) -> Image.Image:
    scale = chance.uniform(0.6, 0.85)
    return image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)


def _in_other_light(image: Image.Image, chance: random.Random) -> Image.Image:
    """Return the photo as a camera sees it that takes lamplight, or shade, for daylight."""
    warm = chance.uniform(0.8, 1.25)
    red, green, blue = image.split()
    return Image.merge("RGB", (_times(red, warm), green, _times(blue, 1 / warm)))


def _times(band: Image.Image, factor: float) -> Image.Image:
    return band.point([min(255, round(value * factor)) for value in range(256)])


_WAYS: Sequence[Alteration] = (
    _turned,
    _from_aside,
    _cropped,
    _blurred,
    _darker,
    _pressed,
    _smaller,
    _in_other_light,
)
# How many ways are drawn for each photo.
ALTERED: Mapping[str, int] = {"one of these": 1, "three of these at once": 3}


def altered(image: Image.Image, kind: str, *, seed: int, name: str) -> Image.Image:
    """Return another photo of the same bottle."""
    chance = random.Random(f"{seed} {kind} {name}")
    for alter in chance.sample(_WAYS, ALTERED[kind]):
        image = alter(image, chance)
    return image

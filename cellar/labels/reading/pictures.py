"""Preparing a photo for an engine that reads dark letters on light ground, in different ways for different labels."""

from __future__ import annotations

import math
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageChops, ImageFilter, ImageOps

# Longest sides in pixels: letters of a label that fills the photo become about 30 pixels high.
COARSE, MIDDLE, FINE = 1280, 1600, 1920
# Larger ones are made smaller where they arrive, and cost the same.
LONGEST_SENT = 1568
# The ground of a label is what is most around a place. It is looked for in a picture so small that the strokes of all
# but the largest letters are gone, in squares of so many pixels.
_GROUND = 200
_NARROW, _WIDE = 13, 21
_STRIPS = 12
# How much of a bottle's roundness is undone: the sine of the angle at the edge of the photo.
_ROUNDNESS = 0.85
_HUE_SAMPLE = (48, 64)
# Pillow counts hues from 0 to 255: red is 0, yellow 42.
_PINK = range(235, 256)
_SALMON = range(20)
_ROSE_SHARE = 0.25


def opened(data: bytes) -> Image.Image:
    """Return the photo that `sanitise` made, decoded."""
    image = Image.open(BytesIO(data), formats=["JPEG"])
    return image.convert("RGB")


def to_send(photo: bytes) -> bytes:
    """Return the photo as small as a service far away needs it, drawn anew: a JPEG without anything beside it."""
    image = opened(photo)
    image.thumbnail((LONGEST_SENT, LONGEST_SENT), Image.Resampling.LANCZOS)
    image.info.clear()
    target = BytesIO()
    image.save(target, "JPEG", quality=85)
    return target.getvalue()


def plain(image: Image.Image) -> Image.Image:
    """Return the photo in grey with all of the contrast there is."""
    return _fitted(_contrast(image.convert("L")), COARSE)


def levelled(image: Image.Image) -> Image.Image:
    """Return the photo in grey without its shadows: each place beside the ground around it."""
    grey = _contrast(image.convert("L"))
    beside = ImageChops.subtract(grey, _ground(grey, _WIDE), offset=128)
    return _fitted(ImageOps.autocontrast(beside, cutoff=0.5), MIDDLE)


def distinct(image: Image.Image) -> Image.Image:
    """Return how far each place is from the ground around it, as dark on light: letters of any colour on any other."""
    apart = ImageChops.difference(image, _ground(image, _NARROW))
    red, green, blue = apart.split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return _fitted(ImageOps.invert(_contrast(most)), MIDDLE)


def unrolled(image: Image.Image) -> Image.Image:
    """Return the photo in grey as if the label were peeled off: letters at the sides as wide as in the middle."""
    grey = _contrast(image.convert("L"))
    width, height = grey.size
    if width < _STRIPS:
        return _fitted(grey, FINE)
    widest = math.asin(_ROUNDNESS)
    new_width = round(width * widest / _ROUNDNESS)
    edges = [round(new_width * number / _STRIPS) for number in range(_STRIPS + 1)]
    sources = [width / 2 * (1 + math.sin((2 * edge / new_width - 1) * widest) / _ROUNDNESS) for edge in edges]
    mesh = [
        (
            (edges[n], 0, edges[n + 1], height),
            (sources[n], 0, sources[n], height, sources[n + 1], height, sources[n + 1], 0),
        )
        for n in range(_STRIPS)
    ]
    flat = grey.transform((new_width, height), Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)
    return _fitted(flat, FINE)


def turned(image: Image.Image) -> Image.Image:
    """Return the photo in grey, turned by a quarter, for labels that are read from below."""
    return plain(image).transpose(Image.Transpose.ROTATE_270)


def is_rose(image: Image.Image) -> bool:
    """Say whether much of the photo has the colour of a rosé: a hint where two wines differ in nothing else."""
    small = image.resize(_HUE_SAMPLE).convert("HSV")
    pixels: list[tuple[int, int, int]] = list(zip(*(small.getchannel(band).tobytes() for band in "HSV"), strict=True))
    pink = sum(1 for hue, depth, light in pixels if (hue in _PINK or hue in _SALMON) and depth > 60 and light > 150)
    return pink > _ROSE_SHARE * len(pixels)


def as_bytes(image: Image.Image) -> bytes:
    """Return the picture in the simplest format there is, which costs no time to write or to read."""
    target = BytesIO()
    image.save(target, "PPM")
    return target.getvalue()


def _contrast(grey: Image.Image) -> Image.Image:
    return ImageOps.autocontrast(grey, cutoff=1)


def _ground(image: Image.Image, square: int) -> Image.Image:
    scale = min(1.0, _GROUND / max(image.size))
    small = image.resize(
        (max(1, round(image.width * scale)), max(1, round(image.height * scale))), Image.Resampling.BOX
    )
    return small.filter(ImageFilter.MedianFilter(square)).resize(image.size, Image.Resampling.BICUBIC)


def _fitted(grey: Image.Image, longest: int) -> Image.Image:
    scale = longest / max(grey.size)
    size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
    return grey.resize(size, Image.Resampling.LANCZOS)


Preparation = Callable[[Image.Image], Image.Image]

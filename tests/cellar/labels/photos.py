"""Pictures to upload, made for each test."""

from io import BytesIO
from typing import Any

import pillow_heif
from PIL import ExifTags, Image

LIMIT = 10 * 1024 * 1024
MIB = 1024 * 1024


def bottle(size: tuple[int, int] = (300, 400), mode: str = "RGB") -> Image.Image:
    """Return a picture that tells its corners apart: red above left, the rest blue and green."""
    picture = Image.new("RGB", size, "blue")
    picture.paste((255, 0, 0), (0, 0, size[0] // 2, size[1] // 2))
    picture.paste((0, 128, 0), (size[0] // 2, size[1] // 2, size[0], size[1]))
    return picture if mode == "RGB" else picture.convert(mode)


def noise(size: tuple[int, int]) -> Image.Image:
    """Return the picture that compresses worst."""
    return Image.merge("RGB", [Image.effect_noise(size, 200) for _ in "RGB"])


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    target = BytesIO()
    if kind == "HEIC":
        pillow_heif.from_pillow(picture).save(target, quality=90, **options)
    else:
        picture.save(target, kind, **options)
    return target.getvalue()


def exif(*, orientation: int = 1) -> Image.Exif:
    """Return what a phone writes: how it was held, where it was, whose it is."""
    tags = Image.Exif()
    tags[ExifTags.Base.Orientation] = orientation
    tags[ExifTags.Base.Make] = "SECRETPHONE"
    tags.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            ExifTags.GPS.GPSLatitudeRef: "N",
            ExifTags.GPS.GPSLatitude: (44.0, 50.0, 12.0),
            ExifTags.GPS.GPSLongitudeRef: "W",
            ExifTags.GPS.GPSLongitude: (0.0, 34.0, 48.0),
        }
    )
    return tags


def decoded(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def is_near(pixel: Any, colour: tuple[int, int, int], tolerance: int = 40) -> bool:
    """Say whether a pixel has that colour, as far as JPEG keeps it."""
    return all(abs(got - wanted) <= tolerance for got, wanted in zip(pixel, colour, strict=True))

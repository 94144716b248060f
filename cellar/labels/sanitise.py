"""Making an uploaded photo safe: nothing of the file survives but the picture itself, upright and in sRGB."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from types import MappingProxyType
from typing import BinaryIO

from django.core.files import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from cellar.labels.decode import PhotoRefused, PhotoTooLarge, damaged, opened

# The longest side of each variant in pixels; "small" is twice the 80 by 107 of a list, for sharp screens.
BOXES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"large": (2048, 2048), "medium": (640, 640), "small": (160, 213)}
)
CONTENT_TYPE = "image/jpeg"
SMALL_BYTES = 15_000

# A photo at the limit takes some 400 MB while it is decoded, so all threads together may not decode as they please.
_decoding = threading.BoundedSemaphore(2)

__all__ = ["BOXES", "CONTENT_TYPE", "PhotoRefused", "PhotoTooLarge", "SanitisedPhoto", "sanitise"]


@dataclass(frozen=True, slots=True)
class SanitisedPhoto:
    """A photo as it is kept: JPEG bytes by variant (large, medium, small), and the size of the large one in pixels."""

    variants: Mapping[str, bytes]
    width: int
    height: int
    content_type: str = CONTENT_TYPE


def sanitise(upload: BinaryIO | File[bytes], *, max_bytes: int) -> SanitisedPhoto:
    """Return the picture of an uploaded JPEG, PNG, WebP or HEIC and nothing else of it, or raise PhotoRefused."""
    data = _read(upload, max_bytes)
    with _decoding:
        picture = _decoded(data)
        return _encoded(picture)


def _read(upload: BinaryIO | File[bytes], max_bytes: int) -> bytes:
    size = getattr(upload, "size", None)
    if size is not None and size > max_bytes:
        raise _too_large(filesizeformat(size), max_bytes)
    upload.seek(0)
    data = BytesIO()
    while data.tell() <= max_bytes and (chunk := upload.read(1 << 16)):
        data.write(chunk)
    if data.tell() > max_bytes:
        raise _too_large(_("more than %(size)s") % {"size": filesizeformat(max_bytes)}, max_bytes)
    if not data.tell():
        raise PhotoRefused(_("This file is empty. Choose the photo again."))
    return data.getvalue()


def _too_large(size: str, max_bytes: int) -> PhotoTooLarge:
    return PhotoTooLarge(
        _("This photo has %(size)s; the limit is %(limit)s. Choose a smaller one, or let the phone send it smaller.")
        % {"size": size, "limit": filesizeformat(max_bytes)}
    )


def _decoded(data: bytes) -> Image.Image:
    """Return the first frame no larger than the large variant: upright, RGB, on white."""
    image = opened(data)
    try:
        if isinstance(image, JpegImageFile):
            image.draft(None, BOXES["large"])  # a JPEG can be decoded to a half or a quarter at a fraction of the cost
        image.load()
        profile = image.info.get("icc_profile")
        image = _on_white(image)
        image.thumbnail(BOXES["large"], Image.Resampling.HAMMING)  # half the time of bicubic, as good for shrinking
        image = _srgb(_upright(image), profile)
    # As for opening: whatever a decoder raises means that the photo cannot be read.
    except Exception as error:
        raise damaged() from error
    # The JPEG writer would copy a comment from here.
    image.info.clear()
    return image


def _on_white(image: Image.Image) -> Image.Image:
    """Return the picture without palette and transparency, in a mode that can be made smaller."""
    if image.mode.startswith("I"):
        return _eight_bit(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image)
        paper.info = image.info
        return paper
    if image.mode in {"L", "RGB", "CMYK"}:
        return image
    return image.convert("RGB")


def _eight_bit(image: Image.Image) -> Image.Image:
    # Pillow's own conversion of 16-bit grey cuts everything above 255 off to white.
    return image.point(lambda value: value * (1 / 256)).convert("L")


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    # Phones and editors write broken EXIF in many ways; the picture is worth keeping as it lies.
    except Exception:  # noqa: BLE001
        return image


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            converted = ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(BytesIO(profile)), _srgb_profile(), outputMode="RGB"
            )
        except (ImportError, OSError, ValueError, ImageCms.PyCMSError):
            converted = None  # no colour management in this Pillow, or a profile for another kind of picture
        if converted is not None:
            return converted
    return image if image.mode == "RGB" else image.convert("RGB")


@cache
def _srgb_profile() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _encoded(large: Image.Image) -> SanitisedPhoto:
    medium = _shrunk(large, BOXES["medium"])
    small = _shrunk(medium, BOXES["small"])
    variants = {"large": _jpeg(large, 85), "medium": _jpeg(medium, 80), "small": _small_jpeg(small)}
    return SanitisedPhoto(MappingProxyType(variants), large.width, large.height)


def _shrunk(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    smaller = image.copy()
    smaller.thumbnail(box)
    return smaller


def _small_jpeg(image: Image.Image) -> bytes:
    """Return a thumbnail that never weighs more than a list can bear, however noisy the photo."""
    for quality in (75, 60, 45, 30):
        encoded = _jpeg(image, quality)
        if len(encoded) <= SMALL_BYTES:
            return encoded
    return _jpeg(image, 15)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    target = BytesIO()
    image.save(target, "JPEG", quality=quality, progressive=True)
    return target.getvalue()

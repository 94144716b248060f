"""Opening a photo that a stranger may have made: type by content, pixels counted before memory is spent on them."""

import re
import warnings
from collections.abc import Callable
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image
from pillow_heif import HeifImageFile

# Pillow warns of each broken tag, and a photo may have 65,535 of them: a log has better lines.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

MAX_MEGAPIXELS = 50
MAX_SCANS = 60

_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_JPEG_MAGIC = b"\xff\xd8\xff"
# Within the pixels 0xFF is followed by 0x00, or by 0xD0 to 0xD7 where decoding can begin anew.
_JPEG_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)
_JPEG_SCAN, _JPEG_BARE, _JPEG_ENDS = b"\xda", b"\x01", (b"\xd8", b"\xd9")
_HEVC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_AV1_BRANDS = frozenset({b"avif", b"avis"})


class PhotoRefused(Exception):
    """A photo that is not taken; its text tells the person what is wrong and what to do."""


class PhotoTooLarge(PhotoRefused):
    """A photo with more bytes than allowed (an answer of 413)."""


def opened(data: bytes) -> Image.Image:
    """Return the photo with its header read and its size allowed, its pixels not yet decoded."""
    opener = _opener(data)
    if opener is None:
        raise PhotoRefused(
            _("This file is not a photo that can be read here. Choose a JPEG, PNG, WebP or HEIC, as phones make them.")
        )
    try:
        image = opener(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except PhotoRefused:
        raise
    # What decoders raise for hostile bytes is not listed anywhere: any failure means that the photo cannot be read.
    except Exception as error:
        raise damaged() from error
    _check_pixels(image.size)
    return image


def damaged() -> PhotoRefused:
    """Return the refusal of a photo that begins well and cannot be decoded to its end."""
    return PhotoRefused(_("This photo is damaged or was cut off on its way. Choose it again, or take a new one."))


def _opener(data: bytes) -> Callable[[bytes], Image.Image] | None:
    if data.startswith(_JPEG_MAGIC):
        return _open_jpeg
    if data.startswith(_PNG_MAGIC):
        return lambda data: Image.open(BytesIO(data), formats=["PNG"])
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _open_webp
    if _is_heic(data):
        return _open_heic
    return None


def _is_heic(data: bytes) -> bool:
    """Say whether the file's brands promise HEVC; AVIF shares the container and is not taken."""
    if data[4:8] != b"ftyp":
        return False
    box = data[8 : min(int.from_bytes(data[:4], "big"), 256)]
    brands = {box[start : start + 4] for start in range(0, len(box), 4)}
    return bool(brands & _HEVC_BRANDS) and not brands & _AV1_BRANDS


def _open_heic(data: bytes) -> Image.Image:
    # The plugin is called directly: registering it would open HEIC for every user of Pillow in this process.
    open_heif: Callable[[BytesIO], Image.Image] = HeifImageFile
    return open_heif(BytesIO(data))


def _open_jpeg(data: bytes) -> Image.Image:
    # Each scan of a progressive JPEG costs a pass over all of its pixels and takes few bytes: ten megabytes of them
    # would keep a decoder busy for hours. Encoders write about ten.
    if _scans(data) > MAX_SCANS:
        raise damaged()
    return Image.open(BytesIO(data), formats=["JPEG"])


def _scans(data: bytes) -> int:
    """Count the scans of a JPEG's picture; what hangs on behind it (a film, a second picture) is not looked at."""
    scans, position = 0, 2
    while (found := _JPEG_MARKER.search(data, position)) and found[1] not in _JPEG_ENDS and scans <= MAX_SCANS:
        scans += found[1] == _JPEG_SCAN
        position = found.end()
        if found[1] != _JPEG_BARE:
            position += int.from_bytes(data[position : position + 2], "big")
    return scans


def _open_webp(data: bytes) -> Image.Image:
    # Pillow gives the whole canvas its memory as soon as it opens a WebP, hence the header is read here first.
    _check_pixels(_webp_size(data))
    return Image.open(BytesIO(data), formats=["WEBP"])


def _webp_size(data: bytes) -> tuple[int, int]:
    """Return the size that a WebP's header tells, or nothing at all where the decoder will find it broken."""
    chunk = data[12:16]
    if chunk == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if chunk == b"VP8L" and data[20:21] == b"\x2f":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    return 0, 0


def _check_pixels(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_MEGAPIXELS * 1_000_000:
        raise _too_many_pixels()


def _too_many_pixels() -> PhotoRefused:
    return PhotoRefused(
        _("This photo has more than %(limit)s megapixels. Take it again with a lower resolution, or make it smaller.")
        % {"limit": MAX_MEGAPIXELS}
    )

import struct
import threading
import time
import tracemalloc
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from cellar.labels import sanitise as module
from cellar.labels.sanitise import BOXES, SMALL_BYTES, PhotoRefused, PhotoTooLarge, SanitisedPhoto, sanitise
from tests.cellar.labels.photos import LIMIT, MIB, bottle, decoded, encoded, exif, is_near, noise

pytestmark = pytest.mark.once

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 128, 0), (0, 0, 255), (255, 255, 255)


def taken(content: bytes) -> SanitisedPhoto:
    return sanitise(BytesIO(content), max_bytes=LIMIT)


def large(content: bytes) -> Image.Image:
    return decoded(taken(content).variants["large"])


def refusal(content: bytes) -> str:
    with pytest.raises(PhotoRefused) as refused:
        taken(content)
    return str(refused.value)


def corners(picture: Image.Image) -> list[Any]:
    """Return the colours above left, above right, below right, below left."""
    width, height = picture.size
    near, far_x, far_y = 5, width - 6, height - 6
    return [picture.getpixel(at) for at in ((near, near), (far_x, near), (far_x, far_y), (near, far_y))]


def markers(jpeg: bytes) -> set[int]:
    """Return the kinds of segments that a JPEG has before its pixels."""
    kinds, position = set(), 2
    while jpeg[position + 1] != 0xDA:
        kinds.add(jpeg[position + 1])
        position += 2 + int.from_bytes(jpeg[position + 2 : position + 4], "big")
    return kinds


# -- What is taken


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"quality": 95}),
        ("JPEG", {"quality": 95, "progressive": True}),
        ("PNG", {}),
        ("WEBP", {"quality": 95}),
        ("WEBP", {"lossless": True}),
        ("HEIC", {}),
    ],
)
def test_a_photo_is_taken_in_every_format_of_a_phone(kind: str, options: dict[str, Any]) -> None:
    picture = large(encoded(bottle(), kind, **options))
    assert picture.format == "JPEG"
    assert all(map(is_near, corners(picture), (RED, BLUE, GREEN, BLUE)))


def test_the_variants_fit_their_boxes_and_keep_the_proportions() -> None:
    photo = taken(encoded(bottle((3000, 4000))))
    sizes = {variant: decoded(content).size for variant, content in photo.variants.items()}
    assert sizes == {"large": (1536, 2048), "medium": (480, 640), "small": (160, 213)}
    assert (photo.width, photo.height) == (1536, 2048)


def test_a_small_photo_is_not_made_larger() -> None:
    photo = taken(encoded(bottle((30, 40))))
    assert {decoded(content).size for content in photo.variants.values()} == {(30, 40)}


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (5000, 3)])
def test_an_odd_shape_is_taken(size: tuple[int, int]) -> None:
    photo = taken(encoded(bottle(size), "PNG"))
    assert all(
        decoded(photo.variants[variant]).width <= box[0] and decoded(photo.variants[variant]).height <= box[1]
        for variant, box in BOXES.items()
    )


@pytest.mark.parametrize("size", [(160, 213), (300, 400)])
def test_the_thumbnail_stays_light_however_noisy_the_photo_is(size: tuple[int, int]) -> None:
    assert len(taken(encoded(noise(size), "PNG")).variants["small"]) <= SMALL_BYTES


def test_the_variants_are_progressive_jpeg() -> None:
    assert all(decoded(content).info["progressive"] for content in taken(encoded(bottle())).variants.values())


@pytest.mark.parametrize("name", ["../../x.jpg", "label.svg", "label.html", "", "x" * 5000, "a\x00b.jpg"])
def test_neither_the_name_nor_the_declared_type_counts(name: str) -> None:
    upload = SimpleUploadedFile("x.jpg", encoded(bottle()), content_type="text/html")
    vars(upload)["_name"] = name  # as a client could send it; Django shortens what it takes
    assert sanitise(upload, max_bytes=LIMIT).content_type == "image/jpeg"


def test_an_upload_that_was_read_before_is_read_from_its_beginning() -> None:
    upload = SimpleUploadedFile("x.jpg", encoded(bottle()))
    upload.read()
    assert sanitise(upload, max_bytes=LIMIT).width == 300


# -- Colours and modes


def test_a_cmyk_jpeg_becomes_rgb() -> None:
    picture = large(encoded(bottle(mode="CMYK"), "JPEG", quality=95))
    assert picture.mode == "RGB"
    assert is_near(corners(picture)[0], RED)


def test_sixteen_bit_grey_keeps_its_tones() -> None:
    ramp = Image.frombytes("I;16", (256, 16), b"".join((x << 8).to_bytes(2, "little") for x in range(256)) * 16)
    tones = [large(encoded(ramp, "PNG")).getpixel((x, 8))[0] for x in (10, 128, 245)]  # type: ignore[index]
    assert tones == pytest.approx([10, 128, 245], abs=3)


@pytest.mark.parametrize("mode", ["1", "L"])
def test_black_and_white_becomes_rgb(mode: str) -> None:
    paper = Image.new(mode, (20, 20), 255)
    assert large(encoded(paper, "PNG")).getpixel((10, 10)) == WHITE


def test_transparency_lies_on_white() -> None:
    glass = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    glass.paste((255, 0, 0, 255), (0, 0, 20, 40))
    for kind in ("PNG", "WEBP", "HEIC"):
        picture = large(encoded(glass, kind))
        assert is_near(picture.getpixel((5, 20)), RED)
        assert is_near(picture.getpixel((35, 20)), WHITE)


def test_grey_with_transparency_lies_on_white() -> None:
    assert large(encoded(Image.new("LA", (20, 20), (0, 0)), "PNG")).getpixel((10, 10)) == WHITE


def test_a_palette_with_a_transparent_colour_lies_on_white() -> None:
    palette = bottle(mode="RGB").convert("P", palette=Image.Palette.ADAPTIVE)
    transparent = palette.getpixel((5, 5))
    picture = large(encoded(palette, "PNG", transparency=transparent))
    assert is_near(corners(picture)[0], WHITE)
    assert is_near(corners(picture)[1], BLUE)


def test_a_colour_profile_is_converted_to_srgb() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # A screen whose red is what others call green.
    swapped = srgb.replace(b"rXYZ", b"tEmp").replace(b"gXYZ", b"rXYZ").replace(b"tEmp", b"gXYZ")
    for kind in ("JPEG", "PNG", "WEBP", "HEIC"):
        picture = large(encoded(Image.new("RGB", (64, 64), RED), kind, icc_profile=swapped))
        assert is_near(picture.getpixel((30, 30)), (0, 255, 0))


@pytest.mark.parametrize("profile", [b"garbage", b"\x00" * 200])
def test_a_broken_colour_profile_is_dropped(profile: bytes) -> None:
    picture = large(encoded(bottle(), "JPEG", icc_profile=profile))
    assert is_near(corners(picture)[0], RED)


def test_a_colour_profile_of_another_kind_is_dropped() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert is_near(corners(large(encoded(bottle(), "JPEG", icc_profile=lab)))[0], RED)


# -- Upright


AS_HELD = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def as_held(orientation: int) -> Image.Image:
    """Return the pixels that a phone writes when it adds this orientation."""
    return bottle().transpose(AS_HELD[orientation]) if orientation in AS_HELD else bottle()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_however_the_phone_was_held(orientation: int, kind: str) -> None:
    picture = large(encoded(as_held(orientation), kind, exif=exif(orientation=orientation)))
    assert picture.size == (300, 400)
    assert all(map(is_near, corners(picture), (RED, BLUE, GREEN, BLUE)))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_heic_is_turned_once_and_not_twice(orientation: int) -> None:
    picture = large(encoded(as_held(orientation), "HEIC", exif=exif(orientation=orientation).tobytes()))
    assert picture.size == (300, 400)
    assert all(map(is_near, corners(picture), (RED, BLUE, GREEN, BLUE)))


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_exif_does_not_cost_the_photo() -> None:
    content = encoded(bottle(), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff\xff\xff")
    assert is_near(corners(large(content))[0], RED)


# -- Nothing else of the file


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_no_metadata_is_left(kind: str) -> None:
    tags = exif()
    assert b"SECRETPHONE" in tags.tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options: dict[str, Any] = {"exif": tags.tobytes(), "icc_profile": srgb, "xmp": b"<x>SECRETXMP</x>"}
    if kind == "JPEG":
        options["comment"] = b"SECRETCOMMENT"
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Author", "SECRETAUTHOR")
    for content in taken(encoded(bottle(), kind, **options)).variants.values():
        picture = decoded(content)
        assert not picture.getexif()
        assert not picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        assert not {"exif", "icc_profile", "xmp", "comment", "photoshop"} & picture.info.keys()
        assert b"SECRET" not in content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_the_segments_of_the_result_are_those_of_a_bare_jpeg(kind: str) -> None:
    jfif, tables, huffman, progressive_frame = 0xE0, 0xDB, 0xC4, 0xC2
    for content in taken(encoded(bottle(), kind, exif=exif().tobytes())).variants.values():
        assert markers(content) == {jfif, tables, huffman, progressive_frame}


def test_what_hangs_on_a_file_is_cut_off() -> None:
    for kind in ("JPEG", "PNG", "WEBP", "HEIC"):
        content = encoded(bottle(), kind) + b"PK\x03\x04<script>alert(1)</script>"
        assert all(b"<script>" not in kept for kept in taken(content).variants.values())


def test_the_first_frame_of_an_animation_is_kept() -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in (RED, BLUE, GREEN)]
    for kind in ("WEBP", "PNG"):
        content = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
        assert is_near(large(content).getpixel((20, 20)), RED)


# -- What is refused, and why


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', id="svg"),
        pytest.param(b"<!doctype html><title>x</title>", id="html"),
        pytest.param(b"%PDF-1.7\n1 0 obj", id="pdf"),
        pytest.param(encoded(bottle(), "GIF"), id="gif"),
        pytest.param(encoded(bottle(), "BMP"), id="bmp"),
        pytest.param(encoded(bottle(), "TIFF"), id="tiff"),
        pytest.param(encoded(bottle(), "AVIF"), id="avif"),
        pytest.param(encoded(bottle(), "ICO"), id="ico"),
        pytest.param(b"PK\x03\x04" + b"\x00" * 50, id="zip"),
        pytest.param(b"RIFF\x00\x00\x00\x00WAVEfmt ", id="wave"),
        pytest.param(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42", id="film"),
        pytest.param(b"x", id="one byte"),
    ],
)
def test_what_is_no_photo_is_refused_whatever_its_name_says(content: bytes) -> None:
    upload = SimpleUploadedFile("label.jpg", content, content_type="image/jpeg")
    with pytest.raises(PhotoRefused, match=r"not a photo that can be read here. Choose a JPEG, PNG, WebP or HEIC"):
        sanitise(upload, max_bytes=LIMIT)


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == "This file is empty. Choose the photo again."


@pytest.mark.parametrize(
    "magic", [b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBPVP8 "]
)
def test_a_page_behind_the_first_bytes_of_a_photo_is_refused(magic: bytes) -> None:
    assert "damaged" in refusal(magic + b"<html><script>alert(1)</script></html>" * 20)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIC"])
@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.9])
def test_a_photo_cut_off_on_its_way_is_refused(kind: str, part: float) -> None:
    content = encoded(noise((200, 200)), kind)
    assert "damaged or was cut off" in refusal(content[: int(len(content) * part)])


def test_a_photo_over_the_limit_is_refused_with_both_sizes() -> None:
    upload = SimpleUploadedFile("x.jpg", encoded(bottle()) + bytes(11 * MIB))
    with pytest.raises(PhotoTooLarge, match=r"has 11.0\sMB; the limit is 10.0\sMB"):
        sanitise(upload, max_bytes=LIMIT)


def test_a_stream_without_a_size_is_not_read_beyond_the_limit() -> None:
    stream = BytesIO(bytes(11 * MIB))
    with pytest.raises(PhotoTooLarge, match=r"has more than 1.0\sMB; the limit is 1.0\sMB"):
        sanitise(stream, max_bytes=MIB)
    assert stream.tell() <= MIB + (1 << 16)


def test_a_photo_just_at_the_limit_is_taken() -> None:
    content = encoded(bottle())
    assert sanitise(BytesIO(content), max_bytes=len(content)).width == 300


def png_of_zeros(width: int, height: int) -> bytes:
    """Return a tiny PNG of one-bit pixels that unpacks to millions."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x01\x00\x00\x00\x00"
    # Of the largest only the beginning is used.
    pixels = zlib.compress(bytes(min((width // 8 + 1) * height, 32 * MIB)), 9)
    content = b"\x89PNG\r\n\x1a\n"
    for kind, body in ((b"IHDR", head), (b"IDAT", pixels), (b"IEND", b"")):
        content += len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")
    return content


def webp_of(width: int, height: int) -> bytes:
    """Return the head of an extended WebP that announces a canvas."""
    body = b"\x10\x00\x00\x00" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + len(body).to_bytes(4, "little") + body
    return b"RIFF" + (len(chunk) + 4).to_bytes(4, "little") + b"WEBP" + chunk


def jpeg_of(width: int, height: int) -> bytes:
    """Return a JPEG whose header claims another size."""
    content = bytearray(encoded(bottle((8, 8)), "JPEG"))
    frame = content.find(b"\xff\xc0")
    content[frame + 5 : frame + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(content)


def heic_of(width: int, height: int) -> bytes:
    """Return a HEIC whose header claims another size."""
    content = encoded(bottle((64, 64)), "HEIC")
    position = content.find(b"ispe") + 8
    return content[:position] + width.to_bytes(4, "big") + height.to_bytes(4, "big") + content[position + 8 :]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(png_of_zeros(13_000, 13_000), id="png"),
        pytest.param(png_of_zeros(8000, 7000), id="png that Pillow would take"),
        pytest.param(png_of_zeros(200_000, 200_000)[:4000], id="png of 40,000 megapixels"),
        pytest.param(webp_of(10_000, 10_000), id="webp"),
        pytest.param(webp_of(16_384, 16_384), id="large webp"),
        pytest.param(jpeg_of(65_535, 65_535), id="jpeg"),
        pytest.param(jpeg_of(9000, 6000), id="jpeg that Pillow would take"),
        pytest.param(heic_of(13_000, 13_000), id="heic"),
        pytest.param(heic_of(30_000, 30_000), id="large heic"),
    ],
)
def test_too_many_pixels_are_refused_before_they_are_decoded(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(content) < 40_000
    monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail("decoded"))
    assert "more than 50 megapixels" in refusal(content)


def test_a_jpeg_with_thousands_of_scans_is_refused_at_once() -> None:
    content = encoded(Image.new("L", (4000, 3000), 128), progressive=True)
    last_scan = content[content.rfind(b"\xff\xda") : -2]
    assert taken(content[:-2] + last_scan * 40 + content[-2:]).width == 2048
    started = time.process_time()
    assert "damaged" in refusal(content[:-2] + last_scan * 50_000 + content[-2:])
    assert time.process_time() - started < 1


def test_scans_behind_the_picture_are_not_counted() -> None:
    assert taken(encoded(bottle()) + b"\xff\xda" * 5000).width == 300


def test_a_heic_with_more_pixels_than_its_header_says_is_refused() -> None:
    content = bytearray(encoded(bottle((1200, 1200)), "HEIC"))
    position = content.find(b"ispe") + 8
    content[position : position + 8] = (16).to_bytes(4, "big") * 2
    assert "damaged" in refusal(bytes(content))


def jpeg_with(content: bytes) -> bytes:
    """Return a JPEG whose EXIF, a TIFF file within, is that; what is too long for one segment goes on in others."""
    photo = encoded(bottle(), "JPEG")
    parts = [b"Exif\x00\x00" + content[start : start + 65_000] for start in range(0, len(content), 65_000)]
    segments = b"".join(b"\xff\xe1" + (len(part) + 2).to_bytes(2, "big") + part for part in parts)
    return photo[:2] + segments + photo[2:]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("size", [60_000, 300_000])
def test_a_tiff_within_a_jpeg_that_names_the_same_bytes_again_and_again_takes_no_memory(size: int) -> None:
    tags = 2_000
    content = b"II*\x00\x08\x00\x00\x00" + tags.to_bytes(2, "little")
    content += b"".join(struct.pack("<HHLL", tag, 7, size, 0) for tag in range(1, tags + 1))
    photo = jpeg_with(content.ljust(size, b"\x00"))
    tracemalloc.start()
    try:
        assert taken(photo).width == 300
        assert tracemalloc.get_traced_memory()[1] < 10 * size + 4 * MIB
    finally:
        tracemalloc.stop()


def test_a_photo_of_just_fifty_megapixels_is_taken() -> None:
    assert taken(png_of_zeros(10_000, 5000)).width == 2048


def test_no_more_than_two_photos_are_decoded_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = threading.Lock()
    running: list[int] = [0]
    seen: list[int] = []
    decode = module._decoded

    def slowly(data: bytes) -> Image.Image:
        with counted:
            running[0] += 1
            seen.append(running[0])
        time.sleep(0.05)
        try:
            return decode(data)
        finally:
            with counted:
                running[0] -= 1

    monkeypatch.setattr(module, "_decoded", slowly)
    content = encoded(bottle())
    threads = [threading.Thread(target=taken, args=(content,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 6
    assert max(seen) == 2


def test_a_refused_photo_does_not_take_a_place_for_good() -> None:
    for _ in range(5):
        refusal(b"\xff\xd8\xff broken")
    assert taken(encoded(bottle())).width == 300


# -- Whatever comes


def accepted_or_refused(content: bytes) -> bool:
    try:
        return bool(taken(content).variants)
    except PhotoRefused as refused:
        return bool(str(refused))


@settings(deadline=None)
@given(st.binary(max_size=4000))
def test_any_bytes_are_a_photo_or_refused(content: bytes) -> None:
    assert accepted_or_refused(content)


@settings(deadline=None)
@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\x00\x00\x00WEBP", b"\x00\x00\x00\x18ftypheic"]),
    st.binary(max_size=2000),
)
def test_any_bytes_that_begin_like_a_photo_are_a_photo_or_refused(magic: bytes, rest: bytes) -> None:
    assert accepted_or_refused(magic + rest)


WHOLE = {
    kind: encoded(bottle((48, 64)), kind, exif=exif(orientation=6).tobytes())
    for kind in ("JPEG", "PNG", "WEBP", "HEIC")
}


@settings(deadline=None)
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_a_photo_with_changed_bytes_is_a_photo_or_refused(kind: str, data: st.DataObject) -> None:
    content = bytearray(WHOLE[kind])
    for position, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), min_size=1, max_size=8)
    ):
        content[position] = value
    assert accepted_or_refused(bytes(content))


# -- Real photos


@pytest.mark.needs_shared_data
def test_the_photos_of_real_bottles_are_taken(shared_data: Path) -> None:
    photos = sorted((shared_data / "labels").glob("*.jpeg"))
    assert len(photos) == 24
    for path in photos:
        with path.open("rb") as upload:
            photo = sanitise(upload, max_bytes=LIMIT)
        assert len(photo.variants["small"]) <= SMALL_BYTES, path.name

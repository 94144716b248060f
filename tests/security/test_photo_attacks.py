"""Files that are no photos, sent to the real server as photos."""

import struct
import zlib
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.cellar.labels.photos import bottle, encoded
from tests.security.household import Household, household, signed_in, upload
from tests.winebox.process import Site, serving
from tests.winebox.visitor import Visitor

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("serve")]

SCRIPT = b"<script>alert(document.cookie)</script>"
JPEG, PNG, WEBP = encoded(bottle()), encoded(bottle(), "PNG"), encoded(bottle(), "WEBP")


def png_bomb(side: int) -> bytes:
    """Return a PNG of a few kilobytes that wants side² pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * ((side // 8 + 2) * side), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


REFUSED = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>",
    "html": b"<!doctype html>" + SCRIPT,
    "html behind a magic number": b"\xff\xd8\xff" + SCRIPT * 10,
    "gif and script": b"GIF89a/*" + SCRIPT + b"*/=1;",
    "php": b"<?php system($_GET[0]); ?>",
    "imagemagick": b"push graphic-context\nfill 'url(https://127.0.0.1/\"|id\")'\npop graphic-context",
    "postscript": b"%!PS\n(x) run",
    "png of 13,000²": png_bomb(13_000),
    "half a jpeg": JPEG[: len(JPEG) // 2],
    "half a png": PNG[: len(PNG) // 2],
    "half a webp": WEBP[: len(WEBP) // 2],
    "nothing": b"",
}
COMMENT = b"\xff\xfe" + struct.pack(">H", len(SCRIPT) + 2) + SCRIPT
POLYGLOTS = {
    "jpeg and html": JPEG + SCRIPT,
    "png and html": PNG + SCRIPT,
    "jpeg with a script as its comment": JPEG[:2] + COMMENT + JPEG[2:],
    "jpeg and zip": JPEG + b"PK\x03\x04" + SCRIPT,
}
NAMES = (
    "../../x.jpg",
    "..\\..\\x.jpg",
    "/etc/cron.d/x",
    "x.php",
    "x.jpg\0.html",
    ".htaccess",
    "\u202egpj.exe",
    "x" * 4000,
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("photos")


@pytest.fixture(scope="module")
def home(folder: Path) -> Household:
    return household(folder)


@pytest.fixture(scope="module")
def site(home: Household, folder: Path) -> Iterator[Site]:
    with serving(folder, home.env) as site:
        yield site


@pytest.fixture(scope="module")
def visitor(site: Site) -> Visitor:
    return signed_in(site)


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() and "static" not in path.parts}


def photos_of(visitor: Visitor, home: Household) -> list[str]:
    page = visitor.get(f"/wines/{home.wine}/")[1]
    return sorted({part.partition("/")[0] for part in page.split("/labels/")[1:]})


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_photo_leaves_nothing_behind(visitor: Visitor, home: Household, folder: Path, kind: str) -> None:
    before = files_in(folder)
    status, page = upload(visitor, f"/wines/{home.wine}/photos/add/", REFUSED[kind])
    assert status == 422
    assert SCRIPT not in page
    assert files_in(folder) == before


@pytest.mark.parametrize("kind", POLYGLOTS)
def test_of_a_photo_that_is_something_else_as_well_the_photo_is_kept(
    visitor: Visitor, home: Household, folder: Path, kind: str
) -> None:
    assert upload(visitor, f"/wines/{home.wine}/photos/add/", POLYGLOTS[kind])[0] == 302
    kept = [path.read_bytes() for path in files_in(folder) if path.suffix == ".jpg"]
    assert kept
    assert not any(b"script" in content or b"PK\x03\x04" in content for content in kept)
    assert {content[:3] for content in kept} == {b"\xff\xd8\xff"}


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_file_leads_nowhere(visitor: Visitor, home: Household, folder: Path, name: str) -> None:
    before = files_in(folder.parent)
    assert upload(visitor, f"/wines/{home.wine}/photos/add/", JPEG, name=name)[0] in {302, 400}
    new = files_in(folder.parent) - before
    assert all((folder / "data" / "photos") in path.parents and path.suffix == ".jpg" for path in new)


def test_a_photo_is_only_a_picture_and_only_for_who_is_signed_in(visitor: Visitor, home: Household, site: Site) -> None:
    upload(visitor, f"/wines/{home.wine}/photos/add/", JPEG)
    [label] = photos_of(visitor, home)
    connection: HTTPConnection = site.connect()
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    connection.request("GET", f"/labels/{label}/large/", headers={"Cookie": cookies})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")
    assert site.get(f"/labels/{label}/large/")[0] == 302
    for path in ("/media/", "/photos/", f"/static/../photos/{label}", "/static/%2e%2e/winebox.sqlite3"):
        assert site.get(path)[0] in {302, 400, 404}


def test_more_than_any_form_has_is_refused_before_it_is_read(site: Site) -> None:
    connection = site.connect()
    connection.putrequest("POST", "/wines/add/")
    connection.putheader("Content-Length", str(500 * 1024 * 1024))
    connection.endheaders()
    # Not a byte of the body was sent.
    assert connection.getresponse().status == 413
    connection.close()

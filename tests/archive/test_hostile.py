"""Archives that are damaged, foreign or made to do harm: each is refused, and what is here stays as it is"""

from __future__ import annotations

import json
import resource
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings

from tests.archive.archives import (
    Members,
    Rows,
    back_up,
    changed,
    everything,
    fill,
    manifest,
    members,
    put_together,
    restore,
    zipped,
)
from winebox import archive

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def content() -> Iterator[bytes]:
    """A backup of a cellar that is still here, and still the same in the end."""
    fill()
    content, before, photos = back_up(), everything(), stored()
    yield content
    assert everything() == before
    assert stored() == photos


def stored() -> dict[str, bytes]:
    folder = settings.PHOTO_DIR
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refusal_of(content: bytes) -> str:
    with pytest.raises(archive.ArchiveRefused) as refused:
        restore(content, replace=True)
    text = str(refused.value)
    assert text.endswith("Nothing was changed.")
    return text


def with_member(content: bytes, name: str, data: bytes = b"x") -> bytes:
    return put_together({**members(content), name: data})


def test_a_damaged_backup_says_what_to_do(content: bytes) -> None:
    changed = {**members(content), "data/cellar.wine.jsonl": b"{}\n"}
    assert "Bring another copy of it, or an older one. Nothing was changed." in refusal_of(put_together(changed))


# -- Files -------------------------------------------------------------------------------------------------------------

NAMES = [
    "/etc/passwd",
    "../../etc/passwd",
    "photos/../../x.jpg",
    "data/../cellar.wine.jsonl",
    "photos/",
    "photos/x.jpg",
    "photos/" + "a" * 32 + "-huge.jpg",
    "photos/" + "a" * 32 + "-large.jpg/x",
    "photos\\..\\x.jpg",
    "C:\\x.jpg",
    "data/auth.permission.jsonl",
    "data/sessions.session.jsonl",
    "data/accounts.setupcode.jsonl",
    "data/cellar.nothing.jsonl",
    "settings.py",
    "é",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_no_backup_has(content: bytes, name: str) -> None:
    assert "is in no backup of WineBox" in refusal_of(with_member(content, name))


def test_a_name_twice(content: bytes) -> None:
    file = BytesIO(content)
    with warnings.catch_warnings(), zipfile.ZipFile(file, "a") as more:
        warnings.simplefilter("ignore")
        more.writestr("data/cellar.wine.jsonl", b"")
    assert "twice" in refusal_of(file.getvalue())


def test_a_link(content: bytes) -> None:
    found = members(content)
    photo = next(name for name in found if name.startswith("photos/"))
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as written:
        for name, data in found.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK if name == photo else stat.S_IFREG) << 16
            written.writestr(info, b"/etc/passwd" if name == photo else data)
    assert "is a link" in refusal_of(file.getvalue())


def test_an_encrypted_member(content: bytes) -> None:
    # The flag stands in the member's own head and in the list at the end.
    found = bytearray(content)
    at = found.rindex(b"PK\x01\x02")
    found[at + 8] |= 1
    assert "is encrypted" in refusal_of(bytes(found))


def test_another_way_of_packing(content: bytes) -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as written:
        for name, data in members(content).items():
            written.writestr(name, data)
    assert "is packed as in no backup" in refusal_of(file.getvalue())


@pytest.mark.parametrize("junk", [b"", b"PK", b"not a zip", b"PK\x05\x06" + bytes(18), b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_zip(content: bytes, junk: bytes) -> None:
    assert refusal_of(junk)


def test_every_part_of_an_archive(content: bytes) -> None:
    for length in range(1, len(content), len(content) // 40):
        refusal_of(content[:length])


def test_a_byte_that_fell_over(content: bytes) -> None:
    # In what the members hold: a ZIP also says things about them, and about those that are empty, that nobody reads.
    with zipfile.ZipFile(BytesIO(content)) as file:
        heads = [(one.header_offset, one.compress_size) for one in file.infolist() if one.file_size]
    starts = [(at + 30 + sum(struct.unpack("<HH", content[at + 26 : at + 30])), size) for at, size in heads]
    for start, size in starts:
        # The last bytes only say that nothing follows.
        for at in range(start, start + size - 4, max(1, size // 5)):
            found = bytearray(content)
            found[at] ^= 0x55
            refusal_of(bytes(found))


def test_a_zip_of_something_else(content: bytes) -> None:
    assert "is in no backup" in refusal_of(zipped({"word/document.xml": b"<w/>"}))


def test_no_manifest(content: bytes) -> None:
    assert "has no manifest" in refusal_of(zipped({n: d for n, d in members(content).items() if n != "manifest.json"}))


# -- The manifest ------------------------------------------------------------------------------------------------------


def with_manifest(content: bytes, text: bytes) -> bytes:
    return zipped({**members(content), "manifest.json": text})


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"{" * 100_000,
        b"[" * 100_000,
        b"[" + b"1," * 4_000_000 + b"1]",
        b'{"format":"winebox-backup","version":1}',
        b'{"format":"winebox-backup","version":true}',
        b'{"format":"winebox-backup","version":"1"}',
        b"\xff\xfe",
    ],
)
def test_a_manifest_that_makes_no_sense(content: bytes, text: bytes) -> None:
    assert refusal_of(with_manifest(content, text))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", "another-backup"), ("version", 0), ("version", -1), ("created_at", "yesterday"),
        ("created_at", "9999999-01-01"), ("created_at", None), ("rows", None), ("rows", {"cellar.wine": -1}),
        ("rows", {"cellar.wine": 10**400}), ("files", [1]), ("missing", 3), ("members", None), ("members", [1]),
        ("members", []),
    ],
)  # fmt: skip
def test_a_manifest_that_is_wrong(content: bytes, field: str, value: Any) -> None:
    text = json.dumps({**manifest(content), field: value}).encode()
    assert refusal_of(with_manifest(content, text))


def test_an_archive_of_a_newer_winebox_is_told_as_such(content: bytes) -> None:
    text = json.dumps({**manifest(content), "version": 99, "winebox": "7.0.0"}).encode()
    assert "newer WineBox (7.0.0)" in refusal_of(with_manifest(content, text))


def test_a_wrong_hash(content: bytes) -> None:
    told = manifest(content)
    told["members"][-1]["sha256"] = "0" * 64
    assert "has another content" in refusal_of(with_manifest(content, json.dumps(told).encode()))


def test_a_wrong_hash_of_rows(content: bytes) -> None:
    told = manifest(content)
    told["members"][3]["sha256"] = "0" * 64
    assert "has another content" in refusal_of(with_manifest(content, json.dumps(told).encode()))


def test_a_member_that_nobody_named(content: bytes) -> None:
    name = "photos/" + "a" * 32 + "-large.jpg"
    assert "the list of its contents" in refusal_of(zipped({**members(content), name: b"x"}))


def test_a_member_that_is_not_there(content: bytes) -> None:
    found = members(content)
    del found["data/cellar.tastingnote.jsonl"]
    assert "the list of its contents" in refusal_of(zipped(found))


def test_rows_that_were_not_counted(content: bytes) -> None:
    told = manifest(content)
    told["rows"]["cellar.wine"] = 4
    assert "another number of rows" in refusal_of(with_manifest(content, json.dumps(told).encode()))


# -- Rows --------------------------------------------------------------------------------------------------------------


def first(model: str, **values: Any) -> Callable[[Rows], None]:
    def change(found: Rows) -> None:
        found[model][0] |= values

    change.__name__ = f"{model} {str(values)[:60]}"
    return change


def without(model: str, name: str) -> Callable[[Rows], None]:
    def change(found: Rows) -> None:
        del found[model][0][name]

    change.__name__ = f"{model} without {name}"
    return change


ROWS = [
    first("cellar.wine", secret="x"),
    first("cellar.wine", search_text="x"),
    first("cellar.wine", id="1"),
    first("cellar.wine", id=None),
    first("cellar.wine", id=17),
    first("cellar.wine", producer="x" * 201),
    first("cellar.wine", producer="a\0b"),
    first("cellar.wine", producer="\ud800"),
    first("cellar.wine", producer=["x"]),
    first("cellar.wine", vintage=10**400),
    first("cellar.wine", vintage=-1),
    first("cellar.wine", vintage=2015.5),
    first("cellar.wine", vintage=True),
    first("cellar.wine", vintage="2015"),
    first("cellar.wine", alcohol="NaN"),
    first("cellar.wine", alcohol="1e999999"),
    first("cellar.wine", alcohol="1000"),
    first("cellar.wine", type="beer"),
    first("cellar.wine", wishlist="yes"),
    first("cellar.wine", wishlist=None),
    first("cellar.wine", grapes=None),
    first("cellar.wine", grapes=["\ud800"]),
    first("cellar.wine", grapes=[10**30]),
    first("cellar.wine", created_at="yesterday"),
    first("cellar.wine", created_at="0001-01-01T00:00:00Z"),
    first("cellar.wine", created_at="2026-01-01T00:00:00"),
    first("cellar.wine", created_at=17),
    first("cellar.bottle", state="drunk"),
    first("cellar.bottle", size_ml=-750),
    first("cellar.transaction", unit_price=10**19),
    first("cellar.tastingnote", tasted_on="31.12.2026"),
    first("accounts.user", role="god"),
    first("accounts.user", email="x" * 300),
    first("accounts.user", is_superuser=True),
    first("accounts.securityevent", address="not an address"),
    without("cellar.wine", "id"),
    without("cellar.bottle", "wine"),
    without("cellar.wine", "created_at"),
]


@pytest.mark.parametrize("change", ROWS, ids=lambda change: change.__name__)
def test_a_row_that_cannot_be_ours(content: bytes, change: Callable[[Rows], None]) -> None:
    assert refusal_of(changed(content, change))


@pytest.mark.parametrize("line", [b"{", b"[]\n", b"1\n", b'{"a":NaN}\n', b"\xff\n", b"[" * 200_000 + b"\n", b"\n"])
def test_a_line_that_is_no_row(content: bytes, line: bytes) -> None:
    found = members(content)
    found["data/cellar.location.jsonl"] = line
    rows = {**manifest(content)["rows"], "cellar.location": 1}
    assert "row 1 of “cellar.location”" in refusal_of(put_together(found, rows=rows))


def test_a_file_that_is_no_photo(content: bytes) -> None:
    found = members(content)
    photo = next(name for name in found if name.startswith("photos/"))
    found[photo] = b"<svg onload='alert(1)'/>"
    assert "is no photo" in refusal_of(put_together(found))


# -- What takes too much -----------------------------------------------------------------------------------------------


def test_a_bomb(content: bytes) -> None:
    found: Members = {**members(content), "data/cellar.location.jsonl": b" " * 300_000_000}
    assert "far larger" in refusal_of(put_together(found))


def test_a_bomb_that_lies_about_its_size(content: bytes) -> None:
    found = bytearray(put_together({**members(content), "data/cellar.location.jsonl": b" " * 300_000_000}))
    at = found.index(b"data/cellar.location.jsonl", found.index(b"PK\x01\x02")) - 46
    found[at + 24 : at + 28] = struct.pack("<L", 1000)
    assert refusal_of(bytes(found))


def test_one_very_long_line(content: bytes) -> None:
    found: Members = {**members(content), "data/cellar.location.jsonl": b'{"name":"' + b"x" * 40_000_000 + b'"}\n'}
    assert "too long" in refusal_of(put_together(found))


def test_very_many_members(content: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<H", 1) + bytes(16)
    directory = b"".join(entry + bytes([65 + number % 26]) for number in range(200_000))
    end = b"PK\x05\x06" + bytes(4) + struct.pack("<HHLLH", 0xFFFE, 0xFFFE, len(directory), 0, 0)
    assert "far more members" in refusal_of(directory + end)
    # The same, told where large archives tell it, before an end that says otherwise.
    sizes = struct.pack("<QQ", 200_000, 200_000) + struct.pack("<QQ", len(directory), 0)
    large = b"PK\x06\x06" + struct.pack("<QHHLL", 44, 45, 45, 0, 0) + sizes
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, len(directory), 1)
    end = b"PK\x05\x06" + bytes(4) + struct.pack("<HHLLH", 1, 1, 100, 0, 0)
    assert "far more members" in refusal_of(directory + large + locator + end)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024

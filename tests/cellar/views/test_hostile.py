"""What nobody types: every form and every parameter with what attackers and broken programs send"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cellar import stock
from cellar.labels.sanitise import sanitise
from cellar.models import Bottle, State, Wine
from cellar.wines import add_label
from tests.accounts.factories import make_owner, signed_in
from tests.cellar.factories import check_in, make_note, make_rack, make_wine
from tests.cellar.invariants import assert_the_book_is_right
from tests.cellar.views.pages import everything, form_to
from tests.cellar.views.photos import jpeg, upload

pytestmark = pytest.mark.django_db

# What stands in a request: bytes, so that it may be no text at all.
HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "blank": b" \t\n",
    "nul": b"a\0b",
    "control": bytes(range(1, 32)),
    "huge number": b"9" * 400,
    "over the limit of int()": b"9" * 5000,
    "beyond 64 bits": b"9223372036854775808",
    "negative": b"-1",
    "fraction": b"1.5",
    "exponent": b"1e400",
    "not a number": b"NaN",
    "infinite": b"-Infinity",
    "arabic digits": "٣".encode(),
    "emoji": "🍷👩‍👩‍👧".encode(),
    "lone surrogate": b"\xed\xa0\x80",
    "not utf-8": b"\xff\xfe\x80",
    "right to left": "\u202eenoR\u202c".encode(),
    "zero width": "\u200b\ufeff".encode(),
    "grows when folded": "ﷺ".encode() * 200,
    "very long": b"x" * 20_000,
    "markup": b"<script>alert(1)</script>\"'>",
    "template": b"{{ settings.SECRET_KEY }}{% now 'Y' %}",
    "format": b"%s%(n)d{0}{wine.pk}",
    "sql": b"' OR 1=1; DROP TABLE cellar_wine; --",
    "mongodb": b'{"$gt": ""}',
    "path": b"../../../../etc/passwd",
    "address": b"https:evil.example",
    "year 1": b"0001-01-01",
    "last year": b"9999-12-31",
    "no day": b"2024-02-30",
    "uuid of nothing": b"00000000-0000-0000-0000-000000000000",
    "uuid in braces": b"{00000000-0000-0000-0000-000000000000}",
    "choice of nothing": b"none:99999999999999999999",
    "bottle of nothing": b"bottle:00000000-0000-0000-0000-000000000000",
    "pipe": b"|type:red|",
    "colon": b":",
}  # fmt: skip
BOUNDARY = "winebox-test"
EDGE = b"--" + BOUNDARY.encode()


@pytest.fixture
def owner() -> Client:
    return signed_in(make_owner())


@pytest.fixture
def rows() -> dict[str, Any]:
    rack, wine = make_rack(), make_wine(grapes=[{"name": "Merlot", "percent": None}], custom_fields={"a": "b"})
    done = check_in(wine, 6, location=rack, row=1, column=1)
    stock.order(wine=wine, quantity=3, actor=None)
    bottle = wine.bottles.filter(state=State.IN_CELLAR)[0]
    note, label = make_note(wine), add_label(wine=wine, kind="other", photo=sanitise(jpeg(), max_bytes=10**7))
    return {
        "wine": wine.pk, "rack": rack.pk, "bottle": bottle.pk, "note": note.pk, "label": label.pk,
        "action": done.action, "empty": make_wine().pk,
    }  # fmt: skip


FORMS = (
    "/wines/add/", "/wines/{wine}/edit/", "/wines/{wine}/check-in/", "/wines/{wine}/check-out/", "/wines/{wine}/open/",
    "/wines/{wine}/move/", "/wines/{wine}/deliver/", "/wines/{wine}/notes/add/", "/wines/{wine}/photos/add/",
    "/wines/{wine}/cancel/", "/wines/{wine}/scores/add/",
    "/notes/{note}/", "/bottles/{bottle}/", "/locations/add/", "/locations/{rack}/edit/", "/locations/{rack}/count/",
)  # fmt: skip
BUTTONS = (
    "/wines/{wine}/drink/", "/wines/{wine}/plus/", "/wines/{wine}/archive/", "/wines/{wine}/restore/",
    "/wines/{empty}/delete/", "/history/{action}/undo/", "/labels/{label}/remove/", "/notes/{note}/delete/",
    "/locations/{rack}/delete/", "/wines/add/discard/",
)  # fmt: skip
LISTS: dict[str, tuple[str, ...]] = {
    "/wines/": (
        "q", "stock", "ready", "type", "country", "region", "grape", "location", "size", "vintage_from", "vintage_to",
        "price_from", "price_to", "sort", "page", "view",
    ),
    "/history/": ("kind", "person", "q", "wine", "since", "until", "page"),
    "/tonight/": ("type",),
    "/locations/{rack}/": ("page",),
    "/locations/none/": ("page",),
    "/locations/add/": ("in",),
    "/locations/{rack}/slot/": ("row", "column"),
    "/locations/{rack}/count/": ("page",),
    "/wines/add/": ("begun", "like", "location", "row", "column"),
    "/wines/add/read/": ("like", "location", "row", "column"),
    "/wines/{wine}/check-in/": ("location", "row", "column"),
    "/wines/{wine}/check-out/": ("bottle",),
    "/wines/{wine}/move/": ("bottle", "location", "row", "column"),
    "/catalogue/": ("q", "type", "country", "page"),
    "/suggest/catalogue/": ("q", "field", "beside"),
    "/suggest/grape/": ("q",),
    "/suggest/store/": ("q",),
    "/suggest/name/": ("q",),
}  # fmt: skip


def multipart(fields: list[tuple[str, bytes]]) -> bytes:
    """Return a body as a browser sends it, with values that need not be text."""
    parts = [
        EDGE + f'\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value for name, value in fields
    ]
    return b"\r\n".join([*parts, EDGE + b"--\r\n"])


def fields_of(client: Client, path: str) -> list[tuple[str, bytes]]:
    """Return what a browser would send from a page."""
    form = form_to(client.get(path), "")
    return [(name, value.encode()) for name, values in form.fields.items() for value in values]


def post(client: Client, path: str, fields: list[tuple[str, bytes]]) -> int:
    content_type = f"multipart/form-data; boundary={BOUNDARY}"
    return client.generic("POST", path, multipart(fields), content_type=content_type).status_code


def spoiled(fields: list[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    """Yield a form with each field in its turn spoiled, left out or sent twice, and with all of them spoiled alike."""
    kinds = list(HOSTILE.values())
    for number, name in enumerate(dict.fromkeys(name for name, _value in fields)):
        value = kinds[number * 7 % len(kinds)]
        yield [(one, value if one == name else kept) for one, kept in fields]
        without = [(one, kept) for one, kept in fields if one != name]
        yield without if number % 2 else [*fields, (name, value)]
    for value in kinds:
        yield [(name, value) for name, _kept in fields]
    yield []


@pytest.mark.parametrize("path", FORMS)
def test_no_form_breaks(owner: Client, rows: dict[str, Any], path: str) -> None:
    address = path.format(**rows)
    fields = fields_of(owner, address)
    answers = {post(owner, address, one) for one in spoiled(fields)}
    assert answers <= {200, 302, 400, 404, 422}
    assert_the_book_is_right()


@pytest.mark.parametrize("path", BUTTONS)
def test_no_button_breaks(owner: Client, rows: dict[str, Any], path: str) -> None:
    address = path.format(**rows)
    answers = {post(owner, address, [("key", value), ("next", value)]) for value in HOSTILE.values()}
    assert answers <= {302, 404}
    assert_the_book_is_right()


@pytest.mark.parametrize("path", LISTS)
def test_no_parameter_breaks_a_page(owner: Client, rows: dict[str, Any], path: str) -> None:
    address, before = path.format(**rows), everything()
    for number, value in enumerate(HOSTILE.values()):
        quoted = "".join(f"%{byte:02X}" for byte in value[:3000])
        queries = [f"{name}={quoted}" for name in LISTS[path]]
        # All at once, and each by itself in its turn.
        query = queries[number % len(queries)] if number % 2 else "&".join(queries)
        assert owner.get(f"{address}?{query}").status_code in {200, 302, 404}, query[:80]
    assert everything() == before


@pytest.mark.parametrize("path", LISTS)
def test_parameters_may_come_twice_or_look_like_lists(owner: Client, rows: dict[str, Any], path: str) -> None:
    address = path.format(**rows)
    name = LISTS[path][0]
    for query in (f"{name}=1&{name}=2", f"{name}[]=1", f"{name}[$gt]=1", "&&&", "=", "%", f"{name}", "?" * 50):
        assert owner.get(f"{address}?{query}").status_code in {200, 302, 404}


BODIES: dict[str, tuple[str, bytes]] = {
    "no boundary": ("multipart/form-data", b"x"),
    "a boundary that never comes": (f"multipart/form-data; boundary={BOUNDARY}", b"x" * 100),
    "a part that never ends": (f"multipart/form-data; boundary={BOUNDARY}", EDGE + b"\r\nContent-Disposition: form-"),
    "headers without a name": (f"multipart/form-data; boundary={BOUNDARY}", EDGE + b"\r\n\r\nx\r\n" + EDGE + b"--"),
    "base64 that is none": (
        f"multipart/form-data; boundary={BOUNDARY}",
        EDGE + b'\r\nContent-Disposition: form-data; name="producer"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n'
        + EDGE + b"--",
    ),
    "a boundary of nothing": ("multipart/form-data; boundary=", b"x"),
    "a boundary that is too long": (f"multipart/form-data; boundary={'x' * 5000}", b"x"),
    "json": ("application/json", b'{"producer": {"$gt": ""}}'),
    "an unknown encoding": ("application/x-www-form-urlencoded; charset=klingon", b"producer=x"),
    "utf-16": ("application/x-www-form-urlencoded; charset=utf-16", "producer=x".encode("utf-16")),
    "half a percent": ("application/x-www-form-urlencoded", b"producer=%&name=%zz"),
    "too many fields": ("application/x-www-form-urlencoded", b"&".join(b"producer=x" for _field in range(1001))),
}  # fmt: skip


@pytest.mark.parametrize("kind", BODIES)
def test_a_broken_body_is_refused(owner: Client, rows: dict[str, Any], kind: str) -> None:
    content_type, body = BODIES[kind]
    before = everything()
    for path in ("/wines/add/", "/wines/{wine}/check-out/", "/wines/{wine}/photos/add/"):
        response = owner.generic("POST", path.format(**rows), body, content_type=content_type)
        assert response.status_code in {400, 422}, path
    assert everything() == before


@pytest.mark.parametrize("where", ["front", "producer", "key", "front_kept", "quantity"])
def test_a_file_where_a_word_belongs_and_a_word_where_a_file_belongs(owner: Client, where: str) -> None:
    filled = form_to(owner.get("/wines/add/"), "").filled(producer="Vietti")
    sent: dict[str, Any] = {**filled, where: "a word" if where == "front" else upload()}
    assert owner.post("/wines/add/", sent).status_code in {302, 422}


FILES: dict[str, bytes] = {
    "empty": b"", "text": b"hello", "half a jpeg": jpeg().getvalue()[:200], "zip": b"PK\x03\x04" + b"\0" * 50,
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "gif": b"GIF89a\xff\xff\xff\xff\0\0\0;",
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_no_photo_is_refused(owner: Client, rows: dict[str, Any], kind: str) -> None:
    before = everything()
    names = ("bottle.jpg", "../../../etc/passwd", "x" * 300 + ".jpg", "a\0b.jpg", "<b>.jpg")
    for name in names:
        photo = SimpleUploadedFile(name.replace("/", "\\"), FILES[kind], content_type="image/jpeg")
        response = owner.post(f"/wines/{rows['wine']}/photos/add/", {"kind": "front", "photo": photo})
        assert response.status_code in {400, 422}
    assert everything() == before


def test_keys_of_others_rows_do_no_harm(owner: Client, rows: dict[str, Any]) -> None:
    other = make_wine()
    for key in (rows["wine"], rows["bottle"], rows["action"], rows["rack"], rows["note"], rows["label"]):
        for path in ("check-in", "check-out", "open", "move", "drink", "plus", "notes/add"):
            filled = {"key": str(key), "quantity": "1", "text": "x", "tasted_on": "2024-01-01"}
            assert owner.post(f"/wines/{other.pk}/{path}/", filled).status_code in {302, 422}
        for path in ("/wines/add/", "/locations/add/"):
            filled = {"key": str(key), "quantity": "1", "name": f"Somewhere {key}", "kind": "shelf"}
            assert owner.post(path, filled).status_code == 302
    assert_the_book_is_right()


def test_no_more_fields_than_a_form_has_reach_a_row(owner: Client, rows: dict[str, Any]) -> None:
    kept = {"count_in_cellar": "99", "archived_at": "2020-01-01", "search_text": "x", "price_per_750": "1", "id": "1"}
    wine = Wine.objects.get(pk=rows["wine"])
    filled = form_to(owner.get(f"/wines/{wine.pk}/edit/"), "").filled(**kept, region="Typed")
    owner.post(f"/wines/{wine.pk}/edit/", filled)
    after = Wine.objects.get(pk=wine.pk)
    assert after.region == "Typed"
    assert [getattr(after, name) for name in kept if name != "search_text"] == [
        getattr(wine, name) for name in kept if name != "search_text"
    ]
    bottle = Bottle.objects.get(pk=rows["bottle"])
    owner.post(f"/bottles/{bottle.pk}/", {"note": "n", "state": "gone", "row": "9", "wine": str(uuid4())})
    after_bottle = Bottle.objects.get(pk=bottle.pk)
    assert (after_bottle.state, after_bottle.row, after_bottle.wine_id) == (bottle.state, bottle.row, bottle.wine_id)

"""Every address of the cellar × every role × every method"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path as Folder
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern

from cellar import urls
from cellar.forms.fields import sign_kept
from cellar.labels import store
from cellar.labels.sanitise import sanitise
from cellar.models import Label, Transaction
from cellar.wines import StoredPhoto, add_label, add_score
from tests.accounts.factories import make_owner, make_user, signed_in
from tests.cellar.factories import check_in, make_note, make_rack, make_wine
from tests.cellar.imports.importing import planned, write
from tests.cellar.views.pages import everything, status_of
from tests.cellar.views.photos import jpeg

pytestmark = pytest.mark.django_db

ROLES = ("guest", "helper", "member", "owner")
READERS, MEMBERS = {"guest", "member", "owner"}, {"member", "owner"}


@dataclass(frozen=True)
class Address:
    """An address, who may use it, and the methods it answers to beside HEAD."""

    path: str
    who: set[str]
    methods: str


ADDRESSES = {
    "": Address("/", READERS, "GET"),
    "tonight/": Address("/tonight/", READERS, "GET"),
    "more/": Address("/more/", READERS, "GET"),
    "wines/": Address("/wines/", READERS, "GET"),
    "wines/add/": Address("/wines/add/", MEMBERS, "GET POST"),
    "wines/add/read/": Address("/wines/add/read/", MEMBERS, "GET POST"),
    "wines/add/keep/": Address("/wines/add/keep/", MEMBERS, "POST"),
    "wines/add/discard/": Address("/wines/add/discard/", MEMBERS, "POST"),
    "wines/<uuid:wine_id>/": Address("/wines/{wine}/", READERS, "GET"),
    "wines/<uuid:wine_id>/edit/": Address("/wines/{wine}/edit/", MEMBERS, "GET POST"),
    "wines/<uuid:wine_id>/archive/": Address("/wines/{wine}/archive/", MEMBERS, "POST"),
    "wines/<uuid:wine_id>/restore/": Address("/wines/{wine}/restore/", MEMBERS, "POST"),
    "wines/<uuid:wine_id>/delete/": Address("/wines/{wine}/delete/", MEMBERS, "GET POST"),
    "wines/<uuid:wine_id>/check-in/": Address("/wines/{wine}/check-in/", MEMBERS, "GET POST"),
    "wines/<uuid:wine_id>/check-out/": Address("/wines/{wine}/check-out/", MEMBERS, "GET POST"),
    "wines/<uuid:wine_id>/open/": Address("/wines/{wine}/open/", MEMBERS, "GET POST"),
    "wines/<uuid:wine_id>/move/": Address("/wines/{wine}/move/", MEMBERS, "GET POST"),
    "wines/<uuid:wine_id>/deliver/": Address("/wines/{wine}/deliver/", MEMBERS, "GET POST"),
    "wines/<uuid:wine_id>/cancel/": Address("/wines/{wine}/cancel/", MEMBERS, "GET POST"),
    "wines/<uuid:wine_id>/drink/": Address("/wines/{wine}/drink/", MEMBERS, "POST"),
    "wines/<uuid:wine_id>/plus/": Address("/wines/{wine}/plus/", MEMBERS, "POST"),
    "wines/<uuid:wine_id>/photos/add/": Address("/wines/{wine}/photos/add/", MEMBERS, "GET POST"),
    "wines/<uuid:wine_id>/notes/add/": Address("/wines/{wine}/notes/add/", MEMBERS, "GET POST"),
    "notes/<uuid:note_id>/": Address("/notes/{note}/", {"owner"}, "GET POST"),
    "notes/<uuid:note_id>/delete/": Address("/notes/{note}/delete/", {"owner"}, "GET POST"),
    "wines/<uuid:wine_id>/scores/add/": Address("/wines/{wine}/scores/add/", MEMBERS, "GET POST"),
    "scores/<uuid:score_id>/remove/": Address("/scores/{score}/remove/", MEMBERS, "GET POST"),
    "bottles/<uuid:bottle_id>/": Address("/bottles/{bottle}/", MEMBERS, "GET POST"),
    "labels/<uuid:label_id>/<slug:variant>/": Address("/labels/{label}/small/", READERS, "GET"),
    "labels/usage/": Address("/labels/usage/", {"owner"}, "GET"),
    "labels/kept/<str:token>/": Address("/labels/kept/{token}/", MEMBERS, "GET"),
    "labels/<uuid:label_id>/remove/": Address("/labels/{label}/remove/", MEMBERS, "GET POST"),
    "history/": Address("/history/", READERS, "GET"),
    "history/<uuid:action>/undo/": Address("/history/{action}/undo/", MEMBERS, "POST"),
    "locations/": Address("/locations/", READERS, "GET"),
    "locations/add/": Address("/locations/add/", MEMBERS, "GET POST"),
    "collection/delete/": Address("/collection/delete/", {"owner"}, "GET POST"),
    "locations/none/": Address("/locations/none/", READERS, "GET"),
    "locations/<uuid:location_id>/": Address("/locations/{rack}/", READERS, "GET"),
    "locations/<uuid:location_id>/edit/": Address("/locations/{rack}/edit/", MEMBERS, "GET POST"),
    "locations/<uuid:location_id>/delete/": Address("/locations/{rack}/delete/", MEMBERS, "GET POST"),
    "locations/<uuid:location_id>/count/": Address("/locations/{rack}/count/", MEMBERS, "GET POST"),
    # A helper of this very place may use these two, and nothing else of this table: see test_helper.py.
    "locations/<uuid:location_id>/help/": Address("/locations/{rack}/help/", MEMBERS, "GET POST"),
    "locations/<uuid:location_id>/slot/": Address("/locations/{rack}/slot/?row=4&column=6", MEMBERS, "GET"),
    "locations/<uuid:location_id>/slots/": Address("/locations/{rack}/slots/", MEMBERS, "POST"),
    "book/": Address("/book/", READERS, "GET"),
    "inventory/": Address("/inventory/", MEMBERS, "GET"),
    "stats/": Address("/stats/", READERS, "GET"),
    "export/": Address("/export/", MEMBERS, "GET POST"),
    "import/": Address("/import/", MEMBERS, "GET POST"),
    "import/<uuid:batch_id>/": Address("/import/{batch}/", MEMBERS, "GET"),
    "import/<uuid:batch_id>/options/": Address("/import/{batch}/options/", MEMBERS, "GET POST"),
    "import/<uuid:batch_id>/columns/": Address("/import/{batch}/columns/", MEMBERS, "GET POST"),
    "import/<uuid:batch_id>/columns/ask/": Address("/import/{batch}/columns/ask/", MEMBERS, "POST"),
    "import/<uuid:batch_id>/step/": Address("/import/{batch}/step/", MEMBERS, "POST"),
    "import/<uuid:batch_id>/apply/": Address("/import/{batch}/apply/", MEMBERS, "POST"),
    "import/<uuid:batch_id>/other-drinks/": Address("/import/{batch}/other-drinks/", MEMBERS, "POST"),
    "import/<uuid:batch_id>/drop/": Address("/import/{batch}/drop/", MEMBERS, "POST"),
    "import/<uuid:batch_id>/undo/": Address("/import/{batch}/undo/", MEMBERS, "POST"),
    "import/<uuid:batch_id>/report/": Address("/import/{batch}/report/", MEMBERS, "GET"),
    "catalogue/": Address("/catalogue/", MEMBERS, "GET"),
    "suggest/catalogue/": Address("/suggest/catalogue/?q=grand", MEMBERS, "GET"),
    "suggest/<slug:name>/": Address("/suggest/grape/?q=mer", READERS, "GET"),
}
KNOWN_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

Path = Callable[[Address], str]


@pytest.fixture
def path(tmp_path: Folder) -> Path:
    """Fill an address with rows that exist."""
    wine, rack = make_wine(), make_rack()
    done = check_in(wine, 2, location=rack, row=1, column=1)
    label = add_label(wine=wine, kind="front", photo=sanitise(jpeg(), max_bytes=10**7))
    kept = store.save(sanitise(jpeg(), max_bytes=10**7))
    rows = {
        "wine": wine.pk,
        "rack": rack.pk,
        "bottle": wine.bottles.order_by("row", "column")[0].pk,
        "action": done.action,
        "score": add_score(wine=wine, source="Decanter", value="93").pk,
        "note": make_note(wine, author=make_owner()).pk,
        "label": label.pk,
        "batch": planned(write(tmp_path, "Producer,Wine,Quantity\nA,B,1\n")).pk,
        "token": sign_kept(StoredPhoto(kept, 300, 400)),
    }
    return lambda address: address.path.format(**rows)


def addresses(method: str) -> list[Address]:
    return [address for address in ADDRESSES.values() if method in address.methods.split()]


def test_the_table_has_every_address() -> None:
    patterns = [pattern for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)]
    assert {str(pattern.pattern) for pattern in patterns} == set(ADDRESSES)


@pytest.mark.parametrize("role", ROLES)
def test_pages_open_for_those_who_may_see_them(path: Path, role: str) -> None:
    client = signed_in(make_user(role=role))
    got = {address.path: status_of(client.get(path(address))) for address in addresses("GET")}
    assert got == {address.path: 200 if role in address.who else 403 for address in addresses("GET")}


@pytest.mark.parametrize("role", ["guest", "helper"])
def test_who_only_reads_changes_nothing(path: Path, role: str) -> None:
    client = signed_in(make_user(role=role))
    paths = [path(address) for address in addresses("POST")]
    before = everything()
    assert {client.post(one, {"key": str(uuid4())}).status_code for one in paths} == {403}
    assert everything() == before


@pytest.mark.parametrize("address", addresses("POST"), ids=lambda address: address.path)
def test_who_may_change_is_answered(path: Path, address: Address) -> None:
    for role in sorted(address.who):
        assert signed_in(make_user(role=role)).post(path(address)).status_code in {204, 302, 404, 422}


@pytest.mark.parametrize("method", KNOWN_METHODS)
def test_who_is_not_signed_in_is_sent_to_sign_in(path: Path, method: str) -> None:
    client, before = Client(), everything()
    for address in ADDRESSES.values():
        response = client.generic(method, path(address))
        assert response["Location"].startswith("/accounts/sign-in/?next="), address.path
    assert everything() == before


@pytest.mark.parametrize("role", ROLES)
def test_other_methods_are_refused(path: Path, role: str) -> None:
    client = signed_in(make_user(role=role))
    answers = {
        (method, address.path): client.generic(method, path(address)).status_code
        for address in ADDRESSES.values()
        for method in KNOWN_METHODS
        if method not in address.methods.split()
    }
    assert set(answers.values()) == {405}


@pytest.mark.parametrize("address", [one for one in ADDRESSES.values() if "{" in one.path], ids=lambda one: one.path)
def test_an_unknown_id_is_not_found(address: Address) -> None:
    client = signed_in(make_owner())
    names = ("wine", "rack", "bottle", "note", "label", "score", "token", "batch")
    unknown = address.path.format(**{name: uuid4() for name in names}, action=uuid4())
    for method in address.methods.split():
        expected = 302 if unknown.startswith("/history/") else 404
        assert client.generic(method, unknown).status_code == expected


@pytest.mark.parametrize("address", addresses("POST"), ids=lambda address: address.path)
def test_every_change_needs_a_token_against_forgery(path: Path, address: Address) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_owner())
    assert client.post(path(address)).status_code == 403


@pytest.mark.parametrize("role", ROLES)
def test_looking_at_every_page_changes_nothing(path: Path, role: str) -> None:
    client = signed_in(make_user(role=role))
    paths = [path(address) for address in ADDRESSES.values()]
    before = everything()
    for one in paths:
        assert {status_of(client.get(one)), status_of(client.head(one))} <= {200, 403, 405}
    assert everything() == before
    assert (Label.objects.count(), Transaction.objects.count()) == (1, 1)

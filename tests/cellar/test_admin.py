"""The cellar in Django's admin"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from cellar import stock
from cellar.labels.sanitise import sanitise
from cellar.models import Bottle, Label, Location, Reason, ReferenceWine, Score, TastingNote, Transaction, Wine
from cellar.wines import add_label
from tests.accounts.factories import make_owner, make_user, signed_in
from tests.cellar.factories import check_in, make_location, make_note, make_rack, make_wine, stocked_wine
from tests.cellar.invariants import assert_the_book_is_right
from tests.cellar.views.pages import everything, forms_of, text_of
from tests.cellar.views.photos import jpeg

pytestmark = pytest.mark.django_db

TABLES = ("wine", "label", "tastingnote", "score", "location", "bottle", "transaction", "referencewine")


@pytest.fixture
def owner() -> Client:
    return signed_in(make_owner())


@pytest.fixture
def rows() -> dict[str, Any]:
    """Return one row of each table."""
    rack, wine = make_rack("Rack B"), make_wine(producer="Château Margaux")
    done = check_in(wine, 2, location=rack, row=1, column=1)
    return {
        "wine": wine,
        "label": add_label(wine=wine, kind="front", photo=sanitise(jpeg(), max_bytes=10**7)),
        "tastingnote": make_note(wine, author=make_user(), rating=4, scale="5"),
        "score": Score.objects.create(wine=wine, source="Decanter", value="92-94", scale="100"),
        "location": rack,
        "bottle": wine.bottles.all()[0],
        "transaction": done,
        "referencewine": ReferenceWine.objects.create(
            number=1,
            producer="Château Margaux",
            name="Grand Vin",
            type="red",
            country="France",
            body="full",
            words="chateau margaux grand vin",
        ),
    }


def saved(client: Client, path: str, **typed: Any) -> int:
    """Open a page of the admin, fill its form in and send it."""
    form = next(
        form for form in forms_of(client.get(path)) if "csrfmiddlewaretoken" in form.fields and len(form.fields) > 2
    )
    return client.post(path, form.filled(**typed, _save="Save")).status_code


# -- Looking -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_the_owner_lists_searches_sorts_and_filters(owner: Client, rows: dict[str, Any], table: str) -> None:
    for query in ("", "?q=chateau+margaux", "?q=nothing", "?q=%00", "?o=1", "?o=-2"):
        assert owner.get(f"/admin/cellar/{table}/{query}").status_code == 200


@pytest.mark.parametrize("table", TABLES)
def test_the_owner_sees_one_row(owner: Client, rows: dict[str, Any], table: str) -> None:
    assert owner.get(f"/admin/cellar/{table}/{rows[table].pk}/change/").status_code == 200
    assert owner.get(f"/admin/cellar/{table}/{rows[table].pk}/history/").status_code == 200


@pytest.mark.parametrize("table", ["wine", "label", "tastingnote", "bottle", "transaction", "referencewine"])
def test_rows_are_found_by_the_words_of_their_wine_without_accents(
    owner: Client, rows: dict[str, Any], table: str
) -> None:
    check_in(make_wine(producer="Vietti"), 1)
    ReferenceWine.objects.create(number=2, producer="Vietti", name="Barolo", words="vietti barolo")
    page = text_of(owner.get(f"/admin/cellar/{table}/?q=CHATEAU+margaux"))
    assert ("Château Margaux" in page, "Vietti" in page) == (True, False)


FILTERS = {
    "wine": ("type=red", "wishlist__exact=0", "archived_at__isempty=1", "country=France"),
    "label": ("kind__exact=front",),
    "tastingnote": ("scale__exact=5",),
    "referencewine": ("type__exact=red", "body__exact=full", "acidity__exact=high", "country=France"),
    "location": ("kind__exact=rack", "archived_at__isempty=1"),
    "bottle": ("state__exact=in_cellar", "size_ml=750", "location__id__exact={location}"),
    "transaction": ("kind__exact=check_in", "reason__exact=", "actor__isnull=True", "happened_at__year=2026"),
}


@pytest.mark.parametrize("table", FILTERS)
def test_every_filter_works(owner: Client, rows: dict[str, Any], table: str) -> None:
    for query in FILTERS[table]:
        address = f"/admin/cellar/{table}/?{query.format(location=rows['location'].pk)}"
        assert owner.get(address).status_code == 200, query


def test_a_transaction_shows_what_it_did_to_each_bottle(owner: Client, rows: dict[str, Any]) -> None:
    page = text_of(owner.get(f"/admin/cellar/transaction/{rows['transaction'].pk}/change/"))
    assert page.count("Rack B") >= 2
    assert "in cellar" in page.lower()


@pytest.mark.parametrize("role", [Role.MEMBER, Role.GUEST, Role.HELPER])
@pytest.mark.parametrize("table", TABLES)
def test_nobody_else_gets_in(role: Role, table: str) -> None:
    assert signed_in(make_user(role=role)).get(f"/admin/cellar/{table}/", follow=True).status_code == 403


# -- What stays as it is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["label", "bottle", "transaction"])
def test_what_the_ledger_and_the_photos_write_is_not_added_by_hand(
    owner: Client, rows: dict[str, Any], table: str
) -> None:
    assert owner.post(f"/admin/cellar/{table}/add/", {"wine": str(rows["wine"].pk)}).status_code == 403


def test_a_transaction_is_neither_changed_nor_deleted(owner: Client, rows: dict[str, Any]) -> None:
    path, before = f"/admin/cellar/transaction/{rows['transaction'].pk}", everything()
    assert owner.post(f"{path}/change/", {"quantity": "1", "note": "forged"}).status_code == 403
    assert owner.post(f"{path}/delete/", {"post": "yes"}).status_code == 403
    assert everything() == before


def test_the_catalogue_is_only_read(owner: Client, rows: dict[str, Any]) -> None:
    path, before = f"/admin/cellar/referencewine/{rows['referencewine'].pk}", ReferenceWine.objects.values().get()
    assert owner.post(f"{path}/change/", {"producer": "Forged"}).status_code == 403
    assert owner.post(f"{path}/delete/", {"post": "yes"}).status_code == 403
    assert owner.post("/admin/cellar/referencewine/add/", {"number": "2"}).status_code == 403
    assert ReferenceWine.objects.values().get() == before


def test_the_lines_are_no_table_of_their_own(owner: Client) -> None:
    assert owner.get("/admin/cellar/transactionline/").status_code == 404


def test_a_bottle_keeps_its_state_and_place(owner: Client, rows: dict[str, Any]) -> None:
    bottle = rows["bottle"]
    path = f"/admin/cellar/bottle/{bottle.pk}"
    forged = {"state": "gone", "location": "", "row": "9", "step": "0", "size_ml": "1500"}
    assert saved(owner, f"{path}/change/", note="Signed", barcode="B-1", **forged) == 302
    bottle.refresh_from_db()
    assert (bottle.note, bottle.barcode, bottle.state, bottle.row) == ("Signed", "B-1", "in_cellar", 1)
    assert bottle.size_ml == 750
    assert owner.post(f"{path}/delete/", {"post": "yes"}).status_code == 403
    assert_the_book_is_right()


def test_the_note_of_a_bottle_is_found(owner: Client, rows: dict[str, Any]) -> None:
    saved(owner, f"/admin/cellar/bottle/{rows['bottle'].pk}/change/", note="Signed")
    assert "1 wine" in text_of(owner.get("/wines/?q=signed"))


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_deleted_in_bulk(owner: Client, rows: dict[str, Any], table: str) -> None:
    before = everything()
    data = {"action": "delete_selected", "_selected_action": [str(rows[table].pk)], "post": "yes"}
    owner.post(f"/admin/cellar/{table}/", data)
    assert everything() == before


# -- Wines -------------------------------------------------------------------------------------------------------------


def test_a_wine_is_changed_and_found(owner: Client, rows: dict[str, Any]) -> None:
    wine = rows["wine"]
    forged = {"count_in_cellar": "99", "search_text": "forged", "price_per_750": "1", "identity_key": "x"}
    path = f"/admin/cellar/wine/{wine.pk}/change/"
    typed = {"region": "Médoc", "vintage_text": "1996", "grape_rows_first": "Merlot", "grape_rows_second": "100"}
    assert saved(owner, path, **typed, **forged) == 302
    wine.refresh_from_db()
    assert (wine.region, wine.vintage, wine.count_in_cellar, str(wine.grape_list[0])) == (
        "Médoc", 1996, 2, "Merlot 100 %",
    )  # fmt: skip
    assert "1 wine" in text_of(owner.get("/wines/?q=medoc+1996+merlot"))


def test_a_wine_that_is_saved_unchanged_stays_as_it_is(owner: Client, rows: dict[str, Any]) -> None:
    before = everything()
    assert saved(owner, f"/admin/cellar/wine/{rows['wine'].pk}/change/") == 302
    assert everything() == before


def test_a_wine_is_added_and_found(owner: Client) -> None:
    assert saved(owner, "/admin/cellar/wine/add/", producer="Krug", vintage_text="NV", type="sparkling") == 302
    assert Wine.objects.get().non_vintage
    assert "1 wine" in text_of(owner.get("/wines/?q=krug"))


def test_a_wine_that_makes_no_sense_is_refused(owner: Client, rows: dict[str, Any]) -> None:
    before = everything()
    path = f"/admin/cellar/wine/{rows['wine'].pk}/change/"
    assert saved(owner, path, drink_from="2030", drink_until="2020") == 200
    assert everything() == before


def test_a_wine_with_a_history_stays(owner: Client, rows: dict[str, Any]) -> None:
    noted = make_wine()
    make_note(noted)
    for wine in (rows["wine"], noted):
        assert owner.post(f"/admin/cellar/wine/{wine.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_wine_without_history_goes_with_its_photos(owner: Client) -> None:
    wine = make_wine()
    add_label(wine=wine, kind="front", photo=sanitise(jpeg(), max_bytes=10**7))
    assert owner.post(f"/admin/cellar/wine/{wine.pk}/delete/", {"post": "yes"}).status_code == 302
    assert (Wine.objects.count(), Label.objects.count()) == (0, 0)


def test_actions_go_through_the_verbs(owner: Client, rows: dict[str, Any]) -> None:
    empty = make_wine()
    data = {"action": "archive", "_selected_action": [str(rows["wine"].pk), str(empty.pk)]}
    page = text_of(owner.post("/admin/cellar/wine/", data, follow=True))
    assert "There are still bottles of this wine." in page
    assert Wine.objects.get(archived_at__isnull=False) == empty
    owner.post("/admin/cellar/wine/", {"action": "restore", "_selected_action": [str(empty.pk)]})
    assert not Wine.objects.filter(archived_at__isnull=False).exists()


def test_wines_can_be_indexed_anew(owner: Client, rows: dict[str, Any]) -> None:
    Wine.objects.update(search_text="lost")
    owner.post("/admin/cellar/wine/", {"action": "index_anew", "_selected_action": [str(rows["wine"].pk)]})
    assert "chateau margaux" in Wine.objects.get(pk=rows["wine"].pk).search_text


# -- Photos and notes --------------------------------------------------------------------------------------------------


def test_the_text_on_a_label_is_mended_and_found(owner: Client, rows: dict[str, Any]) -> None:
    assert saved(owner, f"/admin/cellar/label/{rows['label'].pk}/change/", text="Mis en bouteille", kind="back") == 302
    label = Label.objects.get()
    assert (label.text, label.kind) == ("Mis en bouteille", "front")
    assert "1 wine" in text_of(owner.get("/wines/?q=bouteille"))


def test_a_photo_is_removed_with_its_files(owner: Client, rows: dict[str, Any]) -> None:
    assert owner.post(f"/admin/cellar/label/{rows['label'].pk}/delete/", {"post": "yes"}).status_code == 302
    rows["wine"].refresh_from_db()
    assert (rows["wine"].cover, Label.objects.count()) == (None, 0)


def test_a_note_is_changed_and_found_and_keeps_its_author(owner: Client, rows: dict[str, Any]) -> None:
    note, author = rows["tastingnote"], rows["tastingnote"].author_id
    assert saved(owner, f"/admin/cellar/tastingnote/{note.pk}/change/", text="Cassis", author="") == 302
    note.refresh_from_db()
    assert (note.text, note.author_id) == ("Cassis", author)
    assert "1 wine" in text_of(owner.get("/wines/?q=cassis"))


def test_a_note_is_added_in_the_owners_name(owner: Client, rows: dict[str, Any]) -> None:
    typed = {"wine": str(rows["wine"].pk), "tasted_on": "2024-01-01", "text": "Plums"}
    assert saved(owner, "/admin/cellar/tastingnote/add/", **typed) == 302
    assert TastingNote.objects.get(text="Plums").author is not None


def test_a_rating_beyond_its_scale_is_refused(owner: Client, rows: dict[str, Any]) -> None:
    assert saved(owner, f"/admin/cellar/tastingnote/{rows['tastingnote'].pk}/change/", rating="6") == 200


@pytest.mark.parametrize(("typed", "label"), [({"scale": ""}, "4/5"), ({"rating": "", "text": "Cassis"}, "")])
def test_a_rating_and_its_scale_go_together(
    owner: Client, rows: dict[str, Any], typed: dict[str, str], label: str
) -> None:
    note = rows["tastingnote"]
    assert saved(owner, f"/admin/cellar/tastingnote/{note.pk}/change/", **typed) == 302
    note.refresh_from_db()
    assert (note.rating_label, bool(note.scale)) == (label, bool(label))


def test_a_note_that_is_deleted_is_found_no_more(owner: Client, rows: dict[str, Any]) -> None:
    owner.post(f"/admin/cellar/tastingnote/{rows['tastingnote'].pk}/delete/", {"post": "yes"})
    assert "0 wines" in text_of(owner.get("/wines/?q=violets"))


# -- Places ------------------------------------------------------------------------------------------------------------


def test_a_place_is_renamed_and_its_wines_are_found(owner: Client, rows: dict[str, Any]) -> None:
    assert saved(owner, f"/admin/cellar/location/{rows['location'].pk}/change/", name="Vault") == 302
    assert "1 wine" in text_of(owner.get("/wines/?q=vault"))


def test_a_place_is_added(owner: Client) -> None:
    assert saved(owner, "/admin/cellar/location/add/", name="Cellar", kind="cellar") == 302
    assert Location.objects.get().name == "Cellar"


@pytest.mark.parametrize("typed", [{"rows": "", "columns": ""}, {"rows": "4", "columns": ""}])
def test_a_rack_keeps_the_slots_of_its_bottles(owner: Client, rows: dict[str, Any], typed: dict[str, str]) -> None:
    before = everything()
    assert saved(owner, f"/admin/cellar/location/{rows['location'].pk}/change/", **typed) == 200
    assert everything() == before


def test_a_place_does_not_come_to_lie_inside_itself(owner: Client) -> None:
    house = make_location("House")
    cellar = make_location("Cellar", parent=house)
    assert saved(owner, f"/admin/cellar/location/{house.pk}/change/", parent=str(cellar.pk)) == 200


def test_a_place_that_the_history_names_stays(owner: Client, rows: dict[str, Any]) -> None:
    stock.check_out(wine=rows["wine"], quantity=2, reason=Reason.DRANK, actor=None)
    assert owner.post(f"/admin/cellar/location/{rows['location'].pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_place_that_nothing_names_goes(owner: Client) -> None:
    place = make_location()
    assert owner.post(f"/admin/cellar/location/{place.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Location.objects.exists()


# -- Much of it --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["wine", "bottle", "transaction", "location", "tastingnote", "label"])
def test_a_list_asks_no_more_for_more_rows(
    owner: Client, rows: dict[str, Any], table: str, django_assert_max_num_queries: Any
) -> None:
    for _number in range(12):
        wine = stocked_wine(1, location=make_location(parent=rows["location"]))
        make_note(wine, author=make_user())
        add_label(wine=wine, kind="front", photo=sanitise(jpeg(), max_bytes=10**7))
    with django_assert_max_num_queries(10):
        assert owner.get(f"/admin/cellar/{table}/").status_code == 200


def test_a_large_transaction_is_shown_in_a_few_queries(owner: Client, django_assert_max_num_queries: Any) -> None:
    done = check_in(make_wine(), 200, location=make_location())
    with django_assert_max_num_queries(12):
        owner.get(f"/admin/cellar/transaction/{done.pk}/change/")
    assert (Transaction.objects.count(), Bottle.objects.count()) == (1, 200)

"""/locations/add/, /locations/…/edit/ and /locations/…/delete/"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from cellar import places, stock
from cellar.models import Kind, Location, Reason, Transaction
from cellar.tree import load_tree
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine
from tests.cellar.views.pages import error_beside, everything, form_to, messages_of, send, text_of, value_in

pytestmark = pytest.mark.django_db

ADD = "/locations/add/"


# -- Adding ------------------------------------------------------------------------------------------------------------


def test_a_rack_is_added_inside_a_cellar(member: Client) -> None:
    cellar = make_location("Cellar")
    response = send(
        member, ADD, name="Rack B", kind="rack", parent=str(cellar.pk), rows="4", columns="6", note="By the door"
    )
    rack = Location.objects.get(name="Rack B")
    assert response["Location"] == f"/locations/{rack.pk}/"
    assert (rack.parent, rack.kind, rack.rows, rack.columns, rack.note) == (cellar, "rack", 4, 6, "By the door")
    assert "Rack B added." in messages_of(response)


def test_the_place_it_was_asked_from_is_chosen_already(member: Client) -> None:
    cellar = make_location("Cellar")
    assert value_in(member.get(f"{ADD}?in={cellar.pk}"), "parent") == str(cellar.pk)


@pytest.mark.parametrize(
    ("typed", "beside", "error"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"name": "x" * 81}, "name", "81 characters: shorten it to 80."),
        ({"rows": "4"}, "columns", "A rack has rows and columns"),
        ({"columns": "4"}, "columns", "A rack has rows and columns"),
        ({"rows": "61", "columns": "1"}, "rows", "61 is too high: enter 60 or less."),
        ({"rows": "0", "columns": "0"}, "rows", "0 is too low: enter 1 or more."),
        ({"kind": "shelf", "rows": "4", "columns": "6"}, "rows", "Only a rack or a fridge has slots."),
        ({"kind": "moon"}, "kind", "Select a valid choice."),
        ({"parent": "nowhere"}, "parent", "Select a valid choice."),
    ],
)
def test_a_mistake_is_told_beside_its_field(member: Client, typed: dict[str, str], beside: str, error: str) -> None:
    response = send(member, ADD, **{"name": "Rack B", "kind": "rack", "note": "Kept", **typed})
    assert response.status_code == 422
    assert error in error_beside(response, beside)
    assert value_in(response, "note") == "Kept"
    assert not Location.objects.exists()


def test_the_same_form_sent_twice_is_one_place(member: Client) -> None:
    filled = form_to(member.get(ADD), "").filled(name="Cellar")
    assert [member.post(ADD, filled).status_code for _time in range(2)] == [302, 302]
    assert Location.objects.count() == 1


@pytest.mark.parametrize("name", ["Shelf É", "shelf e", " SHELF  E "])
def test_two_places_of_one_name_beside_each_other_are_refused(member: Client, name: str) -> None:
    cellar = make_location("Cellar")
    make_location("Shelf É", parent=cellar)
    response = send(member, ADD, name=name, kind="shelf", parent=str(cellar.pk), note="Kept")
    assert response.status_code == 422
    assert "There is a place called “Shelf É” in “Cellar” already." in error_beside(response, "name")
    assert value_in(response, "note") == "Kept"
    assert Location.objects.count() == 2


def test_places_of_one_name_may_lie_in_different_places(member: Client) -> None:
    make_location("Shelf", parent=make_location("Cellar"))
    assert send(member, ADD, name="Shelf", kind="shelf").status_code == 302
    assert "There is a place called “Shelf” already." in error_beside(send(member, ADD, name="shelf"), "name")


def test_the_name_of_a_place_that_was_put_aside_is_free(member: Client) -> None:
    make_location("Shelf", archived_at=timezone.now())
    assert send(member, ADD, name="Shelf", kind="shelf").status_code == 302


def test_a_place_is_not_renamed_or_moved_to_where_its_name_is_taken(member: Client) -> None:
    cellar = make_location("Cellar")
    make_location("Shelf", parent=cellar)
    other = make_location("Other", parent=cellar)
    assert error_beside(send(member, f"/locations/{other.pk}/edit/", name="SHELF"), "name")
    outside = make_location("Shelf")
    assert error_beside(send(member, f"/locations/{outside.pk}/edit/", parent=str(cellar.pk)), "name")
    assert send(member, f"/locations/{outside.pk}/edit/", name="SHELF", note="Dry").status_code == 302


def test_only_a_place_that_may_have_slots_is_asked_for_them(member: Client) -> None:
    wine, shelf = make_wine(), make_location("Shelf")
    path = f"/wines/{wine.pk}/check-in/"
    assert 'name="row"' not in member.get(path).content.decode()
    rack = make_rack("Rack B")
    page = member.get(path).content.decode()
    assert f'data-values="{rack.pk}"' in page
    assert "The slot of the first bottle." in page
    response = send(member, path, location=str(shelf.pk), row="1", column="1")
    assert "Only a rack has slots." in error_beside(response, "row")


# -- Editing -----------------------------------------------------------------------------------------------------------


def test_a_place_is_renamed_and_its_wines_are_found_by_the_new_name(member: Client) -> None:
    cellar = make_location("Celar")
    stocked_wine(1, location=make_location("Shelf", parent=cellar))
    path = f"/locations/{cellar.pk}/edit/"
    assert value_in(member.get(path), "name") == "Celar"
    assert send(member, path, name="Vault")["Location"] == f"/locations/{cellar.pk}/"
    assert "1 wine" in text_of(member.get("/wines/?q=vault"))


def test_a_rack_that_would_lose_slots_with_bottles_is_refused(member: Client) -> None:
    rack = make_rack(rows=4, columns=6)
    check_in(make_wine(), 1, location=rack, row=4, column=6)
    before = everything()
    for typed in ({"rows": "3"}, {"columns": "5"}, {"rows": "", "columns": ""}):
        response = send(member, f"/locations/{rack.pk}/edit/", **typed)
        assert response.status_code == 422
        assert "There are bottles in slots that would no longer exist." in text_of(response)
    assert everything() == before


def test_a_rack_may_lose_slots_that_are_free(member: Client) -> None:
    rack = make_rack(rows=4, columns=6)
    check_in(make_wine(), 1, location=rack, row=3, column=5)
    assert send(member, f"/locations/{rack.pk}/edit/", rows="3", columns="5").status_code == 302


def test_a_place_cannot_lie_inside_itself(member: Client) -> None:
    house = make_location("House")
    cellar = make_location("Cellar", parent=house)
    for parent in (house, cellar):
        response = send(member, f"/locations/{house.pk}/edit/", parent=str(parent.pk))
        assert (response.status_code, "A place cannot lie inside itself." in text_of(response)) == (422, True)


def test_places_that_lie_in_each_other_all_the_same_do_no_harm() -> None:
    one = make_location("One")
    other = make_location("Other", parent=one)
    Location.objects.filter(pk=one.pk).update(parent=other)
    assert set(load_tree().inside(one.pk)) == {one.pk, other.pk}


def test_a_place_that_was_removed_meanwhile_is_no_parent(member: Client, person: User) -> None:
    shelf, cellar = make_location("Shelf"), make_location("Cellar")
    filled = form_to(member.get(f"/locations/{shelf.pk}/edit/"), "").filled(parent=str(cellar.pk))
    places.delete_place(location=cellar, actor=person)
    assert error_beside(member.post(f"/locations/{shelf.pk}/edit/", filled), "parent")


# -- Removing ----------------------------------------------------------------------------------------------------------


def test_bottles_move_up_when_their_place_goes(member: Client) -> None:
    cellar = make_location("Cellar")
    rack = make_rack("Rack B", parent=cellar)
    shelf = make_location("Shelf", parent=rack)
    wine = make_wine()
    check_in(wine, 2, location=rack, row=1, column=1)
    check_in(wine, 1, location=shelf)
    page = text_of(member.get(f"/locations/{rack.pk}/delete/"))
    assert "The place inside it goes, too." in page
    assert "3 bottles lie there. No bottle is lost: they move to “Cellar”." in page
    response = send(member, f"/locations/{rack.pk}/delete/")
    assert "Rack B removed, 3 bottles moved up." in messages_of(response)
    assert set(wine.bottles.values_list("location_id", "row")) == {(cellar.pk, None)}
    assert member.get(f"/locations/{rack.pk}/").status_code == 404
    assert "Rack B" not in text_of(member.get("/locations/"))


def test_bottles_of_a_place_that_stands_by_itself_have_no_place_then(member: Client) -> None:
    shelf = make_location("Shelf")
    wine = stocked_wine(1, location=shelf)
    send(member, f"/locations/{shelf.pk}/delete/")
    assert wine.bottles.get().location is None
    assert "1 bottle" in text_of(member.get("/locations/none/"))


def test_undo_brings_the_place_and_its_bottles_back(member: Client) -> None:
    cellar = make_location("Cellar")
    rack = make_rack("Rack B", parent=cellar)
    wine = make_wine()
    check_in(wine, 2, location=rack, row=1, column=1)
    send(member, f"/locations/{rack.pk}/delete/")
    moved = Transaction.objects.get(kind=Kind.MOVE)
    member.post(form_to(member.get("/locations/"), f"/history/{moved.action}/undo/").action)
    assert set(wine.bottles.values_list("location_id", "row", "column")) == {(rack.pk, 1, 1), (rack.pk, 1, 2)}
    assert member.get(f"/locations/{rack.pk}/").status_code == 200


def test_undo_brings_the_places_around_it_back(member: Client) -> None:
    cellar = make_location("Cellar")
    shelf = make_location("Shelf", parent=cellar)
    stocked_wine(1, location=shelf)
    send(member, f"/locations/{cellar.pk}/delete/")
    member.post(f"/history/{Transaction.objects.get(kind=Kind.MOVE).action}/undo/")
    assert [member.get(f"/locations/{one.pk}/").status_code for one in (cellar, shelf)] == [200, 200]


def test_the_history_still_names_a_place_that_is_gone(member: Client) -> None:
    shelf = make_location("Shelf 1")
    wine = stocked_wine(1, location=shelf)
    stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None)
    send(member, f"/locations/{shelf.pk}/delete/")
    assert "Shelf 1" in text_of(member.get("/history/"))


def test_a_place_that_nothing_names_is_gone_for_good(member: Client) -> None:
    cellar = make_location("Cellar")
    make_location("Shelf", parent=cellar)
    send(member, f"/locations/{cellar.pk}/delete/")
    assert not Location.objects.exists()


def test_a_place_removed_twice_is_not_found(member: Client) -> None:
    shelf = make_location("Shelf 1")
    stocked_wine(1, location=shelf)
    path = f"/locations/{shelf.pk}/delete/"
    filled = form_to(member.get(path), "").filled()
    assert [member.post(path, filled).status_code for _time in range(2)] == [302, 404]
    assert Transaction.objects.filter(kind=Kind.MOVE).count() == 1


def test_without_a_key_it_can_be_taken_back_all_the_same(member: Client) -> None:
    shelf = make_location("Shelf 1")
    stocked_wine(1, location=shelf)
    member.post(f"/locations/{shelf.pk}/delete/")
    assert "/undo/" in member.get("/locations/").content.decode()


def test_a_path_longer_than_a_note_does_no_harm(member: Client) -> None:
    place: Location | None = None
    for _depth in range(14):
        place = make_location("x" * 80, parent=place)
    assert place is not None
    stocked_wine(1, location=place)
    assert send(member, f"/locations/{place.pk}/delete/").status_code == 302
    assert len(Transaction.objects.get(kind=Kind.MOVE).note) <= 1000


def test_a_place_that_is_put_aside_is_no_place_to_put_a_bottle(member: Client) -> None:
    shelf = make_location("Shelf 1", archived_at=timezone.now() - timedelta(days=1))
    page = member.get(f"/wines/{make_wine().pk}/check-in/").content.decode()
    assert str(shelf.pk) not in page

"""/wines/…/move/"""

import pytest
from django.test import Client

from cellar.models import Kind, Transaction
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine
from tests.cellar.views.pages import error_beside, everything, form_to, messages_of, send, text_of, value_in

pytestmark = pytest.mark.django_db


def test_bottles_move(member: Client) -> None:
    one, other = make_location("Shelf 1"), make_location("Shelf 2")
    wine = stocked_wine(3, location=one)
    response = send(member, f"/wines/{wine.pk}/move/", quantity="2", location=str(other.pk), note="Too warm there")
    assert sorted(wine.bottles.values_list("location__name", flat=True)) == ["Shelf 1", "Shelf 2", "Shelf 2"]
    assert "moved" in messages_of(response)
    page = text_of(member.get("/history/"))
    assert "Shelf 1 → Shelf 2" in page
    assert "Too warm there" in page


def test_bottles_move_into_the_slot_that_was_tapped(member: Client) -> None:
    wine, rack = stocked_wine(2), make_rack()
    path = f"/wines/{wine.pk}/move/?location={rack.pk}&row=2&column=5"
    assert [value_in(member.get(path), name) for name in ("location", "row", "column")] == [str(rack.pk), "2", "5"]
    send(member, path, quantity="1")
    assert sorted(wine.bottles.values_list("row", "column"), key=str) == [(2, 5), (None, None)]


def test_a_bottle_moves_to_another_slot_of_its_rack(member: Client) -> None:
    wine, rack = make_wine(), make_rack()
    check_in(wine, 1, location=rack, row=1, column=1)
    path = f"/wines/{wine.pk}/move/?bottle={wine.bottles.get().pk}"
    assert send(member, path, location=str(rack.pk), row="4", column="6").status_code == 302
    assert wine.bottles.values_list("row", "column").get() == (4, 6)


def test_bottles_can_be_taken_from_their_place(member: Client) -> None:
    wine = stocked_wine(1, location=make_location())
    send(member, f"/wines/{wine.pk}/move/", quantity="1", location="none")
    assert wine.bottles.get().location_id is None


def test_bottles_stay_where_they_are_until_a_place_is_chosen(member: Client) -> None:
    shelf = make_location()
    wine = stocked_wine(1, location=shelf)
    response = send(member, f"/wines/{wine.pk}/move/", quantity="1", location="")
    assert response.status_code == 422
    assert "Choose where they go." in error_beside(response, "location")
    assert wine.bottles.get().location_id == shelf.pk


def test_a_slot_that_is_taken_is_refused(member: Client) -> None:
    wine, rack = stocked_wine(1), make_rack()
    check_in(make_wine(), 1, location=rack, row=1, column=1)
    before = everything()
    response = send(member, f"/wines/{wine.pk}/move/", quantity="1", location=str(rack.pk), row="1", column="1")
    assert (response.status_code, "That slot is taken." in text_of(response)) == (422, True)
    assert everything() == before


def test_what_lies_there_already_is_told(member: Client) -> None:
    shelf = make_location()
    wine = stocked_wine(1, location=shelf)
    response = send(member, f"/wines/{wine.pk}/move/", quantity="1", location=str(shelf.pk))
    assert (response.status_code, "is there already" in text_of(response)) == (422, True)


def test_more_than_there_is_is_refused(member: Client) -> None:
    wine = stocked_wine(2)
    response = send(member, f"/wines/{wine.pk}/move/", quantity="3", location=str(make_location().pk))
    assert (response.status_code, "There are only 2 such bottles" in text_of(response)) == (422, True)


def test_half_a_slot_is_refused(member: Client) -> None:
    wine, rack = stocked_wine(1), make_rack()
    response = send(member, f"/wines/{wine.pk}/move/", location=str(rack.pk), row="1")
    assert "A slot has a row and a column." in error_beside(response, "column")


def test_the_same_form_sent_twice_has_one_effect(member: Client) -> None:
    wine, shelf = stocked_wine(4), make_location()
    filled = form_to(member.get(f"/wines/{wine.pk}/move/"), "").filled(quantity="2", location=str(shelf.pk))
    assert [member.post(f"/wines/{wine.pk}/move/", filled).status_code for _time in range(2)] == [302, 302]
    assert wine.bottles.filter(location=shelf).count() == 2
    assert Transaction.objects.filter(kind=Kind.MOVE).count() == 1


def test_moved_bottles_take_free_slots_and_the_message_says_which(member: Client) -> None:
    wine, rack = stocked_wine(2, location=make_location("Shelf 1")), make_rack("Rack A")
    response = send(member, f"/wines/{wine.pk}/move/", quantity="2", location=str(rack.pk))
    assert "moved. Rack A: row 1, column 1–2." in messages_of(response)
    assert "Shelf 1 → Rack A (row 1, column 1–2)" in text_of(member.get("/history/"))


def test_too_few_free_slots_are_told_with_a_way_out(member: Client) -> None:
    wine, rack = stocked_wine(3), make_rack("Rack A", rows=1, columns=2)
    before = everything()
    path = f"/wines/{wine.pk}/move/"
    response = send(member, path, quantity="3", location=str(rack.pk))
    assert (response.status_code, everything() == before) == (422, True)
    assert "Only 2 slots of Rack A are free." in error_beside(response, "slots")
    member.post(path, form_to(response, "").filled(slots=["free", "rest"]))
    assert wine.bottles.filter(location=rack, row=None).count() == 1


def test_bottles_may_wait_in_the_rack_for_their_slots(member: Client) -> None:
    wine, rack = stocked_wine(2), make_rack()
    send(member, f"/wines/{wine.pk}/move/", quantity="2", location=str(rack.pk), slots="none")
    assert wine.bottles.filter(location=rack, row=None).count() == 2

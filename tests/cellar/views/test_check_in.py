"""/wines/…/check-in/"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from cellar.models import Bottle, Kind, State, Transaction
from cellar.stock import Purchase
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine
from tests.cellar.views.pages import error_beside, everything, form_to, messages_of, send, text_of, value_in

pytestmark = pytest.mark.django_db


def test_bottles_come_in(member: Client, person: User) -> None:
    wine, shelf = make_wine(), make_location()
    response = send(
        member, f"/wines/{wine.pk}/check-in/", quantity="3", location=str(shelf.pk), price="12,50", size_ml="1500",
        store="Fair", note="Two for the wedding",
    )  # fmt: skip
    assert response["Location"] == f"/wines/{wine.pk}/"
    done = Transaction.objects.get()
    assert (done.kind, done.quantity, done.size_ml, done.unit_price) == (Kind.CHECK_IN, 3, 1500, 1250)
    assert (done.actor_id, done.store, done.note) == (person.pk, "Fair", "Two for the wedding")
    assert set(Bottle.objects.values_list("location_id", "size_ml")) == {(shelf.pk, 1500)}
    wine.refresh_from_db()
    assert wine.count_in_cellar == 3


def test_what_was_done_is_told_with_the_way_back(member: Client) -> None:
    wine = make_wine(producer="Vietti", name="Barolo", vintage=2016)
    send(member, f"/wines/{wine.pk}/check-in/", quantity="1")
    page = member.get(f"/wines/{wine.pk}/")
    assert "1 bottle of Vietti Barolo 2016 checked in." in text_of(page)
    member.post(f"/history/{Transaction.objects.get().action}/undo/")
    wine.refresh_from_db()
    assert wine.count_in_cellar == 0


def test_the_form_begins_with_the_last_purchase(member: Client) -> None:
    wine = make_wine()
    check_in(wine, 1, size_ml=1500, purchase=Purchase(1000, "CHF", "Mövenpick"))
    page = member.get(f"/wines/{wine.pk}/check-in/")
    assert [value_in(page, name) for name in ("size_ml", "currency", "store")] == ["1500", "CHF", "Mövenpick"]


def test_it_can_be_an_order(member: Client) -> None:
    wine, expected = make_wine(), timezone.localdate() + timedelta(days=10)
    response = send(member, f"/wines/{wine.pk}/check-in/", quantity="6", on_order="on", expected_on=str(expected))
    done = Transaction.objects.get()
    assert (done.kind, done.expected_on) == (Kind.ORDER, expected)
    assert set(Bottle.objects.values_list("state", flat=True)) == {State.ON_ORDER}
    assert "6 bottles" in messages_of(response)
    assert "ordered" in messages_of(response)


@pytest.mark.parametrize("no", ["", "false", "False"])
def test_an_order_that_is_not_ticked_is_none(member: Client, no: str) -> None:
    wine = make_wine()
    send(member, f"/wines/{wine.pk}/check-in/", quantity="1", on_order=no)
    assert Transaction.objects.get().kind == Kind.CHECK_IN


def test_a_back_dated_one_lies_where_it_belongs_in_the_history(member: Client) -> None:
    wine = stocked_wine(1)
    send(member, f"/wines/{wine.pk}/check-in/", quantity="2", when="2020-02-29")
    oldest = Transaction.objects.newest_first().last()
    assert oldest is not None
    assert (oldest.quantity, timezone.localtime(oldest.happened_at).date().isoformat()) == (2, "2020-02-29")


def test_today_is_now_and_not_noon(member: Client) -> None:
    wine, before = make_wine(), timezone.now()
    send(member, f"/wines/{wine.pk}/check-in/", quantity="1", when=timezone.localdate().isoformat())
    assert before - timedelta(seconds=1) <= Transaction.objects.get().happened_at <= timezone.now()


@pytest.mark.parametrize(
    ("name", "typed", "error"),
    [
        ("quantity", "0", "0 is too low: enter 1 or more."),
        ("quantity", "1201", "1201 is too high: enter 1200 or less."),
        ("price", "1.2.3", "Enter an amount such as 12.50."),
        ("price", "99999999999", "An amount is between 0 and 10 billion."),
        ("size_ml", "751", "Select a valid choice."),
        ("currency", "XXX", "Select a valid choice."),
        ("when", str(timezone.localdate() + timedelta(days=2)), "Enter a day that is not in the future."),
        ("when", "1899-12-31", "Enter a day from 1900 on."),
        ("note", "x" * 1001, "1001 characters: shorten it to 1000."),
        ("store", "x" * 121, "121 characters: shorten it to 120."),
    ],
)
def test_a_mistake_is_told_beside_its_field(member: Client, name: str, typed: str, error: str) -> None:
    wine = make_wine()
    before = everything()
    response = send(member, f"/wines/{wine.pk}/check-in/", **{"quantity": "2", "note": "Kept", name: typed})
    assert response.status_code == 422
    assert error in error_beside(response, name)
    assert value_in(response, "note") == (typed if name == "note" else "Kept")
    assert everything() == before


def test_the_next_slots_are_filled_around_those_that_are_taken(member: Client) -> None:
    wine, rack = make_wine(), make_rack(rows=1, columns=5)
    check_in(make_wine(), 1, location=rack, row=1, column=3)
    send(member, f"/wines/{wine.pk}/check-in/", quantity="3", location=str(rack.pk), row="1", column="2")
    assert set(wine.bottles.values_list("column", flat=True)) == {2, 4, 5}


def test_a_rack_that_is_full_takes_none(member: Client) -> None:
    wine, rack = make_wine(), make_rack(rows=1, columns=2)
    check_in(make_wine(), 2, location=rack, row=1, column=1)
    before = everything()
    path = f"/wines/{wine.pk}/check-in/"
    response = send(member, path, quantity="2", location=str(rack.pk), row="1", column="1")
    assert (response.status_code, "That slot is taken" in text_of(response)) == (422, True)
    assert everything() == before


def test_a_place_that_was_removed_meanwhile_is_no_choice(member: Client) -> None:
    wine, shelf = make_wine(), make_location()
    filled = form_to(member.get(f"/wines/{wine.pk}/check-in/"), "").filled(location=str(shelf.pk))
    shelf.delete()
    response = member.post(f"/wines/{wine.pk}/check-in/", filled)
    assert error_beside(response, "location")
    assert not Transaction.objects.exists()


def test_the_same_form_sent_twice_has_one_effect(member: Client) -> None:
    wine = make_wine()
    filled = form_to(member.get(f"/wines/{wine.pk}/check-in/"), "").filled(quantity="2")
    assert [member.post(f"/wines/{wine.pk}/check-in/", filled).status_code for _time in range(2)] == [302, 302]
    wine.refresh_from_db()
    assert (wine.count_in_cellar, Transaction.objects.count()) == (2, 1)


def test_a_long_name_still_leaves_room_for_the_message(member: Client) -> None:
    wine = make_wine(producer="🍷" * 200, name="é" * 200)
    send(member, f"/wines/{wine.pk}/check-in/", quantity="1")
    assert "checked in." in text_of(member.get("/history/"))


def test_in_a_rack_they_take_the_free_slots_and_the_message_says_which(member: Client) -> None:
    wine, rack = make_wine(producer="Vietti", name="Barolo", vintage=2016), make_rack("Rack A", rows=2, columns=5)
    check_in(make_wine(), 1, location=rack, row=1, column=3)
    send(member, f"/wines/{wine.pk}/check-in/", quantity="6", location=str(rack.pk))
    assert wine.bottles.filter(row__isnull=False).count() == 6
    page = text_of(member.get("/more/"))
    assert "6 bottles of Vietti Barolo 2016 checked in. Rack A: row 1, column 1–2, 4–5; row 2, column 1–2. Undo" in page


def test_the_slots_are_in_the_history_and_taken_back_from_there(member: Client) -> None:
    wine, rack = make_wine(), make_rack("Rack A", rows=2, columns=4)
    send(member, f"/wines/{wine.pk}/check-in/", quantity="6", location=str(rack.pk))
    assert "Rack A (row 1, column 1–4; row 2, column 1–2)" in text_of(member.get("/history/"))
    member.post(f"/history/{Transaction.objects.get().action}/undo/")
    assert not Bottle.objects.filter(location=rack).exists()


def test_in_a_rack_they_may_wait_for_their_slots(member: Client) -> None:
    wine, rack = make_wine(), make_rack()
    response = send(member, f"/wines/{wine.pk}/check-in/", quantity="2", location=str(rack.pk), slots="none")
    assert set(wine.bottles.values_list("location_id", "row")) == {(rack.pk, None)}
    assert "slot" not in messages_of(response)


def test_too_few_free_slots_are_told_and_the_rest_may_lie_there_without_one(member: Client) -> None:
    wine, rack = make_wine(), make_rack("Rack A", rows=1, columns=4)
    path, before = f"/wines/{wine.pk}/check-in/", everything()
    response = send(member, path, quantity="6", location=str(rack.pk), note="For the wedding")
    assert response.status_code == 422
    assert error_beside(response, "slots") == "Only 4 slots of Rack A are free. Nothing was changed."
    assert (value_in(response, "quantity"), value_in(response, "note")) == ("6", "For the wedding")
    assert everything() == before
    assert '<button name="slots" value="rest">Put the rest there without a slot</button>' in response.content.decode()
    # A browser sends the choice, and after it the button that was pressed.
    filled = form_to(response, "").filled(slots=["free", "rest"])
    assert "Rack A: row 1, column 1–4; 2 without a slot." in messages_of(member.post(path, filled))
    assert wine.bottles.filter(location=rack).count() == 6


def test_the_way_out_is_not_offered_where_there_is_room(member: Client) -> None:
    make_rack()
    assert "Put the rest there" not in text_of(member.get(f"/wines/{make_wine().pk}/check-in/"))


def test_a_slot_beside_the_wish_for_none_is_refused(member: Client) -> None:
    rack = make_rack()
    path = f"/wines/{make_wine().pk}/check-in/?location={rack.pk}&row=1&column=1"
    response = send(member, path, slots="none")
    assert response.status_code == 422
    assert "Choose free slots, or leave row and column empty." in error_beside(response, "slots")
    assert "Put the rest there" not in text_of(response)


@pytest.mark.parametrize("chosen", ["free", "rest", "none"])
def test_where_a_place_has_no_slots_every_choice_is_the_same(member: Client, chosen: str) -> None:
    make_rack()
    wine, shelf = make_wine(), make_location()
    send(member, f"/wines/{wine.pk}/check-in/", quantity="2", location=str(shelf.pk), slots=chosen)
    assert set(wine.bottles.values_list("location_id", "row")) == {(shelf.pk, None)}


def test_a_household_without_racks_is_not_asked_for_slots(member: Client) -> None:
    make_location()
    assert 'name="slots"' not in member.get(f"/wines/{make_wine().pk}/check-in/").content.decode()


def test_a_choice_that_is_none_is_refused(member: Client) -> None:
    rack = make_rack()
    response = send(member, f"/wines/{make_wine().pk}/check-in/", location=str(rack.pk), slots="all")
    assert (response.status_code, "Select a valid choice." in error_beside(response, "slots")) == (422, True)


def test_the_message_about_many_slots_stays_short(member: Client) -> None:
    wine, rack = make_wine(), make_rack("Rack A", rows=60, columns=60)
    for column in range(1, 60, 2):
        check_in(make_wine(), 1, location=rack, row=1, column=column)
    response = send(member, f"/wines/{wine.pk}/check-in/", quantity="100", location=str(rack.pk))
    assert "Rack A: row 1, column 2 … row 3, column 10." in messages_of(response)

"""/wines/…/check-out/"""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from cellar import stock
from cellar.models import Reason, State, Transaction
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine
from tests.cellar.views.pages import error_beside, everything, form_to, messages_of, send, text_of, value_in

pytestmark = pytest.mark.django_db


def test_bottles_go_with_a_note(member: Client, person: User) -> None:
    wine = stocked_wine(3)
    response = send(member, f"/wines/{wine.pk}/check-out/", quantity="2", note="With the lamb")
    assert response["Location"] == f"/wines/{wine.pk}/"
    done = Transaction.objects.newest_first()[0]
    assert (done.quantity, done.reason, done.note, done.actor_id) == (2, Reason.DRANK, "With the lamb", person.pk)
    wine.refresh_from_db()
    assert (wine.count_in_cellar, wine.count_gone) == (1, 2)
    assert "checked out" in messages_of(response)


@pytest.mark.parametrize("reason", Reason.values)
def test_every_reason_is_kept_and_told(member: Client, reason: str) -> None:
    wine = stocked_wine(1)
    send(member, f"/wines/{wine.pk}/check-out/", quantity="1", reason=reason)
    assert Transaction.objects.newest_first()[0].reason == reason
    assert member.get("/history/").status_code == 200


def test_a_gift_has_a_recipient_and_a_sale_a_revenue(member: Client) -> None:
    wine = stocked_wine(2)
    send(member, f"/wines/{wine.pk}/check-out/", quantity="1", reason="gift", recipient="Aunt Ada")
    send(member, f"/wines/{wine.pk}/check-out/", quantity="1", reason="sold", price="1.234,50")
    page = text_of(member.get("/history/"))
    assert "Gave away 1 bottle of" in page
    assert "Aunt Ada" in page
    assert "€1,234.50" in page


def test_for_whom_and_for_how_much_are_asked_only_where_they_make_sense(member: Client) -> None:
    page = member.get(f"/wines/{stocked_wine(1).pk}/check-out/").content.decode()
    asked = dict(re.findall(r'data-only-with="id_reason" data-values="([^"]*)">.*?name="(\w+)"', page, re.DOTALL))
    reasons = {name: set(values.split()) for values, name in asked.items()}
    assert reasons == {
        "recipient": {"gift", "sold", "returned", "donated", "other"},
        "price": {"sold", "returned", "other"},
    }
    assert all(values <= set(Reason.values) for values in reasons.values())


def test_more_than_there_is_tells_how_many_there_are(member: Client) -> None:
    wine = stocked_wine(2)
    before = everything()
    response = send(member, f"/wines/{wine.pk}/check-out/", quantity="3", note="Kept")
    assert response.status_code == 422
    assert "There are only 2 such bottles, you asked for 3. Nothing was changed." in text_of(response)
    assert value_in(response, "note") == "Kept"
    assert everything() == before


def test_who_comes_second_for_the_last_bottle_is_told(member: Client) -> None:
    wine = stocked_wine(1)
    filled = form_to(member.get(f"/wines/{wine.pk}/check-out/"), "").filled(quantity="1")
    stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None)
    response = member.post(f"/wines/{wine.pk}/check-out/", filled)
    assert response.status_code == 422
    assert "Somebody may have taken the last one; nothing was changed." in text_of(response)


def test_a_day_in_the_past_is_kept_and_one_in_the_future_refused(member: Client) -> None:
    wine = stocked_wine(2)
    assert send(member, f"/wines/{wine.pk}/check-out/", quantity="1", when="2021-12-31").status_code == 302
    first = Transaction.objects.newest_first().last()
    assert first is not None
    assert timezone.localtime(first.happened_at).date().isoformat() == "2021-12-31"
    response = send(member, f"/wines/{wine.pk}/check-out/", quantity="1", when="2999-12-31")
    assert "not in the future" in error_beside(response, "when")


@pytest.mark.parametrize(
    ("name", "typed"), [("quantity", "0"), ("quantity", ""), ("price", "lots"), ("reason", "thirst"), ("when", "31/12")]
)
def test_a_mistake_is_told_beside_its_field(member: Client, name: str, typed: str) -> None:
    wine = stocked_wine(2)
    before = everything()
    response = send(member, f"/wines/{wine.pk}/check-out/", **{"quantity": "1", name: typed})
    assert response.status_code == 422
    assert error_beside(response, name)
    assert everything() == before


def test_the_same_form_sent_twice_has_one_effect(member: Client) -> None:
    wine = stocked_wine(4)
    filled = form_to(member.get(f"/wines/{wine.pk}/check-out/"), "").filled(quantity="2")
    assert [member.post(f"/wines/{wine.pk}/check-out/", filled).status_code for _time in range(2)] == [302, 302]
    wine.refresh_from_db()
    assert wine.count_in_cellar == 2


def test_the_same_form_for_the_last_bottle_sent_twice_is_no_error(member: Client) -> None:
    wine = stocked_wine(1)
    filled = form_to(member.get(f"/wines/{wine.pk}/check-out/"), "").filled(quantity="1")
    assert [member.post(f"/wines/{wine.pk}/check-out/", filled).status_code for _time in range(2)] == [302, 302]


# -- Which bottles -----------------------------------------------------------------------------------------------------


def test_the_choice_is_by_place_and_size(member: Client) -> None:
    shelf, wine = make_location("Shelf 1"), make_wine()
    check_in(wine, 2, location=shelf)
    check_in(wine, 1, location=shelf, size_ml=1500)
    page = text_of(member.get(f"/wines/{wine.pk}/check-out/"))
    assert "Shelf 1 · 75 cl (2)" in page
    assert "Shelf 1 · Magnum (1.5 l) (1)" in page


def test_the_bottles_at_the_chosen_place_go(member: Client) -> None:
    one, other, wine = make_location(), make_location(), make_wine()
    check_in(wine, 2, location=one)
    check_in(wine, 2, location=other)
    send(member, f"/wines/{wine.pk}/check-out/", quantity="2", which=f"{other.pk}:750")
    assert set(wine.bottles.filter(state=State.IN_CELLAR).values_list("location_id", flat=True)) == {one.pk}


def test_more_than_there_is_at_the_chosen_place_is_refused(member: Client) -> None:
    one, other, wine = make_location(), make_location(), make_wine()
    check_in(wine, 2, location=one)
    check_in(wine, 5, location=other)
    response = send(member, f"/wines/{wine.pk}/check-out/", quantity="3", which=f"{one.pk}:750")
    assert (response.status_code, "There are only 2 such bottles" in text_of(response)) == (422, True)


def test_without_a_place_is_a_choice_too(member: Client) -> None:
    shelf, wine = make_location(), make_wine()
    check_in(wine, 1, location=shelf)
    check_in(wine, 1)
    send(member, f"/wines/{wine.pk}/check-out/", quantity="1", which="none:750")
    assert wine.bottles.get(state=State.IN_CELLAR).location_id == shelf.pk


def test_the_bottle_that_was_pointed_at_goes(member: Client) -> None:
    wine, rack = make_wine(), make_rack("Rack B")
    check_in(wine, 3, location=rack, row=1, column=1)
    bottle = wine.bottles.get(column=2)
    path = f"/wines/{wine.pk}/check-out/?bottle={bottle.pk}"
    assert "the one at Rack B · row 1, column 2" in text_of(member.get(path))
    send(member, path, quantity="1")
    bottle.refresh_from_db()
    assert bottle.state == State.GONE


def test_a_bottle_that_is_gone_meanwhile_is_told_plainly(member: Client) -> None:
    wine = stocked_wine(3)
    bottle = wine.bottles.all()[0]
    path = f"/wines/{wine.pk}/check-out/?bottle={bottle.pk}"
    filled = form_to(member.get(path), "").filled()
    pick = stock.Pick(bottle_id=bottle.pk)
    stock.check_out(wine=wine, quantity=1, reason=Reason.GIFT, pick=pick, actor=None)
    response = member.post(path, filled)
    assert response.status_code == 422
    assert "These bottles are no longer there." in text_of(response)


@pytest.mark.parametrize("pointed", ["", "nonsense", "00000000-0000-0000-0000-000000000007"])
def test_a_pointer_to_no_bottle_is_passed_over(member: Client, pointed: str) -> None:
    wine = stocked_wine(2)
    assert send(member, f"/wines/{wine.pk}/check-out/?bottle={pointed}", quantity="1").status_code == 302


def test_a_bottle_of_another_wine_cannot_be_pointed_at(member: Client) -> None:
    wine, other = stocked_wine(2), stocked_wine(1)
    response = send(member, f"/wines/{wine.pk}/check-out/", quantity="1", which=f"bottle:{other.bottles.get().pk}")
    assert response.status_code == 422


@pytest.mark.parametrize("which", ["nonsense", "bottle:", "bottle:nonsense", ":", "none:", "none:huge", "x" * 500])
def test_a_choice_that_is_none_is_refused(member: Client, which: str) -> None:
    wine = stocked_wine(2)
    assert send(member, f"/wines/{wine.pk}/check-out/", quantity="1", which=which).status_code == 422


@pytest.mark.parametrize("verb", ["check-out", "open", "move"])
def test_a_form_for_a_place_that_is_sent_twice_counts_once_and_is_told_twice(member: Client, verb: str) -> None:
    wine, here, there = make_wine(), make_location(), make_location()
    check_in(wine, 1, location=here)
    check_in(wine, 1, location=there)
    page = member.get(f"/wines/{wine.pk}/{verb}/")
    which = next(
        value for value in re.findall(r'<option value="([^"]+)"', page.content.decode()) if str(here.pk) in value
    )
    filled = form_to(page, "").filled(quantity="1", which=which, location=str(there.pk))
    assert member.post(f"/wines/{wine.pk}/{verb}/", filled).status_code == 302
    book = everything()
    again = member.post(f"/wines/{wine.pk}/{verb}/", filled)
    assert again.status_code == 302
    assert "1 bottle of" in messages_of(again)
    assert everything() == book

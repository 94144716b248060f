"""/wines/add/"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from cellar.forms.wine import WineForm
from cellar.models import Bottle, Kind, State, Transaction, Wine
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine
from tests.cellar.views.pages import error_beside, everything, form_to, messages_of, send, text_of, value_in

pytestmark = pytest.mark.django_db

URL = "/wines/add/"
MARGAUX: dict[str, Any] = {
    "producer": "Château Margaux", "name": "Grand Vin", "vintage_text": "2015", "type": "red", "country": "France",
    "region": "Bordeaux", "appellation": "Margaux", "quantity": "6",
}  # fmt: skip


def test_a_wine_is_added_with_its_first_bottles(member: Client) -> None:
    shelf = make_location("Shelf 1")
    response = send(member, URL, **MARGAUX, location=str(shelf.pk), price="45,50", currency="EUR", store="Nicolas")
    wine = Wine.objects.get()
    assert response["Location"] == f"/wines/{wine.pk}/"
    assert (wine.full_name, wine.count_in_cellar) == ("Château Margaux Grand Vin 2015", 6)
    done = Transaction.objects.get()
    assert (done.kind, done.quantity, done.unit_price, done.currency) == (Kind.CHECK_IN, 6, 4550, "EUR")
    assert done.store == "Nicolas"
    assert set(wine.bottles.values_list("location_id", "state")) == {(shelf.pk, State.IN_CELLAR)}


def test_who_added_it_is_in_the_history(member: Client) -> None:
    send(member, URL, **MARGAUX)
    assert str(Transaction.objects.select_related("actor").get().actor) in text_of(member.get("/history/"))


def test_what_was_added_is_told_with_the_way_back(member: Client) -> None:
    send(member, URL, **MARGAUX)
    done = Transaction.objects.get()
    page = member.get("/wines/")
    assert "6 × Château Margaux Grand Vin 2015 checked in." in text_of(page)
    member.post(form_to(page, f"/history/{done.action}/undo/").action)
    assert Wine.objects.get().count_in_cellar == 0


def test_every_field_is_kept(member: Client) -> None:
    more = {
        "grape_rows_first": ["Cabernet Sauvignon", "Merlot"], "grape_rows_second": ["87", "13,0 %"],
        "custom_rows_first": ["Bought with"], "custom_rows_second": ["Aunt Ada"],
        "classification": "Premier Grand Cru Classé", "sub_region": "Médoc", "vineyard": "Clos", "alcohol": "13,5",
        "sweetness": "dry", "body": "full", "acidity": "high", "pairings": "Beef, game \r\nlamb",
        "producer_type": "estate", "price_tier": "luxury", "minimum_stock": "2", "wishlist": "on",
        "ean": "3 760 123 456 789", "lwin": "1011247", "cellartracker_id": "12345",
        "vivino_url": "https://www.vivino.com/w/1", "drink_from": "2025", "drink_until": "2060", "best_from": "2030",
        "best_until": "2050",
    }  # fmt: skip
    send(member, URL, **MARGAUX, **more)
    wine = Wine.objects.get()
    assert [str(grape) for grape in wine.grape_list] == ["Cabernet Sauvignon 87 %", "Merlot 13 %"]
    assert wine.custom_fields == {"Bought with": "Aunt Ada"}
    assert (str(wine.alcohol), wine.ean, wine.minimum_stock, wine.wishlist) == ("13.5", "3760123456789", 2, True)
    assert (wine.body, wine.acidity, wine.pairings) == ("full", "high", ["Beef", "game", "lamb"])
    assert (wine.sub_region, wine.vineyard, wine.producer_type) == ("Médoc", "Clos", "estate")
    assert (wine.drink_from, wine.best_from, wine.best_until, wine.drink_until) == (2025, 2030, 2050, 2060)


@pytest.mark.parametrize(
    ("typed", "vintage", "non_vintage"),
    [("2015", 2015, False), ("NV", None, True), ("n.v.", None, True), ("", None, False), (" 1999 ", 1999, False)],
)
def test_non_vintage_and_unknown_are_two_things(
    member: Client, typed: str, vintage: int | None, non_vintage: bool
) -> None:
    send(member, URL, **{**MARGAUX, "vintage_text": typed})
    wine = Wine.objects.get()
    assert (wine.vintage, wine.non_vintage) == (vintage, non_vintage)


def test_quantity_zero_keeps_a_wine_for_the_wish_list(member: Client) -> None:
    send(member, URL, **{**MARGAUX, "quantity": "0"}, wishlist="on")
    assert Wine.objects.get().wishlist
    assert not Transaction.objects.exists()


def test_bottles_on_order_are_not_in_the_cellar_yet(member: Client) -> None:
    expected = timezone.localdate() + timedelta(days=30)
    response = send(member, URL, **MARGAUX, on_order="on", expected_on=expected.isoformat(), price="30")
    done, wine = Transaction.objects.get(), Wine.objects.get()
    assert (done.kind, done.expected_on, done.unit_price) == (Kind.ORDER, expected, 3000)
    assert (wine.count_on_order, wine.count_in_cellar) == (6, 0)
    assert "ordered" in messages_of(response)


def test_an_order_has_no_place_yet(member: Client) -> None:
    send(member, URL, **MARGAUX, on_order="on", location=str(make_location().pk))
    assert set(Bottle.objects.values_list("location_id", flat=True)) == {None}


def test_a_day_in_the_past_is_kept(member: Client) -> None:
    send(member, URL, **MARGAUX, when="2019-05-04")
    assert timezone.localtime(Transaction.objects.get().happened_at).date().isoformat() == "2019-05-04"


def test_bottles_fill_the_slots_of_a_rack(member: Client) -> None:
    rack = make_rack(rows=2, columns=4)
    send(member, URL, **MARGAUX, location=str(rack.pk), row="1", column="2")
    assert sorted(Bottle.objects.values_list("row", "column")) == [(1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (2, 3)]


def test_a_slot_that_was_tapped_is_filled_in_already(member: Client) -> None:
    rack = make_rack()
    page = member.get(f"{URL}?location={rack.pk}&row=2&column=3")
    assert [value_in(page, name) for name in ("location", "row", "column")] == [str(rack.pk), "2", "3"]


def test_nothing_is_saved_when_the_rack_has_no_room(member: Client) -> None:
    rack = make_rack("Rack B", rows=1, columns=4)
    before = everything()
    response = send(member, URL, **MARGAUX, location=str(rack.pk), row="1", column="1")
    assert response.status_code == 422
    assert "Only 4 slots of Rack B are free from there on." in text_of(response)
    assert everything() == before
    assert value_in(response, "producer") == "Château Margaux"


def test_bottles_fill_the_free_slots_of_a_rack_where_none_is_named(member: Client) -> None:
    rack = make_rack("Rack B", rows=2, columns=4)
    check_in(make_wine(), 1, location=rack, row=1, column=2)
    response = send(member, URL, **MARGAUX, location=str(rack.pk))
    assert "checked in. Rack B: row 1, column 1, 3–4; row 2, column 1–3." in messages_of(response)


def test_too_few_free_slots_are_told_and_the_rest_may_lie_there_without_one(member: Client) -> None:
    rack = make_rack("Rack B", rows=1, columns=4)
    before = everything()
    response = send(member, URL, **MARGAUX, location=str(rack.pk))
    assert response.status_code == 422
    assert error_beside(response, "slots") == "Only 4 slots of Rack B are free. Nothing was changed."
    assert everything() == before
    member.post(URL, form_to(response, "").filled(slots=["free", "rest"]))
    assert Bottle.objects.filter(location=rack, row=None).count() == 2


def test_the_way_out_is_kept_while_it_is_asked_whether_the_wine_is_there(member: Client) -> None:
    rack = make_rack("Rack B", rows=1, columns=4)
    make_wine(producer="Château Margaux", name="Grand Vin", vintage=2015)
    filled = form_to(member.get(URL), "").filled(**MARGAUX, location=str(rack.pk), slots=["free", "rest"])
    asked = member.post(URL, filled)
    assert (asked.status_code, value_in(asked, "slots")) == (422, "rest")


def test_nothing_is_saved_when_the_slot_is_taken(member: Client) -> None:
    rack = make_rack()
    check_in(make_wine(), 1, location=rack, row=1, column=1)
    response = send(member, URL, **{**MARGAUX, "quantity": "1"}, location=str(rack.pk), row="1", column="1")
    assert response.status_code == 422
    assert "That slot is taken." in text_of(response)
    assert Wine.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "typed", "error"),
    [
        ("name", "", "Enter a producer, a name, or both."),
        ("vintage_text", "1492", "Enter a year from 1800"),
        ("vintage_text", "last year", "Enter a year from 1800"),
        ("quantity", "-1", "-1 is too low: enter 0 or more."),
        ("quantity", "1201", "1201 is too high: enter 1200 or less."),
        ("quantity", "a dozen", "Enter a whole number, such as 6."),
        ("quantity", "", "This field is required."),
        ("price", "cheap", "Enter an amount such as 12.50."),
        ("price", "-3", "Enter an amount such as 12.50."),
        ("alcohol", "101", "101 is too high: enter 100 or less."),
        ("alcohol", "NaN", "Enter a number, such as 13.5."),
        ("drink_until", "31", "Enter a year, such as 2031."),
        ("minimum_stock", "10001", "10001 is too high: enter 10000 or less."),
        ("ean", "12", "A barcode has 8 to 14 digits."),
        ("vivino_url", "javascript:alert(1)", "Enter an address that begins with https://."),
        ("when", "2999-01-01", "Enter a day that is not in the future."),
        ("when", "yesterday", "Enter a day with its year, such as 2024-05-04."),
        ("type", "beer", "Select a valid choice."),
        ("body", "heavy", "Select a valid choice."),
        ("acidity", "sour", "Select a valid choice."),
        ("pairings", ", ".join(f"Dish {n}" for n in range(31)), "At most 30 of them."),
        ("pairings", "x" * 61, "Each at most 60 characters."),
        ("pairings", "Beef\0", "Null characters are not allowed."),
        ("location", str(UUID(int=7)), "Select a valid choice."),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_is_lost(
    member: Client, name: str, typed: str, error: str
) -> None:
    # A name alone is enough, so that both have to be missing.
    filled = {**MARGAUX, **({"producer": ""} if name == "name" else {}), name: typed, "note": "From the fair"}
    response = send(member, URL, **filled)
    assert response.status_code == 422
    assert error in error_beside(response, name)
    assert value_in(response, "note") == "From the fair"
    assert value_in(response, "region") == "Bordeaux"
    if name not in {"type", "body", "acidity", "location"} and "\0" not in typed:
        assert value_in(response, name) == typed
    assert not Wine.objects.exists()


def test_one_summary_leads_to_all_mistakes(member: Client) -> None:
    content = send(member, URL, **{**MARGAUX, "vintage_text": "1492", "quantity": "-1"}).content.decode()
    assert content.count('class="form-errors"') == 1
    summary = content.split('class="form-errors"')[1].split("</ul>")[0]
    assert re.findall(r'href="#(\w+)">([^<]+)<', summary) == [
        ("id_vintage_text", "Vintage"),
        ("id_quantity", "Bottles"),
    ]


@pytest.mark.parametrize(
    ("row", "column", "beside", "error"),
    [
        ("3", "", "column", "A slot has a row and a column."),
        ("", "3", "row", "A slot has a row and a column."),
        ("1", "3", "row", "Only a rack has slots."),
        ("0", "1", "row", "0 is too low: enter 1 or more."),
    ],
)
def test_half_a_slot_or_one_outside_a_rack_is_refused(
    member: Client, row: str, column: str, beside: str, error: str
) -> None:
    response = send(member, URL, **MARGAUX, location=str(make_location().pk), row=row, column=column)
    assert response.status_code == 422
    assert error in error_beside(response, beside)


def test_a_slot_that_the_rack_does_not_have_is_refused(member: Client) -> None:
    rack = make_rack("Rack B", rows=2, columns=3)
    response = send(member, URL, **MARGAUX, location=str(rack.pk), row="3", column="1")
    assert "Rack B has 2 rows and 3 columns." in error_beside(response, "row")


@pytest.mark.parametrize(
    ("grapes", "shares", "error"),
    [
        (["Merlot", "Syrah"], ["60", "50"], "Together they are more than 100 %."),
        (["Merlot", "MERLOT"], ["60", "40"], "A grape is named twice."),
        (["Merlot"], ["much"], "“much” is not a percentage"),
        (["Merlot"], ["0"], "“0” is not a percentage"),
        ([""], ["60"], "“60” has no name."),
        ([f"Grape {n}" for n in range(21)], [""] * 21, "At most 20 of them."),
        (["x" * 81], [""], "Each at most 80 characters."),
    ],
)
def test_grapes_that_make_no_sense_are_refused(
    member: Client, grapes: list[str], shares: list[str], error: str
) -> None:
    response = send(member, URL, **MARGAUX, grape_rows_first=grapes, grape_rows_second=shares)
    assert response.status_code == 422
    assert error in error_beside(response, "grape_rows")
    assert grapes[0] in form_to(response, "").fields["grape_rows_first"]


@pytest.mark.parametrize(
    ("names", "values", "error"),
    [
        (["Cellar", "cellar"], ["a", "b"], "A name stands there twice."),
        ([f"Field {n}" for n in range(21)], ["x"] * 21, "At most 20 of them."),
        ([""], ["lost"], "“lost” has no name."),
    ],
)
def test_own_fields_that_make_no_sense_are_refused(
    member: Client, names: list[str], values: list[str], error: str
) -> None:
    response = send(member, URL, **MARGAUX, custom_rows_first=names, custom_rows_second=values)
    assert response.status_code == 422
    assert error in error_beside(response, "custom_rows")


def test_own_fields_may_be_called_anything(member: Client) -> None:
    names = ["a.b", "$set", "__proto__", "id", "Preis €"]
    send(member, URL, **MARGAUX, custom_rows_first=names, custom_rows_second=["1"] * 5)
    wine = Wine.objects.get()
    assert sorted(wine.custom_fields) == sorted(names)
    assert all(name in text_of(member.get(f"/wines/{wine.pk}/")) for name in names)


def test_windows_out_of_order_are_refused(member: Client) -> None:
    response = send(member, URL, **MARGAUX, drink_from="2030", drink_until="2020")
    assert response.status_code == 422
    assert "This is before 2030" in error_beside(response, "drink_until")


def test_a_price_without_minor_units_is_read_in_its_currency(member: Client) -> None:
    send(member, URL, **MARGAUX, price="4,500", currency="JPY")
    assert Transaction.objects.get().unit_price == 4500


# -- The same form twice -----------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_adds_one_wine(member: Client) -> None:
    filled = form_to(member.get(URL), "").filled(**MARGAUX)
    first, second = member.post(URL, filled), member.post(URL, filled)
    wine = Wine.objects.get()
    assert first["Location"] == second["Location"] == f"/wines/{wine.pk}/"
    assert (wine.count_in_cellar, Transaction.objects.count()) == (6, 1)
    assert "nothing was added a second time" in messages_of(second)


def test_the_same_form_without_bottles_sent_twice_adds_one_wine(member: Client) -> None:
    filled = form_to(member.get(URL), "").filled(**{**MARGAUX, "quantity": "0"})
    assert [member.post(URL, filled).status_code for _time in range(2)] == [302, 302]
    assert Wine.objects.count() == 1


def test_the_same_form_that_overtakes_this_one_is_no_wine_of_its_own(
    member: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled = form_to(member.get(URL), "").filled(**MARGAUX)
    look, answers = WineForm.same, []

    def overtaken(form: WineForm) -> Wine | None:
        # After this one was found new, and before it looks whether its wine is there.
        monkeypatch.setattr(WineForm, "same", look)
        answers.append(member.post(URL, filled).status_code)
        return look(form)

    monkeypatch.setattr(WineForm, "same", overtaken)
    response = member.post(URL, filled)
    wine = Wine.objects.get()
    assert answers == [302]
    assert (response.status_code, response["Location"]) == (302, f"/wines/{wine.pk}/")
    assert (wine.count_in_cellar, Transaction.objects.count()) == (6, 1)


def test_a_key_that_is_none_is_passed_over(member: Client) -> None:
    assert member.post(URL, {**MARGAUX, "key": "none"}).status_code == 302
    assert Wine.objects.get().count_in_cellar == 6


# -- A wine that is there ----------------------------------------------------------------------------------------------


SPELLINGS = [
    {"producer": "Château Margaux", "name": "Grand Vin"},
    {"producer": "CHATEAU MARGAUX", "name": "grand vin"},
    {"producer": " chateau   margaux", "name": "GRAND  VIN "},
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_wine_that_is_there_is_offered(member: Client, spelling: dict[str, str]) -> None:
    wine = stocked_wine(3, producer="Château Margaux", name="Grand Vin", vintage=2015)
    before = everything()
    response = send(member, URL, **{**MARGAUX, **spelling})
    assert response.status_code == 422
    assert "You have this wine" in text_of(response)
    assert "There are 3 bottles of it in the cellar. Nothing was saved yet." in text_of(response)
    assert "How many bottles, and where, is asked below." in text_of(response)
    assert "It has no year." not in text_of(response)
    assert f"/wines/{wine.pk}/" in response.content.decode()
    assert everything() == before


def test_another_vintage_is_another_wine(member: Client) -> None:
    stocked_wine(3, producer="Château Margaux", name="Grand Vin", vintage=2016)
    assert send(member, URL, **MARGAUX).status_code == 302
    assert Wine.objects.count() == 2


def test_a_wine_without_vintage_is_not_one_whose_vintage_nobody_knows(member: Client) -> None:
    make_wine(producer="Krug", name="Grande Cuvée", non_vintage=True)
    assert send(member, URL, producer="Krug", name="Grande Cuvée", vintage_text="").status_code == 302
    assert send(member, URL, producer="Krug", name="Grande Cuvée", vintage_text="NV").status_code == 422


def asked(member: Client) -> dict[str, Any]:
    """Return the form that asks what to do with a wine that is there."""
    return form_to(send(member, URL, **MARGAUX), "").filled()


def test_the_bottles_can_be_added_to_it(member: Client) -> None:
    wine = stocked_wine(3, producer="Château Margaux", name="Grand Vin", vintage=2015, country="")
    response = member.post(URL, {**asked(member), "existing": "1"})
    wine.refresh_from_db()
    assert response["Location"] == f"/wines/{wine.pk}/"
    assert (wine.count_in_cellar, wine.country, Wine.objects.count()) == (9, "", 1)


def test_it_can_be_kept_as_a_wine_of_its_own(member: Client) -> None:
    stocked_wine(3, producer="Château Margaux", name="Grand Vin", vintage=2015)
    assert member.post(URL, {**asked(member), "anyway": "1"}).status_code == 302
    assert sorted(Wine.objects.values_list("count_in_cellar", flat=True)) == [3, 6]


@pytest.mark.parametrize("answer", ["existing", "anyway"])
def test_the_answer_sent_twice_has_one_effect(member: Client, answer: str) -> None:
    stocked_wine(3, producer="Château Margaux", name="Grand Vin", vintage=2015)
    filled = {**asked(member), answer: "1"}
    assert [member.post(URL, filled).status_code for _time in range(2)] == [302, 302]
    assert sum(Wine.objects.values_list("count_in_cellar", flat=True)) == 9


def test_an_archived_wine_that_gets_bottles_is_in_the_list_again(member: Client) -> None:
    make_wine(producer="Château Margaux", name="Grand Vin", vintage=2015, archived_at=timezone.now())
    member.post(URL, {**asked(member), "existing": "1"})
    assert Wine.objects.get().archived_at is None


def test_a_current_wine_is_offered_before_an_archived_one(member: Client) -> None:
    make_wine(producer="Château Margaux", name="Grand Vin", vintage=2015, archived_at=timezone.now())
    current = make_wine(producer="Château Margaux", name="Grand Vin", vintage=2015)
    make_wine(producer="Château Margaux", name="Grand Vin", vintage=2015, archived_at=timezone.now())
    assert f"/wines/{current.pk}/" in send(member, URL, **MARGAUX).content.decode()


def test_no_bottle_for_a_wine_that_is_there_is_told(member: Client) -> None:
    make_wine(producer="Château Margaux", name="Grand Vin", vintage=2015)
    response = member.post(URL, {**asked(member), "existing": "1", "quantity": "0"})
    assert "was there already; no bottle was added" in messages_of(response)


# -- A wine without a year, of which there are some years --------------------------------------------------------------


def without_year(member: Client, **typed: Any) -> Any:
    return send(member, URL, **{**MARGAUX, "vintage_text": "", **typed})


def two_vintages() -> list[Wine]:
    return [stocked_wine(3, producer="Château Margaux", name="Grand Vin", vintage=year) for year in (2015, 2016)]


def test_which_vintage_it_is_is_asked(member: Client) -> None:
    older, newer = two_vintages()
    page = without_year(member)
    assert page.status_code == 422
    assert "Which vintage is it?" in text_of(page)
    content = page.content.decode()
    assert content.index(f'value="{newer.pk}">Add the bottles to 2016') < content.index(f'value="{older.pk}">Add')
    assert Wine.objects.count() == 2


@pytest.mark.parametrize("number", [0, 1])
def test_the_bottles_are_added_to_the_vintage_that_is_chosen(member: Client, number: int) -> None:
    wine = two_vintages()[number]
    response = member.post(URL, form_to(without_year(member), "").filled(existing=str(wine.pk)))
    wine.refresh_from_db()
    assert response["Location"] == f"/wines/{wine.pk}/"
    assert (wine.count_in_cellar, Wine.objects.count()) == (9, 2)


def test_it_can_be_kept_without_a_year(member: Client) -> None:
    two_vintages()
    member.post(URL, form_to(without_year(member), "").filled(anyway="1"))
    assert Wine.objects.get(vintage=None).count_in_cellar == 6


def test_it_can_be_another_vintage(member: Client) -> None:
    two_vintages()
    page = without_year(member)
    newer = Wine.objects.get(vintage=2016)
    copied = member.post("/wines/add/read/", form_to(page, "").filled(copy=str(newer.pk)))
    member.post(URL, form_to(copied, URL).filled(vintage_text="2017"))
    assert Wine.objects.get(vintage=2017).count_in_cellar == 6


@pytest.mark.parametrize("other", ["1", "x", "00000000-0000-0000-0000-000000000007"])
def test_a_vintage_that_is_none_of_them_is_asked_again(member: Client, other: str) -> None:
    two_vintages()
    assert without_year(member, existing=other).status_code == 422
    assert sum(Wine.objects.values_list("count_in_cellar", flat=True)) == 6


def test_a_wine_without_a_year_that_is_there_is_offered_instead(member: Client) -> None:
    two_vintages()
    stocked_wine(1, producer="Château Margaux", name="Grand Vin", vintage=None)
    page = text_of(without_year(member))
    assert "You have this wine" in page
    assert "Which vintage is it?" not in page
    assert "It has no year. If this bottle has one, enter it below." in page


# -- Another vintage ---------------------------------------------------------------------------------------------------


def test_another_vintage_begins_with_what_is_on_the_label(member: Client) -> None:
    wine = make_wine(
        producer="Keller", name="Riesling", vintage=2019, type="white", region="Rheinhessen", alcohol="12.5",
        grapes=[{"name": "Riesling", "percent": 100}], custom_fields={"Soil": "Limestone"},
        drink_from=2020, drink_until=2030, vivino_url="https://www.vivino.com/w/1", wishlist=True,
    )  # fmt: skip
    page = member.get(f"{URL}?like={wine.pk}")
    shown = {name: value_in(page, name) for name in ("producer", "name", "type", "region", "alcohol")}
    assert list(shown.values()) == ["Keller", "Riesling", "white", "Rheinhessen", "12.5"]
    assert form_to(page, "").fields["grape_rows_first"][0] == "Riesling"
    assert form_to(page, "").fields["custom_rows_second"][0] == "Limestone"


def test_another_vintage_does_not_take_over_what_belongs_to_the_year(member: Client) -> None:
    wine = make_wine(vintage=2019, drink_from=2020, vivino_url="https://www.vivino.com/w/1", wishlist=True)
    page = member.get(f"{URL}?like={wine.pk}")
    assert {value_in(page, name) for name in ("vintage_text", "drink_from", "vivino_url", "wishlist")} == {""}


@pytest.mark.parametrize("like", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_wine_that_is_not_there_is_no_template(member: Client, like: str) -> None:
    page = member.get(f"{URL}?like={like}")
    assert (page.status_code, value_in(page, "producer")) == (200, "")

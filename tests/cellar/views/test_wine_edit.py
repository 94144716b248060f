"""/wines/…/edit/"""

from __future__ import annotations

import pytest
from django.test import Client

from cellar.models import Wine
from tests.cellar.factories import make_wine, stocked_wine
from tests.cellar.views.pages import error_beside, everything, form_to, messages_of, send, text_of, value_in

pytestmark = pytest.mark.django_db


def test_it_shows_what_is_there(member: Client) -> None:
    wine = make_wine(
        producer="Krug", name="Grande Cuvée", non_vintage=True, type="sparkling", alcohol="12.0",
        grapes=[{"name": "Pinot Noir", "percent": 45.5}], custom_fields={"Cork": "Mytik"},
    )  # fmt: skip
    page = member.get(f"/wines/{wine.pk}/edit/")
    shown = [value_in(page, name) for name in ("producer", "name", "vintage_text", "type", "alcohol")]
    assert shown == ["Krug", "Grande Cuvée", "NV", "sparkling", "12.0"]
    fields = form_to(page, "").fields
    assert (fields["grape_rows_first"][0], fields["grape_rows_second"][0]) == ("Pinot Noir", "45.5")
    assert (fields["custom_rows_first"][0], fields["custom_rows_second"][0]) == ("Cork", "Mytik")


def test_what_is_sent_back_unchanged_changes_nothing(member: Client) -> None:
    wine = stocked_wine(
        2, producer="Krug", alcohol="12.0", grapes=[{"name": "Pinot Noir", "percent": 45.5}], drink_from=2020
    )  # fmt: skip
    before = everything()
    assert send(member, f"/wines/{wine.pk}/edit/").status_code == 302
    assert everything() == before


def test_a_change_is_saved_and_found(member: Client) -> None:
    wine = stocked_wine(2, producer="Vietty")
    response = send(member, f"/wines/{wine.pk}/edit/", producer="Vietti", vintage_text="2016", region="Piëmont")
    assert response["Location"] == f"/wines/{wine.pk}/"
    assert "Saved." in messages_of(response)
    wine.refresh_from_db()
    assert (wine.producer, wine.vintage, wine.count_in_cellar) == ("Vietti", 2016, 2)
    assert "Vietti" in text_of(member.get("/wines/?q=vietti+2016+piemont"))


def test_what_was_there_can_be_taken_away(member: Client) -> None:
    wine = make_wine(drink_from=2020, alcohol="12.0", custom_fields={"a": "b"}, grapes=[{"name": "Merlot"}])
    gone = dict.fromkeys(("drink_from", "alcohol", "custom_rows_first", "grape_rows_first"), "")
    send(member, f"/wines/{wine.pk}/edit/", **gone, custom_rows_second="", grape_rows_second="")
    wine.refresh_from_db()
    assert (wine.drink_from, wine.alcohol, wine.custom_fields, wine.grapes) == (None, None, {}, [])


def test_two_edits_of_different_fields_are_both_kept(member: Client) -> None:
    wine = make_wine(region="Bordeaux", type="red")
    first = form_to(member.get(f"/wines/{wine.pk}/edit/"), "").filled(appellation="Margaux")
    Wine.objects.filter(pk=wine.pk).update(minimum_stock=6)
    member.post(f"/wines/{wine.pk}/edit/", {**first, "minimum_stock": "6"})
    wine.refresh_from_db()
    assert (wine.appellation, wine.minimum_stock) == ("Margaux", 6)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("vintage_text", "12"), ("alcohol", "a lot"), ("drink_from", "1"), ("ean", "abc"), ("type", "cider")],
)
def test_a_mistake_is_told_beside_its_field(member: Client, name: str, typed: str) -> None:
    wine = make_wine()
    before = everything()
    response = send(member, f"/wines/{wine.pk}/edit/", **{"region": "Typed", name: typed})
    assert response.status_code == 422
    assert error_beside(response, name)
    assert value_in(response, "region") == "Typed"
    assert everything() == before


def test_a_wine_keeps_a_name(member: Client) -> None:
    wine = make_wine()
    response = send(member, f"/wines/{wine.pk}/edit/", producer="", name=" ")
    assert "Enter a producer, a name, or both." in error_beside(response, "name")

"""/wines/add/: a wine that is begun is completed from the catalogue, in the browser or by the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from cellar.models import ReferenceWine, Wine
from cellar.reference.loading import load
from tests.cellar.reference.test_catalogue import HEAD, row
from tests.cellar.views.pages import form_to, text_of, value_in
from tests.cellar.views.test_begun import go_on
from tests.cellar.views.test_wine_read import mark_beside

ADD = "/wines/add/"
NUMBER = 100001


@pytest.fixture(autouse=True)
def _catalogue(db: None, tmp_path: Path) -> None:
    path = tmp_path / "wines.csv"
    path.write_text(HEAD + row(), encoding="utf-8")
    load(path)


def send(member: Client, page: Any = None, **typed: str) -> HttpResponse:
    response: Any = member.post(ADD, form_to(page or member.get(ADD), "").filled(**typed))
    return response  # type: ignore[no-any-return]


def test_enter_offers_the_wines_that_may_be_meant_and_saves_nothing(member: Client) -> None:
    page = send(member, complete="", producer="chateu", vintage_text="2019")
    assert page.status_code == 200
    text = text_of(page)
    assert "Is it one of these? Nothing is saved before you check in. Château Test Grand Vin Red · France" in text
    assert "Choose Château Test Grand Vin" in text
    assert (value_in(page, "producer"), value_in(page, "vintage_text")) == ("chateu", "2019")
    assert not Wine.objects.exists()


def test_the_first_button_of_the_form_saves_nothing(member: Client) -> None:
    page = member.get(ADD).content.decode()
    form = page[page.index('<form class="fields narrow"') :]
    assert 'name="complete"' in form[form.index("<button") :].split(">")[0]


def test_what_was_begun_is_replaced_by_the_wine_that_is_chosen_and_the_rest_stays(member: Client) -> None:
    page = send(member, complete=str(NUMBER), producer="chateu", name="gran", region="Médoc")
    values = {name: value_in(page, name) for name in ("producer", "name", "region", "country", "grape_rows_first")}
    assert values == {
        "producer": "Château Test", "name": "Grand Vin", "region": "Médoc", "country": "France",
        "grape_rows_first": "Merlot",
    }  # fmt: skip
    assert (mark_beside(page, "producer"), mark_beside(page, "region")) == ("From the catalogue: sure", "")
    assert "What you typed stays as it is" not in page


def test_what_no_wine_is_called_like_is_said(member: Client) -> None:
    page = send(member, complete="", producer="Vietti")
    assert "No wine of the catalogue is called like that Nothing is saved before you check in." in text_of(page)
    assert value_in(page, "producer") == "Vietti"


def test_where_there_is_no_catalogue_the_owner_is_told_how_to_load_one(member: Client, owner: Client) -> None:
    assert "There is no catalogue yet" not in text_of(owner.get(ADD))
    ReferenceWine.objects.all().delete()
    assert "There is no catalogue yet to complete a wine from. On the server, “manage.py setup”" in text_of(
        owner.get(ADD)
    )
    assert "There is no catalogue yet" not in text_of(member.get(ADD))
    page = send(member, complete="", producer="Vietti")
    assert "There is no catalogue yet Nothing is saved before you check in." in text_of(page)


@pytest.mark.parametrize("number", ["7", "x", "-1", "9" * 30])
def test_a_wine_that_is_not_there_changes_nothing(member: Client, number: str) -> None:
    page = send(member, complete=number, producer="chateu")
    assert "no longer in the catalogue" in text_of(page)
    assert value_in(page, "producer") == "chateu"


# -- What the browser filled in

FILLED = {
    "producer": "Château Test", "name": "Grand Vin", "country": "France", "region": "Bordeaux", "alcohol": "13.5",
    "completed": f"{NUMBER} producer name region alcohol",
}  # fmt: skip


def test_a_form_that_is_refused_still_says_what_the_browser_filled_in(member: Client) -> None:
    page = send(member, **FILLED, vintage_text="next year")
    assert page.status_code == 422
    marks = {name: mark_beside(page, name) for name in ("producer", "region", "alcohol", "country", "vintage_text")}
    assert marks == {
        "producer": "From the catalogue: sure", "region": "From the catalogue: sure",
        "alcohol": "From the catalogue: please check", "country": "", "vintage_text": "",
    }  # fmt: skip


def test_what_was_edited_after_the_browser_filled_it_in_is_marked_no_more(member: Client) -> None:
    page = send(member, **{**FILLED, "region": "Médoc"}, vintage_text="next year")
    assert (mark_beside(page, "region"), mark_beside(page, "name")) == ("", "From the catalogue: sure")


def test_a_form_that_was_left_still_says_what_the_browser_filled_in(member: Client) -> None:
    member.post(f"{ADD}keep/", form_to(member.get(ADD), "").filled(**FILLED))
    page = go_on(member)
    assert (value_in(page, "region"), mark_beside(page, "region")) == ("Bordeaux", "From the catalogue: sure")


def test_another_wine_replaces_what_the_browser_filled_in_and_nothing_else(member: Client, tmp_path: Path) -> None:
    path = tmp_path / "more.csv"
    other = row(region="Toscana").replace("100001", "100002").replace("Grand Vin", "Autre Vin")
    path.write_text(HEAD + other, encoding="utf-8")
    load(path)
    page = send(member, **FILLED, choose="100002")
    values = {name: value_in(page, name) for name in ("name", "country", "region")}
    assert values == {"name": "Autre Vin", "country": "France", "region": "Toscana"}


@pytest.mark.parametrize("wrong", ["x", "7 name", f"{NUMBER}", f"{NUMBER} password key", "9" * 5000, "\0 name", " "])
def test_nonsense_about_what_was_filled_in_is_passed_over(member: Client, wrong: str) -> None:
    page = send(member, **{**FILLED, "completed": wrong}, vintage_text="next year")
    assert page.status_code == 422
    assert mark_beside(page, "name") == ""
    sent = send(member, page, vintage_text="2019")
    assert sent.status_code == 302
    assert Wine.objects.get().name == "Grand Vin"

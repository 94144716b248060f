"""/wines/add/read/: the form for a wine, filled in from a label, the catalogue or another vintage"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from cellar.labels import store
from cellar.models import Label, Wine
from cellar.reference.loading import load
from tests.cellar.factories import make_wine, stocked_wine
from tests.cellar.labels import tesseracts
from tests.cellar.labels.tesseracts import KETTMEIR
from tests.cellar.reference.test_catalogue import HEAD, row
from tests.cellar.views.pages import error_beside, everything, form_to, text_of
from tests.cellar.views.photos import not_a_photo, upload
from tests.cellar.views.test_hostile import HOSTILE as HOSTILE_VALUES
from tests.cellar.views.test_hostile import post

pytestmark = pytest.mark.django_db

ADD, URL = "/wines/add/", "/wines/add/read/"
Fields = dict[str, Any]


@pytest.fixture(autouse=True)
def _label(italian_wines: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Have every label say the same, and nobody be over a limit."""
    tesseracts.reads(monkeypatch, tmp_path / "bin", *KETTMEIR)
    cache.clear()
    yield
    cache.clear()


def sent_from(response: HttpResponse, **typed: Any) -> Fields:
    """Return what a browser sends after something was typed on this page."""
    action = "" if 'action="/wines/add/"' not in response.content.decode() else ADD
    return form_to(response, action).filled(**typed)


def read(member: Client, page: HttpResponse | None = None, **typed: Any) -> HttpResponse:
    """Type something, choose a photo, and have the label read."""
    filled = sent_from(page or member.get(ADD), **typed)  # type: ignore[arg-type]
    if page is None:
        filled.setdefault("front", upload())
    response: Any = member.post(URL, {**filled, "read": "tesseract"})
    return response  # type: ignore[no-any-return]


def press(member: Client, page: HttpResponse, name: str, value: object, **typed: Any) -> HttpResponse:
    response: Any = member.post(URL, {**sent_from(page, **typed), name: str(value)})
    return response  # type: ignore[no-any-return]


def shown(response: HttpResponse, *names: str) -> tuple[str, ...]:
    fields = sent_from(response)
    return tuple(str(fields[name][0]) for name in names)


def mark_beside(response: HttpResponse, name: str) -> str:
    """Return what the page says of where a field's value came from."""
    for block in re.split(r'<(?:div|fieldset) class="field', response.content.decode())[1:]:
        if re.search(rf'\bname="{name}(_first)?"', block):
            found = re.search(r"data-mark>([^<]*)<", block)
            return html.unescape(found[1]) if found else ""
    return ""


# -- Reading -----------------------------------------------------------------------------------------------------------


def test_the_form_comes_back_filled_in(member: Client) -> None:
    page = read(member)
    assert page.status_code == 200
    assert shown(page, "producer", "vintage_text", "type", "country") == ("Kettmeir", "2019", "white", "Italy")
    assert "The label was read" in text_of(page)


def test_each_value_says_where_it_came_from_and_how_sure_it_is(member: Client) -> None:
    page = read(member)
    assert mark_beside(page, "producer") == "From the catalogue: sure"
    assert mark_beside(page, "vintage_text") == "From the label: sure"
    assert mark_beside(page, "alcohol") == "From the label: sure"
    assert mark_beside(page, "store") == ""


def test_a_typed_producer_gets_nothing_of_the_wine_of_another_one(member: Client) -> None:
    page = read(member, producer="Weingut Ada")
    assert shown(page, "producer", "name", "country", "vintage_text") == ("Weingut Ada", "", "", "2019")
    assert "The label may be of Kettmeir." in text_of(page)


def test_a_producer_that_is_typed_in_part_is_the_same_one(member: Client) -> None:
    page = read(member, producer="kettmeir spa")
    assert shown(page, "producer", "country") == ("kettmeir spa", "Italy")


def test_the_page_says_which_wine_it_is_and_that_no_year_was_read(
    member: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "The label was read Kettmeir Müller Thurgau Alto Adige 2019" in text_of(read(member))
    assert "No year was read" not in text_of(read(member))
    tesseracts.reads(monkeypatch, tmp_path / "undated", *(line for line in KETTMEIR if line != "2019"))
    page = text_of(read(member))
    assert "The label was read Kettmeir Müller Thurgau Alto Adige" in page
    assert "No year was read: enter it if there is one on the bottle." in page


def more_of(page: HttpResponse) -> str:
    """Return what is folded together under "More about the wine", and what follows it."""
    found = re.search(r'<details class="more"[^>]*>\s*<summary>More about the wine.*', page.content.decode(), re.DOTALL)
    assert found
    return found[0]


def test_what_is_filled_in_under_more_is_summed_up_and_stays_folded(member: Client) -> None:
    page = read(member)
    assert " open" not in more_of(page).split(">")[0]
    summed_up = text_of(page).split("More about the wine")[1].split("Bottles")[0]
    assert "Filled in Grapes: Müller-Thurgau · Alcohol, %: 13 · Body: Medium-bodied · Acidity: Medium" in summed_up
    assert mark_beside(page, "body") == "From the catalogue: sure"


def test_what_is_to_be_checked_under_more_is_named_beside_what_is_sure(member: Client) -> None:
    page = press(member, member.get(ADD), "choose", 140262)  # type: ignore[arg-type]
    assert "Please check Alcohol, %: " in text_of(page)


def test_what_was_edited_under_more_is_no_longer_summed_up(member: Client) -> None:
    page = member.post(ADD, sent_from(read(member), body="full", vintage_text="2"))
    assert "Body: " not in text_of(page)
    assert "Acidity: Medium" in text_of(page)


def test_a_mistake_under_more_opens_it(member: Client) -> None:
    page: Any = member.post(ADD, sent_from(read(member), ean="12"))
    assert " open" in more_of(page).split(">")[0]


def test_a_mark_is_read_out_with_its_field(member: Client) -> None:
    page = read(member).content.decode()
    described = re.search(r'<input[^>]*name="producer"[^>]*aria-describedby="([^"]+)"', page)
    assert described
    mark = '<span class="chip ok" data-source="catalogue" data-mark>'
    assert re.search(rf'id="{described[1].split()[0]}"[^>]*>{mark}', page)


def test_a_reading_that_is_asked_for_elsewhere_is_sent_to_the_threads_of_its_own(member: Client) -> None:
    response = member.post(ADD, {"producer": "Vietti", "front": upload(), "read": "tesseract"})
    assert (response.status_code, response["Location"]) == (307, URL)
    assert not Wine.objects.exists()


def test_nothing_is_saved_by_reading(member: Client) -> None:
    before = everything()
    read(member)
    assert everything() == before


def test_the_wine_is_checked_in_with_photo_and_text(member: Client) -> None:
    response = member.post(ADD, sent_from(read(member), quantity="2"))
    wine = Wine.objects.get()
    assert response["Location"] == f"/wines/{wine.pk}/"
    assert (wine.producer, wine.vintage, wine.count_in_cellar) == ("Kettmeir", 2019, 2)
    assert wine.alcohol == Decimal(13)
    assert "Alto Adige" in wine.labels.get().text
    assert wine.producer in text_of(member.get("/wines/?q=thurgau+13%25"))


def test_the_text_of_two_photos_stands_with_the_front(member: Client) -> None:
    page = read(member, front=upload(), back=upload("navy"))
    member.post(ADD, sent_from(page))
    texts = dict(Label.objects.values_list("kind", "text"))
    assert "KETTMEIR" in texts["front"]
    assert texts["back"] == ""


def test_the_text_of_a_photo_does_not_stand_with_another_one(member: Client) -> None:
    member.post(ADD, sent_from(read(member), front=upload("navy")))
    assert Label.objects.get().text == ""


def test_a_text_that_was_typed_stands_with_any_photo(member: Client) -> None:
    member.post(ADD, sent_from(read(member), front=upload("navy"), label_text="Cuvée Ada"))
    assert Label.objects.get().text == "Cuvée Ada"


def test_a_photo_of_the_back_alone_is_read_too(member: Client) -> None:
    page = member.post(URL, {**sent_from(member.get(ADD)), "back": upload(), "read": "tesseract"})  # type: ignore[arg-type]
    assert value_of(page, "producer") == "Kettmeir"


def value_of(response: Any, name: str) -> str:
    return shown(response, name)[0]


@pytest.mark.parametrize(
    ("name", "typed"), [("producer", "Cantina Mia"), ("vintage_text", "2020"), ("type", "red"), ("alcohol", "12,5")]
)
def test_what_was_typed_is_not_overwritten(member: Client, name: str, typed: str) -> None:
    page = read(member, **{name: typed})  # type: ignore[arg-type]
    assert value_of(page, name) == typed
    assert mark_beside(page, name) == ""


def test_grapes_that_were_typed_are_not_overwritten(member: Client) -> None:
    page = read(member, grape_rows_first=["Kerner", ""], grape_rows_second=["100", ""])
    assert form_to(page, ADD).fields["grape_rows_first"][0] == "Kerner"


def test_what_is_asked_of_the_bottles_stays_as_it_was(member: Client) -> None:
    page = read(member, quantity="7", store="Nicolas", price="12,50", wishlist="on")
    assert shown(page, "quantity", "store", "price", "wishlist") == ("7", "Nicolas", "12,50", "on")


def test_what_the_catalogue_says_of_body_acidity_and_food_comes_along(member: Client) -> None:
    page, food = read(member), ["Appetizer", "Snack", "Risotto", "Seafood", "Vegetarian"]
    assert shown(page, "body", "acidity", "pairings") == ("medium", "medium", ", ".join(food))
    assert mark_beside(page, "pairings") == "From the catalogue: sure"
    member.post(ADD, sent_from(page))
    assert Wine.objects.get().pairings == food


def test_food_and_body_that_were_typed_are_not_overwritten(member: Client) -> None:
    page = read(member, pairings="Trout", body="light")
    assert shown(page, "body", "acidity", "pairings") == ("light", "medium", "Trout")


def test_a_mistake_elsewhere_is_no_matter_before_checking_in(member: Client) -> None:
    page = read(member, quantity="", ean="12")
    assert page.status_code == 200
    assert error_beside(page, "ean") == ""
    assert value_of(page, "ean") == "12"


def test_a_second_reading_replaces_its_own_values_and_never_what_was_typed(
    member: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = read(member)
    tesseracts.reads(monkeypatch, tmp_path / "other", "LUSTAU", "Jerez", "Sherry", "15% vol")
    second = read(member, first, producer="Emilio Lustau", front=upload("navy"))
    assert shown(second, "producer", "vintage_text", "alcohol") == ("Emilio Lustau", "", "15")


def test_a_value_that_was_edited_is_a_persons_own(member: Client) -> None:
    page = read(member, read(member), vintage_text="2018")
    assert value_of(page, "vintage_text") == "2018"
    assert mark_beside(page, "vintage_text") == ""


def test_a_value_that_was_emptied_is_filled_in_again(member: Client) -> None:
    page = read(member, read(member), vintage_text="")
    assert (value_of(page, "vintage_text"), mark_beside(page, "vintage_text")) == ("2019", "From the label: sure")


def test_the_size_goes_to_the_bottles(member: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tesseracts.reads(monkeypatch, tmp_path / "magnum", *KETTMEIR, "1,5 L")
    assert value_of(read(member), "size_ml") == "1500"
    assert value_of(read(member, size_ml="375"), "size_ml") == "375"


def test_grapes_come_with_their_percentages(member: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tesseracts.reads(monkeypatch, tmp_path / "blend", "Unheard Of", "60% Merlot", "40% Syrah")
    fields = form_to(read(member), ADD).fields
    grapes = dict(zip(fields["grape_rows_first"], fields["grape_rows_second"], strict=True))
    assert (grapes["Merlot"], grapes["Syrah"]) == ("60", "40")


def test_marks_stay_where_checking_in_was_refused(member: Client) -> None:
    before = read(member)
    page = member.post(ADD, sent_from(before, quantity="-1", vintage_text="2018"))
    assert page.status_code == 422
    assert mark_beside(page, "producer") == "From the catalogue: sure"  # type: ignore[arg-type]
    assert mark_beside(page, "vintage_text") == ""  # type: ignore[arg-type]
    assert choices(page) == choices(before)  # type: ignore[arg-type]


def test_a_window_that_was_typed_is_not_mixed_with_another(member: Client) -> None:
    page = read(member, drink_until="2020")
    assert shown(page, "drink_from", "drink_until") == ("", "2020")


# -- What goes wrong ---------------------------------------------------------------------------------------------------


def test_without_a_photo_it_is_asked_for(member: Client) -> None:
    page = member.post(URL, sent_from(member.get(ADD), producer="Vietti") | {"read": "tesseract"})  # type: ignore[arg-type]
    assert page.status_code == 422
    assert "Choose or take a photo of the label first." in error_beside(page, "front")
    assert value_of(page, "producer") == "Vietti"


def test_a_bad_photo_is_refused_and_the_good_one_beside_it_kept(member: Client) -> None:
    page = read(member, front=not_a_photo(), back=upload(), producer="Vietti")
    assert page.status_code == 422
    assert error_beside(page, "front")
    assert value_of(page, "producer") == "Vietti"
    assert value_of(page, "back_kept")
    assert not value_of(page, "front_kept")


def test_a_photo_without_a_label_is_kept_and_the_form_can_be_used(
    member: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tesseracts.reads(monkeypatch, tmp_path / "wall")
    page = read(member, producer="Vietti")
    assert page.status_code == 200
    assert "The label was not read Nothing readable was found on this photo." in text_of(page)
    assert member.post(ADD, sent_from(page)).status_code == 302
    assert Wine.objects.get().labels.count() == 1


def test_a_reader_that_breaks_is_told_and_the_photo_kept(
    member: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tesseracts.put(monkeypatch, tmp_path / "broken", "exit 3")
    page = read(member, producer="Vietti")
    assert "The label was not read" in text_of(page)
    assert value_of(page, "producer") == "Vietti"
    assert value_of(page, "front_kept")


def test_where_nothing_can_read_the_page_is_a_plain_form_and_tells_the_owner_why(
    member: Client, owner: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tesseracts.is_missing(monkeypatch, tmp_path)
    for person, is_told in ((member, False), (owner, True)):
        page = person.get(ADD)
        assert 'name="read"' not in page.content.decode()
        assert ("install Tesseract" in text_of(page)) is is_told
    response = read(member)
    assert "There is nothing here to read labels with" in text_of(response)
    assert member.post(ADD, sent_from(response, producer="Vietti")).status_code == 302


def test_the_21st_label_in_a_minute_has_to_wait_and_nothing_is_lost(
    member: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tesseracts.put(monkeypatch, tmp_path / "quick", "exit 3")
    page = read(member, producer="Vietti")
    statuses = [read(member, page).status_code for _time in range(19)]
    refused = read(member, page)
    assert set(statuses) == {200}
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert f"Try again in {refused['Retry-After']} second" in text_of(refused)
    assert value_of(refused, "producer") == "Vietti"
    assert value_of(refused, "front_kept")


HOSTILE = '"><script>alert(1)</script>'


def test_hostile_text_on_a_label_is_only_text(member: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tesseracts.reads(monkeypatch, tmp_path / "hostile", *KETTMEIR, HOSTILE, "{{ 7*7 }}", "</textarea><b>bold</b>")
    page = read(member)
    content = page.content.decode()
    assert "<script>alert" not in content
    assert "<b>bold" not in content
    assert HOSTILE in html.unescape(content)
    wine = member.post(ADD, sent_from(page), follow=True)
    assert "<script>alert" not in wine.content.decode()


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "\u00e9:\u00e9:\u00e9", "a:b:c"])
def test_what_was_filled_in_cannot_be_forged(member: Client, token: str) -> None:
    """Whatever is sent instead counts as nothing, so that all values are somebody's own."""
    page = read(member, read(member), filled=token, producer="Kettmeir")
    assert (value_of(page, "producer"), mark_beside(page, "producer")) == ("Kettmeir", "")


def test_a_value_that_cannot_be_right_is_left_out_and_told(member: Client) -> None:
    wine = make_wine(producer="Kettmeir", name="Müller Thurgau", vintage=2001, sub_region="Kaltern")
    Wine.objects.filter(pk=wine.pk).update(vivino_url="", ean="nonsense")
    page = press(member, member.get(ADD), "copy", wine.pk, producer="Kettmeir")  # type: ignore[arg-type]
    assert "EAN: “nonsense” was read, but cannot be right, and was left out." in text_of(page)
    assert shown(page, "ean", "sub_region") == ("", "Kaltern")


def test_the_address_of_readings_shows_the_form(member: Client) -> None:
    assert form_to(member.get(URL), ADD).fields["producer"] == [""]


def test_a_form_that_was_saved_is_not_read_again(member: Client) -> None:
    page = read(member)
    member.post(ADD, sent_from(page))
    assert read(member, page)["Location"] == f"/wines/{Wine.objects.get().pk}/"


FIRST = {"read": 0, "choose": 1, "copy": 2}


@pytest.mark.parametrize("name", FIRST)
def test_no_button_breaks_the_page(member: Client, name: str) -> None:
    page: Any = read(member)
    # Some of them for each button: more would be over the limit of readings.
    for value in list(HOSTILE_VALUES.values())[FIRST[name] :: 3]:
        sent = [(one, text.encode()) for one, texts in sent_from(page).items() for text in texts]
        spoiled = [(one, value if one in {"filled", "label_text", "producer"} else text) for one, text in sent]
        assert post(member, URL, [*spoiled, (name, value)]) in {200, 400, 422}
    assert not Wine.objects.exists()


# -- A photo that is not wanted after all ------------------------------------------------------------------------------


def remove(member: Client, page: HttpResponse, side: str) -> HttpResponse:
    response: Any = member.post(URL, {**sent_from(page), "remove": side})
    return response  # type: ignore[no-any-return]


def test_a_kept_photo_is_removed_and_all_else_stays(member: Client) -> None:
    page = remove(member, read(member, store="Nicolas", front=upload(), back=upload("navy")), "front")
    assert page.status_code == 200
    assert "The photo of the front is removed" in text_of(page)
    assert shown(page, "producer", "store", "front_kept") == ("Kettmeir", "Nicolas", "")
    member.post(ADD, sent_from(page))
    assert list(Label.objects.values_list("kind", "text")) == [("back", "")]


def test_a_text_that_was_typed_stays_without_the_photo(member: Client) -> None:
    page = read(member, front=upload(), back=upload("navy"))
    edited: Any = member.post(URL, {**sent_from(page, label_text="Cuvée Ada"), "remove": "front"})
    assert value_of(edited, "label_text") == "Cuvée Ada"


@pytest.mark.parametrize("side", ["", "other", "front_kept"])
def test_a_photo_of_no_side_is_not_removed(member: Client, side: str) -> None:
    page = remove(member, read(member), side)
    assert page.status_code == 200
    assert value_of(page, "front_kept")


# -- Choosing ----------------------------------------------------------------------------------------------------------


def choices(page: HttpResponse) -> list[str]:
    return re.findall(r'name="choose" value="(\d+)"', page.content.decode())


def test_a_chosen_wine_brings_grapes_body_acidity_and_food(member: Client) -> None:
    page = press(member, member.get(ADD), "choose", 140262, acidity="low")  # type: ignore[arg-type]
    food = "Appetizer, Snack, Risotto, Seafood, Vegetarian"
    assert shown(page, "body", "acidity", "pairings") == ("medium", "low", food)
    assert form_to(page, ADD).fields["grape_rows_first"][0] == "Müller-Thurgau"


def test_up_to_five_wines_of_the_catalogue_are_offered(member: Client) -> None:
    offered = choices(read(member))
    assert offered[0] == "140262"
    assert 1 < len(offered) <= 5


def test_a_wine_that_is_offered_says_what_tells_it_apart(member: Client) -> None:
    page = text_of(read(member))
    assert re.search(r"Kettmeir Müller Thurgau.{0,60}White · Südtirol-Alto Adige · Italy · \d{4}–\d{4} Choose", page)


def test_wines_that_may_be_meant_instead_are_folded_together_where_the_wine_is_sure(member: Client) -> None:
    page = text_of(read(member))
    assert "Not this wine? See others Kettmeir Müller Thurgau Alto Adige Filled in White" in page
    assert "Is it one of these?" not in page


def test_wines_to_choose_from_are_in_sight_where_the_wine_is_somebodys_own(member: Client) -> None:
    page = text_of(read(member, producer="Weingut Ada"))
    assert "Is it one of these? Kettmeir Müller Thurgau Alto Adige White" in page
    assert "Not this wine?" not in page


def test_a_chosen_wine_takes_the_place_of_the_one_guessed(member: Client) -> None:
    page = read(member, country="Atlantis")
    other = choices(page)[1]
    chosen = press(member, page, "choose", other)
    assert mark_beside(chosen, "name") == "From the catalogue: sure"
    assert shown(chosen, "producer", "name") != shown(page, "producer", "name")
    assert shown(chosen, "country", "vintage_text") == ("Atlantis", "2019")
    assert value_of(chosen, "front_kept")
    assert choices(chosen) == choices(page)


def test_a_wine_that_was_imported_can_be_chosen(member: Client, tmp_path: Path) -> None:
    path = tmp_path / "imported.csv"
    path.write_text(HEAD + row().replace("100001", "7000001", 1), encoding="utf-8")
    load(path)
    chosen = press(member, member.get(ADD), "choose", "7000001")  # type: ignore[arg-type]
    assert shown(chosen, "producer", "name", "country") == ("Château Test", "Grand Vin", "France")


@pytest.mark.parametrize("wine_id", ["", "x", "-1", "999999999999999999999", "1e3", "100001"])
def test_a_wine_that_is_not_in_the_catalogue_changes_nothing(member: Client, wine_id: str) -> None:
    page = press(member, member.get(ADD), "choose", wine_id, producer="Vietti")  # type: ignore[arg-type]
    assert (page.status_code, value_of(page, "producer")) == (200, "Vietti")
    assert "no longer in the catalogue" in text_of(page)


# -- A wine that is there ----------------------------------------------------------------------------------------------


def test_a_wine_that_is_there_gets_the_bottles(member: Client) -> None:
    page = read(member)
    producer, name = shown(page, "producer", "name")
    wine = stocked_wine(3, producer=producer, name=name, vintage=2019)
    again = read(member, page)
    assert again.status_code == 200
    assert "You have this wine" in text_of(again)
    member.post(ADD, {**sent_from(again, quantity="2"), "existing": "1"})
    wine.refresh_from_db()
    assert (wine.count_in_cellar, Wine.objects.count(), wine.labels.count()) == (5, 1, 1)


def test_another_vintage_is_offered_to_copy_from(member: Client) -> None:
    producer, name = shown(read(member), "producer", "name")
    older = make_wine(producer=producer, name=name, vintage=2011, sub_region="Kaltern", vineyard="Pfarrhof")
    page = read(member, vineyard="Steinacker")
    assert "You have another vintage of it" in text_of(page)
    copied = press(member, page, "copy", older.pk)
    assert shown(copied, "sub_region", "vineyard", "vintage_text") == ("Kaltern", "Steinacker", "2019")
    assert mark_beside(copied, "sub_region") == "From your cellar: sure"
    assert value_of(copied, "front_kept")
    assert "You have another vintage of it" not in text_of(copied)


def test_a_label_without_a_year_is_asked_for_its_vintage(
    member: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tesseracts.reads(monkeypatch, tmp_path / "yearless", *(line for line in KETTMEIR if "2019" not in line))
    producer, name = shown(read(member), "producer", "name")
    older = stocked_wine(1, producer=producer, name=name, vintage=2011)
    page = read(member)
    assert value_of(page, "vintage_text") == ""
    assert "Which vintage is it?" in text_of(page)
    member.post(ADD, sent_from(page, existing=str(older.pk), quantity="2"))
    older.refresh_from_db()
    assert (older.count_in_cellar, Wine.objects.count()) == (3, 1)


def test_what_another_vintage_goes_with_is_copied(member: Client) -> None:
    older = make_wine(producer="Vietti", name="Barolo", body="full", pairings=["Trout", "Eel"])
    page = press(member, member.get(ADD), "copy", older.pk, producer="Vietti")  # type: ignore[arg-type]
    assert shown(page, "body", "pairings") == ("full", "Trout, Eel")
    assert mark_beside(page, "pairings") == "From your cellar: sure"


@pytest.mark.parametrize("wine_id", ["", "x", "00000000-0000-0000-0000-000000000007"])
def test_a_wine_that_is_not_in_the_cellar_cannot_be_copied(member: Client, wine_id: str) -> None:
    page = press(member, member.get(ADD), "copy", wine_id, producer="Vietti")  # type: ignore[arg-type]
    assert (page.status_code, value_of(page, "producer")) == (200, "Vietti")


# -- What is left behind -----------------------------------------------------------------------------------------------


def test_the_photo_of_a_reading_that_was_abandoned_is_cleared_away(member: Client) -> None:
    read(member)
    soon, later = timezone.now() + timedelta(hours=1), timezone.now() + timedelta(hours=25)
    assert len(store.names(older_than=soon)) == 1
    with patch("cellar.labels.abandoned.timezone.now", return_value=later):
        call_command("clear_expired")
    assert store.names(older_than=later) == []


def test_the_photo_of_a_reading_that_was_checked_in_stays(member: Client) -> None:
    member.post(ADD, sent_from(read(member)))
    later = timezone.now() + timedelta(hours=25)
    with patch("cellar.labels.abandoned.timezone.now", return_value=later):
        call_command("clear_expired")
    assert len(store.names(older_than=later)) == 1

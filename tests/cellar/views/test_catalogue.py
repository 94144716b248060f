"""/catalogue/ and /suggest/catalogue/"""

from pathlib import Path

import pytest
from django.test import Client

from cellar.models import ReferenceWine, Wine
from cellar.reference.loading import load
from tests.cellar.factories import make_wine
from tests.cellar.reference.test_catalogue import HEAD, row
from tests.cellar.views.pages import addresses_in, form_to, text_of, value_in


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "wines.csv"
    path.write_text(HEAD + row(), encoding="utf-8")
    return path


def test_the_best_ten_come_with_what_they_are(path: Path, member: Client) -> None:
    load(path)
    assert member.get("/suggest/catalogue/", {"q": "chateau gran"}).json() == {
        "own": [],
        "wines": [
            {
                "number": 100001,
                "label": "Château Test Grand Vin",
                "detail": "Red · France",
                "fields": {
                    "producer": "Château Test", "name": "Grand Vin", "type": "red", "country": "France",
                    "region": "Bordeaux", "body": "full", "acidity": "high", "pairings": "Beef",
                    "alcohol": "13.5", "grape_rows": [["Merlot", ""], ["Syrah/Shiraz", ""]],
                },
                "unsure": ["alcohol"],
            }
        ],
    }  # fmt: skip


def test_the_words_of_the_cellar_come_along(path: Path, member: Client) -> None:
    load(path)
    make_wine(producer="Château Grand", name="Cuvée")
    found = member.get("/suggest/catalogue/", {"q": "grand", "field": "producer"}).json()
    assert (found["own"], len(found["wines"])) == (["Château Grand"], 1)


@pytest.mark.parametrize("field", ["", "country", "password"])
def test_of_other_fields_no_words_come_along(path: Path, member: Client, field: str) -> None:
    load(path)
    make_wine(producer="Château Grand", name="Cuvée", country="Grandland")
    assert member.get("/suggest/catalogue/", {"q": "grand", "field": field}).json()["own"] == []


@pytest.mark.parametrize(("beside", "found"), [("chateau", 1), ("Vietti", 0)])
def test_a_wine_has_the_words_beside_the_field_too(path: Path, member: Client, beside: str, found: int) -> None:
    load(path)
    query = {"q": "grand", "field": "name", "beside": beside}
    assert len(member.get("/suggest/catalogue/", query).json()["wines"]) == found


def test_a_guest_does_not_complete(guest: Client) -> None:
    assert guest.get("/suggest/catalogue/", {"q": "chateau"}).status_code == 403


def test_without_a_catalogue_the_page_says_how_to_load_one(member: Client) -> None:
    assert "There is no catalogue yet" in member.get("/catalogue/").content.decode()


def assert_only_the_owner_is_told_a_command(owner: Client, member: Client, address: str) -> None:
    assert "manage.py" in text_of(owner.get(address))
    told = text_of(member.get(address))
    assert "manage.py" not in told
    assert "The owner of this cellar can load" in told


def test_without_a_catalogue_only_the_owner_is_told_a_command(owner: Client, member: Client) -> None:
    assert_only_the_owner_is_told_a_command(owner, member, "/catalogue/")


def test_where_nothing_is_found_only_the_owner_is_told_a_command(path: Path, owner: Client, member: Client) -> None:
    load(path)
    assert_only_the_owner_is_told_a_command(owner, member, "/catalogue/?q=nothing+of+the+kind")


def test_where_nothing_is_found_the_wine_can_be_added_without_the_catalogue(
    path: Path, owner: Client, member: Client
) -> None:
    load(path)
    for person in (owner, member):
        # Once more than the menus, which lead there from every page.
        added = [addresses_in(person.get(f"/catalogue/?q={text}")).count("/wines/add/") for text in ("nothing", "test")]
        assert added[0] == added[1] + 1


@pytest.mark.parametrize("query", ["", "q=grand+chateau", "q=chataeu", "type=red", "country=France&q=test", "type=mud"])
def test_a_wine_is_found_by_words_type_and_country(path: Path, member: Client, query: str) -> None:
    load(path)
    wine = ReferenceWine.objects.get()
    assert f"/wines/add/?catalogue={wine.pk}" in member.get(f"/catalogue/?{query}").content.decode()


@pytest.mark.parametrize("query", ["q=rioja", "type=white", "type=white&q=grand"])
def test_what_is_not_like_that_is_not_shown(path: Path, member: Client, query: str) -> None:
    load(path)
    page = member.get(f"/catalogue/?{query}").content.decode()
    assert "Nothing matches" in page
    assert "?catalogue=" not in page


def test_the_form_begins_with_the_wine_that_was_chosen(path: Path, member: Client) -> None:
    load(path)
    form = member.get("/wines/add/", {"catalogue": str(ReferenceWine.objects.get().pk)}).context["form"]
    assert {name: form[name].value() for name in ("producer", "name", "type", "country", "region", "alcohol")} == {
        "producer": "Château Test", "name": "Grand Vin", "type": "red", "country": "France", "region": "Bordeaux",
        "alcohol": "13.5",
    }  # fmt: skip


def test_the_form_begins_with_what_the_wine_is_like_and_goes_with(path: Path, member: Client) -> None:
    load(path)
    page = member.get("/wines/add/", {"catalogue": str(ReferenceWine.objects.get().pk)})
    assert [value_in(page, name) for name in ("body", "acidity", "pairings")] == ["full", "high", "Beef"]
    member.post("/wines/add/", form_to(page, "").filled())
    wine = Wine.objects.get()
    assert (wine.body, wine.acidity, wine.pairings) == ("full", "high", ["Beef"])
    assert [grape.name for grape in wine.grape_list] == ["Merlot", "Syrah/Shiraz"]


def test_what_the_form_begins_with_says_where_it_comes_from(path: Path, member: Client) -> None:
    load(path)
    page = text_of(member.get("/wines/add/", {"catalogue": str(ReferenceWine.objects.get().pk)}))
    assert "Filled in from the catalogue" in page
    assert "From the catalogue: sure" in page


def test_a_wine_of_the_catalogue_that_is_in_the_cellar_is_offered_more_bottles(path: Path, member: Client) -> None:
    load(path)
    make_wine(producer="Château Test", name="Grand Vin", vintage=None)
    page = text_of(member.get("/wines/add/", {"catalogue": str(ReferenceWine.objects.get().pk)}))
    assert "You have this wine" in page


def test_a_catalogue_that_says_more_than_a_wine_keeps_begins_a_form_that_can_be_sent(
    path: Path, member: Client
) -> None:
    load(path)
    dishes, grapes = [f"Dish {number}" for number in range(40)], [f"Grape {number}" for number in range(30)]
    ReferenceWine.objects.update(pairings=["Beef, roasted", "x" * 61, *dishes], grapes=["Merlot", "MERLOT", *grapes])
    page = member.get("/wines/add/", {"catalogue": str(ReferenceWine.objects.get().pk)})
    assert member.post("/wines/add/", form_to(page, "").filled()).status_code == 302
    wine = Wine.objects.get()
    assert (wine.pairings[:3], len(wine.pairings), len(wine.grapes)) == (["Beef", "roasted", "Dish 0"], 30, 20)


def test_the_page_says_what_a_wine_is_like_and_goes_with(path: Path, member: Client) -> None:
    load(path)
    assert "Full-bodied · Acidity: High · Goes with: Beef" in text_of(member.get("/catalogue/"))


@pytest.mark.parametrize("wrong", ["x", "00000000-0000-0000-0000-000000000009"])
def test_a_wine_that_is_not_in_the_catalogue_begins_an_empty_form(member: Client, wrong: str) -> None:
    answer = member.get("/wines/add/", {"catalogue": wrong})
    assert answer.status_code == 200
    assert not answer.context["form"]["name"].value()

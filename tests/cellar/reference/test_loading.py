from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cellar.emptying import delete_collection
from cellar.models import Acidity, Body, CatalogueState, ReferenceWine
from cellar.reference.loading import load
from tests.cellar.reference.test_catalogue import HEAD, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "wines.csv"
    path.write_text(HEAD + row() + row(type="White").replace("100001", "100002", 1), encoding="utf-8")
    return path


def test_a_row_of_the_file_becomes_a_wine_of_the_catalogue(path: Path) -> None:
    call_command("import_catalogue", str(path), verbosity=0)
    wine = ReferenceWine.objects.get(number=100001)
    assert (wine.producer, wine.name, wine.type, wine.country) == ("Château Test", "Grand Vin", "red", "France")
    assert (wine.body, wine.acidity, wine.pairings) == (Body.FULL, Acidity.HIGH, ["Beef"])
    assert (wine.vintages, wine.non_vintage, wine.grapes) == ([2020, 2019], True, ["Merlot", "Syrah/Shiraz"])


def test_the_same_file_twice_changes_nothing_the_second_time(path: Path) -> None:
    assert load(path).changed == 2
    state = CatalogueState.current()
    assert load(path).changed == 0
    assert CatalogueState.current() == state
    assert ReferenceWine.objects.count() == 2


def test_what_changed_is_brought_up_to_date_and_keeps_its_id(path: Path) -> None:
    load(path)
    before = ReferenceWine.objects.get(number=100001)
    path.write_text(HEAD + row(region="Médoc"), encoding="utf-8")
    assert load(path).changed == 1
    after = ReferenceWine.objects.get(number=100001)
    assert (after.pk, after.region) == (before.pk, "Médoc")
    assert ReferenceWine.objects.count() == 2


def test_a_bad_row_is_named_and_leaves_what_was_there(path: Path) -> None:
    load(path)
    path.write_text(HEAD + row(region="Médoc") + row(abv="strong"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"^Line 3: .* Nothing was changed\.$"):
        call_command("import_catalogue", str(path))
    assert ReferenceWine.objects.get(number=100001).region == "Bordeaux"


@pytest.mark.parametrize(
    "bad",
    [
        row().replace("Grand Vin", "x" * 201),
        row().replace("Grand Vin", "a\0b"),
        row().replace("2020", "99999"),
        row().replace("['Beef']", "\"['" + "x" * 81 + "']\""),
        row().replace("['Beef']", '"[' + "1," * 400 + ']"'),
        row(abv="-1"),
        row(abv="1e400"),
    ],
)
@pytest.mark.once
def test_what_is_too_long_or_cannot_be_is_refused(path: Path, bad: str) -> None:
    path.write_text(HEAD + bad, encoding="utf-8")
    with pytest.raises(CommandError, match="Line 2"):
        call_command("import_catalogue", str(path))


def test_ratings_are_added_up(path: Path, tmp_path: Path) -> None:
    ratings = tmp_path / "ratings.csv"
    ratings.write_text("RatingID,UserID,WineID,Vintage,Rating,Date\n1,1,100001,2020,4.5,x\n2,2,100001,2019,3,x\n")
    call_command("import_catalogue", str(path), ratings=ratings, verbosity=0)
    wine = ReferenceWine.objects.get(number=100001)
    assert (float(wine.rating or 0), wine.ratings) == (3.75, 2)


@pytest.mark.once
@pytest.mark.parametrize("text", ["a,b\n", "WineID,Rating\n1,nan\n", "WineID,Rating\n1\n", "WineID,Rating\nx,4\n"])
def test_bad_ratings_are_refused_before_anything_is_written(path: Path, tmp_path: Path, text: str) -> None:
    ratings = tmp_path / "ratings.csv"
    ratings.write_text(text)
    with pytest.raises(CommandError, match="Line"):
        call_command("import_catalogue", str(path), ratings=ratings)
    assert not ReferenceWine.objects.exists()


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match=r"nowhere\.csv: No such file"):
        call_command("import_catalogue", "nowhere.csv")


@pytest.mark.once
def test_the_shipped_wines_are_loaded_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_catalogue", shipped=True)
    assert ReferenceWine.objects.count() == 1007
    call_command("import_catalogue", shipped=True)
    assert "loaded already" in capsys.readouterr().out


def test_throwing_the_collection_away_leaves_the_catalogue(path: Path) -> None:
    load(path)
    delete_collection()
    assert ReferenceWine.objects.count() == 2

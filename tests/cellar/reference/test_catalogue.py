from decimal import Decimal
from pathlib import Path

import pytest

from cellar import reference
from cellar.models import WineType
from cellar.reference.catalogue import SLIM, CatalogueError, CatalogueWine, read_wines

pytestmark = pytest.mark.once

HEAD = (
    "WineID,WineName,Type,Elaborate,Grapes,Harmonize,ABV,Body,Acidity,Code,Country,RegionID,RegionName,"
    "WineryID,WineryName,Website,Vintages\n"
)
ROW = (
    "100001,Grand Vin,{type},Varietal/100%,\"['Merlot', 'Syrah/Shiraz']\",['Beef'],{abv},Full-bodied,High,FR,France,"
    "1001,{region},10001,Château Test,http://example.org,\"[2020, 2019, 'N.V.']\"\n"
)


def row(*, type: str = "Red", abv: str = "13.5", region: str = "Bordeaux") -> str:  # noqa: A002
    return ROW.format(type=type, abv=abv, region=region)


def read(path: Path, text: str) -> list[CatalogueWine]:
    path.write_text(text, encoding="utf-8")
    return list(read_wines(path))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "wines.csv"


def test_a_row_becomes_a_wine(path: Path) -> None:
    assert read(path, HEAD + row()) == [
        CatalogueWine(
            wine_id=100001,
            name="Grand Vin",
            producer="Château Test",
            type="red",
            grapes=("Merlot", "Syrah/Shiraz"),
            harmonize=("Beef",),
            abv=Decimal("13.5"),
            body="Full-bodied",
            acidity="High",
            country="France",
            region="Bordeaux",
            website="http://example.org",
            vintages=(2020, 2019),
            non_vintage=True,
        )
    ]


@pytest.mark.parametrize(
    ("type_", "abv", "region", "ours"),
    [
        ("Red", "13.5", "Bordeaux", "red"),
        ("White", "12", "Bordeaux", "white"),
        ("Rosé", "12", "Provence", "rose"),
        ("Sparkling", "12", "Champagne", "sparkling"),
        ("Dessert", "13.5", "Sauternes", "dessert"),
        ("Dessert", "15.5", "Vin Santo del Chianti Classico", "dessert"),
        ("Dessert", "15", "Fino Sherry", "fortified"),
        ("Dessert", "18", "Texas", "fortified"),
        ("Dessert/Port", "20", "Porto", "fortified"),
        ("Dessert", "43", "Piemonte", "other"),
    ],
)
def test_the_types_of_the_catalogue_are_those_of_the_cellar(
    path: Path, type_: str, abv: str, region: str, ours: str
) -> None:
    assert read(path, HEAD + row(type=type_, abv=abv, region=region))[0].type == ours


@pytest.mark.parametrize(("type_", "is_sweet"), [("Dessert", True), ("Dessert/Port", False), ("Red", False)])
def test_only_a_dessert_wine_is_sweet_for_certain(path: Path, type_: str, is_sweet: bool) -> None:
    assert read(path, HEAD + row(type=type_))[0].is_sweet == is_sweet


def test_a_byte_order_mark_is_no_part_of_the_header(path: Path) -> None:
    assert len(read(path, "\ufeff" + HEAD + row())) == 1


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(row(type="Blue"), id="unknown type"),
        pytest.param(row(abv="strong"), id="no number"),
        pytest.param(row(abv="NaN"), id="not a number"),
        pytest.param(row().replace("100001", "x", 1), id="no id"),
        pytest.param(row().replace("[2020", "2020"), id="no list"),
        pytest.param(row().replace("[2020, 2019, 'N.V.']", "__import__('os')"), id="code"),
        pytest.param(row().replace("[2020, 2019, 'N.V.']", "(2020,)"), id="tuple"),
        pytest.param(row().replace("2020", "'soon'"), id="no year"),
        pytest.param(row().replace("[2020, 2019, 'N.V.']", "[" * 5000), id="deep"),
        pytest.param("100002,Short\n", id="short"),
        pytest.param('1,"open quote\n', id="open quote"),
    ],
)
def test_a_malformed_row_is_named_by_its_line(path: Path, bad: str) -> None:
    with pytest.raises(CatalogueError, match=r"^Line [34]: "):
        read(path, HEAD + row() + bad)


def test_a_file_of_another_kind_is_refused(path: Path) -> None:
    for text in ("", "a,b\n1,2\n"):
        with pytest.raises(CatalogueError, match=r"^Line 1: this is not an X-Wines catalogue"):
            read(path, text)


def test_a_file_that_is_no_text_is_refused(path: Path) -> None:
    path.write_bytes(HEAD.encode() + b"\xff\xfe\x00\n")
    with pytest.raises(CatalogueError, match="not readable as CSV in UTF-8"):
        list(read_wines(path))


def test_the_shipped_catalogue_is_whole() -> None:
    wines = list(read_wines())
    assert len(wines) == 1007
    assert {wine.type for wine in wines} <= set(WineType.values)
    assert len({wine.wine_id for wine in wines}) == len(wines)


def test_the_shipped_catalogue_says_that_it_is_free() -> None:
    assert "CC0 1.0 Universal" in (SLIM.parent / "LICENSE").read_text(encoding="ascii")


def test_the_lists_know_every_country_and_grape_of_the_catalogue() -> None:
    wines = list(read_wines())
    assert [wine.country for wine in wines if reference.country_of(wine.country) is None] == []
    grapes = {grape for wine in wines for grape in wine.grapes}
    assert [grape for grape in grapes if reference.canonical_grape(grape) is None] == []

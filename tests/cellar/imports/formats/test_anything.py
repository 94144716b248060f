"""Any table, by the headers and the cells it has."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cellar.imports.decode import open_file
from cellar.imports.formats.anything import FIELDS, suggest
from cellar.imports.rows import Lot, Row
from cellar.imports.tables import Table
from cellar.models import State
from tests.cellar.imports.formats.reading import FIXTURES, bottles, fixture_rows, named, recognised, rows_of, skipped


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "sheet.csv"


def read(sheet: Path, text: str, **choices: object) -> list[Row]:
    sheet.write_text(text, encoding="utf-8")
    return rows_of(sheet, **choices)


def suggested(sheet: Path, text: str) -> dict[str, str]:
    sheet.write_text(text, encoding="utf-8")
    table = open_file(sheet, name=sheet.name)
    assert isinstance(table, Table)
    return suggest(table)


def the_lot(rows: list[Row]) -> Lot:
    (lot,) = [lot for row in rows for lot in row.lots]
    return lot


# Columns


@pytest.mark.parametrize(
    ("header", "cell", "field"),
    [
        ("Winery", "Casa A", "producer"), ("Château", "A", "producer"), ("Weingut", "A", "producer"),
        ("Bodega", "A", "producer"), ("Vinícola", "A", "producer"), ("Wijnhuis", "A", "producer"),
        ("Producent", "A", "producer"), ("Produttore", "A", "producer"),
        ("Nom du vin", "A", "name"), ("Weinname", "A", "name"), ("Vinets namn", "A", "name"),
        ("MILLÉSIME", "2015", "vintage"), ("Jahrgang", "2015", "vintage"), ("Annata", "2015", "vintage"),
        ("Añada", "2015", "vintage"), ("Safra", "2015", "vintage"), ("Årgång", "2015", "vintage"),
        ("Jaargang", "NV", "vintage"), ("vintage_year", "2015", "vintage"),
        ("Farbe", "Rot", "colour"), ("Couleur", "Blanc", "colour"), ("Tipologia", "Rosso", "type"),
        ("País", "España", "country"), ("Land", "Deutschland", "country"), ("Anbaugebiet", "Mosel", "region"),
        ("Denominazione", "Barolo", "appellation"), ("Appelation", "Barolo", "appellation"),
        ("Cépage(s)", "Merlot", "grapes"), ("Rebsorten", "Merlot", "grapes"), ("Druvor", "Merlot", "grapes"),
        ("Druiven", "Merlot", "grapes"), ("Casta", "Merlot", "grapes"), ("ABV", "13.5%", "alcohol"),
        ("% alc.", "13", "alcohol"), ("Gradazione", "13,5", "alcohol"),
        ("Qté", "6", "quantity"), ("Anzahl Flaschen", "6", "quantity"), ("Antal", "6", "quantity"),
        ("# Bottles", "6", "quantity"), ("Aantal", "6", "quantity"), ("Cantidad", "6", "quantity"),
        ("Bottle Size", "750ml", "size"), ("Contenance", "75 cl", "size"), ("Flaschengröße", "0,75 l", "size"),
        ("Lagerort", "Keller", "location"), ("cellarLocation", "A", "location"), ("Fach", "A3", "bin"),
        ("Price (USD)", "12.50", "price"), ("Preis €", "12,50", "price"), ("Prezzo d'acquisto", "12", "price"),
        ("Price per case", "120", "case_price"), ("Händler", "Laden", "store"), ("Purchased From", "Shop", "store"),
        ("purchaseDate", "2020-01-02", "purchased_on"), ("Købsdato", "02.01.2020", "purchased_on"),
        ("Trinkreif ab", "2025", "drink_from"), ("Begin Drink", "2025", "drink_from"), ("Ort", "Keller", "location"),
        ("Boire avant", "2030", "drink_until"),
        ("Drinking Window", "2025-2030", "drink_window"), ("My rating", "4.5", "rating"),
        ("Ma note", "17", "rating"), ("Betyg", "4", "rating"), ("Tasting Notes", "Plum", "tasting_note"),
        ("Bemerkung", "Geschenk", "note"), ("Wishlist", "x", "wishlist"), ("WA", "94+", "score"),
        ("Consumed on", "2020-01-02", "gone_on"), ("UPC", "810910020858", "ean"),
    ],
)  # fmt: skip
def test_headers_of_many_languages_are_known(sheet: Path, header: str, cell: str, field: str) -> None:
    assert suggested(sheet, f"Etwas;{header}\n;{cell}\n")[header] == field


def test_every_field_that_is_suggested_can_be_chosen() -> None:
    from cellar.imports.formats.knowledge import headers

    named_fields = {field for field, _language, _names in headers.names()} - {"community", "value"}
    assert named_fields <= {field.name for field in FIELDS}


def test_the_cells_decide_what_a_word_of_two_languages_means(sheet: Path) -> None:
    assert suggested(sheet, "Vin;Note\nA;17\nB;16,5\n")["Note"] == "rating"
    assert suggested(sheet, "Vino;Note\nA;molto buono\nB;regalo\n")["Note"] == "note"


@pytest.mark.parametrize(
    ("cells", "field"),
    [(("in cellar", "on order", "drunk"), "state"), (("California", "Oregon", "Washington"), "region")],
)
def test_a_state_is_where_a_wine_comes_from_or_how_its_bottles_are(
    sheet: Path, cells: tuple[str, ...], field: str
) -> None:
    lines = "".join(f"Wine {number},2,{cell}\n" for number, cell in enumerate(cells))
    assert suggested(sheet, f"Wine,Quantity,State\n{lines}")["State"] == field


def test_a_column_whose_cells_contradict_its_header_is_no_such_field(sheet: Path) -> None:
    given = suggested(sheet, "Wine,Year,Size\nA,old,large\nB,older,small\n")
    assert given == {"Wine": "name", "Year": "custom", "Size": "custom"}


def test_a_column_that_only_counts_the_rows_is_not_the_number_of_bottles(sheet: Path) -> None:
    assert suggested(sheet, "No,Wine\n1,A\n2,B\n3,C\n")["No"] != "quantity"
    assert suggested(sheet, "No,Wine\n6,A\n2,B\n12,C\n")["No"] == "quantity"


def test_the_bottles_that_are_left_count_not_those_that_were_bought(sheet: Path) -> None:
    given = suggested(sheet, "Wine,Quantity,Remaining\nA,12,5\n")
    assert given["Remaining"] == "quantity"
    assert the_lot(read(sheet, "Wine,Quantity,Remaining\nA,12,5\n")).quantity == 5


def test_columns_without_a_known_header_are_told_by_their_cells(sheet: Path) -> None:
    rows = "".join(f"Cuvée {n},France,201{n},rouge,Merlot\n" for n in range(5))
    given = suggested(sheet, "alpha,beta,gamma,delta,epsilon\n" + rows)
    assert given == {
        "alpha": "name", "beta": "country", "gamma": "vintage", "delta": "type", "epsilon": "grapes",
    }  # fmt: skip


def test_what_nobody_knows_becomes_a_field_of_the_wines_own(sheet: Path) -> None:
    (row,) = read(sheet, "Wine,Soil type,id,Created at\nA,Chalk,17,2020-01-01\n")
    assert row.wine["custom_fields"] == {"Soil type": "Chalk"}


def test_what_the_person_says_goes_before_what_is_suggested(sheet: Path) -> None:
    mapping = {"Wine": "producer", "Soil type": "vineyard", "Qty": ""}
    (row,) = read(sheet, "Wine,Soil type,Qty\nA,Chalk,3\n", mapping=mapping)
    assert row.wine == {"producer": "A", "vineyard": "Chalk"}
    assert the_lot([row]).quantity == 1


def test_a_header_may_begin_with_a_number_sign_and_comments_stand_above_it(sheet: Path) -> None:
    text = "# my cellar, as of today\n#,Wine,Vintage\n7,A,2015\n3,B,2016\n2,C,2017\n"
    given = suggested(sheet, text)
    assert given == {"#": "quantity", "Wine": "name", "Vintage": "vintage"}
    assert bottles(read(sheet, text)) == {"in_cellar": 12}


# Bottles


def test_cases_times_case_size_is_bottles() -> None:
    rows = fixture_rows("sheets/cases.csv")
    assert [lot.quantity for row in rows for lot in row.lots] == [24, 6, 3]
    assert [(lot.unit_price, lot.currency) for row in rows for lot in row.lots] == [
        (50_00, "USD"), (40_00, "EUR"), (None, ""),
    ]  # fmt: skip


def test_cases_of_unknown_size_are_not_guessed(sheet: Path) -> None:
    rows = read(sheet, "Wine,Qty\nA,2 cases\n")
    assert not rows[0].lots
    assert skipped(rows) == [(2, "Qty", "2 cases")]


def test_6x75cl_says_number_and_size(sheet: Path) -> None:
    lot = the_lot(read(sheet, "Wine,Qty\nA,6 x 37.5cl\n"))
    assert (lot.quantity, lot.size_ml) == (6, 375)


@pytest.mark.parametrize("cell", ["0", "0.0", ""])
def test_quantity_0_is_not_one_bottle(sheet: Path, cell: str) -> None:
    assert not read(sheet, f"Wine,Quantity,Price\nA,{cell},5\n")[0].lots


def test_an_empty_quantity_says_why_no_bottle_comes(sheet: Path) -> None:
    (row,) = read(sheet, "Wine,Quantity,Place\nA,,Cellar\n")
    assert [(cell.column, cell.reason) for cell in row.skipped_cells] == [
        ("Quantity", "No number of bottles is said: none are added."),
        ("Place", "No bottle is made of this row."),
    ]


def test_without_a_column_of_quantities_each_row_is_a_bottle_and_that_is_asked(sheet: Path) -> None:
    text = "Wine\nA\nB\n"
    assert bottles(read(sheet, text)) == {"in_cellar": 2}
    assert bottles(read(sheet, text, meaning="wines")) == {}
    assert bottles(read(sheet, text, meaning="history")) == {"gone": 2}
    found = recognised(sheet)
    assert [question.option for question in found.format.ask(found.sources)] == ["meaning"]
    assert "each row is taken for one bottle" in next(iter(found.format.warn(found.sources)))


def test_orders_and_drunk_bottles_stand_apart(sheet: Path) -> None:
    rows = read(sheet, "Wine,In stock,On order,Consumed\nA,3,6,2\nB,0,0,1\n")
    assert bottles(rows) == {"in_cellar": 3, "on_order": 6, "gone": 3}


def test_a_date_of_drinking_says_that_the_bottles_are_gone(sheet: Path) -> None:
    lot = the_lot(read(sheet, "Wine,Quantity,Drunk on,Reason\nA,2,2024-12-24,Gift\n"))
    assert (lot.state, lot.quantity, lot.consumed_on, lot.reason) == (State.GONE, 2, date(2024, 12, 24), "gift")


@pytest.mark.parametrize(
    ("word", "state"),
    [("In cellar", "in_cellar"), ("Bestellt", "on_order"), ("Consumed", "gone"), ("open", "open"), ("Bu", "gone")],
)
def test_a_column_may_say_the_state(sheet: Path, word: str, state: str) -> None:
    assert bottles(read(sheet, f"Wine,Quantity,Status\nA,2,{word}\n")) == {state: 2}


def test_a_wish_has_no_bottles(sheet: Path) -> None:
    rows = read(sheet, "Wine,Quantity,Status\nA,2,Inventory\nB,1,Wishlist\n")
    assert bottles(rows) == {"in_cellar": 2}
    assert [row.wine.get("wishlist") for row in rows] == [None, True]


def test_the_price_of_all_bottles_is_shared(sheet: Path) -> None:
    assert the_lot(read(sheet, "Wine,Quantity,Total price\nA,3,€10\n")).unit_price == 3_33


@pytest.mark.parametrize(
    ("header", "cell", "price", "currency"),
    [
        ("Price", "€12.00", 12_00, "EUR"),
        ("Price (USD)", "12.5", 12_50, "USD"),
        ("Preis", '"1.234,56"', 1234_56, "EUR"),
        ("Prix", "1 234,56 €", 1234_56, "EUR"),
        ("Price", "SEK 899", 899_00, "SEK"),
        ("Price", "0", None, ""),
    ],
)
def test_prices_are_read_as_people_write_them(
    sheet: Path, header: str, cell: str, price: int | None, currency: str
) -> None:
    cell = cell if '"' in cell else f'"{cell}"'
    lot = the_lot(read(sheet, f"Wine,Quantity,{header}\nA,1,{cell}\n"))
    assert (lot.unit_price, lot.currency) == (price, currency)


def test_bottle_sizes_without_a_unit_have_that_of_the_header(sheet: Path) -> None:
    rows = read(sheet, "Wine,Quantity,Bottle Size (cl)\nA,1,150\nB,1,75\n")
    assert [lot.size_ml for row in rows for lot in row.lots] == [1500, 750]


def test_a_path_of_places_goes_from_the_outside_in(sheet: Path) -> None:
    lot = the_lot(read(sheet, "Wine,Quantity,Location,Bin\nA,1,House > Cellar > Rack 1,B7\n"))
    assert (lot.place, lot.slot) == (("House", "Cellar", "Rack 1"), "B7")


# Wines


@pytest.mark.parametrize(
    ("cell", "name", "facts"),
    [
        ("Les Murmures 2018", "Les Murmures", {"vintage": 2018}),
        ("2018 Les Murmures", "Les Murmures", {"vintage": 2018}),
        ("Les Murmures (2018)", "Les Murmures", {"vintage": 2018}),
        ("Blanco 2023/24", "Blanco", {"vintage": 2023}),
        ("Grande Réserve NV", "Grande Réserve", {"non_vintage": True}),
        ("Bin 389", "Bin 389", {}),
        ("1865 Cabernet", "1865 Cabernet", {}),
        ("Cuvée 2012 and 2014", "Cuvée 2012 and 2014", {}),
    ],
)
def test_the_vintage_may_stand_in_the_name(sheet: Path, cell: str, name: str, facts: dict[str, object]) -> None:
    (row,) = read(sheet, f"Wine,Quantity\n{cell},1\n")
    assert row.wine == {"name": name, **facts}


def test_a_year_in_the_name_stays_where_the_vintage_has_a_column(sheet: Path) -> None:
    (row,) = read(sheet, "Wine,Vintage\nAnniversary 1990,2015\n")
    assert (row.wine["name"], row.wine["vintage"]) == ("Anniversary 1990", 2015)


def test_spirits_and_beer_stand_apart() -> None:
    rows = fixture_rows("sheets/mixed.csv")
    assert {row.wine["name"]: row.drink for row in rows if row.drink} == {
        "Glen Orrin 12": "spirits", "Hedge & Stone Dry": "spirits", "Malzbrau": "beer", "Old Harbour Rum": "spirits",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["Virginia Viognier", "Salentino Rosso", "Bourbon Barrel Aged Zinfandel", "Rumpelberg"]
)
def test_words_are_matched_whole(sheet: Path, name: str) -> None:
    (row,) = read(sheet, f"Wine,Quantity\n{name},1\n")
    assert (row.drink, row.wine.get("type")) == ("", None)


def test_what_has_grapes_is_wine_whatever_its_name(sheet: Path) -> None:
    (row,) = read(sheet, "Wine,Grapes\nOld Rum Runner,Merlot\n")
    assert row.drink == ""


def test_an_unknown_type_is_blank_and_said(sheet: Path) -> None:
    rows = read(sheet, "Wine,Type\nA,Red\nB,Red\nC,Gemischt\n")
    assert [row.wine.get("type") for row in rows] == ["red", "red", None]
    assert skipped(rows) == [(4, "Type", "Gemischt")]


def test_ratings_of_a_column_are_on_the_scale_that_holds_them_all(sheet: Path) -> None:
    rows = read(sheet, "Wine,Rating\nA,4.5\nB,17\n")
    assert [(note.rating, note.scale) for row in rows for note in row.notes] == [
        (Decimal("4.5"), "20"), (Decimal("17.0"), "20"),
    ]  # fmt: skip


def test_a_community_average_is_no_own_rating(sheet: Path) -> None:
    (row,) = read(sheet, "Wine,Average rating\nA,4.2\n")
    assert not row.notes
    assert [(score.source, score.value, score.scale) for score in row.scores] == [("Average rating", "4.2", "5")]


def test_critics_have_columns_of_their_own_or_share_one(sheet: Path) -> None:
    (row,) = read(sheet, "Wine,WA,Scores summary\nA,92-94,Decanter: 95; Halliday 97\n")
    assert {(score.source, score.value) for score in row.scores} == {
        ("Wine Advocate", "92-94"), ("Decanter", "95"), ("Halliday", "97"),
    }  # fmt: skip


def test_dates_are_read_by_the_evidence_of_the_column(sheet: Path) -> None:
    text = "Wine,Quantity,Purchase date\nA,1,{}\nB,1,02/03/2024\n"
    days = [lot.purchased_on for row in read(sheet, text.format("25/12/2023")) for lot in row.lots]
    assert days == [date(2023, 12, 25), date(2024, 3, 2)]
    days = [lot.purchased_on for row in read(sheet, text.format("12/25/2023")) for lot in row.lots]
    assert days == [date(2023, 12, 25), date(2024, 2, 3)]


def test_a_date_that_could_be_two_is_skipped_until_the_person_says_which(sheet: Path) -> None:
    text = "Wine,Quantity,Purchase date\nA,1,02/03/2024\n"
    assert skipped(read(sheet, text)) == [(2, "Purchase date", "02/03/2024")]
    assert the_lot(read(sheet, text, date_order="mdy")).purchased_on == date(2024, 2, 3)


def test_a_french_sheet() -> None:
    rows = fixture_rows("sheets/french.csv")
    assert bottles(rows) == {"in_cellar": 7}
    (lot,) = named(rows, "Les Murmures").lots
    assert (lot.size_ml, lot.unit_price, lot.purchased_on) == (1500, 1234_00, date(2022, 12, 24))
    assert [(note.rating, note.scale) for row in rows for note in row.notes] == [
        (Decimal("17.0"), "20"), (Decimal("16.5"), "20"),
    ]  # fmt: skip
    assert not skipped(rows)


def test_a_german_sheet() -> None:
    rows = fixture_rows("sheets/german.csv")
    assert bottles(rows) == {"in_cellar": 16}
    wine = named(rows, "Sonnenhang Auslese").wine
    assert (wine["type"], wine["drink_from"], wine["drink_until"]) == ("white", 2025, 2045)
    assert not skipped(rows)


def test_a_messy_sheet() -> None:
    rows = fixture_rows("sheets/messy.csv")
    assert bottles(rows) == {"in_cellar": 12}
    assert skipped(rows) == [
        (6, "qty", ""), (6, "cellar location", "Bedroom floor"), (6, "price", "$15"),
        (7, "price", "1.234,56"),  # of no bottles
        (8, "qty", "twelve"), (8, "price", "abc"),
        (9, "price", "25 kr"),
    ]  # fmt: skip
    assert named(rows, 'a 2" taste').wine["producer"] == "Casa Pulgada"
    assert named(rows, "Blanco").wine["vintage"] == 2023


def test_a_row_without_producer_and_name_is_left_out_with_the_reason(sheet: Path) -> None:
    rows = read(sheet, "Wine,Winery,Country\n,,France\nA,B,Italy\n")
    assert rows[0].skipped == "There is neither a producer nor a name in this row."
    assert rows[0].number == 2


@pytest.mark.needs_shared_data
@pytest.mark.parametrize(
    ("name", "wines", "expected"),
    [
        ("case_quantities", 8, 105),
        ("duplicates_test", 4, 17),
        ("messy_real_world", 10, 24),
        ("minimal_wines", 3, 3),
        ("mixed_beverages", 16, 45),
        ("purchase_dates", 8, 17),
        ("standard_collection", 10, 40),
    ],
)
def test_real_sheets(shared_data: Path, name: str, wines: int, expected: int) -> None:
    rows = rows_of(shared_data / "imports" / f"sheet_{name}.csv")
    assert len({(row.wine.get("producer"), row.wine.get("name"), row.wine.get("vintage")) for row in rows}) == wines
    assert bottles(rows) == {"in_cellar": expected}
    unsaid = [(8, "qty", ""), (8, "cellar location", "Bedroom floor"), (8, "price", "$15")]
    assert skipped(rows) == (unsaid if name == "messy_real_world" else [])


@pytest.mark.needs_shared_data
def test_the_real_mixed_sheet_has_nine_drinks_that_are_no_wine(shared_data: Path) -> None:
    rows = rows_of(shared_data / "imports" / "sheet_mixed_beverages.csv")
    assert sum(bool(row.drink) for row in rows) == 9
    assert {row.drink for row in rows if row.drink} == {"spirits", "beer"}


@pytest.mark.needs_shared_data
def test_real_dates(shared_data: Path) -> None:
    rows = rows_of(shared_data / "imports" / "sheet_purchase_dates.csv")
    assert [lot.purchased_on for row in rows for lot in row.lots] == [
        date(2023, 6, 15), date(2024, 3, 15), date(2024, 3, 15), date(2024, 1, 20), date(2024, 3, 15),
        date(2023, 6, 1), date(2023, 12, 1), None,
    ]  # fmt: skip


def test_the_fixtures_of_sheets_are_nobody_elses() -> None:
    for file in (FIXTURES / "sheets").iterdir():
        assert recognised(file).format.name == "anything"

"""What a file says is taken over, or it is listed with the reason: no cell vanishes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellar.imports import cleaning
from cellar.imports.decode import open_file
from cellar.imports.detect import format_named, recognise
from cellar.imports.formats.anything import FIELDS
from cellar.imports.formats.anything.lines import BESIDE
from cellar.imports.options import Options
from cellar.imports.packing import pack
from cellar.imports.planning import Planned, Planner
from cellar.imports.rows import Row
from cellar.imports.tables import Table
from tests.cellar.imports.formats.reading import FIXTURES, TODAY

LONG = "x" * 40_00
# Of each field a cell that can be read, with the sign of it in a plan, and one that cannot (or is cut).
CELLS: dict[str, tuple[tuple[str, str], ...]] = {
    "producer": (("Casa Uno", "Casa Uno"), (LONG, "")),
    "name": (("Vino Due", "Vino Due"), (LONG, "")),
    "vintage": (("2015", '"vintage": 2015'), ("NV", '"non_vintage": true'), ("soon", ""), ("2999", "")),
    "type": (("Red", '"red"'), ("gurgling", "")),
    "colour": (("rouge", '"red"'), ("blanc", '"white"'), ("plaid", "")),
    "sweetness": (("off-dry", '"off_dry"'), ("crunchy", "")),
    "country": (("Italy", "Italy"), (LONG, "")),
    "region": (("Regione", "Regione"), (LONG, "")),
    "sub_region": (("Sottoregione", "Sottoregione"), (LONG, "")),
    "appellation": (("Denominata", "Denominata"), (LONG, "")),
    "vineyard": (("Vigna Tre", "Vigna Tre"), (LONG, "")),
    "classification": (("Grande", "Grande"), (LONG, "")),
    "grapes": (("Merlot", "Merlot"), ("Merlot 80%, Syrah 70%", ""), (LONG, "")),
    "alcohol": (("13.5", "13.5"), ("strong", ""), ("101", "")),
    "drink_window": (("2021-2031", "2031"), ("soon", ""), ("2031-2021", "")),
    "drink_from": (("2022", "2022"), ("young", ""), ("99999", "")),
    "drink_until": (("2033", "2033"), ("old", "")),
    "best_from": (("2024", "2024"), ("ripe", "")),
    "best_until": (("2029", "2029"), ("ripe", "")),
    "quantity": (("3", '"quantity": 3'), ("1", ""), ("0", ""), ("several", ""), ("99999", "")),
    "cases": (("2", ""), ("a few", "")),
    "case_size": (("6", ""), ("many", "")),
    "pending": (("4", '"quantity": 4'), ("some", "")),
    "consumed": (("2", '"quantity": 2'), ("perhaps", "")),
    "state": (("drunk", '"gone"'), ("on order", '"on_order"'), ("open", '"open"'), ("wishlist", '"wishlist": true'),
              ("lent", "")),
    "size": (("1.5 l", '"size_ml": 1500'), ("huge", ""), ("90 l", "")),
    "location": (("Stanza", "Stanza"), (LONG, ""), ("A > B > C > D > E > F > G > H", "")),
    "bin": (("B-17", "B-17"), (LONG, "")),
    "row": (("3", ", 3, 5]"), ("top", ""), ("1199", "")),
    "column": (("5", ", 3, 5]"), ("left", "")),
    "barcode": (("0123456789", "0123456789"), (LONG, "")),
    "price": (("12.34", '"unit_price": 1234'), ("cheap", ""), ("9999999999999", "")),
    "case_price": (("77.77", ""), ("cheap", "")),
    "total_price": (("88.88", ""), ("cheap", "")),
    "currency": (("CHF", '"CHF"'), ("shells", "")),
    "store": (("Bottega", "Bottega"), (LONG, "")),
    "purchased_on": (("2019-03-04", "2019-03-04"), ("2019-02-30", ""), ("once", "")),
    "delivered_on": (("2019-04-05", "2019-04-05"), ("2019-02-30", "")),
    "gone_on": (("2020-05-06", "2020-05-06"), ("2019-02-30", "")),
    "gone_reason": (("gift", '"gift"'), ("Gave to Paul", "Gave to Paul"), (LONG, "")),
    "gone_note": (("Addio", "Addio"), (LONG, "")),
    "recipient": (("Paola", "Paola"), (LONG, "")),
    "revenue": (("45.67", '"revenue": 4567'), ("much", "")),
    "note": (("Nota", "Nota"), (LONG, "")),
    "rating": (("17.5", '"17.5"'), ("fine", ""), ("300", "")),
    "rating_scale": (("20", '"scale": "20"'), ("furlongs", "")),
    "tasting_note": (("Prugna", "Prugna"), (2 * LONG, "")),
    "tasted_on": (("2021-06-07", "2021-06-07"), ("2019-02-30", "")),
    "score": (("93", '"93"'), ("Decanter: 94", '"94"'), ("splendid", "")),
    "wishlist": (("yes", '"wishlist": true'), ("maybe", "")),
    "minimum_stock": (("5", '"minimum_stock": 5'), ("enough", "")),
    "ean": (("4006381333931", "4006381333931"), ("none at all", "")),
    "lwin": (("1012345", "1012345"), (LONG, "")),
    "cellartracker_id": (("778899", "778899"), (LONG, "")),
    "vivino_url": (("https://www.vivino.com/w/1", "vivino.com/w/1"), ("ftp://x", ""), (LONG, "")),
    "custom": (("Proprio", "Proprio"), (LONG, "")),
}  # fmt: skip
NAMES = tuple(CELLS)


def table_of(columns: Sequence[str], cells: Sequence[str], *, part: str = "table") -> Table:
    def source() -> Iterator[tuple[int, Sequence[str]]]:
        return iter([(2, cells)])

    return Table("sheet.csv", tuple(columns), source, part=part)


def planned(table: Table) -> tuple[Row, Planned, str]:
    """Return the row of a mapped table, its plan, and all that is planned as one text."""
    kind = format_named("anything")
    assert kind is not None
    options = Options(today=TODAY, mapping={name: name for name in NAMES})
    (row,) = kind.parse([table], options)
    planner = Planner(namespace=UUID(int=7), last_vintage=2028, today=TODAY, other_drinks=True)
    (plan,) = planner.plan([row])
    return row, plan, pack(plan.plan) + str([one.name for one in planner.housing.new.values()])


def test_each_field_is_tried() -> None:
    assert {field.name for field in FIELDS} | {"custom"} == set(NAMES)


@pytest.mark.django_db
@settings(max_examples=150)
@given(
    chosen=st.fixed_dictionaries(
        {name: st.sampled_from([("", ""), *tried]) for name, tried in CELLS.items() if name not in {"producer", "name"}}
        | {name: st.sampled_from(CELLS[name]) for name in ("producer", "name")}
    )
)
def test_a_cell_of_a_mapped_column_is_in_the_plan_or_listed(chosen: dict[str, tuple[str, str]]) -> None:
    row, plan, text = planned(table_of(NAMES, [chosen[name][0] for name in NAMES]))
    assert plan.wine_id is not None
    listed = {cell.column for cell in row.skipped_cells}
    assert all(cell.reason for cell in row.skipped_cells)
    for name, (cell, sign) in chosen.items():
        if not cell or name in listed or (sign and sign in text):
            continue
        others = BESIDE.get(name, ())
        if name in BESIDE and not any(chosen[other][0] for other in others):
            continue
        is_noted = name in SLOT and f"{chosen['row'][0]}-5" in text
        assert is_noted or is_said_by_another(name, chosen, row, listed), (name, cell, text)


def is_said_by_another(name: str, chosen: dict[str, tuple[str, str]], row: Row, listed: set[str]) -> bool:
    """Whether a cell without a sign of its own is in what others say together: counts, cases, and what they cost."""
    quantities = {lot.quantity for lot in row.lots}
    counts = {field: int(chosen[field][0]) for field in COUNTS if chosen[field][0].isdecimal()}
    if name in counts:
        # Those of two cells may have come into the same state.
        return counts[name] <= max(quantities, default=0)
    if name in {"cases", "case_size"}:
        return max(quantities, default=0) >= 12 or name == "case_size"
    if name in {"case_price", "total_price"}:
        return any(lot.unit_price for lot in row.lots)
    # Scale and currency are read together with numbers that are listed themselves.
    if name == "rating_scale":
        return "rating" in listed
    if name == "currency":
        return bool(listed & {*BESIDE["currency"]}) or not any(lot.unit_price for lot in row.lots)
    if name in {"row", "column"}:
        return "slot" in listed
    # Of too many places the planner does not know any more in which column they were.
    return name == "location" and "place" in listed


# Of bottles that are not here any more the slot is in their note.
SLOT = ("row", "column")
COUNTS = ("quantity", "pending", "consumed")

# Of each kind of file the cells of a row of bottles whose number cannot be read.
UNCOUNTED = [
    ("cellartracker/list.tsv", "Quantity", {"Location", "Bin", "Size", "Price"}),
    ("cellartracker/bottles.tsv", "Quantity", {"Location", "BottleSize", "Store", "PurchaseDate", "BottleCost"}),
    ("cellartracker/bottles.tsv", "BottleState", {"Location", "BottleSize", "Store", "PurchaseDate", "BottleCost"}),
    ("cellartracker/purchase.tsv", "Remaining", {"Size", "StoreName", "PurchaseDate", "NativePrice"}),
    ("cellartracker/browser.csv", "Quantity", {"Size", "Price"}),
    ("invintory.csv", "Quantity", {"Cellar or Fridge Name", "Size", "Average Purchase Price (USD)"}),
    ("vinocell/wines.csv", "Bottles", {"Volume", "Price"}),
    ("ploc/wines.csv", "Stock", {"Bottle format"}),
    ("ploc/history.csv", "Purchase", {"Date", "Unit price", "Vendor", "Comments"}),
    ("ha_wine_tracker/wines.csv", "quantity", {"bottle_format", "purchased_at", "added", "location", "price"}),
    ("earlier_winebox/transactions.csv", "quantity", {"transaction_date", "notes"}),
    ("earlier_winebox/transactions.csv", "transaction_type", {"quantity", "transaction_date", "notes"}),
    ("vivino/full_wine_list_2020.csv", "Cellar count", {"Wine price"}),
]


def with_cell(name: str, column: str, cell: str) -> tuple[Row, dict[str, str]]:
    """Return what becomes of the first row of a file that has a cell in a column, with another one; and its cells."""
    known = recognise(open_file(FIXTURES / name, name=name))
    assert known is not None
    kind, table = known
    assert isinstance(table, Table)
    lines = list(table)
    line = next((line for line in lines if line.get(column)), lines[0])
    cells = [*line.cells, *[""] * (len(table.columns) - len(line.cells))]
    cells[table.columns.index(column)] = cell
    if "Pending" in table.columns:
        cells[table.columns.index("Pending")] = ""
    (row,) = kind.parse([table_of(table.columns, cells, part=table.part)], Options(today=TODAY))
    cleaning.clean(row, TODAY.year + 2)
    return row, dict(zip(table.columns, cells, strict=False))


@pytest.mark.parametrize(("name", "column", "others"), UNCOUNTED)
def test_of_bottles_that_cannot_be_counted_each_cell_is_listed(name: str, column: str, others: set[str]) -> None:
    row, cells = with_cell(name, column, "a few")
    assert not row.lots
    assert row.names_a_wine
    assert not row.skipped
    listed = {cell.column: cell.text for cell in row.skipped_cells}
    assert listed[column] == "a few"
    said = {other: cells[other] for other in others if cells[other] not in {"", "0", "Unknown"}}
    assert said == {other: listed.get(other) for other in said}
    assert said


# One file of each kind, and the columns whose cells come over.
READ = [
    ("cellartracker/list.tsv", "iWine Quantity Location Bin Size Price Vintage Wine Country Region SubRegion "
     "Appellation Producer Type Varietal Vineyard CT MY BeginConsume EndConsume"),
    ("cellartracker/inventory.tsv", "Barcode Location Bin Size NativePrice StoreName PurchaseDate BottleNote"),
    ("cellartracker/bottles.tsv",
     "BottleState Quantity BottleSize Location Store PurchaseDate DeliveryDate BottleCost"),
    ("cellartracker/consumed.tsv", "Size NativePrice Consumed ConsumptionNote PurchaseNote BottleNote"),
    ("cellartracker/purchase.tsv", "Size StoreName PurchaseDate DeliveryDate NativePrice Remaining"),
    ("cellartracker/notes.tsv", "TastingDate Rating TastingNotes"),
    ("vivino/cellar.csv", "Winery,Wine name,Vintage,Region,Country,Average rating,Wine type,Link to wine,"
     "User cellar count"),
    ("vivino/full_wine_list.csv", "Your rating,Your review,Personal Note,Drinking Window"),
    ("invintory.csv", "Cellar or Fridge Name,Wine Name,Vintage,Wine Type,Grapes,Producer,Country,Region,Subregion,"
     "Size,Quantity,Average Purchase Price (USD),Drink Window,Tags"),
    ("vinocell/bottles.csv", "Winery,Name,Year,Price,Grapes,Country,Region,Subregion,Classification,Category,Volume,"
     "Alcohol,Drink from,Drink until,EAN/UPC,Wishlist,Comment,Cellar,Shelf,Provider,Input date,Input price"),
    ("vinocell/bottles_gone.csv", "Recipient,Output date,Output price,Output comment"),
    ("ploc/wines.csv", "Vintage,Color,Stock,Producer,Country,Region,Appellation,Grapes,Bottle format,Classification,"
     "Degree of alcohol,Tags,Apogee,Note,Comments"),
    ("ploc/history.csv", "Date,Purchase,Unit price,Vendor,Comments,Consumption"),
    ("cellarion/export.csv", "vintage country region type price currency bottleSize purchaseDate purchaseLocation "
     "location notes rating ratingScale rackName rackPosition addToHistory"),
    ("ha_wine_tracker/wines.csv", "year type region quantity rating notes added purchased_at price drink_from "
     "drink_until location grape bottle_format"),
    ("earlier_winebox/wines.csv", "vintage country region alcohol_percentage wine_type_id price_tier quantity "
     "grape_blend_summary scores_summary custom_fields"),
    ("earlier_winebox/transactions.csv", "transaction_type quantity notes transaction_date"),
]  # fmt: skip
TRIED = [
    (name, column)
    for name, columns in READ
    for column in (columns.split(",") if "," in columns else columns.split())
]  # fmt: skip


@pytest.mark.parametrize(("name", "column"), TRIED)
@pytest.mark.parametrize("cell", ["‽ ‽", "‽" * 6000, "-7.7.7/7"])
def test_a_cell_of_a_known_file_is_taken_or_listed(name: str, column: str, cell: str) -> None:
    row, _cells = with_cell(name, column, cell)
    assert not row.skipped
    is_taken = cell in str((row.wine, row.lots, row.notes, row.scores, row.wine_key))
    assert is_taken or column in {one.column for one in row.skipped_cells}


def test_what_cannot_be_read_is_not_replaced_by_a_guess() -> None:
    """Neither by the household's currency, nor by a likely scale, nor by the day of another column."""
    row, _cells = with_cell("cellarion/export.csv", "currency", "shells")
    assert [lot.unit_price for lot in row.lots] == [None]
    row, _cells = with_cell("cellarion/export.csv", "ratingScale", "furlongs")
    assert row.notes == []
    row, _cells = with_cell("cellarion/export.csv", "purchaseDate", "once")
    assert [lot.purchased_on for lot in row.lots] == [None]

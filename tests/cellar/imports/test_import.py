"""An import from file to cellar: what is planned, what comes over, what a second run and an undo do."""

from __future__ import annotations

import contextlib
import itertools
import threading
from pathlib import Path

import pytest

from cellar import search, stock
from cellar.imports import applying, batches
from cellar.imports.batches import ImportRefused
from cellar.imports.files import LocalFile
from cellar.imports.report import report_of
from cellar.imports.taking_back import undo_import
from cellar.management.commands.cellar_stats import cellar_stats
from cellar.models import (
    Bottle,
    ImportBatch,
    ImportFile,
    ImportRow,
    Kind,
    Location,
    Reason,
    Score,
    Stage,
    State,
    TastingNote,
    Transaction,
    Wine,
)
from cellar.tree import load_tree
from tests.cellar.factories import check_in, make_wine
from tests.cellar.faults import FaultError, fault_at
from tests.cellar.imports.importing import applied, bottle_line, bottles_file, outcomes, planned, write
from tests.cellar.invariants import assert_the_book_is_right

pytestmark = pytest.mark.django_db

SHEET = """Producer,Wine,Vintage,Country,Type,Quantity,Price,Location
Giacomo Prova,Barolo,2016,Italy,Red,3,€40.00,Cellar
Giacomo Prova,Langhe,2020,Italy,Red,0,€15.00,Cellar
Weingut Muster,Riesling,2019,Germany,White,2,€12.50,Fridge
"""


def assert_all_is_right() -> None:
    assert_the_book_is_right()
    wines = list(Wine.objects.values_list("pk", flat=True))
    assert search.stale(wines, load_tree()) == {}


# -- What comes over ---------------------------------------------------------------------------------------------------


def test_rows_become_wines_bottles_and_places(tmp_path: Path) -> None:
    batch = applied(write(tmp_path, SHEET))
    assert outcomes(batch) == ["new", "new", "new"]
    assert {wine.full_name: wine.count_in_cellar for wine in Wine.objects.current()} == {
        "Giacomo Prova Barolo 2016": 3,
        "Giacomo Prova Langhe 2020": 0,
        "Weingut Muster Riesling 2019": 2,
    }
    assert set(Location.objects.values_list("name", "kind")) == {("Cellar", "cellar"), ("Fridge", "fridge")}
    assert Wine.objects.get(name="Barolo").price_per_750 == 4000
    assert_all_is_right()


def test_the_whole_life_of_a_bottle_is_in_the_ledger_with_its_days(tmp_path: Path) -> None:
    applied(bottles_file(tmp_path, bottle_line("0000000001", 0, DeliveryDate="5/6/2020", ConsumptionNote="Lovely.")))
    bottle = Bottle.objects.get()
    steps = [
        (line.transaction.kind, str(line.transaction.happened_at.date())) for line in bottle.lines.order_by("step")
    ]
    assert steps == [(Kind.ORDER, "2020-03-04"), (Kind.DELIVER, "2020-05-06"), (Kind.CHECK_OUT, "2021-12-24")]
    gone = Transaction.objects.get(kind=Kind.CHECK_OUT)
    assert (gone.reason, gone.note) == (Reason.DRANK, "Lovely.")
    assert (bottle.state, bottle.barcode) == (State.GONE, "0000000001")
    assert_all_is_right()


def test_bottles_on_order_are_no_stock(tmp_path: Path) -> None:
    applied(bottles_file(tmp_path, bottle_line("0000000001", -1)))
    assert cellar_stats()["bottles_on_order"] == 1
    assert cellar_stats()["bottles_in_cellar"] == 0


def test_bottles_bought_alike_are_one_transaction(tmp_path: Path) -> None:
    applied(bottles_file(tmp_path, *(bottle_line(f"000000000{number}", 1) for number in range(3))))
    assert Transaction.objects.get().quantity == 3


def test_a_row_that_names_no_wine_is_skipped_with_its_number(tmp_path: Path) -> None:
    batch = applied(write(tmp_path, "Producer,Wine,Vintage,Quantity\nA,B,2015,1\n,,2016,4\nC,D,2017,1\n"))
    (skipped,) = batch.rows.filter(outcome="skipped")
    assert skipped.number == 3
    assert skipped.detail
    assert Wine.objects.count() == 2


def test_a_cell_that_cannot_be_read_costs_the_cell_not_the_row(tmp_path: Path) -> None:
    batch = applied(write(tmp_path, f"{SHEET}A,B,2015,France,Red,2,about forty,Cellar\n"))
    assert Wine.objects.get(name="B").count_in_cellar == 2
    # Row 3 is of no bottles: its price and its place are left out.
    assert list(batch.rows.filter(has_skipped_cells=True).values_list("number", flat=True)) == [3, 5]


def test_spirits_wait_for_a_tick_and_names_like_them_do_not(tmp_path: Path) -> None:
    sheet = "Producer,Wine,Type,Quantity\nSalentino,Virginia Red,Red,1\nDistillery,Old Malt,Whisky,2\n"
    assert outcomes(planned(write(tmp_path, sheet))) == ["new", "other"]
    assert outcomes(planned(write(tmp_path, sheet), other_drinks=True)) == ["new", "new"]


def test_a_slot_becomes_a_place_within_its_place(tmp_path: Path) -> None:
    applied(bottles_file(tmp_path, bottle_line("0000000001", 1, Bin="A 12")))
    assert load_tree().label(Bottle.objects.get().location_id) == "Keller · A 12"


def test_a_place_that_is_there_is_used(tmp_path: Path) -> None:
    house = Location.objects.create(name="Home")
    cellar = Location.objects.create(name="CELLAR", parent=house)
    applied(write(tmp_path, SHEET))
    assert Bottle.objects.filter(location=cellar).count() == 3


# -- A second run ------------------------------------------------------------------------------------------------------


def test_the_same_file_twice_adds_nothing(tmp_path: Path) -> None:
    applied(write(tmp_path, SHEET))
    before = cellar_stats()
    batch = applied(write(tmp_path, SHEET))
    assert set(outcomes(batch)) == {"here"}
    assert cellar_stats() == before


def test_bottles_listed_twice_in_a_file_are_two_and_stay_two(tmp_path: Path) -> None:
    sheet = "Producer,Wine,Vintage,Quantity\nA,B,2015,2\nA,B,2015,3\n"
    assert outcomes(applied(write(tmp_path, sheet))) == ["new", "known"]
    applied(write(tmp_path, sheet))
    assert cellar_stats()["bottles_in_cellar"] == 5


def test_a_newer_export_checks_out_what_was_drunk_since(tmp_path: Path) -> None:
    both = [bottle_line(f"000000000{number}", 1) for number in (1, 2)]
    applied(bottles_file(tmp_path, *both))
    batch = applied(bottles_file(tmp_path, bottle_line("0000000001", 0), both[1]))
    assert outcomes(batch) == ["updated", "here"]
    gone = Bottle.objects.get(barcode="0000000001")
    assert gone.state == State.GONE
    assert str(Transaction.objects.get(kind=Kind.CHECK_OUT).happened_at.date()) == "2021-12-24"
    assert_all_is_right()


def test_a_newer_export_delivers_what_was_on_order(tmp_path: Path) -> None:
    applied(bottles_file(tmp_path, bottle_line("0000000001", -1)))
    applied(bottles_file(tmp_path, bottle_line("0000000001", 1)))
    bottle = Bottle.objects.get()
    assert (bottle.state, load_tree().label(bottle.location_id)) == (State.IN_CELLAR, "Keller")
    assert_all_is_right()


def test_a_bottle_that_the_household_drank_does_not_come_back(tmp_path: Path) -> None:
    path = bottles_file(tmp_path, bottle_line("0000000001", 1))
    applied(path)
    stock.check_out(wine=Wine.objects.get(), quantity=1, reason=Reason.DRANK, actor=None)
    assert outcomes(applied(path)) == ["here"]
    assert Bottle.objects.get().state == State.GONE


def test_a_newer_export_fills_in_what_the_cellar_does_not_say(tmp_path: Path) -> None:
    wine = make_wine(producer="Château Beispiel", name="", vintage=2015, region="", country="")
    wine.refresh_from_db()
    batch = applied(bottles_file(tmp_path, bottle_line("0000000001", 1)))
    wine.refresh_from_db()
    assert outcomes(batch) == ["known"]
    assert (wine.country, wine.cellartracker_id) == ("France", "77")
    assert_all_is_right()


def test_facts_of_the_household_are_not_overwritten(tmp_path: Path) -> None:
    make_wine(producer="Château Beispiel", name="", vintage=2015, country="Frankreich")
    applied(bottles_file(tmp_path, bottle_line("0000000001", 1)))
    assert Wine.objects.get().country == "Frankreich"


def test_a_wine_of_another_number_is_another_wine(tmp_path: Path) -> None:
    make_wine(producer="Château Beispiel", name="", vintage=2015, cellartracker_id="78")
    applied(bottles_file(tmp_path, bottle_line("0000000001", 1)))
    assert Wine.objects.count() == 2


# -- All or nothing ----------------------------------------------------------------------------------------------------


def test_nothing_is_shown_before_the_end(tmp_path: Path) -> None:
    batch = applying.begin(batch=planned(write(tmp_path, SHEET)))
    applying.apply_step(batch=batch, seconds=0)
    assert Wine.objects.count() == 3
    assert not Wine.objects.current().exists()
    assert not Bottle.objects.exists()
    assert not Location.objects.exists()
    assert not Transaction.objects.exists()


def test_an_import_that_breaks_off_at_any_write_shows_nothing_and_goes_on(tmp_path: Path) -> None:
    batch = applying.begin(batch=planned(write(tmp_path, NOTED)))
    applying.apply_step(batch=batch, seconds=0)
    for number in itertools.count(1):
        with fault_at(number) as fuse, contextlib.suppress(FaultError):
            applying.finish(batch=batch)
        if not fuse.has_blown:
            break
        assert not Bottle.objects.exists()
        assert not Wine.objects.current().exists()
    assert number > 5
    assert cellar_stats()["bottles_in_cellar"] == 1
    assert_all_is_right()


def test_an_import_that_broke_off_can_be_dropped(tmp_path: Path) -> None:
    before = cellar_stats()
    batch = applying.begin(batch=planned(write(tmp_path, SHEET)))
    applying.apply_step(batch=batch, seconds=0)
    batches.drop(batch=batch)
    assert cellar_stats() == before
    assert not Wine.objects.exists()
    assert not ImportRow.objects.exists()
    assert not ImportFile.objects.exists()


def test_a_plan_goes_on_after_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "AT_A_TIME", 1)
    sheet = SHEET + "Giacomo Prova,Barolo,2016,Italy,Red,2,€40.00,Cellar\n"
    batch = batches.plan_anew(batch=batches.start(files_=[_local(write(tmp_path, sheet))], actor=None))
    while batch.stage == Stage.PLANNING:
        batches.plan_step(batch=batch, seconds=0)
        batches._sessions.clear()  # what a restart forgets
    assert outcomes(batch) == ["new", "new", "new", "known"]
    assert batch.figures["bottles_in_cellar"] == 7


def test_an_import_is_taken_over_once(tmp_path: Path) -> None:
    batch = applied(write(tmp_path, SHEET))
    applying.finish(batch=batch)
    applying.apply_step(batch=batch)
    assert cellar_stats()["bottles_in_cellar"] == 5


def test_a_bottle_that_changed_after_the_plan_is_left_as_it_is(tmp_path: Path) -> None:
    applied(bottles_file(tmp_path, bottle_line("0000000001", 1)))
    batch = planned(bottles_file(tmp_path, bottle_line("0000000001", 0)))
    stock.check_out(wine=Wine.objects.get(), quantity=1, reason=Reason.BROKEN, actor=None)
    batch = applying.begin(batch=batch)
    applying.apply_step(batch=batch)
    assert Transaction.objects.get(kind=Kind.CHECK_OUT).reason == Reason.BROKEN
    assert any("changed since" in warning for warning in batch.warnings)
    assert_all_is_right()


# -- Undo --------------------------------------------------------------------------------------------------------------


def test_an_import_is_undone_as_one_step(tmp_path: Path) -> None:
    check_in(make_wine(), 2)
    before = cellar_stats()
    batch = applied(bottles_file(tmp_path, *(bottle_line(f"000000000{state + 2}", state) for state in (-1, 0, 1))))
    assert cellar_stats() != before
    undo_import(batch=batch, actor=None)
    assert cellar_stats() == before
    assert batch.stage == Stage.UNDONE
    assert Wine.objects.current().count() == 1
    assert_all_is_right()


def test_after_an_undo_the_file_can_be_brought_again(tmp_path: Path) -> None:
    path = bottles_file(tmp_path, *(bottle_line(f"000000000{state + 2}", state) for state in (-1, 0, 1)))
    batch = applied(path)
    with_it = cellar_stats()
    undo_import(batch=batch, actor=None)
    applied(path)
    assert cellar_stats() == with_it
    assert_all_is_right()


def test_an_undo_brings_back_bottles_that_the_import_checked_out(tmp_path: Path) -> None:
    applied(bottles_file(tmp_path, bottle_line("0000000001", 1)))
    before = cellar_stats()
    undo_import(batch=applied(bottles_file(tmp_path, bottle_line("0000000001", 0))), actor=None)
    assert cellar_stats() == before
    assert Bottle.objects.get().state == State.IN_CELLAR
    assert_all_is_right()


def test_an_undo_says_which_bottle_has_moved_on(tmp_path: Path) -> None:
    batch = applied(write(tmp_path, SHEET))
    stock.check_out(wine=Wine.objects.get(name="Barolo"), quantity=1, reason=Reason.DRANK, actor=None)
    before = cellar_stats()
    with pytest.raises(ImportRefused, match="1 × Giacomo Prova Barolo 2016"):
        undo_import(batch=batch, actor=None)
    assert cellar_stats() == before
    assert ImportBatch.objects.get().stage == Stage.DONE


def test_an_undo_takes_filled_in_facts_back(tmp_path: Path) -> None:
    make_wine(producer="Château Beispiel", name="", vintage=2015, region="", country="")
    undo_import(batch=applied(bottles_file(tmp_path, bottle_line("0000000001", 1))), actor=None)
    wine = Wine.objects.get()
    assert (wine.country, wine.cellartracker_id, wine.archived_at) == ("", "", None)


def test_a_wine_that_somebody_used_since_stays(tmp_path: Path) -> None:
    batch = applied(write(tmp_path, SHEET))
    check_in(Wine.objects.get(name="Langhe"), 1)
    undo_import(batch=batch, actor=None)
    assert [wine.name for wine in Wine.objects.current()] == ["Langhe"]


def test_an_undone_import_cannot_be_undone_again(tmp_path: Path) -> None:
    batch = applied(write(tmp_path, SHEET))
    undo_import(batch=batch, actor=None)
    with pytest.raises(ImportRefused):
        undo_import(batch=batch, actor=None)


# -- Notes and scores --------------------------------------------------------------------------------------------------

NOTED = "Producer,Wine,Vintage,Quantity,My Rating,WA,Tasting Notes\nA,B,2015,1,92,93-95,Dark and deep.\n"


def test_notes_and_scores_come_over_once_and_go_with_the_import(tmp_path: Path) -> None:
    batch = applied(write(tmp_path, NOTED))
    again = applied(write(tmp_path, NOTED))
    assert set(outcomes(again)) == {"here"}
    assert TastingNote.objects.count() == batch.figures["notes"]
    assert Score.objects.count() == batch.figures["scores"]
    undo_import(batch=batch, actor=None)
    assert not TastingNote.objects.exists()
    assert not Score.objects.exists()


def test_a_score_that_somebody_wrote_by_hand_is_not_brought_again(tmp_path: Path) -> None:
    applied(write(tmp_path, NOTED))
    brought = Score.objects.get()
    Score.objects.all().delete()
    Score.objects.create(
        wine_id=brought.wine_id, source=brought.source, reviewer=brought.reviewer, year=brought.year,
        value=brought.value, scale=brought.scale,
    )  # fmt: skip
    assert outcomes(applied(write(tmp_path, NOTED))) == ["here"]
    assert Score.objects.count() == 1


def _local(path: Path) -> LocalFile:
    return LocalFile(path, path.name)


@pytest.mark.django_db(transaction=True)
@pytest.mark.once
def test_two_requests_that_finish_at_once_bring_the_bottles_once(tmp_path: Path) -> None:
    batch = applying.begin(batch=planned(write(tmp_path, SHEET)))
    start = threading.Barrier(2)

    def finish() -> None:
        from django.db import connection

        start.wait()
        try:
            applying.apply_step(batch=ImportBatch.objects.get(pk=batch.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=finish) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cellar_stats()["bottles_in_cellar"] == 5
    assert_the_book_is_right()


def left_out(batch: ImportBatch) -> list[tuple[int, str, str]]:
    return [(one["row"], one["column"], one["reason"]) for one in report_of(batch)["skipped"]]


def test_what_an_earlier_row_contradicts_is_listed(tmp_path: Path) -> None:
    sheet = "Wine,Country,Bottles,Tag,Other\nBarolo,Italy,1,red,\nBarolo,France,1,blue,new\nBarolo,Italy,1,red,\n"
    mapping = {"Wine": "name", "Country": "country", "Bottles": "quantity", "Tag": "custom", "Other": "custom"}
    batch = applied(write(tmp_path, sheet), mapping=mapping)
    wine = Wine.objects.get()
    assert (wine.country, wine.count_in_cellar) == ("Italy", 3)
    assert wine.custom_fields == {"Tag": "red", "Other": "new"}
    assert left_out(batch) == [
        (3, "country", "“France”: An earlier row says otherwise about this wine."),
        (3, "Tag", "“blue”: An earlier row says otherwise about this wine."),
    ]


def test_what_the_cellar_contradicts_is_listed_and_left_as_it_is(tmp_path: Path) -> None:
    make_wine(producer="", name="Barolo", vintage=None, country="Italy", custom_fields={"Tag": "red"})
    mapping = {"Wine": "name", "Country": "country", "Bottles": "quantity", "Tag": "custom"}
    batch = applied(write(tmp_path, "Wine,Country,Bottles,Tag\nBarolo,France,1,blue\n"), mapping=mapping)
    assert left_out(batch) == [
        (2, "country", "“France”: The cellar says otherwise about this wine."),
        (2, "Tag", "“blue”: The cellar says otherwise about this wine."),
    ]
    wine = Wine.objects.get()
    assert (wine.country, wine.custom_fields) == ("Italy", {"Tag": "red"})


def test_where_a_bottle_lay_that_is_gone_is_in_its_note(tmp_path: Path) -> None:
    applied(bottles_file(tmp_path, bottle_line("0000000001", 0, Bin="A 12", BottleNote="Gift")))
    assert Bottle.objects.get().note == "Gift (Keller · A 12)"


def test_a_slot_that_is_taken_is_listed(tmp_path: Path) -> None:
    sheet = "Wine,Place,Row,Column\nA,Rack,1,1\nB,Rack,1,1\n"
    batch = applied(write(tmp_path, sheet), meaning="cellar")
    assert left_out(batch) == [(3, "slot", "“1-1”: This slot is taken, or is none of the rack.")]
    assert Bottle.objects.filter(row=1, column=1).count() == 1


def test_rows_of_a_wine_that_is_there_bring_their_own_fields_together(tmp_path: Path) -> None:
    make_wine(producer="", name="Barolo", vintage=None, custom_fields={"Old": "1"})
    mapping = {"Wine": "name", "Bottles": "quantity", "One": "custom", "Two": "custom"}
    applied(write(tmp_path, "Wine,Bottles,One,Two\nBarolo,1,a,\nBarolo,1,,b\n"), mapping=mapping)
    assert Wine.objects.get().custom_fields == {"Old": "1", "One": "a", "Two": "b"}

"""/import/: from files to the cellar and back, page by page."""

from __future__ import annotations

import csv
import io
from functools import partial
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from openpyxl import Workbook

from accounts.models import SecurityEvent
from cellar import stock
from cellar.imports import applying
from cellar.management.commands.cellar_stats import cellar_stats
from cellar.models import Bottle, ImportBatch, ImportFile, Reason, Stage, Wine
from cellar.views.importing import _go_on
from tests.cellar.views.pages import addresses_in, forms_of, messages_of, text_of

pytestmark = pytest.mark.django_db

SHEET = (
    "Weingut,Wein,Jahr,Anzahl,Regal\nMuster,Riesling,2019,2,Keller\n,,2020,1,Keller\nMuster,Silvaner,2021,0,Keller\n"
)


def sent(text: str | bytes, name: str = "wines.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def uploaded(client: Client, *files: SimpleUploadedFile) -> ImportBatch:
    response = client.post("/import/", {"sent": list(files)})
    assert response.status_code == 302, text_of(response)
    return ImportBatch.objects.get()


def planned(client: Client, *files: SimpleUploadedFile, **columns: str) -> ImportBatch:
    """Bring files, accept what was recognised, and let the plan be made."""
    batch = uploaded(client, *files)
    response = client.post(f"/import/{batch.pk}/options/", {})
    if "columns" in response.headers["Location"]:
        client.post(f"/import/{batch.pk}/columns/", {**shown_columns(client, batch), **columns})
    step_through(client, batch)
    return batch


def shown_columns(client: Client, batch: ImportBatch) -> dict[str, str]:
    """Return what the page suggests for each column."""
    form = client.get(f"/import/{batch.pk}/columns/").context["form"]
    return {name: form.initial[name] for name in form.fields}


def step_through(client: Client, batch: ImportBatch) -> None:
    batch.refresh_from_db()
    while batch.stage in {Stage.PLANNING, Stage.STAGING}:
        client.post(f"/import/{batch.pk}/step/")
        batch.refresh_from_db()


def taken_over(client: Client, *files: SimpleUploadedFile) -> ImportBatch:
    batch = planned(client, *files)
    client.post(f"/import/{batch.pk}/apply/")
    step_through(client, batch)
    return batch


def test_what_was_recognised_is_shown_before_anything_is_written(member: Client) -> None:
    batch = uploaded(member, sent(SHEET.encode("utf-16")))
    page = text_of(member.get(f"/import/{batch.pk}/", follow=True))
    assert "Spreadsheet" in page
    assert "utf-16" in page
    assert "commas" in page
    assert not Wine.objects.exists()


def test_the_same_files_lead_back_to_their_import_that_is_not_finished(member: Client) -> None:
    batch = uploaded(member, sent(SHEET, "one.csv"), sent(SHEET * 2, "two.csv"))
    response = member.post("/import/", {"sent": [sent(SHEET * 2, "again.csv"), sent(SHEET, "one.csv")]}, follow=True)
    assert response.redirect_chain[0][0] == f"/import/{batch.pk}/"
    assert "These files were brought before" in text_of(response)
    assert ImportBatch.objects.count() == 1


def test_other_files_of_the_same_size_are_an_import_of_their_own(member: Client) -> None:
    uploaded(member, sent(SHEET))
    member.post("/import/", {"sent": [sent(SHEET.replace("Riesling", "Silvaner"))]})
    assert ImportBatch.objects.count() == 2


def test_files_that_were_taken_over_can_be_brought_again(member: Client) -> None:
    taken_over(member, sent(SHEET))
    response = member.post("/import/", {"sent": [sent(SHEET)]}, follow=True)
    assert "brought before" not in text_of(response)
    assert ImportBatch.objects.count() == 2


def test_files_that_are_gone_from_the_store_do_not_stand_in_the_way(member: Client) -> None:
    batch = uploaded(member, sent(SHEET))
    default_storage.delete(batch.files.get().stored)
    member.post("/import/", {"sent": [sent(SHEET)]})
    assert ImportBatch.objects.count() == 2


def workbook(**sheets: list[list[Any]]) -> bytes:
    book = Workbook(write_only=True)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


REDS: list[list[Any]] = [["Producer", "Wine", "Bottles"], ["Gaja", "Barbaresco", 3]]
WHITES: list[list[Any]] = [["Producer", "Wine", "Bottles"], ["Trimbach", "Clos Ste Hune", 1]]


def test_sheets_that_are_not_read_are_named(member: Client) -> None:
    batch = uploaded(member, sent(workbook(About=[["My cellar"]], Reds=REDS, Whites=WHITES), "cellar.xlsx"))
    page = text_of(member.get(f"/import/{batch.pk}/options/"))
    assert "only the sheet “Reds” is read. There are rows in “Whites”, too" in page
    assert "About" not in batch.warnings[0]


def test_a_sheet_that_was_chosen_is_read_without_a_word_about_the_others(member: Client) -> None:
    batch = uploaded(member, sent(workbook(Reds=REDS, Whites=WHITES), "cellar.xlsx"))
    member.post(f"/import/{batch.pk}/options/", {"sheet_0": "Whites"})
    page = text_of(member.get(f"/import/{batch.pk}/options/"))
    assert "only the sheet" not in page
    assert "Clos Ste Hune" in text_of(member.get(f"/import/{batch.pk}/columns/"))


def test_columns_are_suggested_with_some_of_their_cells(member: Client) -> None:
    batch = uploaded(member, sent(SHEET))
    page = member.get(f"/import/{batch.pk}/columns/")
    assert "Riesling · Silvaner" in text_of(page)
    assert 'aria-describedby="id_column_1_helptext"' in page.content.decode()
    assert list(shown_columns(member, batch).values())[:4] == ["producer", "name", "vintage", "quantity"]


def test_a_refused_form_of_columns_still_shows_their_cells(member: Client) -> None:
    batch = uploaded(member, sent(SHEET))
    chosen = {**shown_columns(member, batch), "column_4": "name"}
    assert "Riesling · Silvaner" in text_of(member.post(f"/import/{batch.pk}/columns/", chosen))


def test_a_column_without_a_cell_says_so(member: Client) -> None:
    batch = uploaded(member, sent("Wine,Cork,Quantity\nRiesling,,2\n"))
    assert "no cell in the first rows" in text_of(member.get(f"/import/{batch.pk}/columns/"))


def test_files_that_were_recognised_say_that_they_wait(member: Client) -> None:
    batch = uploaded(member, sent(SHEET))
    assert "they are kept for 14 days" in text_of(member.get(f"/import/{batch.pk}/options/"))


def test_what_a_column_means_can_be_corrected_and_is_remembered(member: Client) -> None:
    batch = planned(member, sent(SHEET), column_4="custom")
    member.post(f"/import/{batch.pk}/apply/")
    step_through(member, batch)
    assert Wine.objects.get(name="Riesling").custom_fields == {"Regal": "Keller"}
    ImportBatch.objects.all().delete()
    again = uploaded(member, sent(SHEET.replace("Riesling", "Scheurebe")))
    assert shown_columns(member, again)["column_4"] == "custom"


def test_a_table_without_names_is_refused_with_what_was_chosen(member: Client) -> None:
    batch = uploaded(member, sent(SHEET))
    chosen = {**shown_columns(member, batch), "column_0": "", "column_1": ""}
    response = member.post(f"/import/{batch.pk}/columns/", chosen)
    assert response.status_code == 422
    assert "has to be the name of the wine" in text_of(response)


def test_two_columns_cannot_be_the_same_field(member: Client) -> None:
    batch = uploaded(member, sent(SHEET))
    chosen = {**shown_columns(member, batch), "column_4": "name"}
    response = member.post(f"/import/{batch.pk}/columns/", chosen)
    assert response.status_code == 422
    assert "“Wein” is that already." in text_of(response)


def test_the_plan_says_what_becomes_of_each_row(member: Client) -> None:
    batch = planned(member, sent(SHEET))
    page = text_of(member.get(f"/import/{batch.pk}/"))
    assert "2 of 3 rows are read, 1 is left out." in page
    assert "2 Muster Riesling 2019 new wine: 2 bottles" in page
    assert "neither a producer nor a name" in page
    assert not Wine.objects.exists()


def test_the_plan_is_filtered_by_outcome(member: Client) -> None:
    batch = planned(member, sent(SHEET))
    page = text_of(member.get(f"/import/{batch.pk}/?rows=skipped"))
    assert "Riesling" not in page
    assert "3 2020 skipped" in page


def test_rows_of_several_files_say_which_file_they_stand_in(member: Client) -> None:
    batch = planned(member, sent(SHEET, "reds.csv"), sent(SHEET.replace("Riesling", "Scheurebe"), "whites.csv"))
    page = text_of(member.get(f"/import/{batch.pk}/"))
    assert "2 Muster Riesling 2019 reds.csv new wine: 2 bottles" in page
    assert "2 Muster Scheurebe 2019 whites.csv new wine: 2 bottles" in page


def test_what_becomes_of_a_row_is_not_said_twice(member: Client) -> None:
    lines = "Wine,Vintage,Type,Quantity,Status\nRiesling,2019,White,3,on order\nBrand,,Whisky,1,in cellar\n"
    batch = planned(member, sent(lines))
    page = text_of(member.get(f"/import/{batch.pk}/"))
    assert "2 Riesling 2019 3 on order" in page
    assert "3 Brand not wine: spirits" in page
    assert "not wine: not wine" not in page


def test_a_filter_of_the_plan_leads_to_the_rows_and_not_to_the_top_of_the_page(member: Client) -> None:
    batch = planned(member, sent(SHEET))
    page = member.get(f"/import/{batch.pk}/").content.decode()
    assert f'href="/import/{batch.pk}/?rows=skipped#rows"' in page
    assert 'id="rows"' in page


def test_the_rows_of_new_wines_can_be_seen_alone_also_those_of_bottles_on_order(member: Client) -> None:
    lines = "Wine,Vintage,Quantity,State\nRiesling,2019,2,in cellar\nRiesling,2019,1,on order\nBarolo,2016,1,drunk\n"
    batch = planned(member, sent(lines + ",2020,1,in cellar\n"))
    assert "all of new wines 3" in text_of(member.get(f"/import/{batch.pk}/"))
    response = member.get(f"/import/{batch.pk}/?rows=new-wines")
    assert [line.number for line in response.context["rows"]] == [2, 3, 4]


def test_a_plan_in_which_each_row_of_a_new_wine_says_so_has_no_second_chip_for_them(member: Client) -> None:
    batch = planned(member, sent(SHEET))
    assert "all of new wines" not in text_of(member.get(f"/import/{batch.pk}/"))


def test_the_plan_is_paged(member: Client) -> None:
    lines = "".join(f"Muster,Lage {number},2019,1,Keller\n" for number in range(60))
    batch = planned(member, sent(SHEET.splitlines()[0] + "\n" + lines))
    assert "Page 2 of 2" in text_of(member.get(f"/import/{batch.pk}/?page=2"))
    assert "Lage 59" in text_of(member.get(f"/import/{batch.pk}/?page=2"))


def test_the_report_leads_to_the_wines_and_names_what_was_left_out(member: Client) -> None:
    batch = taken_over(member, sent(SHEET))
    response = member.get(f"/import/{batch.pk}/")
    assert f"/wines/{Wine.objects.get(name='Riesling').pk}/" in response.content.decode()
    assert "1 is left out" in text_of(response)
    assert Bottle.objects.count() == 2


def test_files_are_forgotten_once_they_are_taken_over(member: Client) -> None:
    batch = taken_over(member, sent(SHEET))
    stored = ImportFile.objects.get(batch=batch).stored
    assert not default_storage.exists(stored)


def test_the_report_can_be_downloaded_and_is_inert(member: Client) -> None:
    batch = taken_over(member, sent("Producer,Wine,Quantity\n=SUM(A1),Cuvée,1\n"))
    response = member.get(f"/import/{batch.pk}/report/")
    assert b"'=SUM(A1) Cuv" in b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert b"".join(member.get(f"/import/{batch.pk}/report/?left-out").streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("formula", ["=SUM(A1)", "＝SUM(A1)", "＋SUM(A1)"])
def test_no_cell_of_the_report_can_be_a_formula_in_any_spreadsheet(member: Client, formula: str) -> None:
    batch = taken_over(member, sent(f"Producer,Wine,Quantity\n{formula},Cuvée,1\n"))
    report = b"".join(member.get(f"/import/{batch.pk}/report/").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    [_head, row] = csv.reader(report.splitlines())
    assert row[2].startswith(f"'{formula}")


def test_an_import_is_undone_on_its_page(member: Client) -> None:
    before = cellar_stats()
    batch = taken_over(member, sent(SHEET))
    response = member.post(f"/import/{batch.pk}/undo/")
    assert "undone" in messages_of(response)
    assert cellar_stats() == before


def test_the_report_of_an_import_that_was_undone_says_so_first(member: Client) -> None:
    batch = taken_over(member, sent(SHEET))
    assert "was undone" not in text_of(member.get(f"/import/{batch.pk}/"))
    member.post(f"/import/{batch.pk}/undo/")
    member.get("/import/")  # takes the message away
    page = text_of(member.get(f"/import/{batch.pk}/"))
    assert page.index("This import was undone on") < page.index("2 of 3 rows are read")


def test_an_undo_that_is_not_possible_says_which_bottle(member: Client) -> None:
    batch = taken_over(member, sent(SHEET))
    stock.check_out(wine=Wine.objects.get(name="Riesling"), quantity=1, reason=Reason.DRANK, actor=None)
    response = member.post(f"/import/{batch.pk}/undo/")
    assert "Muster Riesling 2019" in messages_of(response)
    batch.refresh_from_db()
    assert batch.stage == Stage.DONE


def test_an_import_that_was_not_taken_over_can_be_forgotten(member: Client) -> None:
    batch = planned(member, sent(SHEET))
    member.post(f"/import/{batch.pk}/drop/")
    assert not ImportBatch.objects.exists()


def test_spirits_wait_for_the_tick(member: Client) -> None:
    batch = planned(member, sent("Producer,Wine,Type,Quantity\nHaus,Wein,Red,1\nHaus,Brand,Whisky,2\n"))
    assert "not wine: spirits" in text_of(member.get(f"/import/{batch.pk}/"))
    member.post(f"/import/{batch.pk}/other-drinks/", {"wanted": "1"})
    step_through(member, batch)
    assert batch.figures["bottles_in_cellar"] == 3


def test_a_small_file_is_planned_and_taken_over_without_a_step_between(member: Client) -> None:
    batch = uploaded(member, sent("Producer,Wine,Quantity\nA,B,1\n"))
    response = member.post(f"/import/{batch.pk}/columns/", shown_columns(member, batch), follow=True)
    assert "Take it over" in text_of(response)
    response = member.post(f"/import/{batch.pk}/apply/", follow=True)
    assert "Done. What came over is in the cellar now." in text_of(response)
    assert Bottle.objects.count() == 1


def large(client: Client, monkeypatch: pytest.MonkeyPatch) -> ImportBatch:
    """Return an import that is still being planned: its first step was not enough."""
    monkeypatch.setattr("cellar.imports.batches.AT_A_TIME", 2)
    monkeypatch.setattr("cellar.views.importing._go_on", partial(_go_on, seconds=0))
    batch = uploaded(client, sent("Producer,Wine,Quantity\nA,B,1\nA,C,1\nA,D,1\n"))
    client.post(f"/import/{batch.pk}/columns/", shown_columns(client, batch))
    monkeypatch.undo()
    batch.refresh_from_db()
    assert (batch.stage, batch.position) == (Stage.PLANNING, 2)
    return batch


def test_htmx_gets_the_progress_and_then_the_page(member: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = large(member, monkeypatch)
    response = member.post(f"/import/{batch.pk}/step/", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == f"/import/{batch.pk}/"


def test_without_a_script_a_button_leads_to_the_next_step(member: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = large(member, monkeypatch)
    response = member.post(f"/import/{batch.pk}/step/", follow=True)
    assert "Take it over" in text_of(response)


def test_a_small_file_of_a_known_system_is_planned_at_once(member: Client) -> None:
    batch = uploaded(member, sent("Winery,Wine name,Vintage,Link to wine,User cellar count\nA,B,2019,x,2\n"))
    response = member.post(f"/import/{batch.pk}/options/", {}, follow=True)
    assert "Take it over" in text_of(response)


def test_a_step_that_is_asked_for_once_more_leads_to_the_plan(member: Client) -> None:
    batch = planned(member, sent(SHEET))
    response = member.post(f"/import/{batch.pk}/step/", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == f"/import/{batch.pk}/"


def test_the_page_of_an_import_at_work_asks_for_the_next_step(member: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = large(member, monkeypatch)
    page = member.get(f"/import/{batch.pk}/").content.decode()
    assert f'hx-post="/import/{batch.pk}/step/"' in page
    assert "Go on" in page
    assert "2 rows so far" in page


def of_rows(batch: ImportBatch, rows: int) -> None:
    batch.refresh_from_db()
    batch.figures["rows"] = rows
    batch.save(update_fields=["figures"])


@pytest.mark.parametrize(("rows", "is_said"), [(4999, False), (5000, True)])
def test_a_large_import_says_that_its_last_step_is_long(member: Client, rows: int, is_said: bool) -> None:
    batch = planned(member, sent(SHEET))
    applying.begin(batch=batch)
    of_rows(batch, rows)
    assert ("that last step takes up to some minutes" in text_of(member.get(f"/import/{batch.pk}/"))) is is_said


@pytest.mark.parametrize(("rows", "is_said"), [(4999, False), (5000, True)])
def test_a_large_import_says_that_its_undo_is_long(member: Client, rows: int, is_said: bool) -> None:
    batch = taken_over(member, sent(SHEET))
    of_rows(batch, rows)
    assert ("undoing it takes up to some minutes" in text_of(member.get(f"/import/{batch.pk}/"))) is is_said


def test_large_figures_have_their_thousands_apart(member: Client) -> None:
    batch = taken_over(member, sent(SHEET))
    of_rows(batch, 12000)
    page = text_of(member.get(f"/import/{batch.pk}/"))
    assert "11,999 of 12,000 rows are read, 1 is left out. rows 12,000" in page
    assert "all rows 12,000" in page
    assert "12,000 rows" in text_of(member.get("/import/"))


def test_a_file_that_was_taken_over_has_nothing_to_take_over_again(member: Client) -> None:
    taken_over(member, sent(SHEET))
    member.post("/import/", {"sent": [sent(SHEET)]})
    again = ImportBatch.objects.get(stage=Stage.UPLOADED)
    response = member.post(f"/import/{again.pk}/columns/", shown_columns(member, again), follow=True)
    assert "Nothing of it is new" in text_of(response)
    assert f"/import/{again.pk}/apply/" not in response.content.decode()


def test_a_plan_with_nothing_new_that_is_taken_over_all_the_same_says_so(member: Client) -> None:
    first = planned(member, sent(SHEET))
    member.post(f"/import/{first.pk}/apply/")
    member.post("/import/", {"sent": [sent(SHEET)]})
    again = ImportBatch.objects.get(stage=Stage.UPLOADED)
    member.post(f"/import/{again.pk}/columns/", shown_columns(member, again))
    response = member.post(f"/import/{again.pk}/apply/", follow=True)
    assert "Nothing of it was new: the cellar is as it was." in text_of(response)


def test_a_plan_warns_of_bottles_that_may_be_here_already(member: Client) -> None:
    taken_over(member, sent(SHEET))
    other = "Producer,Wine,Vintage,Quantity,Price\nMuster,Riesling,2019,2,9.50\nMuster,Scheurebe,2019,2,9.50\n"
    member.post("/import/", {"sent": [sent(other)]})
    batch = ImportBatch.objects.get(stage=Stage.UPLOADED)
    response = member.post(f"/import/{batch.pk}/columns/", shown_columns(member, batch), follow=True)
    assert "1 row brings bottles of a wine that has bottles here already" in text_of(response)
    response = member.post(f"/import/{batch.pk}/apply/", follow=True)
    assert "that has bottles here already" not in text_of(response)


def test_a_plan_of_new_wines_warns_of_nothing(member: Client) -> None:
    batch = planned(member, sent(SHEET))
    assert "here already" not in text_of(member.get(f"/import/{batch.pk}/"))


def test_a_plan_without_a_row_does_not_say_that_all_are_read(member: Client) -> None:
    batch = uploaded(member, sent("transaction_id,wine_id,taken_back\n1,2,\n"))
    response = member.post(f"/import/{batch.pk}/options/", {}, follow=True)
    assert "There is no row to take over." in text_of(response)
    assert "All 0 rows" not in text_of(response)


def test_a_plan_can_be_downloaded_as_a_whole(member: Client) -> None:
    batch = planned(member, sent(SHEET))
    response = member.get(f"/import/{batch.pk}/report/")
    assert response.headers["Content-Disposition"].startswith('attachment; filename="plan-')
    assert b"Muster Riesling 2019,new wine,2 bottles" in b"".join(response.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>You are currently not logged into CellarTracker.</body>", "not signed in"),
        (b"<html><body>Maintenance</body></html>", "web page"),
        (b"Producer,Wine\n", "no rows"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"\x89PNG\r\n\x1a\n....", "picture"),
        (b"PK\x03\x04broken", "damaged"),
        (b'{"no": "cellar"', "damaged"),
    ],
)
def test_a_file_that_is_no_list_says_what_it_is(member: Client, content: bytes, words: str) -> None:
    response = member.post("/import/", {"sent": [sent(content, "file")]})
    assert response.status_code == 422
    assert words in text_of(response)
    assert not ImportBatch.objects.exists()


DATED = "Wine,Purchase Date,Price\n"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("A,2020-01-01,1\n" * 50_001, "more than 50000 rows"),
        ("A,2020-01-01,1\n" + "B" * 33_000 + ",2020-01-01,1\n", "A cell of row 3 holds more than 32767 characters"),
        ("A,2020-01-01,1\n" * 400 + "," * 500 + "1\n", "Row 402 has more than 400 columns"),
    ],
)
@pytest.mark.once
def test_a_file_that_cannot_be_read_to_its_end_says_so_before_it_is_planned(
    member: Client, lines: str, words: str
) -> None:
    response = member.post("/import/", {"sent": [sent(DATED + lines)]}, follow=True)
    assert words in text_of(response)
    batch = ImportBatch.objects.first()
    if batch is not None:  # what shows at the end only
        assert "Forget these files" in text_of(response)
        assert member.post(f"/import/{batch.pk}/options/", {"date_order": "ymd"}).status_code == 302
        member.post(f"/import/{batch.pk}/drop/")
    assert not ImportBatch.objects.exists()
    assert not Wine.objects.exists()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (",,2019,1,Keller\n", "The 1 row is left out."),
        (",,2019,1,Keller\n" * 2, "All 2 rows are left out."),
        ("Muster,Lage,2019,1,Keller\n" + ",,2019,1,Keller\n" * 2, "1 of 3 rows are read, 2 are left out."),
    ],
)
def test_what_is_left_out_is_counted_in_words_that_fit(member: Client, lines: str, said: str) -> None:
    batch = planned(member, sent(SHEET.splitlines()[0] + "\n" + lines))
    assert said in text_of(member.get(f"/import/{batch.pk}/"))


def test_an_upload_without_a_file_is_refused(member: Client) -> None:
    assert member.post("/import/", {}).status_code == 422


def test_a_choice_that_cannot_be_is_refused_and_kept(member: Client) -> None:
    batch = uploaded(member, sent(SHEET))
    response = member.post(f"/import/{batch.pk}/options/", {"format": "cellartracker"})
    assert response.status_code == 422
    assert "not in the format" in text_of(response)
    assert member.post(f"/import/{batch.pk}/options/", {"format": "nonsense"}).status_code == 422


def test_what_was_chosen_otherwise_is_in_sight_when_it_was_refused_or_is_looked_at_again(member: Client) -> None:
    batch = uploaded(member, sent(SHEET))
    assert '<details class="more">' in member.get(f"/import/{batch.pk}/options/").content.decode()
    refused = member.post(f"/import/{batch.pk}/options/", {"format": "cellartracker"})
    assert '<details class="more" open>' in refused.content.decode()
    member.post(f"/import/{batch.pk}/options/", {"delimiter_0": ";"})
    assert '<details class="more" open>' in member.get(f"/import/{batch.pk}/options/").content.decode()


def test_the_facts_of_a_workbook_name_no_encoding(member: Client) -> None:
    batch = uploaded(member, sent(workbook(Reds=REDS), "cellar.xlsx"))
    assert "Encoding" not in text_of(member.get(f"/import/{batch.pk}/options/"))


def test_the_imports_are_listed(member: Client) -> None:
    taken_over(member, sent(SHEET))
    page = text_of(member.get("/import/"))
    assert "wines.csv" in page
    assert "3 rows" in page


def test_the_page_says_which_files_to_bring_from_where(member: Client, owner: Client) -> None:
    page = text_of(member.get("/import/"))
    assert "choose all wines there, or it has only the 25 that are visible" in page
    assert "a backup instead" not in page
    assert "/backup/" in addresses_in(owner.get("/import/"))


def test_a_plan_that_was_not_taken_over_is_listed_as_not_finished_and_forgotten_there(member: Client) -> None:
    batch = planned(member, sent(SHEET))
    page = member.get("/import/")
    assert "3 rows · not finished: go on, or forget it" in text_of(page)
    assert f"/import/{batch.pk}/drop/" in [form.action for form in forms_of(page)]


def test_an_import_that_is_done_has_nothing_to_forget_in_the_list(member: Client) -> None:
    taken_over(member, sent(SHEET))
    page = member.get("/import/")
    assert "not finished" not in text_of(page)
    assert not [form for form in forms_of(page) if form.action.endswith("/drop/")]


def test_an_upload_that_nobody_went_on_with_is_not_listed_as_empty(member: Client) -> None:
    batch = uploaded(member, sent(SHEET))
    response = member.get("/import/")
    assert "not finished: go on, or forget it" in text_of(response)
    assert "0 rows" not in text_of(response)
    page = member.get(f"/import/{batch.pk}/", follow=True)
    assert "On to the columns" in text_of(page)
    assert "Forget these files" in text_of(page)


def test_an_import_and_its_undo_are_in_the_security_log(member: Client) -> None:
    batch = taken_over(member, sent(SHEET))
    member.post(f"/import/{batch.pk}/undo/")
    said = dict(SecurityEvent.objects.values_list("kind", "detail"))
    assert said["imported"] == "wines.csv, 3 rows"
    assert said["undone"] == "Import: wines.csv, 3 rows"


def test_the_pages_cost_the_same_number_of_queries_for_many_rows(
    member: Client, django_assert_max_num_queries: Any
) -> None:
    lines = "".join(f"Muster,Lage {number},2019,1,Keller\n" for number in range(60))
    batch = taken_over(member, sent(SHEET.splitlines()[0] + "\n" + lines))
    with django_assert_max_num_queries(8):
        response = member.get(f"/import/{batch.pk}/")
    assert isinstance(response, HttpResponse)
    with django_assert_max_num_queries(8):
        member.get("/import/")

"""/wines/add/read/, where Claude reads"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.cellar.labels import messages_api, tesseracts
from tests.cellar.labels.messages_api import LABEL, Service, refused, said
from tests.cellar.labels.tesseracts import KETTMEIR
from tests.cellar.views.pages import form_to, text_of, value_in
from tests.cellar.views.photos import upload
from tests.cellar.views.test_wine_read import ADD, mark_beside, press, read, sent_from, shown, value_of

pytestmark = pytest.mark.django_db

HOSTILE = '"><img src=x onerror=alert(1)>'


@pytest.fixture(autouse=True)
def _tesseract(italian_wines: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tesseracts.reads(monkeypatch, tmp_path / "bin", *KETTMEIR)
    cache.clear()


def read_by_claude(member: Client, **typed: Any) -> Any:
    return press(member, member.get(ADD), "read", "claude", front=upload(), **typed)  # type: ignore[arg-type]


def test_the_page_says_what_is_sent_and_to_whom_and_offers_to_read_in_the_house(
    member: Client,
    service: Service,
) -> None:
    page = text_of(member.get(ADD))
    assert "Sends the photos to Anthropic (127.0.0.1" in page
    assert "Used today: 0 of" in page
    assert "Read label with Tesseract instead" in page
    assert service.requests == []


def test_all_that_claude_found_is_in_the_form_with_its_marks(member: Client, service: Service) -> None:
    page = read_by_claude(member)
    assert shown(page, "producer", "vintage_text", "classification", "alcohol", "drink_from", "drink_until") == (
        "Kettmeir", "2019", "DOC", "12.5", "2020", "2024",
    )  # fmt: skip
    grapes = form_to(page, ADD).fields
    assert (grapes["grape_rows_first"][0], grapes["grape_rows_second"][0]) == ("Müller-Thurgau", "100")
    assert mark_beside(page, "producer") == "From the label: sure"
    assert mark_beside(page, "sweetness") == "From the label: please check"
    assert mark_beside(page, "size_ml") == "From the label: sure"
    assert "Used today: 1 of" in text_of(page)


def test_who_reads_in_the_house_sends_nothing(member: Client, service: Service) -> None:
    assert value_of(read(member), "producer") == "Kettmeir"
    assert service.requests == []


def test_a_button_that_there_is_not_sends_nothing(member: Client, service: Service) -> None:
    press(member, member.get(ADD), "read", "1", front=upload())  # type: ignore[arg-type]
    assert service.requests == []


def test_where_claude_fails_tesseract_reads_and_the_page_says_so(member: Client, service: Service) -> None:
    service.replies = [refused(401)]
    page = read_by_claude(member)
    assert "Tesseract read the label instead, in the house." in text_of(page)
    assert value_of(page, "producer") == "Kettmeir"


def test_where_nobody_can_read_it_the_page_says_why_and_keeps_all(
    member: Client,
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    tesseracts.is_missing(monkeypatch, tmp_path)
    service.replies = [refused(401)]
    page = read_by_claude(member, producer="Vietti")
    assert "The label was not read" in text_of(page)
    assert value_of(page, "producer") == "Vietti"
    assert value_of(page, "front_kept")


def test_a_days_limit_is_shown_and_the_house_still_reads(member: Client, service: Service, settings: Any) -> None:
    settings.SCANS_PER_DAY = 1
    read_by_claude(member)
    page = member.get(ADD)
    assert "Used today: 1 of 1." in text_of(page)
    again = read_by_claude(member)
    assert "Tesseract read the label instead, in the house." in text_of(again)
    assert len(service.requests) == 1


def test_hostile_values_are_text_and_hold_or_are_left_out(member: Client, service: Service) -> None:
    label = copy.deepcopy(LABEL)
    label["producer"]["value"] = HOSTILE
    label["name"]["value"] = "x" * 5000
    label["alcohol"]["value"] = "130"
    label["text"] = f"</textarea>{HOSTILE}"
    service.replies = [said(label)]
    page = read_by_claude(member)
    assert page.status_code == 200
    assert HOSTILE not in page.content.decode()
    assert HOSTILE in value_in_html(page, "producer")
    assert value_of(page, "alcohol") == ""
    saved = member.post(ADD, sent_from(page), follow=True)
    assert saved.status_code == 200
    assert HOSTILE not in saved.content.decode()


def value_in_html(page: Any, name: str) -> str:
    return str(form_to(page, ADD).fields[name][0])


def test_the_key_is_on_no_page(member: Client, service: Service) -> None:
    service.replies = [refused(401)]
    assert messages_api.KEY not in read_by_claude(member).content.decode()
    assert value_in(member.get(ADD), "producer") == ""

"""/import/<id>/columns/ask/"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from cellar.models import ColumnMapping, ImportBatch, Scan
from tests.cellar.labels.messages_api import Service, refused, said
from tests.cellar.views.pages import text_of
from tests.cellar.views.test_import import SHEET, sent, shown_columns, uploaded

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def answer(**fields: str) -> Any:
    return said({"columns": [{"column": int(name[1:]), "field": field} for name, field in fields.items()]})


def asked(client: Client, **chosen: str) -> tuple[str, dict[str, str]]:
    """Tap the button for a new import; return what the page says, and what its form shows."""
    batch = uploaded(client, sent(SHEET))
    url = f"/import/{batch.pk}/columns/"
    assert client.post(f"{url}ask/", {**shown_columns(client, batch), **chosen})["Location"] == url
    response = client.get(url)
    form = response.context["form"]
    return text_of(response), {name: form[name].value() for name in form.columns}


def test_what_claude_says_is_a_suggestion_in_the_form(member: Client, service: Service) -> None:
    service.replies = [answer(c4="custom")]
    page, columns = asked(member)
    assert columns["column_4"] == "custom"
    assert "Claude suggests something else for 1 column." in page
    assert not ColumnMapping.objects.exists()


def test_only_headers_and_three_cells_of_each_column_are_sent(member: Client, service: Service) -> None:
    service.replies = [answer()]
    asked(member)
    ((_path, _headers, request),) = service.requests
    (content,) = request["messages"][0]["content"]
    columns = json.loads(content["text"])
    assert {tuple(column) for column in columns} == {("column", "header", "cells")}
    assert max(len(column["cells"]) for column in columns) <= 3
    assert [column["header"] for column in columns] == SHEET.splitlines()[0].split(",")
    assert "never instructions" in request["system"]


def test_what_somebody_chose_stays(member: Client, service: Service) -> None:
    service.replies = [answer(c4="custom")]
    _page, columns = asked(member, column_4="note")
    assert columns["column_4"] == "note"


@pytest.mark.parametrize(
    "content",
    [
        {"columns": [{"column": 99, "field": "name"}, {"column": -1, "field": "name"}]},
        {"columns": [{"column": 4, "field": "is_owner"}, {"column": 4, "field": "<script>"}]},
        {"columns": [{"column": "x", "field": []}, 7, None]},
        {"columns": []},
    ],
)
def test_what_cannot_be_is_passed_over(member: Client, service: Service, content: Any) -> None:
    service.replies = [said(content)]
    page, columns = asked(member)
    assert "Claude suggests nothing else." in page
    assert list(columns.values())[:4] == ["producer", "name", "vintage", "quantity"]


def test_a_field_is_suggested_for_one_column(member: Client, service: Service) -> None:
    service.replies = [answer(c0="name", c1="name")]
    _page, columns = asked(member)
    assert columns["column_0"] == "name"


def test_a_failure_is_told_and_leaves_the_form_as_it_was(member: Client, service: Service) -> None:
    service.replies = [refused(401)]
    page, columns = asked(member, column_4="note")
    assert "did not accept the key" in page
    assert columns["column_4"] == "note"
    assert list(columns.values())[:4] == ["producer", "name", "vintage", "quantity"]


def test_it_counts_for_the_limit_of_the_day(member: Client, service: Service, settings: Any) -> None:
    settings.SCANS_PER_DAY = 1
    service.replies = [answer()]
    asked(member)
    ImportBatch.objects.all().delete()
    page, _columns = asked(member)
    assert "asked 1 times today" in page
    assert (len(service.requests), Scan.objects.get().photos) == (1, 0)


def test_the_page_says_what_is_sent_to_whom_before_it_is(member: Client, service: Service) -> None:
    batch = uploaded(member, sent(SHEET))
    page = text_of(member.get(f"/import/{batch.pk}/columns/"))
    assert "Ask Claude what they mean" in page
    assert "headers and up to three cells of each column to Anthropic (127.0.0.1)" in page
    assert service.requests == []


def test_without_a_key_there_is_no_such_button(member: Client) -> None:
    batch = uploaded(member, sent(SHEET))
    assert "Claude" not in text_of(member.get(f"/import/{batch.pk}/columns/"))

"""`manage.py check_ledger` and `manage.py cellar_stats`."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cellar import stock
from cellar.management.commands import check_ledger
from cellar.models import Bottle, Reason, Wine
from tests.cellar.factories import make_note, make_wine, stocked_wine
from tests.cellar.invariants import counts

pytestmark = pytest.mark.django_db


def run(name: str, *args: str) -> str:
    output = StringIO()
    call_command(name, *args, stdout=output)
    return output.getvalue()


def miscount() -> Wine:
    wine = stocked_wine(3)
    Wine.objects.filter(pk=wine.pk).update(count_in_cellar=5)
    return wine


def test_a_right_book_is_told_with_what_was_looked_at() -> None:
    stocked_wine(3)
    assert run("check_ledger") == "The book is right (bottles: 3, lines: 3, transactions: 1, wines: 1).\n"


def test_a_right_book_is_one_document() -> None:
    stocked_wine(3)
    document = json.loads(run("check_ledger", "--json"))
    assert document == {"ok": True, "bottles": 3, "lines": 3, "transactions": 1, "wines": 1, "findings": []}


def test_a_wrong_book_is_told_row_by_row_and_fails_with_one_line() -> None:
    wine, output = miscount(), StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("check_ledger", stdout=output)
    assert str(failure.value) == (
        "The book is not right (findings: 1). `manage.py check_ledger --fix` mends what follows from the ledger."
    )
    assert output.getvalue() == f"counter {wine.pk}: count_in_cellar is 5, there are 3 such bottles\n"


def test_a_wrong_book_is_one_document_and_fails() -> None:
    wine, output = miscount(), StringIO()
    with pytest.raises(CommandError):
        call_command("check_ledger", "--json", stdout=output)
    document = json.loads(output.getvalue())
    assert not document["ok"]
    assert document["findings"] == [
        {
            "check": "counter",
            "id": str(wine.pk),
            "problem": "count_in_cellar is 5, there are 3 such bottles",
            "mended": False,
        }
    ]


def test_a_mended_book_is_right_again() -> None:
    wine = miscount()
    output = run("check_ledger", "--fix")
    assert "(mended)\nThe book is right" in output
    assert counts(wine) == (0, 3, 0, 0)


def test_what_cannot_be_mended_fails_all_the_same() -> None:
    wine = stocked_wine(1)
    Bottle.objects.filter(wine=wine).update(wine=make_wine())
    with pytest.raises(CommandError, match=r"Not everything can be mended from the ledger \(left: 1\)"):
        run("check_ledger", "--fix")


def test_a_long_list_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_ledger, "SHOWN", 1)
    for _wine in range(3):
        miscount()
    output = StringIO()
    with pytest.raises(CommandError, match=r"\(findings: 3\)"):
        call_command("check_ledger", stdout=output)
    assert output.getvalue().splitlines()[1:] == ["… and 2 more (--json lists all)"]


def test_the_figures_of_a_cellar_are_one_document() -> None:
    wine = stocked_wine(6)
    stock.order(wine=wine, quantity=2, actor=None)
    stock.open_bottle(wine=wine, actor=None)
    stock.check_out(wine=wine, quantity=3, reason=Reason.DRANK, actor=None)
    undone = stock.check_in(wine=wine, quantity=4, actor=None)
    stock.undo(action=undone.action, actor=None)
    make_note(wine)
    make_wine()
    assert stats() == {
        "wines": 2,
        "bottles_in_cellar": 3,
        "bottles_open": 0,
        "bottles_on_order": 2,
        "bottles_gone": 3,
        "transactions": 6,
        "notes": 1,
        "labels": 0,
    }


def stats() -> Any:
    return json.loads(run("cellar_stats", "--json"))


def test_an_empty_cellar_has_zeros() -> None:
    assert set(stats().values()) == {0}


def test_the_figures_can_be_read_by_people() -> None:
    stocked_wine(2)
    assert "bottles in cellar: 2\n" in run("cellar_stats")

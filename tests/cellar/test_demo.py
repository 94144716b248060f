"""The demo: as much as was asked for, by the rules of the ledger, and the same for the same seed."""

from collections import Counter
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Role
from cellar import demo, search
from cellar.demo import Demo, create_demo
from cellar.demo.choice import Chosen
from cellar.models import (
    Bottle,
    Kind,
    Location,
    LocationKind,
    Reason,
    State,
    TastingNote,
    Transaction,
    TransactionLine,
    Wine,
)
from tests.accounts.factories import make_user
from tests.cellar.factories import make_location, make_wine
from tests.cellar.invariants import assert_the_book_is_right

pytestmark = pytest.mark.django_db

UNTIL = date(2026, 3, 1)


def make_demo(*, wines: int = 20, bottles: int = 60, seed: int = 1) -> Demo:
    return create_demo(wines=wines, bottles=bottles, seed=seed, until=UNTIL)


def everything() -> dict[str, Any]:
    """Return what is in the cellar and in its book, but for the ids of bottles and the moment it was written."""
    facts = ["pk", "producer", "name", "vintage", "grapes", "drink_from", "drink_until", "wishlist", "price_per_750"]
    return {
        "wines": list(Wine.objects.order_by("pk").values_list(*facts, "count_in_cellar", "count_gone")),
        # Notes of the same moment may stand in any order.
        "words": {pk: sorted(text.split()) for pk, text in Wine.objects.values_list("pk", "search_text")},
        "places": list(Location.objects.order_by("pk").values_list("pk", "name", "parent__name", "rows", "columns")),
        "bottles": sorted(
            Bottle.objects.values_list("source", "size_ml", "state", "location__name", "row", "column"), key=str
        ),
        "transactions": sorted(
            Transaction.objects.exclude(kind=Kind.DELIVER).values_list("pk", "kind", "quantity", "happened_at", "note"),
            key=str,
        ),
        "notes": list(TastingNote.objects.order_by("pk").values_list("pk", "wine", "tasted_on", "text", "rating")),
    }


def empty_the_cellar() -> None:
    """Take away what the ledger itself never lets go."""
    for model in (TastingNote, TransactionLine, Bottle, Transaction, Wine):
        QuerySet.delete(model.objects.order_by())
    for location in reversed(Location.objects.order_by("created_at")):
        location.delete()


def test_there_is_as_much_as_was_asked_for() -> None:
    made = make_demo(wines=20, bottles=60)
    assert (made.wines, made.bottles) == (20, 60)
    assert (Wine.objects.count(), Bottle.objects.count()) == (20, 60)
    assert Transaction.objects.count() == made.transactions


def test_the_book_of_the_demo_is_right() -> None:
    make_demo()
    assert_the_book_is_right()


def test_the_same_seed_gives_the_same_cellar() -> None:
    make_demo(seed=7)
    first = everything()
    empty_the_cellar()
    make_demo(seed=7)
    assert everything() == first


def test_another_seed_gives_another_cellar() -> None:
    make_demo(seed=7)
    first = everything()
    empty_the_cellar()
    make_demo(seed=8)
    assert everything()["wines"] != first["wines"]


def test_every_wine_can_be_found() -> None:
    make_demo()
    assert not Wine.objects.filter(search_text="").exists()
    wine = Wine.objects.filter(count_in_cellar__gt=0).earliest("sort_key")
    assert wine in Wine.objects.filter(search.words_q(f"{wine.producer} {wine.name}"))


def test_nothing_happens_to_a_bottle_before_it_came() -> None:
    make_demo()
    last: dict[object, Any] = {}
    for bottle_id, happened_at in TransactionLine.objects.order_by("step").values_list(
        "bottle_id", "transaction__happened_at"
    ):
        assert last.get(bottle_id, happened_at) <= happened_at
        last[bottle_id] = happened_at


def test_all_happened_in_the_ten_years_before_the_day() -> None:
    make_demo()
    days = {when.date() for when in Transaction.objects.values_list("happened_at", flat=True)}
    assert date(2016, 2, 1) < min(days)
    assert max(days) < UNTIL


def test_no_wine_is_bought_before_its_vintage() -> None:
    make_demo()
    for vintage, when in Transaction.objects.values_list("wine__vintage", "happened_at"):
        assert vintage is None or when.year > vintage


def test_who_may_not_change_the_cellar_did_not() -> None:
    members = {make_user(role=Role.OWNER).pk, make_user(role=Role.MEMBER).pk}
    make_user(role=Role.GUEST)
    make_demo()
    assert set(Transaction.objects.values_list("actor", flat=True)) == members


def test_without_people_nobody_did_it() -> None:
    make_demo()
    assert set(Transaction.objects.values_list("actor", flat=True)) == {None}


@pytest.mark.parametrize(("wines", "bottles"), [(1, 0), (1, 30), (5, 2), (4, 4)])
def test_odd_sizes_are_made_as_asked(wines: int, bottles: int) -> None:
    make_demo(wines=wines, bottles=bottles)
    assert (Wine.objects.count(), Bottle.objects.count()) == (wines, bottles)
    assert_the_book_is_right()


@pytest.mark.once
def test_a_demo_has_something_of_everything() -> None:
    make_user(role=Role.OWNER)
    make_user(role=Role.MEMBER)
    make_demo(wines=120, bottles=500)
    assert set(Bottle.objects.values_list("state", flat=True)) == {
        State.IN_CELLAR,
        State.OPEN,
        State.ON_ORDER,
        State.GONE,
    }
    assert {375, 750, 1500} <= set(Bottle.objects.values_list("size_ml", flat=True))
    kinds = {Kind.CHECK_IN, Kind.ORDER, Kind.DELIVER, Kind.CHECK_OUT, Kind.OPEN, Kind.MOVE}
    assert set(Transaction.objects.values_list("kind", flat=True)) == kinds
    assert {Reason.DRANK, Reason.GIFT} <= set(Transaction.objects.values_list("reason", flat=True))
    assert {LocationKind.RACK, LocationKind.SHELF, LocationKind.FRIDGE} <= set(
        Bottle.objects.filter(location__isnull=False).values_list("location__kind", flat=True)
    )
    assert len(set(TastingNote.objects.values_list("scale", flat=True))) == 2
    assert Wine.objects.filter(wishlist=True, count_in_cellar=0).exists()
    prices = Counter(Transaction.objects.exclude(unit_price=None).values_list("wine", "unit_price", "store").distinct())
    assert max(Counter(wine for wine, _price, _store in prices).values()) > 1


@pytest.mark.once
def test_every_wine_of_the_demo_keeps_the_rules_of_a_wine() -> None:
    make_demo(wines=300, bottles=0)
    for wine in Wine.objects.all():
        wine.full_clean(validate_unique=False)
        assert wine.window.errors() == {}
        assert sum(grape.percent or 0 for grape in wine.grape_list) in (0, 100)


def test_the_demo_ends_with_the_first_of_this_month(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date] = []

    def choose_none(rng: object, count: int, until: date) -> list[Chosen]:
        asked.append(until)
        return []

    monkeypatch.setattr(demo, "choose_wines", choose_none)
    call_command("create_demo", wines=1, bottles=0, stdout=StringIO())
    assert asked == [timezone.localdate().replace(day=1)]


def test_the_command_says_what_it_made() -> None:
    out = StringIO()
    call_command("create_demo", "--wines", "3", "--bottles", "5", "--seed", "2", stdout=out)
    assert out.getvalue().startswith("A cellar of 3 wines and 5 bottles, with ")


@pytest.mark.parametrize("make_something", [make_wine, make_location])
def test_the_command_refuses_a_cellar_that_is_not_empty(make_something: Any) -> None:
    make_something()
    with pytest.raises(CommandError, match=r"^This cellar is not empty\..* nothing was changed\.$"):
        call_command("create_demo")
    assert Wine.objects.count() + Location.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"wines": 0}, "The catalogue is good for 1 to "),
        ({"wines": 10_000_000}, "The catalogue is good for 1 to "),
        ({"bottles": -1}, "Between 0 and 50000 bottles"),
        ({"bottles": 10_000_000}, "Between 0 and 50000 bottles"),
    ],
)
def test_the_command_refuses_what_cannot_be_made(options: dict[str, int], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        call_command("create_demo", **options)
    assert not Wine.objects.exists()

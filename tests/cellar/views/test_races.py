"""Two people, or two taps, at the same moment"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponseBase

from cellar.models import Bottle, Location, Transaction, Wine
from tests.accounts.factories import make_user, signed_in
from tests.cellar.factories import make_location, make_rack, make_wine, stocked_wine
from tests.cellar.invariants import assert_the_book_is_right
from tests.cellar.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def sends(*requests: tuple[str, dict[str, Any]]) -> list[Callable[[], HttpResponseBase]]:
    """Return browsers of different people, each ready to send one of these forms."""

    def ready(path: str, data: dict[str, Any]) -> Callable[[], HttpResponseBase]:
        client = signed_in(make_user())
        return lambda: client.post(path, data)

    return [ready(path, data) for path, data in requests]


def statuses(answers: list[Any]) -> list[int]:
    assert all(isinstance(answer, HttpResponseBase) for answer in answers), answers
    return sorted(answer.status_code for answer in answers)


def test_one_form_for_a_wine_sent_three_times_at_once_adds_one() -> None:
    data = {"producer": "Vietti", "name": "Barolo", "quantity": "2", "key": str(uuid4())}
    answers = at_once(sends(*[("/wines/add/", data)] * 3))
    assert statuses(answers) == [302, 302, 302]
    assert (Wine.objects.count(), Transaction.objects.count(), Bottle.objects.count()) == (1, 1, 2)
    assert_the_book_is_right()


def test_one_form_for_a_place_sent_three_times_at_once_adds_one() -> None:
    cellar = make_location("Cellar")
    data = {"name": "Shelf", "kind": "shelf", "parent": str(cellar.pk), "key": str(uuid4())}
    assert statuses(at_once(sends(*[("/locations/add/", data)] * 3))) == [302, 302, 302]
    assert Location.objects.count() == 2


def test_two_places_do_not_come_to_lie_in_each_other() -> None:
    one, other = make_location("One"), make_location("Other")
    answers = at_once(
        sends(
            (f"/locations/{one.pk}/edit/", {"name": "One", "kind": "shelf", "parent": str(other.pk)}),
            (f"/locations/{other.pk}/edit/", {"name": "Other", "kind": "shelf", "parent": str(one.pk)}),
        )
    )
    assert statuses(answers) == [302, 422]
    assert Location.objects.filter(parent=None).count() == 1


def test_a_bottle_is_not_lost_with_the_place_it_was_being_put_to() -> None:
    shelf, wine = make_location("Shelf"), make_wine()
    answers = at_once(
        sends(
            (f"/locations/{shelf.pk}/delete/", {"key": str(uuid4())}),
            (f"/wines/{wine.pk}/check-in/", {"quantity": "2", "location": str(shelf.pk)}),
        )
    )
    assert set(statuses(answers)) <= {302, 422}
    assert not Bottle.objects.filter(location=shelf).exists()
    assert_the_book_is_right()


def test_a_rack_does_not_lose_the_slot_that_is_being_filled() -> None:
    rack, wine = make_rack(rows=2, columns=2), make_wine()
    answers = at_once(
        sends(
            (f"/locations/{rack.pk}/edit/", {"name": "Rack", "kind": "rack", "rows": "1", "columns": "1"}),
            (f"/wines/{wine.pk}/check-in/", {"quantity": "1", "location": str(rack.pk), "row": "2", "column": "2"}),
        )
    )
    assert statuses(answers) == [302, 422]
    rack.refresh_from_db()
    assert all(rack.has_slot(bottle.row or 0, bottle.column or 0) for bottle in Bottle.objects.all())


def test_two_people_who_fill_a_rack_at_once_share_no_slot() -> None:
    rack, wines = make_rack("Rack A", rows=2, columns=3), [make_wine(), make_wine()]
    data = {"quantity": "4", "location": str(rack.pk), "slots": "free"}
    answers = at_once(sends(*[(f"/wines/{wine.pk}/check-in/", data) for wine in wines]))
    assert statuses(answers) == [302, 422]
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert "Only 2 slots of Rack A are free." in refused.content.decode()
    assert Bottle.objects.filter(location=rack, row__isnull=False).count() == 4
    assert_the_book_is_right()


def test_a_wine_with_a_bottle_is_not_archived() -> None:
    wine = make_wine()
    answers = at_once(sends((f"/wines/{wine.pk}/archive/", {}), (f"/wines/{wine.pk}/check-in/", {"quantity": "1"})))
    assert statuses(answers) == [302, 302]
    wine.refresh_from_db()
    assert (wine.archived_at, wine.count_in_cellar) == (None, 1)


def test_a_wine_that_gets_a_bottle_is_not_deleted_under_it() -> None:
    wine = make_wine()
    answers = at_once(sends((f"/wines/{wine.pk}/delete/", {}), (f"/wines/{wine.pk}/check-in/", {"quantity": "1"})))
    assert set(statuses(answers)) <= {302, 404, 422}
    assert Bottle.objects.count() == sum(Wine.objects.values_list("count_in_cellar", flat=True))
    assert_the_book_is_right()


def test_a_place_counted_twice_at_once_is_put_right_once() -> None:
    shelf = make_location("Shelf")
    wine = stocked_wine(3, location=shelf)
    field = f"{wine.pk.hex}_750"
    data = {f"found_{field}": "2", f"expected_{field}": "3", "save": "1"}
    answers = at_once(sends(*[(f"/locations/{shelf.pk}/count/", data)] * 2))
    assert statuses(answers) == [302, 422]
    wine.refresh_from_db()
    assert wine.count_in_cellar == 2
    assert_the_book_is_right()

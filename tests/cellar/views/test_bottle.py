"""/bottles/…/"""

import pytest
from django.test import Client

from cellar import stock
from cellar.models import Bottle, Reason
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine
from tests.cellar.views.pages import addresses_in, error_beside, everything, send, text_of, value_in

pytestmark = pytest.mark.django_db


def test_it_tells_where_the_bottle_lies_and_what_happened_to_it(member: Client) -> None:
    wine, rack, shelf = make_wine(producer="Vietti"), make_rack("Rack B"), make_location("Shelf 1")
    check_in(wine, 2, location=shelf)
    bottle = wine.bottles.all()[0]
    pick = stock.Pick(bottle_id=bottle.pk)
    stock.move(wine=wine, quantity=1, to=stock.Place(rack.pk, 2, 3), pick=pick, actor=None)
    page = text_of(member.get(f"/bottles/{bottle.pk}/"))
    assert "75 cl · in cellar · Rack B · row 2, column 3" in page
    assert "Moved 1 bottle Shelf 1 → Rack B" in page
    assert "Checked in 2 bottles Shelf 1" in page


def test_its_buttons_are_about_this_bottle(member: Client) -> None:
    wine = stocked_wine(2)
    bottle = wine.bottles.all()[0]
    links = addresses_in(member.get(f"/bottles/{bottle.pk}/"))
    assert {f"/wines/{wine.pk}/{verb}/?bottle={bottle.pk}" for verb in ("check-out", "move", "open")} <= set(links)


def test_a_bottle_that_is_gone_has_no_buttons(member: Client) -> None:
    wine = stocked_wine(1)
    bottle = wine.bottles.get()
    stock.check_out(wine=wine, quantity=1, reason=Reason.BROKEN, actor=None)
    page = member.get(f"/bottles/{bottle.pk}/")
    assert "Broke 1 bottle" in text_of(page)
    assert "?bottle=" not in page.content.decode()


def test_its_note_and_barcode_are_kept_and_found(member: Client) -> None:
    wine = stocked_wine(2, producer="Vietti")
    bottle = wine.bottles.all()[0]
    path = f"/bottles/{bottle.pk}/"
    assert send(member, path, note="Signed by the winemaker", barcode="B-17")["Location"] == path
    bottle.refresh_from_db()
    assert (bottle.note, bottle.barcode) == ("Signed by the winemaker", "B-17")
    assert value_in(member.get(path), "note") == "Signed by the winemaker"
    assert "1 wine" in text_of(member.get("/wines/?q=signed"))


@pytest.mark.parametrize(("name", "typed"), [("note", "x" * 501), ("barcode", "x" * 61), ("note", "a\0b")])
def test_a_mistake_is_told_beside_its_field(member: Client, name: str, typed: str) -> None:
    bottle = stocked_wine(1).bottles.get()
    before = everything()
    response = send(member, f"/bottles/{bottle.pk}/", **{name: typed})
    assert (response.status_code, bool(error_beside(response, name))) == (422, True)
    assert everything() == before


def test_a_bottle_that_never_was_is_not_found(member: Client) -> None:
    done = check_in(make_wine(), 1)
    stock.undo(action=done.action, actor=None)
    assert member.get(f"/bottles/{Bottle.objects.get().pk}/").status_code == 404

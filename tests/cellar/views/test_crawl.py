"""Following every link of every page"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from accounts.models import User
from cellar import drinking, stock
from cellar.labels.sanitise import sanitise
from cellar.models import Reason
from cellar.wines import add_label
from tests.accounts.factories import make_user, signed_in
from tests.cellar.factories import check_in, make_location, make_note, make_rack, make_wine, stocked_wine
from tests.cellar.views.pages import addresses_in, everything, forms_of, status_of
from tests.cellar.views.photos import jpeg

pytestmark = pytest.mark.django_db


def fill(person: User) -> None:
    """Let there be something of everything."""
    year = drinking.this_year()
    cellar = make_location("Cellar")
    rack = make_rack("Rack B", parent=cellar, rows=2, columns=2)
    wine = make_wine(drink_from=year - 5, drink_until=year, minimum_stock=9, wishlist=True)
    add_label(wine=wine, kind="front", photo=sanitise(jpeg(), max_bytes=10**7))
    make_note(wine, author=person)
    check_in(wine, 2, location=rack, row=1, column=1, actor=person)
    check_in(wine, 2, size_ml=1500, actor=person)
    stock.open_bottle(wine=wine, actor=person)
    stock.order(wine=wine, quantity=3, actor=person)
    done = stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=person)
    stock.undo(action=done.action, actor=person)
    stocked_wine(1, location=cellar, type="white", drink_until=year - 1)
    make_wine(type="", non_vintage=True)


def crawled(client: Client) -> dict[str, int]:
    """Follow the links of the cellar's pages, and the forms that only ask, and return each address with its status."""
    found: dict[str, int] = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        response = client.get(address)
        found[address] = status_of(response)
        if not response.get("Content-Type", "").startswith("text/html") or found[address] != 200:
            continue
        asked = [form.action for form in forms_of(response) if form.method == "get" and form.action]
        for link in addresses_in(response) + asked:
            target = urlsplit(urljoin(f"http://testserver{address}", link))
            if target.netloc == "testserver" and not target.path.startswith(("/accounts/", "/admin/", "/static/")):
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))
    return found


@pytest.mark.parametrize("role", ["owner", "member", "guest"])
def test_every_link_leads_to_a_page_that_may_be_seen_and_changes_nothing(role: str) -> None:
    person = make_user(role=role)
    fill(person)
    before = everything()
    found = crawled(signed_in(person))
    assert {address: status for address, status in found.items() if status != 200} == {}
    assert everything() == before
    assert len(found) > (60 if role in {"owner", "member"} else 20)

"""/export/"""

import csv
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from accounts.models import SecurityEvent, User
from tests.accounts.factories import PASSWORD, signed_in
from tests.cellar.factories import make_wine, stocked_wine
from tests.cellar.views.pages import addresses_in, text_of

pytestmark = pytest.mark.django_db

CSV = {"what": "wines", "file_format": "csv"}


def producers(response: Any) -> list[str]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return [row["producer"] for row in csv.DictReader(StringIO(text, newline=""))]


def test_everything_is_sent_as_a_file(member: Client) -> None:
    make_wine(producer="Krug")
    response = member.post("/export/", CSV)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="winebox-wines-')
    assert response["Cache-Control"] == "no-store"
    assert producers(response) == ["Krug"]


def test_a_list_is_sent_as_it_is_filtered(member: Client) -> None:
    make_wine(producer="Krug", type="sparkling")
    make_wine(producer="Margaux", type="red")
    assert producers(member.post("/export/?type=red", CSV)) == ["Margaux"]


def test_the_page_says_what_will_be_sent(member: Client) -> None:
    make_wine(type="red")
    make_wine(type="white")
    assert "The whole cellar 2 wines" in text_of(member.get("/export/"))
    page = text_of(member.get("/export/?type=red"))
    assert "This list Red 1 wine" in page


def test_the_list_of_wines_leads_here_with_its_filters(member: Client) -> None:
    stocked_wine(1, type="red")
    assert "/export/?type=red&stock=in" in addresses_in(member.get("/wines/?type=red&stock=in"))


def test_a_guest_is_not_offered_it(guest: Client) -> None:
    make_wine()
    assert not any("/export/" in address for address in addresses_in(guest.get("/wines/")))


def test_it_asks_for_the_password_again(person: User) -> None:
    response = signed_in(person, confirmed=False).post("/export/", CSV)
    assert "Your password, please" in text_of(response)


def test_it_asks_before_the_page_and_then_shows_the_list_that_was_asked_for(person: User) -> None:
    make_wine(type="red")
    client = signed_in(person, confirmed=False)
    assert "Your password, please" in text_of(client.get("/export/?type=red"))
    page = client.post("/export/?type=red", {"sudo_password": PASSWORD, "sudo_then": "show"}, follow=True)
    assert "This list" in text_of(page)


def test_it_leads_to_the_same_list_on_paper(member: Client) -> None:
    addresses = addresses_in(member.get("/export/?type=red&stock=in"))
    assert {"/book/?type=red&stock=in", "/inventory/?type=red&stock=in"} <= set(addresses)
    assert {"/book/", "/inventory/"} <= set(addresses_in(member.get("/export/")))


def test_what_makes_no_sense_is_refused(member: Client) -> None:
    assert member.post("/export/", {"what": "passwords", "file_format": "exe"}).status_code == 422


def test_filters_that_make_no_sense_are_passed_over(member: Client) -> None:
    make_wine()
    assert member.get("/export/?type=beer&location=x&vintage_from=-1&size=\0").status_code == 200


def test_it_is_in_the_security_log(member: Client, person: User) -> None:
    b"".join(member.post("/export/?type=red", CSV).streaming_content)  # type: ignore[attr-defined]
    event = SecurityEvent.objects.get(kind="exported")
    assert (event.actor, event.detail) == (person, "wines, csv, of a list")

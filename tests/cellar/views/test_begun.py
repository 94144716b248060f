"""/wines/add/?begun=…, /wines/add/keep/, /wines/add/discard/: forms for a wine that were begun and left"""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from cellar.models import Label, Wine
from tests.accounts.factories import signed_in
from tests.cellar.views.pages import addresses_in, form_to, send, text_of, value_in
from tests.cellar.views.photos import upload
from tests.cellar.views.test_hostile import HOSTILE, post

pytestmark = pytest.mark.django_db

ADD, KEEP, DISCARD = "/wines/add/", "/wines/add/keep/", "/wines/add/discard/"
BAROLO: dict[str, Any] = {"producer": "Vietti", "name": "Barolo", "vintage_text": "2016", "quantity": "3"}
HIDDEN = ("key", "filled", "front_kept", "grape_rows_first", "location", "row", "when", "size_ml")


def leave(client: Client, **typed: Any) -> None:
    """Type something, and go elsewhere."""
    assert client.post(KEEP, form_to(client.get(ADD), "").filled(**typed)).status_code == 204


def ways_to_go_on(client: Client) -> list[str]:
    """Return where the offers on the page for adding lead, the newest first."""
    return [address for address in addresses_in(client.get(ADD)) if "?begun=" in address]


def go_on(client: Client) -> HttpResponse:
    """Go on with what was begun last, if anything was."""
    response: Any = client.get((*ways_to_go_on(client), ADD)[0])
    return response  # type: ignore[no-any-return]


def discard(client: Client) -> HttpResponse:
    response: Any = client.post(DISCARD, form_to(client.get(ADD), DISCARD).filled())
    return response  # type: ignore[no-any-return]


@pytest.mark.parametrize("path", ["/", ADD])
def test_what_was_left_is_offered_again(member: Client, path: str) -> None:
    leave(member, **BAROLO)
    page = member.get(path)
    assert "You began to add a wine Vietti Barolo 2016" in text_of(page)
    assert ways_to_go_on(member)[0] in addresses_in(page)
    assert form_to(page, DISCARD).method == "post"


def test_all_that_was_typed_is_there_again(member: Client) -> None:
    leave(
        member, **BAROLO, note="From the fair", grape_rows_first=["Nebbiolo"], grape_rows_second=["100"], wishlist="on"
    )
    page = go_on(member)
    names = ("producer", "name", "vintage_text", "quantity", "note", "grape_rows_first", "wishlist")
    assert [value_in(page, name) for name in names] == [
        "Vietti", "Barolo", "2016", "3", "From the fair", "Nebbiolo", "on",
    ]  # fmt: skip
    assert not Wine.objects.exists()


def test_a_mistake_that_was_left_is_offered_with_its_photo(member: Client) -> None:
    send(member, ADD, **{**BAROLO, "vintage_text": "1066"}, front=upload())
    assert "with a photo" in text_of(member.get("/"))
    member.post(ADD, form_to(go_on(member), "").filled(vintage_text="2016"))
    assert (Wine.objects.get().full_name, Label.objects.get().kind) == ("Vietti Barolo 2016", "front")


def test_what_was_filled_in_still_says_where_it_came_from(member: Client) -> None:
    wine = Wine.objects.create(producer="Vietti", name="Barolo", vintage=2015, country="Italy")
    filled = form_to(member.get(ADD), "").filled(producer="Vietti", vintage_text="2016")
    member.post("/wines/add/read/", {**filled, "copy": str(wine.pk)})
    page = go_on(member)
    assert value_in(page, "country") == "Italy"
    assert "From your cellar: sure" in text_of(page)


def test_what_was_added_is_not_offered(member: Client) -> None:
    leave(member, **BAROLO)
    member.post(ADD, form_to(go_on(member), "").filled())
    assert Wine.objects.get().count_in_cellar == 3
    assert "You began" not in text_of(member.get(ADD))


def test_what_is_told_after_it_was_added_is_not_kept(member: Client) -> None:
    filled = form_to(member.get(ADD), "").filled(**BAROLO)
    member.post(ADD, filled)
    assert member.post(KEEP, filled).status_code == 204
    assert "You began" not in text_of(member.get(ADD))


def test_another_wine_leaves_what_was_begun(member: Client) -> None:
    leave(member, **BAROLO)
    send(member, ADD, producer="Krug")
    assert "You began to add a wine Vietti Barolo 2016" in text_of(member.get("/"))


def test_a_form_in_which_nothing_was_typed_is_not_kept(member: Client) -> None:
    leave(member)
    assert "You began" not in text_of(member.get(ADD))


def test_a_form_larger_than_any_that_is_typed_is_not_kept(member: Client) -> None:
    leave(member, **{**BAROLO, "note": "x" * 70_000})
    assert "You began" not in text_of(member.get(ADD))


def test_a_form_of_more_fields_than_a_page_reads_is_not_kept(member: Client) -> None:
    member.post(ADD, {"producer": "Vietti", **{f"field{number}": "x" for number in range(999)}})
    assert {member.get(path).status_code for path in (ADD, *ways_to_go_on(member), "/")} == {200}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_nothing_that_is_kept_breaks_the_form(member: Client, value: bytes) -> None:
    for name in (b"", b"producer", b"key", b"filled", b"front_kept", b"grape_rows_first", b"location"):
        fields = [(one, value if not name or one.encode() == name else b"x") for one in (*BAROLO, *HIDDEN)]
        assert post(member, KEEP, fields) == 204
        assert {member.get(path).status_code for path in (ADD, *ways_to_go_on(member), "/")} == {200}
        assert len(ways_to_go_on(member)) <= 3


def test_what_was_begun_is_discarded(member: Client) -> None:
    leave(member, **BAROLO)
    assert discard(member)["Location"] == ADD
    assert "You began" not in text_of(member.get("/"))
    assert value_in(go_on(member), "producer") == ""


def test_each_of_several_that_were_begun_is_offered_and_gone_on_with(member: Client) -> None:
    leave(member, **BAROLO)
    leave(member, producer="Krug", store="Nicolas")
    assert "You began to add 2 wines Krug · " in text_of(member.get(ADD))
    assert "You began to add a wine Krug · " in text_of(member.get("/"))
    krug, barolo = [member.get(address) for address in ways_to_go_on(member)]
    assert [value_in(krug, name) for name in ("producer", "store", "quantity")] == ["Krug", "Nicolas", "1"]
    assert [value_in(barolo, name) for name in ("producer", "store", "quantity")] == ["Vietti", "", "3"]


def test_the_same_form_left_again_is_offered_once(member: Client) -> None:
    leave(member, **BAROLO)
    member.post(KEEP, form_to(go_on(member), "").filled(vintage_text="2017"))
    assert len(ways_to_go_on(member)) == 1
    assert value_in(go_on(member), "vintage_text") == "2017"


def test_the_other_one_stays_when_one_is_added_or_discarded(member: Client) -> None:
    for producer in ("Vietti", "Krug", "Keller"):
        leave(member, producer=producer)
    member.post(ADD, form_to(go_on(member), "").filled())
    assert Wine.objects.get().producer == "Keller"
    discard(member)
    assert "You began to add a wine Vietti · " in text_of(member.get(ADD))


def test_the_newest_three_are_kept(member: Client) -> None:
    for number in range(4):
        leave(member, producer=f"Estate {number}")
    offered = [value_in(member.get(address), "producer") for address in ways_to_go_on(member)]
    assert offered == [f"Estate {number}" for number in (3, 2, 1)]


def test_no_more_is_kept_together_than_a_session_holds(member: Client) -> None:
    for producer in ("Vietti", "Krug"):
        leave(member, producer=producer, note="x" * 40_000)
    assert [value_in(member.get(address), "producer") for address in ways_to_go_on(member)] == ["Krug"]


def test_one_that_is_no_longer_kept_is_an_empty_form(member: Client) -> None:
    leave(member, **BAROLO)
    address = ways_to_go_on(member)[0]
    discard(member)
    page: Any = member.get(address)
    assert (page.status_code, value_in(page, "producer")) == (200, "")
    member.post(DISCARD, {"key": "x"})
    assert "discarded" not in text_of(member.post(DISCARD, follow=True))


def test_the_empty_form_below_what_was_begun_says_that_it_is_for_another_wine(member: Client) -> None:
    assert "Or add another wine" not in text_of(member.get(ADD))
    leave(member, **BAROLO)
    page = member.get(ADD)
    assert "Discard it Or add another wine" in text_of(page)
    assert value_in(page, "producer") == ""


def test_nobody_else_sees_what_was_begun(member: Client, owner: Client) -> None:
    leave(member, **BAROLO)
    assert "Vietti" not in text_of(owner.get("/")) + text_of(owner.get(ways_to_go_on(member)[0]))


def test_it_is_gone_after_signing_out(member: Client, person: User) -> None:
    leave(member, **BAROLO)
    member.post("/accounts/sign-out/")
    assert "Vietti" not in text_of(signed_in(person).get(ADD))

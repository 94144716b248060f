"""/wines/…/notes/add/, /notes/…/ and /notes/…/delete/"""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from cellar.models import TastingNote
from tests.accounts.factories import make_user
from tests.cellar.factories import make_note, make_wine
from tests.cellar.views.pages import (
    addresses_in,
    error_beside,
    everything,
    form_to,
    messages_of,
    send,
    text_of,
    value_in,
)

pytestmark = pytest.mark.django_db


def test_a_note_is_written_and_found(member: Client, person: User) -> None:
    wine = make_wine()
    response = send(
        member, f"/wines/{wine.pk}/notes/add/", text="Violets", rating="4,5", scale="5", occasion="Easter",
        company="Ada", tasted_on="2024-03-31",
    )  # fmt: skip
    assert response["Location"] == f"/wines/{wine.pk}/"
    note = TastingNote.objects.get()
    assert (note.author_id, note.text, note.rating_label) == (person.pk, "Violets", "4.5/5")
    assert (note.occasion, note.company, str(note.tasted_on)) == ("Easter", "Ada", "2024-03-31")
    assert "1 wine" in text_of(member.get("/wines/?q=violets"))


def test_a_rating_alone_is_a_note(member: Client) -> None:
    send(member, f"/wines/{make_wine().pk}/notes/add/", rating="92", scale="100")
    assert TastingNote.objects.get().rating == Decimal(92)


@pytest.mark.parametrize(
    ("name", "typed", "error"),
    [
        ("text", "", "Write something, or give a rating."),
        ("rating", "6", "That is more than the scale has."),
        ("rating", "-1", "-1 is too low: enter 0 or more."),
        ("rating", "good", "Enter a number, such as 13.5."),
        ("tasted_on", "2999-01-01", "Enter a day that is not in the future."),
        ("tasted_on", "", "This field is required."),
        ("text", "x" * 5001, "5001 characters: shorten it to 5000."),
    ],
)
def test_a_mistake_is_told_beside_its_field(member: Client, name: str, typed: str, error: str) -> None:
    text = "" if name == "text" else "Kept"
    before = everything()
    wine_free = {"text": text, "occasion": "Typed", name: typed}
    response = send(member, f"/wines/{make_wine().pk}/notes/add/", **wine_free)
    assert response.status_code == 422
    assert error in error_beside(response, name)
    assert value_in(response, "occasion") == "Typed"
    assert everything()["TastingNote"] == before["TastingNote"]


def test_the_same_form_sent_twice_is_one_note(member: Client) -> None:
    path = f"/wines/{make_wine().pk}/notes/add/"
    filled = form_to(member.get(path), "").filled(text="Violets")
    assert [member.post(path, filled).status_code for _time in range(2)] == [302, 302]
    assert TastingNote.objects.count() == 1


def test_who_wrote_it_changes_it(member: Client, person: User) -> None:
    note = make_note(make_wine(), "Violets", author=person, rating=Decimal("4.5"), scale="5")
    page = member.get(f"/notes/{note.pk}/")
    assert [value_in(page, name) for name in ("text", "rating", "scale")] == ["Violets", "4.5", "5"]
    send(member, f"/notes/{note.pk}/", text="Violets and graphite", rating="")
    note.refresh_from_db()
    assert (note.text, note.rating, note.scale) == ("Violets and graphite", None, "")
    assert "1 wine" in text_of(member.get("/wines/?q=graphite"))


def test_who_wrote_it_deletes_it_and_it_is_found_no_more(member: Client, person: User) -> None:
    note = make_note(make_wine(), "Violets", author=person)
    path = f"/notes/{note.pk}/delete/"
    assert path in addresses_in(member.get(f"/notes/{note.pk}/"))
    assert "Violets The note is deleted for good." in text_of(member.get(path))
    assert TastingNote.objects.exists()
    response = member.post(path)
    assert "Note deleted." in messages_of(response)
    assert not TastingNote.objects.exists()
    assert "0 wines" in text_of(member.get("/wines/?q=violets"))


def test_nobody_else_touches_it(member: Client) -> None:
    note = make_note(make_wine(), author=make_user())
    before = everything()
    assert member.get(f"/notes/{note.pk}/").status_code == 403
    assert member.post(f"/notes/{note.pk}/", {"text": "Mine now", "tasted_on": "2024-01-01"}).status_code == 403
    assert member.get(f"/notes/{note.pk}/delete/").status_code == 403
    assert member.post(f"/notes/{note.pk}/delete/").status_code == 403
    assert everything() == before


def test_the_owner_may(owner: Client) -> None:
    note = make_note(make_wine(), author=make_user(name="Ada"))
    send(owner, f"/notes/{note.pk}/", text="Tidied up")
    note.refresh_from_db()
    assert (note.text, str(note.author)) == ("Tidied up", "Ada")


def test_a_note_can_be_changed_on_the_page_of_the_wine_by_who_may(member: Client, person: User) -> None:
    wine = make_wine()
    mine, other = make_note(wine, author=person), make_note(wine, author=make_user())
    page = member.get(f"/wines/{wine.pk}/").content.decode()
    assert f"/notes/{mine.pk}/" in page
    assert f"/notes/{other.pk}/" not in page

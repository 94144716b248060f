"""/wines/…/scores/add/ and /scores/…/remove/"""

from __future__ import annotations

import pytest
from django.test import Client

from cellar.models import Score
from cellar.wines import add_score
from tests.cellar.factories import make_wine
from tests.cellar.views.pages import addresses_in, error_beside, form_to, send, text_of, value_in

pytestmark = pytest.mark.django_db


def test_a_score_is_written_down_and_shown_as_it_was_printed(member: Client) -> None:
    wine = make_wine()
    path = f"/wines/{wine.pk}/scores/add/"
    assert path in addresses_in(member.get(f"/wines/{wine.pk}/"))
    response = send(member, path, source="Decanter", value="92-94+", scale="100", reviewer="Jane Anson", year="2019")
    assert response["Location"] == f"/wines/{wine.pk}/"
    page = text_of(member.get(f"/wines/{wine.pk}/"))
    assert "Decanter · Jane Anson · 2019" in page
    assert "92-94+/100" in page


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ({"source": ""}, "source"),
        ({"value": ""}, "value"),
        ({"value": "9" * 17}, "value"),
        ({"year": "19"}, "year"),
        ({"scale": "7"}, "scale"),
    ],
)
def test_what_is_no_score_is_refused_and_kept_in_the_form(member: Client, typed: dict[str, str], name: str) -> None:
    response = send(
        member, f"/wines/{make_wine().pk}/scores/add/", **{"source": "Falstaff", "value": "93", "reviewer": "P"} | typed
    )
    assert (response.status_code, bool(error_beside(response, name))) == (422, True)
    assert value_in(response, "reviewer") == "P"
    assert not Score.objects.exists()


def test_the_same_form_twice_is_one_score(member: Client) -> None:
    path = f"/wines/{make_wine().pk}/scores/add/"
    filled = form_to(member.get(path), "").filled(source="Falstaff", value="93")
    for _time in range(2):
        assert member.post(path, filled).status_code == 302
    assert Score.objects.count() == 1


def test_a_score_is_removed_after_a_question(member: Client) -> None:
    wine = make_wine()
    score = add_score(wine=wine, source="Falstaff", value="93", scale="100")
    path = f"/scores/{score.pk}/remove/"
    assert path in addresses_in(member.get(f"/wines/{wine.pk}/"))
    assert "Falstaff 93/100 The score is removed for good." in text_of(member.get(path))
    assert Score.objects.exists()
    assert member.post(path)["Location"] == f"/wines/{wine.pk}/"
    assert not Score.objects.exists()
    assert member.post(path).status_code == 404


def test_a_guest_sees_scores_and_is_offered_nothing(guest: Client) -> None:
    wine = make_wine()
    add_score(wine=wine, source="Falstaff", value="93")
    page = guest.get(f"/wines/{wine.pk}/")
    assert "Falstaff" in text_of(page)
    assert not [one for one in addresses_in(page) if "/scores/" in one]

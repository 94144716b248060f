"""/wines/add/: photos, which survive a mistake elsewhere in the form"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from cellar.forms.fields import sign_kept
from cellar.labels import store
from cellar.labels.sanitise import sanitise
from cellar.models import Label, Wine
from cellar.wines import StoredPhoto
from tests.cellar.factories import make_wine
from tests.cellar.views.pages import error_beside, form_to, send, status_of, text_of, value_in
from tests.cellar.views.photos import jpeg, not_a_photo, upload

pytestmark = pytest.mark.django_db

URL = "/wines/add/"
BAROLO: dict[str, Any] = {"producer": "Vietti", "name": "Barolo", "vintage_text": "2016", "quantity": "1"}


def stored() -> int:
    """Return how many photos are in the store."""
    return len(list(store.names(older_than=timezone.now() + timedelta(days=1))))


def refused(member: Client, **typed: Any) -> Any:
    """Return the page that comes back when a photo was fine and the vintage was not."""
    return send(member, URL, **{**BAROLO, "vintage_text": "1066", **typed})


def test_front_and_back_come_with_the_wine(member: Client) -> None:
    send(member, URL, **BAROLO, front=upload(), back=upload("navy"))
    wine = Wine.objects.get()
    assert sorted(wine.labels.values_list("kind", flat=True)) == ["back", "front"]
    assert wine.cover == wine.labels.get(kind="front")
    assert status_of(member.get(f"/labels/{wine.cover_id}/small/")) == 200


def test_a_photo_survives_a_mistake_elsewhere(member: Client) -> None:
    page = refused(member, front=upload())
    assert page.status_code == 422
    assert "The photo of the front is kept." in text_of(page)
    assert member.post(URL, form_to(page, "").filled(vintage_text="2016")).status_code == 302
    assert Wine.objects.get().labels.get().kind == "front"
    assert stored() == 1


def test_a_kept_photo_is_shown(member: Client) -> None:
    page = refused(member, front=upload())
    assert status_of(member.get(f"/labels/kept/{value_in(page, 'front_kept')}/")) == 200


def test_a_kept_photo_survives_many_mistakes(member: Client) -> None:
    page: Any = refused(member, front=upload())
    for vintage in ("1067", "1068"):
        page = member.post(URL, form_to(page, "").filled(vintage_text=vintage))
    member.post(URL, form_to(page, "").filled(vintage_text="2016"))
    assert (Label.objects.count(), stored()) == (1, 1)


def test_a_kept_photo_survives_the_question_whether_it_is_the_same_wine(member: Client) -> None:
    wine = make_wine(producer="Vietti", name="Barolo", vintage=2016)
    page = send(member, URL, **BAROLO, front=upload())
    member.post(URL, form_to(page, "").filled(existing="1"))
    assert wine.labels.get().kind == "front"


def test_another_photo_takes_the_place_of_the_kept_one(member: Client) -> None:
    page = refused(member, front=upload("maroon"))
    member.post(URL, form_to(page, "").filled(vintage_text="2016", front=upload("navy")))
    label = Label.objects.get()
    assert value_in(page, "front_kept") != sign_kept(StoredPhoto(label.name, label.width, label.height))


def test_a_bad_photo_is_refused_and_the_rest_is_kept(member: Client) -> None:
    page = send(member, URL, **BAROLO, front=not_a_photo(), back=upload())
    assert page.status_code == 422
    assert error_beside(page, "front")
    assert value_in(page, "producer") == "Vietti"
    assert value_in(page, "back_kept")
    assert not Wine.objects.exists()


def test_the_same_form_sent_twice_keeps_one_photo(member: Client) -> None:
    filled = form_to(member.get(URL), "").filled(**BAROLO)
    for _time in range(2):
        member.post(URL, {**filled, "front": upload()})
    assert (Label.objects.count(), stored()) == (1, 1)


def forged_tokens() -> list[str]:
    token = sign_kept(StoredPhoto("0" * 32, 60, 80))
    return [
        "nonsense",
        "a/b/../../etc/passwd",
        "x" * 5000,
        "\0",
        token[:-1],
        token.replace(":", "::"),
        token,  # ours, of a photo that is not in the store
        sign_kept(StoredPhoto("../../secret", 60, 80)),
    ]


@pytest.mark.parametrize("number", range(8))
def test_a_token_that_is_not_ours_is_passed_over(member: Client, number: int) -> None:
    token = forged_tokens()[number]
    page = send(member, URL, **{**BAROLO, "vintage_text": "1066"}, front_kept=token)
    assert page.status_code == 422
    assert value_in(page, "front_kept") == ""
    assert send(member, URL, **BAROLO, front_kept=token).status_code == 302
    assert not Label.objects.exists()


def test_a_token_is_good_for_a_day(member: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = store.save(sanitise(jpeg(), max_bytes=10**7))
    with monkeypatch.context() as yesterday:
        long_ago = signing.b62_encode(int(time.time()) - 25 * 3600)
        yesterday.setattr(signing.TimestampSigner, "timestamp", lambda self: long_ago)
        token = sign_kept(StoredPhoto(photo, 60, 80))
    assert member.get(f"/labels/kept/{token}/").status_code == 404
    assert send(member, URL, **BAROLO, front_kept=token).status_code == 302
    assert not Label.objects.exists()


def test_a_photo_belongs_to_one_wine(member: Client) -> None:
    token = value_in(refused(member, front=upload()), "front_kept")
    send(member, URL, **BAROLO, front_kept=token)
    send(member, URL, **{**BAROLO, "vintage_text": "2017"}, front_kept=token)
    assert Label.objects.get().wine.vintage == 2016


def test_a_photo_that_is_gone_from_the_store_is_no_photo(member: Client) -> None:
    page = refused(member, front=upload())
    for name in list(store.names(older_than=timezone.now() + timedelta(days=1))):
        store.delete(name)
    member.post(URL, form_to(page, "").filled(vintage_text="2016"))
    assert not Label.objects.exists()

"""/wines/…/photos/add/, /labels/…/ and /labels/…/remove/"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cellar.labels import store
from cellar.labels.sanitise import sanitise
from cellar.models import Label, Wine
from cellar.wines import add_label
from tests.cellar.factories import make_wine
from tests.cellar.views.pages import addresses_in, error_beside, form_to, messages_of, send, status_of, text_of
from tests.cellar.views.photos import jpeg, not_a_photo, upload

pytestmark = pytest.mark.django_db


def photographed(wine: Wine, kind: str = "front") -> Label:
    return add_label(wine=wine, kind=kind, photo=sanitise(jpeg(), max_bytes=10**7))


def test_a_photo_is_added_and_shown(member: Client) -> None:
    wine = make_wine()
    response = send(member, f"/wines/{wine.pk}/photos/add/", kind="back", photo=upload())
    assert response["Location"] == f"/wines/{wine.pk}/"
    label = wine.labels.get()
    assert label.kind == "back"
    assert f"/labels/{label.pk}/medium/" in member.get(f"/wines/{wine.pk}/").content.decode()


def test_a_new_front_takes_the_place_of_the_old_one(member: Client) -> None:
    wine = make_wine()
    old = photographed(wine)
    send(member, f"/wines/{wine.pk}/photos/add/", kind="front", photo=upload("navy"))
    assert (wine.labels.count(), wine.labels.filter(pk=old.pk).exists()) == (1, False)
    with pytest.raises(store.PhotoMissing):
        store.open_photo(old.name, "large")


@pytest.mark.parametrize("kind", ["front", "other"])
def test_the_same_form_twice_adds_one_photo(member: Client, kind: str) -> None:
    wine = make_wine()
    filled = form_to(member.get(f"/wines/{wine.pk}/photos/add/"), "").filled(kind=kind)
    for _time in range(2):
        assert member.post(f"/wines/{wine.pk}/photos/add/", {**filled, "photo": upload()}).status_code == 302
    kept = wine.labels.get()
    store.open_photo(kept.name, "small").close()
    assert store.names(older_than=timezone.now() + timedelta(days=1)).count(kept.name) == 1


def test_other_photos_stand_beside_each_other(member: Client) -> None:
    wine = make_wine()
    for _time in range(2):
        send(member, f"/wines/{wine.pk}/photos/add/", kind="other", photo=upload())
    assert wine.labels.count() == 2


def test_a_bad_photo_is_refused_with_the_reason(member: Client) -> None:
    wine = make_wine()
    response = send(member, f"/wines/{wine.pk}/photos/add/", kind="front", photo=not_a_photo())
    assert (response.status_code, bool(error_beside(response, "photo"))) == (422, True)
    assert not Label.objects.exists()


def test_no_photo_at_all_is_refused(member: Client) -> None:
    response = send(member, f"/wines/{make_wine().pk}/photos/add/", kind="front")
    assert "This field is required." in error_beside(response, "photo")


@pytest.mark.parametrize("variant", ["small", "medium", "large"])
def test_a_photo_is_handed_out_in_each_size(guest: Client, variant: str) -> None:
    label = photographed(make_wine())
    response = guest.get(f"/labels/{label.pk}/{variant}/")
    assert status_of(response) == 200
    assert response["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("variant", ["huge", "original", "Small"])
def test_other_sizes_are_not_there(guest: Client, variant: str) -> None:
    assert guest.get(f"/labels/{photographed(make_wine()).pk}/{variant}/").status_code == 404


@pytest.mark.parametrize("number", ["-" * 36, "f" * 36, "0" * 32])
def test_what_looks_like_an_id_and_is_none_is_not_found(guest: Client, number: str) -> None:
    assert guest.get(f"/labels/{number}/small/").status_code == 404


def test_a_photo_that_is_lost_from_the_store_is_not_found(guest: Client) -> None:
    label = photographed(make_wine())
    store.delete(label.name)
    assert guest.get(f"/labels/{label.pk}/small/").status_code == 404


def test_a_photo_is_removed_and_another_stands_for_the_wine(member: Client) -> None:
    wine = make_wine()
    front, back = photographed(wine), photographed(wine, "back")
    path = f"/labels/{front.pk}/remove/"
    assert path in addresses_in(member.get(f"/wines/{wine.pk}/"))
    assert "for good" in text_of(member.get(path))
    assert wine.labels.count() == 2
    assert "Photo removed." in messages_of(member.post(path))
    wine.refresh_from_db()
    assert wine.cover == back
    assert member.post(path).status_code == 404

"""/collection/delete/: the owner, the password again, the name typed, a backup offered first"""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django import Settings

from accounts.models import Role, SecurityEvent, User
from cellar.labels.sanitise import sanitise
from cellar.models import Bottle, Transaction, Wine
from cellar.wines import add_label
from tests.accounts.factories import make_owner, make_user, signed_in
from tests.cellar.factories import check_in, make_location, make_note, make_wine
from tests.cellar.views.pages import MODELS, addresses_in, error_beside, everything, send, text_of
from tests.cellar.views.photos import jpeg

pytestmark = pytest.mark.django_db

URL = "/collection/delete/"


@pytest.fixture
def owner() -> Client:
    person = make_owner()
    wine = make_wine(producer="Krug")
    check_in(wine, 3, location=make_location("Shelf"), actor=person)
    add_label(wine=wine, kind="front", photo=sanitise(jpeg(), max_bytes=10**7))
    make_note(wine, author=person)
    return signed_in(person)


def photos() -> list[str]:
    def below(folder: str) -> list[str]:
        folders, files = default_storage.listdir(folder)
        return files + [file for one in folders for file in below(f"{folder}/{one}")]

    return below("labels")


def test_the_page_says_what_is_lost_and_offers_a_backup_first(owner: Client) -> None:
    page = owner.get(URL)
    assert "Bottles in the cellar 3" in text_of(page)
    assert "/backup/" in addresses_in(page)


def test_with_the_name_everything_of_the_cellar_goes_and_people_stay(owner: Client) -> None:
    assert photos()
    people = User.objects.count()
    response = send(owner, URL, name="winebox")
    assert response["Location"] == "/"
    assert [model.__name__ for model in MODELS if model._default_manager.exists()] == []
    assert photos() == []
    assert User.objects.count() == people
    assert owner.get("/").status_code == 200


@pytest.mark.parametrize("typed", ["", "yes", "wine", "WineBox2"])
def test_without_the_right_name_nothing_goes(owner: Client, typed: str) -> None:
    before = everything()
    response = owner.post(URL, {"name": typed})
    assert response.status_code == 422
    assert error_beside(response, "name")
    assert everything() == before


def test_the_name_is_the_one_of_the_site(owner: Client, settings: Settings) -> None:
    settings.SITE_HOST = "wine.example.org"
    assert send(owner, URL, name="WineBox").status_code == 422
    assert send(owner, URL, name="wine.example.org").status_code == 302


def test_the_password_is_asked_again_first(owner: Client) -> None:
    client = signed_in(User.objects.get(role=Role.OWNER), confirmed=False)
    for response in (client.get(URL), client.post(URL, {"name": "WineBox"})):
        assert "Your password, please" in response.content.decode()
    assert Wine.objects.exists()


@pytest.mark.parametrize("role", [Role.MEMBER, Role.GUEST, Role.HELPER])
def test_nobody_but_an_owner_may(owner: Client, role: Role) -> None:
    client = signed_in(make_user(role=role))
    assert client.get(URL).status_code == 403
    assert client.post(URL, {"name": "WineBox"}).status_code == 403
    assert Bottle.objects.exists()


def test_it_is_in_the_security_log(owner: Client) -> None:
    send(owner, URL, name="WineBox")
    event = SecurityEvent.objects.get(kind="collection_deleted")
    assert event.detail == "3 bottles"
    assert event.actor is not None


def test_afterwards_a_new_collection_begins(owner: Client) -> None:
    send(owner, URL, name="WineBox")
    check_in(make_wine(), 1)
    assert Transaction.objects.count() == 1
    assert owner.get("/wines/").status_code == 200

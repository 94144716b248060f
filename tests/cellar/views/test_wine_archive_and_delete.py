"""/wines/…/archive/, /wines/…/restore/ and /wines/…/delete/"""

import pytest
from django.test import Client
from django.utils import timezone

from cellar import stock
from cellar.labels import store
from cellar.labels.sanitise import sanitise
from cellar.models import Label, Reason, Wine
from cellar.wines import add_label
from tests.cellar.factories import make_note, make_wine, stocked_wine
from tests.cellar.views.pages import form_to, messages_of, send, text_of
from tests.cellar.views.photos import jpeg

pytestmark = pytest.mark.django_db


def test_an_empty_wine_leaves_the_list_and_comes_back(member: Client) -> None:
    wine = make_wine(producer="Vietti")
    member.post(form_to(member.get(f"/wines/{wine.pk}/"), f"/wines/{wine.pk}/archive/").action)
    assert "0 wines" in text_of(member.get("/wines/"))
    assert "Vietti" in text_of(member.get("/wines/?stock=archived"))
    member.post(form_to(member.get(f"/wines/{wine.pk}/"), f"/wines/{wine.pk}/restore/").action)
    assert "1 wine" in text_of(member.get("/wines/"))


def test_the_message_takes_it_back(member: Client) -> None:
    wine = make_wine()
    member.post(f"/wines/{wine.pk}/archive/")
    page = member.get("/wines/")
    assert "is archived" in text_of(page)
    member.post(form_to(page, f"/wines/{wine.pk}/restore/").action)
    assert not Wine.objects.exclude(archived_at=None).exists()


def test_pressed_twice_it_is_archived_all_the_same(member: Client) -> None:
    wine = make_wine()
    for _time in range(2):
        assert member.post(f"/wines/{wine.pk}/archive/").status_code == 302
    wine.refresh_from_db()
    assert wine.archived_at is not None


@pytest.mark.parametrize("on_order", [True, False])
def test_a_wine_with_bottles_is_not_archived(member: Client, on_order: bool) -> None:
    wine = make_wine() if on_order else stocked_wine(1)
    if on_order:
        stock.order(wine=wine, quantity=1, actor=None)
    response = member.post(f"/wines/{wine.pk}/archive/")
    assert "There are still bottles of this wine." in messages_of(response)
    wine.refresh_from_db()
    assert wine.archived_at is None


def test_a_wine_that_gets_a_bottle_is_in_the_list_again(member: Client) -> None:
    wine = make_wine(archived_at=timezone.now())
    send(member, f"/wines/{wine.pk}/check-in/", quantity="1")
    wine.refresh_from_db()
    assert wine.archived_at is None


def test_a_wine_without_history_is_deleted_with_its_photos(member: Client) -> None:
    wine = make_wine()
    name = add_label(wine=wine, kind="front", photo=sanitise(jpeg(), max_bytes=10**7)).name
    response = send(member, f"/wines/{wine.pk}/delete/")
    assert response["Location"] == "/wines/"
    assert (Wine.objects.count(), Label.objects.count()) == (0, 0)
    with pytest.raises(store.PhotoMissing):
        store.open_photo(name, "small")


def test_a_wine_with_a_history_stays(member: Client) -> None:
    wine = stocked_wine(1)
    stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None)
    page = member.get(f"/wines/{wine.pk}/delete/")
    assert "the history is kept" in text_of(page)
    assert f'formaction="/wines/{wine.pk}/archive/"' in page.content.decode()
    response = member.post(f"/wines/{wine.pk}/delete/")
    assert "This wine has a history" in messages_of(response)
    assert Wine.objects.exists()


def test_a_wine_with_a_note_stays(member: Client) -> None:
    wine = make_wine()
    make_note(wine)
    assert "Archive it instead." in text_of(member.get(f"/wines/{wine.pk}/delete/"))
    assert "This wine has a history" in messages_of(member.post(f"/wines/{wine.pk}/delete/"))
    assert Wine.objects.exists()


def test_a_wine_that_was_deleted_is_not_found(member: Client) -> None:
    wine = make_wine()
    assert [member.post(f"/wines/{wine.pk}/delete/").status_code for _time in range(2)] == [302, 404]

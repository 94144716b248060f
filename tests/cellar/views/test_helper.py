"""A helper: a link to one place, what may be done there, and nothing else"""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts import helpers, people
from accounts.models import AccessLink, Role, SecurityEvent, User
from cellar.models import Bottle, Location, Transaction, Wine
from tests.accounts.factories import make_helper, make_owner, make_user, signed_in
from tests.cellar.factories import check_in, make_location, make_rack, make_wine
from tests.cellar.views import test_who_may as matrix
from tests.cellar.views.pages import addresses_in, everything, form_to, send, status_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf() -> Location:
    return make_location("Shelf A")


@pytest.fixture
def krug(shelf: Location) -> Wine:
    """Return a wine with two bottles on the shelf and one elsewhere."""
    wine = make_wine(producer="Krug", name="Grande Cuvée")
    check_in(wine, 2, location=shelf)
    check_in(wine, 1, location=make_location("Fridge"))
    return wine


@pytest.fixture
def helper(shelf: Location) -> Client:
    return signed_in(make_helper(shelf.pk))


def page_of(place: Location) -> str:
    return f"/locations/{place.pk}/help/"


def buttons(client: Client, place: Location, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]+)"', client.get(page_of(place)).content.decode())


def at(place: Location) -> int:
    return Bottle.objects.present().filter(location=place).count()


# -- The link ----------------------------------------------------------------------------------------------------------


def made_link(client: Client, place: Location) -> str:
    """Let a member make a link on the place's page; return its path."""
    invite = f"/accounts/helpers/at/{place.pk}/"
    assert invite in addresses_in(client.get(f"/locations/{place.pk}/"))
    shown = client.get(client.post(invite, {"name": "Hanna"})["Location"])
    found = re.search(r'value="http://[^/"]+(/accounts/help/[^"]+)"', shown.content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize("role", [Role.OWNER, Role.MEMBER])
def test_owners_and_members_make_a_link_that_leads_to_the_place(shelf: Location, role: Role) -> None:
    link = made_link(signed_in(make_user(role=role)), shelf)
    browser = Client()
    assert "Hello Hanna" in text_of(browser.get(link))
    assert browser.post(link)["Location"] == page_of(shelf)
    assert browser.get(page_of(shelf)).status_code == 200
    assert browser.get("/")["Location"] == page_of(shelf)


def test_looking_at_the_link_uses_nothing_up(shelf: Location) -> None:
    link = made_link(signed_in(make_owner()), shelf)
    for _ in range(3):
        assert Client().get(link).status_code == 200
    assert not User.objects.filter(role=Role.HELPER).exists()


def test_the_link_is_shown_once_and_listed_without_it(shelf: Location) -> None:
    member = signed_in(make_user())
    link = made_link(member, shelf)
    page = member.get(f"/locations/{shelf.pk}/").content.decode()
    assert "Hanna" in page
    secret = link.split("/")[3].partition(".")[0]
    assert secret not in page
    shown_again = member.get(f"/accounts/helpers/{AccessLink.objects.get().pk}/link/").content.decode()
    assert secret not in shown_again
    assert secret not in str(list(AccessLink.objects.values())) + str(list(SecurityEvent.objects.values()))


def test_the_link_works_once(shelf: Location) -> None:
    link = made_link(signed_in(make_owner()), shelf)
    assert Client().post(link).status_code == 302
    assert Client().post(link).status_code == 404
    assert User.objects.filter(role=Role.HELPER).count() == 1


def test_the_link_works_for_an_hour(shelf: Location) -> None:
    link = made_link(signed_in(make_owner()), shelf)
    assert timedelta(minutes=59) < AccessLink.objects.get().expires_at - timezone.now() <= timedelta(hours=1)
    AccessLink.objects.update(expires_at=timezone.now())
    assert Client().post(link).status_code == 404


def test_a_withdrawn_link_is_dead(shelf: Location) -> None:
    member = signed_in(make_user())
    link = made_link(member, shelf)
    member.post(f"/accounts/helpers/{AccessLink.objects.get().pk}/revoke/")
    assert Client().post(link).status_code == 404


def test_the_link_dies_with_who_made_it(shelf: Location) -> None:
    person = make_user()
    link = made_link(signed_in(person), shelf)
    people.deactivate(person=person, actor=None)
    assert Client().post(link).status_code == 404


def test_sending_a_helper_home_ends_the_session_at_once(shelf: Location) -> None:
    member, browser = signed_in(make_user()), Client()
    browser.post(made_link(member, shelf))
    assert "Hanna helps" in text_of(member.get(f"/locations/{shelf.pk}/"))
    member.post(f"/accounts/helpers/{User.objects.get(role=Role.HELPER).pk}/end/")
    assert browser.get(page_of(shelf)).status_code == 302


def test_a_helper_is_signed_out_after_twelve_hours(shelf: Location, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Client()
    browser.post(made_link(signed_in(make_owner()), shelf))
    for hours in (1.5, 3, 4.5, 6, 7.5, 9, 10.5, 11.9, 12.1):
        moment = timezone.now() + timedelta(hours=hours)
        with monkeypatch.context() as patch:
            patch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
            patch.setattr("winebox.middleware.time.time", lambda moment=moment: moment.timestamp())
            assert browser.get(page_of(shelf)).status_code == (200 if hours < 12 else 302), hours


def test_making_using_and_refusing_are_in_the_security_log(shelf: Location) -> None:
    owner = make_owner()
    link = made_link(signed_in(owner), shelf)
    Client().post(link)
    Client().post(link)
    kinds = SecurityEvent.objects.filter(detail__startswith="helper").order_by("created_at")
    assert list(kinds.values_list("kind", flat=True)) == ["link_created", "user_created", "link_used", "link_refused"]


def test_a_helper_has_no_password_and_no_way_to_get_one(shelf: Location) -> None:
    helper = make_helper(shelf.pk)
    owner = signed_in(make_owner())
    assert owner.post(f"/accounts/members/{helper.pk}/reset/").status_code == 404
    assert owner.post(f"/accounts/members/{helper.pk}/", {"role": "owner"}).status_code == 404
    client = Client()
    client.post(helpers.path_of(helpers.invite(scope=str(shelf.pk), name="Hanna", actor=make_owner())[1]))
    assert not User.objects.get(name="Hanna").has_usable_password()


# -- What a helper may -------------------------------------------------------------------------------------------------


def test_a_helper_sees_what_lies_there_and_no_more(helper: Client, shelf: Location, krug: Wine) -> None:
    elsewhere = make_wine(producer="Petrus")
    check_in(elsewhere, 1, location=make_location("Safe"))
    page = text_of(helper.get(page_of(shelf)))
    assert "Krug" in page
    assert "2 bottles lie here" in page
    assert "Petrus" not in page


def test_one_bottle_is_taken_out_of_this_place(helper: Client, shelf: Location, krug: Wine) -> None:
    helper.post(page_of(shelf), {"take": buttons(helper, shelf, "take")[0]})
    assert at(shelf) == 1
    done = Transaction.objects.get(kind="check_out")
    assert str(done.actor) == "Helen"


def test_the_same_button_twice_takes_one(helper: Client, shelf: Location, krug: Wine) -> None:
    button = buttons(helper, shelf, "take")[0]
    for _ in range(2):
        assert helper.post(page_of(shelf), {"take": button}).status_code == 302
    assert at(shelf) == 1


def test_one_bottle_is_put_in(helper: Client, shelf: Location, krug: Wine) -> None:
    helper.post(page_of(shelf), {"put": buttons(helper, shelf, "put")[0]})
    assert at(shelf) == 3


def test_in_a_rack_a_bottle_is_put_into_the_first_free_slot_which_is_said() -> None:
    rack = make_rack("Rack B", rows=2, columns=2)
    check_in(make_wine(), 1, location=rack, row=1, column=1)
    helper = signed_in(make_helper(rack.pk))
    helper.post(page_of(rack), {"put": buttons(helper, rack, "put")[0]})
    assert "Rack B: row 1, column 2." in text_of(helper.get(page_of(rack)))
    assert Bottle.objects.filter(location=rack, row=1, column=2).exists()


def test_the_last_bottle_can_be_put_back(helper: Client, shelf: Location, krug: Wine) -> None:
    for _ in range(2):
        helper.post(page_of(shelf), {"take": buttons(helper, shelf, "take")[0]})
    assert at(shelf) == 0
    assert buttons(helper, shelf, "take") == []
    helper.post(page_of(shelf), {"put": buttons(helper, shelf, "put")[0]})
    assert at(shelf) == 1


def test_bottles_elsewhere_stay_where_they_are(helper: Client, shelf: Location, krug: Wine) -> None:
    for _ in range(3):
        for button in buttons(helper, shelf, "take"):
            helper.post(page_of(shelf), {"take": button})
    assert Bottle.objects.present().filter(wine=krug).count() == 1


def test_a_wine_that_does_not_lie_here_is_refused(helper: Client, shelf: Location, krug: Wine) -> None:
    other = make_wine(producer="Petrus")
    before = everything()
    for typed in (f"{other.pk}:750:{uuid4()}", f"{krug.pk}:1500:{uuid4()}", f"{krug.pk}:750:x", "x", "", "::"):
        for name in ("take", "put"):
            assert helper.post(page_of(shelf), {name: typed}).status_code == 302
    assert everything() == before


def test_a_rack_says_which_bottle_to_take() -> None:
    rack, wine = make_rack(), make_wine()
    check_in(wine, 1, location=rack, row=2, column=3)
    client = signed_in(make_helper(rack.pk))
    response = client.post(page_of(rack), {"take": buttons(client, rack, "take")[0]}, follow=True)
    assert "row 2, column 3" in text_of(response)


def test_a_helper_counts_and_comes_back_to_the_place(helper: Client, shelf: Location, krug: Wine) -> None:
    count = f"/locations/{shelf.pk}/count/"
    field = f"found_{krug.pk.hex}_750"
    asked = send(helper, count, **{field: "1"})
    assert status_of(asked) == 200
    saved = helper.post(count, form_to(asked, "").filled(save="1"))
    assert saved["Location"] == page_of(shelf)
    assert at(shelf) == 1
    assert "/undo/" not in helper.get(page_of(shelf)).content.decode()


# -- And nothing else --------------------------------------------------------------------------------------------------


def test_no_other_address_opens_even_when_typed(shelf: Location, krug: Wine) -> None:
    rack = make_rack("Another rack")
    check_in(krug, 1, location=rack, row=1, column=1)
    client, before = signed_in(make_helper(shelf.pk)), everything()
    ids = {name: uuid4() for name in ("action", "note", "label", "token")}
    ids |= {"wine": krug.pk, "rack": rack.pk, "bottle": Bottle.objects.filter(location=rack).get().pk}
    for address in matrix.ADDRESSES.values():
        if address.path != "/":
            for method in address.methods.split():
                path = address.path.format_map(_Known(ids))
                assert client.generic(method, path).status_code == 403, (method, path)
    assert everything() == before


class _Known(dict[str, object]):
    """Gives any id for a name that is not known here."""

    def __missing__(self, name: str) -> object:
        return uuid4()


def test_not_even_the_pages_of_the_place_for_others_open(helper: Client, shelf: Location) -> None:
    for path in ("", "edit/", "delete/", "slot/?row=1&column=1"):
        assert helper.get(f"/locations/{shelf.pk}/{path}").status_code == 403


@pytest.mark.parametrize(
    "path", ["/accounts/profile/", "/accounts/devices/", "/accounts/members/", "/accounts/password/"]
)
def test_nothing_of_people_opens(helper: Client, path: str) -> None:
    assert helper.get(path).status_code == 403
    assert helper.get("/admin/").status_code in {302, 403}


def test_every_link_on_a_helpers_pages_opens(helper: Client, shelf: Location, krug: Wine) -> None:
    for page in (page_of(shelf), f"/locations/{shelf.pk}/count/"):
        links = [link for link in addresses_in(helper.get(page)) if link.startswith("/")]
        assert links
        assert {helper.get(link).status_code for link in links} <= {200, 302}


def test_a_helper_of_a_place_that_is_gone_finds_nothing(krug: Wine) -> None:
    client = signed_in(make_helper(uuid4()))
    assert client.get("/", follow=True).status_code == 404


def test_a_refusal_is_in_the_security_log(helper: Client) -> None:
    helper.get("/wines/")
    assert SecurityEvent.objects.get(kind="permission_refused").subject == "GET /wines/"

"""Every event of the security log, one by one: who, whom, from where, in which request"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from accounts import helpers, resets, second_factor
from accounts.models import Role, SecurityEvent, User
from accounts.security import Kind
from tests.accounts.factories import PASSWORD, link_of, make_invitation, make_owner, make_user, signed_in
from tests.accounts.test_second_factor import code, step, switched_on, with_password
from tests.cellar.factories import check_in, make_wine
from winebox.environment import BASE_DIR

pytestmark = pytest.mark.django_db

__all__ = ["step"]

FROM = "192.0.2.7"
NEW = {"password": "another quiet evening", "password_again": "another quiet evening"}
SIGN_IN, SECOND = "/accounts/sign-in/", "/accounts/second-factor/"


@dataclass(frozen=True)
class World:
    """Who is there when something happens."""

    owner: User
    ada: User
    half_minute: int

    def by(self, person: User, path: str, data: Any = None) -> None:
        signed_in(person).post(path, data or {}, REMOTE_ADDR=FROM)

    def by_owner(self, path: str, data: Any = None) -> None:
        self.by(self.owner, path, data)

    def by_nobody(self, path: str, data: Any = None, times: int = 1) -> None:
        for _ in range(times):
            Client().post(path, data or {}, REMOTE_ADDR=FROM)

    def code(self) -> str:
        return code(self.ada, self.half_minute)


@pytest.fixture
def world(step: int) -> World:
    return World(make_owner(), make_user(email="ada@example.org"), step)


def with_code(world: World, typed: str, query: str = "") -> None:
    with_password(world.ada).post(f"{SIGN_IN}code/{query}", {"code": typed}, REMOTE_ADDR=FROM)


def recovery_code(world: World) -> None:
    with_code(world, switched_on(world.ada, world.half_minute)[0], "?recovery=1")


def wrong_code(world: World) -> None:
    switched_on(world.ada, world.half_minute)
    with_code(world, second_factor.code_at("A" * 32, world.half_minute))


def set_up(world: World) -> None:
    second_factor.start(person=world.ada)
    world.by(world.ada, f"{SECOND}set-up/", {"code": world.code()})


def switch_off(world: World) -> None:
    switched_on(world.ada, world.half_minute)
    world.by(world.ada, f"{SECOND}off/")


def new_codes(world: World) -> None:
    switched_on(world.ada, world.half_minute)
    world.by(world.ada, f"{SECOND}codes/new/")


def new_device(world: World) -> None:
    data = {"email": world.ada.email, "password": PASSWORD}
    world.by_nobody(SIGN_IN, data, times=2)


def ends_a_device(world: World) -> None:
    client = Client()
    client.post(SIGN_IN, {"email": world.ada.email, "password": PASSWORD})
    client.post(f"/accounts/devices/{world.ada.devices.get().pk}/end/", REMOTE_ADDR=FROM)


def change_email(world: World) -> None:
    data = {"name": "Ada", "email": "new@example.org", "current_password": PASSWORD}
    world.by(world.ada, "/accounts/profile/", data)


def revoke(world: World) -> None:
    invitation = make_invitation(by=world.owner).invitation
    world.by_owner(f"/accounts/invite/{invitation.pk}/revoke/")


def reactivate(world: World) -> None:
    User.objects.filter(pk=world.ada.pk).update(is_active=False)
    world.by_owner(f"/accounts/members/{world.ada.pk}/reactivate/")


def use_a_link(world: World) -> None:
    world.by_nobody(resets.path_of(resets.make(person=world.ada, actor=world.owner)), NEW)


def refuse_a_link(world: World) -> None:
    world.by_nobody(helpers.path_of("no-such-link"))


def add_a_person(world: World) -> None:
    world.by_nobody(link_of(make_invitation(by=world.owner)), {"name": "New", **NEW})


def undo(world: World) -> None:
    done = check_in(make_wine(), 1, actor=world.owner)
    world.by_owner(f"/history/{done.action}/undo/")


def require_second_factor(world: World) -> None:
    switched_on(world.owner, world.half_minute)
    world.by_owner(f"{SECOND}required/", {"required": "yes"})


def sudo(world: World, password: str) -> None:
    client = signed_in(world.owner, confirmed=False)
    data = {"sudo_then": "send", "sudo_password": password}
    client.post(f"/accounts/members/{world.ada.pk}/reset/", data, REMOTE_ADDR=FROM)


EVENTS: dict[str, Callable[[World], None]] = {
    Kind.SIGN_IN: lambda w: w.by_nobody(SIGN_IN, {"email": w.ada.email, "password": PASSWORD}),
    Kind.SIGN_IN_FAILED: lambda w: w.by_nobody(SIGN_IN, {"email": w.ada.email, "password": "wrong"}),
    Kind.LOCKED_OUT: lambda w: w.by_nobody(SIGN_IN, {"email": w.ada.email, "password": "wrong"}, times=6),
    Kind.UNLOCKED: lambda w: w.by_owner(f"/accounts/members/{w.ada.pk}/unlock/"),
    Kind.SIGN_OUT: lambda w: w.by(w.ada, "/accounts/sign-out/"),
    Kind.SIGNED_OUT_EVERYWHERE: lambda w: w.by_owner(f"/accounts/members/{w.ada.pk}/sign-out/"),
    Kind.SESSION_ENDED: ends_a_device,
    Kind.NEW_DEVICE: new_device,
    Kind.PASSWORD_CHANGED: lambda w: w.by(w.ada, "/accounts/password/", {"current_password": PASSWORD, **NEW}),
    Kind.EMAIL_CHANGED: change_email,
    Kind.SECOND_FACTOR_ON: set_up,
    Kind.SECOND_FACTOR_OFF: switch_off,
    Kind.SECOND_FACTOR_FAILED: wrong_code,
    Kind.RECOVERY_CODES_MADE: new_codes,
    Kind.RECOVERY_CODE_USED: recovery_code,
    Kind.CONFIRMED: lambda w: sudo(w, PASSWORD),
    Kind.CONFIRMATION_FAILED: lambda w: sudo(w, "a wrong password"),
    Kind.LINK_CREATED: lambda w: w.by_owner("/accounts/invite/", {"email": "new@example.org", "role": "guest"}),
    Kind.LINK_USED: use_a_link,
    Kind.LINK_REFUSED: refuse_a_link,
    Kind.LINK_REVOKED: revoke,
    Kind.USER_CREATED: add_a_person,
    Kind.ROLE_CHANGED: lambda w: w.by_owner(f"/accounts/members/{w.ada.pk}/", {"role": Role.GUEST}),
    Kind.DEACTIVATED: lambda w: w.by_owner(f"/accounts/members/{w.ada.pk}/deactivate/"),
    Kind.REACTIVATED: reactivate,
    Kind.PERMISSION_REFUSED: lambda w: w.by(w.ada, f"/accounts/members/{w.ada.pk}/deactivate/"),
    Kind.SETTINGS_CHANGED: require_second_factor,
    Kind.UNDONE: undo,
    Kind.COLLECTION_DELETED: lambda w: w.by_owner("/collection/delete/", {"name": "WineBox"}),
}
# These happen in other rooms, whose tests look for them.
ELSEWHERE = {
    Kind.EXPORTED: "tests/cellar/views/test_export.py",
    Kind.IMPORTED: "tests/cellar/imports/test_commands.py",
    Kind.BACKED_UP: "tests/archive/test_pages.py",
    Kind.RESTORED: "tests/archive/test_pages.py",
    Kind.SENT_OUT: "tests/cellar/labels/test_usage.py",
}
# What nobody who is signed in did has no actor.
BY_STRANGERS = {Kind.SIGN_IN_FAILED, Kind.LOCKED_OUT, Kind.LINK_REFUSED, Kind.SECOND_FACTOR_FAILED}


@pytest.mark.parametrize("kind", EVENTS)
def test_it_is_recorded_with_who_from_where_and_in_which_request(world: World, kind: str) -> None:
    EVENTS[kind](world)
    event = SecurityEvent.objects.filter(kind=kind, address=FROM).first()
    assert event is not None
    assert (event.actor is None) is (kind in BY_STRANGERS)
    assert len(event.request_id) == 36


@pytest.mark.parametrize("kind", EVENTS)
def test_what_was_typed_as_a_secret_is_in_no_line(world: World, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    EVENTS[kind](world)
    lines = caplog.text + str(list(SecurityEvent.objects.values()))
    assert [secret for secret in (PASSWORD, NEW["password"], "a wrong password") if secret in lines] == []


def test_every_kind_is_tested_here_or_in_its_own_room() -> None:
    assert {*EVENTS, *ELSEWHERE} == set(Kind)
    named = {kind: f'"{kind.value}"' in (BASE_DIR / path).read_text() for kind, path in ELSEWHERE.items()}
    assert [kind for kind, is_there in named.items() if not is_there] == []

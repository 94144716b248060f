"""People for tests."""

import time
from itertools import count

from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts import invitations
from accounts.invitations import Invited
from accounts.models import Role, User

PASSWORD = "a quiet cellar in autumn"

_numbers = count(1)
_hashes: dict[str, str] = {}


def _hashed(password: str) -> str:
    # Hashing is slow on purpose; a test suite needs each hash once.
    if password not in _hashes:
        _hashes[password] = make_password(password)
    return _hashes[password]


def make_user(
    *,
    role: Role | str = Role.MEMBER,
    email: str | None = None,
    name: str | None = None,
    password: str = PASSWORD,
    is_active: bool = True,
) -> User:
    """Return a saved person whose password is PASSWORD."""
    number = next(_numbers)
    return User.objects.create(
        email=email or f"{Role(role).value}{number}@example.org",
        name=f"{Role(role).label} {number}" if name is None else name,
        role=Role(role),
        password=_hashed(password),
        is_active=is_active,
    )


def make_owner(*, email: str | None = None, name: str | None = None) -> User:
    """Return a saved owner."""
    return make_user(role=Role.OWNER, email=email, name=name)


def make_helper(scope: object, *, name: str = "Helen") -> User:
    """Return somebody who helps at one place."""
    helper = make_user(role=Role.HELPER, name=name)
    helper.scope = str(scope)
    helper.save()
    return helper


def signed_in(person: User, *, confirmed: bool = True) -> Client:
    """Return a browser in which this person is signed in, and has just given the password again if `confirmed`."""
    client = Client()
    client.force_login(person)
    if confirmed:
        session = client.session
        session["confirmed"] = int(time.time())
        session.save()
    return client


def make_invitation(*, by: User, email: str = "new@example.org", role: Role | str = Role.MEMBER) -> Invited:
    """Return an invitation with the secret of its link."""
    return invitations.invite(email=email, role=role, actor=by)


def link_of(invited: Invited) -> str:
    """Return the path of an invitation's link."""
    return f"/accounts/invitation/{invited.token}/"

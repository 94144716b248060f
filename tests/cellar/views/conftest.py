"""Browsers in which somebody is signed in."""

import pytest
from django.test import Client

from accounts.models import Role, User
from tests.accounts.factories import make_user, signed_in
from tests.cellar.labels.conftest import italian_wines as italian_wines
from tests.cellar.labels.conftest import service as service


@pytest.fixture
def person(db: None) -> User:
    """Return the person behind `member`."""
    return make_user(name="Mem Ber")


@pytest.fixture
def member(person: User) -> Client:
    return signed_in(person)


@pytest.fixture
def guest(db: None) -> Client:
    return signed_in(make_user(role=Role.GUEST, name="Gue St"))


@pytest.fixture
def owner(db: None) -> Client:
    return signed_in(make_user(role=Role.OWNER, name="Ow Ner"))

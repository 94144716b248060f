"""manage.py list_users"""

import io
import json

import pytest
from axes.models import AccessAttempt
from django.core.management import call_command

from accounts.models import Role
from tests.accounts.factories import make_owner, make_user

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("list_users", *arguments, stdout=out)
    return out.getvalue()


def test_there_is_a_line_for_each_person() -> None:
    make_owner(email="ada@example.org", name="Ada")
    make_user(email="bea@example.org", name="Bea", role=Role.GUEST, is_active=False)
    AccessAttempt.objects.create(username="ada@example.org", ip_address="192.0.2.1", failures_since_start=5)
    assert run().splitlines() == [
        "ada@example.org  owner  Ada  locked",
        "bea@example.org  guest  Bea  disabled",
    ]


def test_json_is_one_document_without_secrets() -> None:
    make_owner(email="ada@example.org", name="Ada")
    said = run("--json")
    (row,) = json.loads(said)
    assert (row["email"], row["role"], row["active"], row["locked"]) == ("ada@example.org", "owner", True, False)
    assert "argon2" not in said


def test_an_empty_household_is_an_empty_list() -> None:
    assert json.loads(run("--json")) == []

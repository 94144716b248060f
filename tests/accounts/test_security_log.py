"""/accounts/security-log/"""

from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import security
from accounts.security import Kind
from tests.accounts.factories import make_owner, make_user, signed_in

pytestmark = pytest.mark.django_db

URL = "/accounts/security-log/"


def test_it_shows_what_happened_the_newest_first() -> None:
    security.record(kind=Kind.SIGN_IN_FAILED, subject="first@example.org")
    security.record(kind=Kind.SIGN_IN_FAILED, subject="second@example.org")
    page = signed_in(make_owner()).get(URL).content.decode()
    assert page.index("second@example.org") < page.index("first@example.org")


def test_it_can_be_narrowed_to_a_kind() -> None:
    security.record(kind=Kind.SIGN_IN_FAILED, subject="failed@example.org")
    security.record(kind=Kind.UNLOCKED, subject="unlocked@example.org")
    page = signed_in(make_owner()).get(URL, {"kind": "unlocked"}).content.decode()
    assert "unlocked@example.org" in page
    assert "failed@example.org" not in page


def test_it_can_be_narrowed_to_what_a_person_did_and_what_was_done_to_them() -> None:
    ada = make_user()
    security.record(kind=Kind.UNLOCKED, subject=ada, detail="done to her")
    security.record(kind=Kind.SIGN_OUT, actor=ada, detail="done by her")
    security.record(kind=Kind.SIGN_OUT, actor=make_user(), detail="done by another")
    page = signed_in(make_owner()).get(URL, {"person": str(ada.pk)}).content.decode()
    assert "done to her" in page
    assert "done by her" in page
    assert "done by another" not in page


@pytest.mark.parametrize(
    "query", [{"kind": "nonsense"}, {"person": "nonsense"}, {"person": "\x00"}, {"page": "nonsense"}, {"page": "-9"}]
)
def test_a_filter_that_does_not_exist_filters_nothing(query: dict[str, str]) -> None:
    security.record(kind=Kind.UNLOCKED, subject="unlocked@example.org")
    response = signed_in(make_owner()).get(URL, query)
    assert response.status_code == 200
    assert "unlocked@example.org" in response.content.decode()


def test_it_is_paged_and_the_pages_keep_the_filter() -> None:
    for number in range(60):
        security.record(kind=Kind.UNLOCKED, subject=f"person{number}@example.org")
    page = signed_in(make_owner()).get(URL, {"kind": "unlocked", "page": "2"}).content.decode()
    assert "person9@example.org" in page
    assert "person10@example.org" not in page
    assert "kind=unlocked&amp;page=1" in page


def test_a_long_log_costs_no_more_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = signed_in(make_owner())
    client.get(URL)  # the first page of a session also writes when it was seen
    for _ in range(60):
        security.record(kind=Kind.SIGN_OUT, actor=make_user(), subject=make_user())
    with django_assert_num_queries(5):  # session, person, people to choose from, count, lines
        client.get(URL)


def test_what_strangers_typed_is_text() -> None:
    security.record(kind=Kind.SIGN_IN_FAILED, subject="<script>alert(1)</script>")
    assert "<script>alert(1)" not in signed_in(make_owner()).get(URL).content.decode()


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ({"since": "2026-03-02"}, {"second", "third"}),
        ({"until": "2026-03-02"}, {"first", "second"}),
        ({"since": "2026-03-02", "until": "2026-03-02"}, {"second"}),
        ({"since": "2026-03-02", "kind": "unlocked"}, {"second", "third"}),
        ({"since": "yesterday", "until": "2026-02-30"}, {"first", "second", "third"}),
        ({"since": "9999-12-31"}, set()),
        ({"until": "9999-12-31"}, {"first", "second", "third"}),
        ({"since": "0001-01-01"}, {"first", "second", "third"}),
    ],
)
def test_it_can_be_narrowed_to_days_of_the_household(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, chosen: dict[str, str], shown: set[str]
) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"
    # 23:30 on the first, 0:30 on the second and on the third of March in Auckland.
    moments = {"first": (1, 10, 30), "second": (1, 11, 30), "third": (2, 11, 30)}
    for name, (day, hour, minute) in moments.items():
        moment = datetime(2026, 3, day, hour, minute, tzinfo=UTC)
        with monkeypatch.context() as patch:
            patch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
            security.record(kind=Kind.UNLOCKED, subject=f"{name}@example.org")
    page = signed_in(make_owner()).get(URL, chosen).content.decode()
    assert {name for name in moments if f"{name}@example.org" in page} == shown

"""Who may: nobody, unless a view says otherwise."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.sites import site as admin_site
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.accounts.factories import make_user, signed_in

ROLES = ["guest", "member", "owner"]


def every_view(patterns: Any, apps: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from every_view(pattern.url_patterns, (*apps, pattern.app_name or ""))
        elif isinstance(pattern, URLPattern) and "admin" not in apps:
            yield str(pattern.pattern), pattern.callback


def test_every_view_of_the_site_says_who_may_use_it() -> None:
    silent = [path for path, view in every_view(get_resolver().url_patterns) if not hasattr(view, "who_may")]
    assert silent == []


@pytest.mark.django_db
@pytest.mark.urls("tests.winebox.urls")
@pytest.mark.parametrize("role", ROLES)
def test_a_view_that_does_not_say_is_refused_to_all(role: str, client: Client) -> None:
    client.force_login(make_user(role=role))
    assert client.get("/for/nobody/").status_code == 403


@pytest.mark.django_db
@pytest.mark.urls("tests.winebox.urls")
@pytest.mark.parametrize("path", ["/for/readers/", "/for/members/", "/for/owners/", "/for/nobody/"])
def test_who_is_not_signed_in_is_asked_to(path: str, client: Client) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/sign-in/?next={path}"


@pytest.mark.django_db
@pytest.mark.urls("tests.winebox.urls")
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/for/anyone/", {"guest", "member", "owner"}),
        ("/for/readers/", {"guest", "member", "owner"}),
        ("/for/members/", {"member", "owner"}),
        ("/for/owners/", {"owner"}),
    ],
)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_is_for_it(path: str, allowed: set[str], role: str, client: Client) -> None:
    client.force_login(make_user(role=role))
    assert client.get(path).status_code == (200 if role in allowed else 403)


@pytest.mark.django_db
@pytest.mark.urls("tests.winebox.urls")
def test_changes_are_limited_per_person_and_pages_are_not(client: Client, settings: Any) -> None:
    settings.RATE_LIMIT_PER_MINUTE = 3
    client.force_login(make_user())
    assert [client.post("/for/members/").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert client.get("/for/members/").status_code == 200
    client.force_login(make_user())
    assert client.post("/for/members/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["guest", "member"])
def test_the_admin_is_for_the_owner_alone(role: str, client: Client) -> None:
    client.force_login(make_user(role=role))
    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.django_db
def test_the_owner_gets_into_the_admin(client: Client) -> None:
    client.force_login(make_user(role="owner"))
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db
def test_the_admin_has_no_sign_in_of_its_own(client: Client) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/sign-in/?next=%2Fadmin%2F"
    assert client.post("/admin/login/", {"username": "x", "password": "y"}).status_code == 302


@pytest.mark.django_db
def test_the_admin_has_no_password_page_of_its_own() -> None:
    client = signed_in(make_user(role="owner"))
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/"


@pytest.mark.django_db
def test_each_list_of_the_admin_can_be_opened_and_searched(client: Client) -> None:
    client.force_login(make_user(role="owner"))
    for model in admin_site._registry:
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(path).status_code == 200, path
        assert client.get(path, {"q": "barolo"}).status_code == 200, path

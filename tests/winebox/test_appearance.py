"""Light or dark."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_a_theme_is_remembered(theme: str, client: Client) -> None:
    client.post("/theme/", {"theme": theme, "next": "/accounts/sign-in/"})
    assert f'data-theme="{theme}"' in client.get("/accounts/sign-in/").content.decode()


def test_without_a_choice_the_system_decides(client: Client) -> None:
    assert 'data-theme="auto"' in client.get("/accounts/sign-in/").content.decode()


@pytest.mark.parametrize("theme", ["", "purple", '"><script>'])
def test_nonsense_means_what_the_system_says(theme: str, client: Client) -> None:
    client.post("/theme/", {"theme": theme})
    assert client.cookies["theme"].value == "auto"


def test_a_forged_cookie_reaches_no_page(client: Client) -> None:
    client.cookies["theme"] = "purple"
    assert 'data-theme="auto"' in client.get("/accounts/sign-in/").content.decode()


def test_one_comes_back_to_where_one_was(client: Client) -> None:
    response = client.post("/theme/", {"theme": "dark", "next": "/wines/?q=barolo"})
    assert response["Location"] == "/wines/?q=barolo"


@pytest.mark.parametrize(
    "url", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_one_is_sent_to_no_other_site(url: str, client: Client) -> None:
    assert client.post("/theme/", {"theme": "dark", "next": url})["Location"] == "/"


def test_an_address_that_is_too_long_to_go_back_to_costs_nobody_the_choice(client: Client) -> None:
    response = client.post("/theme/", {"theme": "dark", "next": f"/wines/?q={'x' * 3000}"})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.cookies["theme"].value == "dark"


def test_looking_changes_no_theme(client: Client) -> None:
    assert client.get("/theme/").status_code == 405


def test_the_cookie_is_out_of_the_reach_of_scripts(client: Client) -> None:
    client.post("/theme/", {"theme": "dark"})
    assert client.cookies["theme"]["httponly"]
    assert client.cookies["theme"]["samesite"] == "Lax"

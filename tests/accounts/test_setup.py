"""/setup/<code>/"""

import pytest
from django.test import Client

from accounts import people
from accounts.models import Role, SecurityEvent, SetupCode, User
from accounts.setup import SetupClosedError, create_first_owner, setup_path, startup_notice
from tests.accounts.factories import make_owner, make_user

pytestmark = pytest.mark.django_db

GOOD = {
    "name": "Ada",
    "email": "ada@example.org",
    "password": "plain words in a row",
    "password_again": "plain words in a row",
}


def test_the_server_prints_a_link_while_nobody_owns_the_cellar() -> None:
    lines = startup_notice("http://127.0.0.1:8000/")
    assert "http://127.0.0.1:8000/setup/" in lines[-1]


def test_the_printed_link_opens_the_page(client: Client) -> None:
    link = startup_notice("http://testserver")[-1].strip().removeprefix("http://testserver")
    assert client.get(link).status_code == 200


def test_a_guest_alone_is_not_an_owner() -> None:
    make_user(role=Role.GUEST)
    assert startup_notice("http://127.0.0.1:8000") != []


def test_nothing_is_printed_when_there_is_an_owner() -> None:
    make_owner()
    assert startup_notice("http://127.0.0.1:8000") == []


def test_it_creates_the_owner_and_signs_in(client: Client) -> None:
    response = client.post(setup_path(), GOOD)
    owner = User.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/")
    assert (owner.email, owner.name, owner.role) == ("ada@example.org", "Ada", Role.OWNER)
    assert client.session["_auth_user_id"] == str(owner.pk)


def test_the_new_owner_can_sign_in_later(client: Client) -> None:
    client.post(setup_path(), GOOD)
    data = {"email": "ada@example.org", "password": "plain words in a row"}
    assert Client().post("/accounts/sign-in/", data).status_code == 302


def test_it_works_once(client: Client) -> None:
    path = setup_path()
    client.post(path, GOOD)
    again = Client().post(path, GOOD | {"email": "eve@example.org"})
    assert again.status_code == 404
    assert Client().get(path).status_code == 404
    assert User.objects.count() == 1


def test_of_two_set_ups_at_once_one_creates_the_owner() -> None:
    code = setup_path().split("/")[2]
    create_first_owner(code=code, email="ada@example.org", name="Ada", password="plain words in a row")
    with pytest.raises(SetupClosedError):
        create_first_owner(code=code, email="eve@example.org", name="Eve", password="plain words in a row")
    assert User.objects.get().email == "ada@example.org"


def test_a_wrong_code_is_answered_with_what_to_do(client: Client) -> None:
    setup_path()
    response = client.get("/setup/not-the-code/")
    assert response.status_code == 404
    assert "restart the server" in response.content.decode()


def test_only_the_newest_link_works(client: Client) -> None:
    first = setup_path()
    second = setup_path()
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


def test_a_link_is_dead_once_there_is_an_owner_by_another_way(client: Client) -> None:
    path = setup_path()
    make_owner()
    assert client.post(path, GOOD).status_code == 404
    assert User.objects.count() == 1


def test_the_code_is_not_kept() -> None:
    code = setup_path().split("/")[2]
    assert code not in SetupCode.objects.get().code_hash


def test_a_refused_form_is_kept_and_the_link_still_works(client: Client) -> None:
    path = setup_path()
    response = client.post(path, GOOD | {"password_again": "other words in a row"})
    assert response.status_code == 422
    assert 'value="ada@example.org"' in response.content.decode()
    assert "words in a row" not in response.content.decode()
    assert client.post(path, GOOD).status_code == 302


def test_an_address_that_is_taken_leaves_the_link_working(client: Client) -> None:
    make_user(email="ada@example.org")
    path = setup_path()
    assert client.post(path, GOOD).status_code == 422
    assert client.post(path, GOOD | {"email": "bea@example.org"}).status_code == 302


@pytest.mark.parametrize("password", ["too short", "password1234", "winebox-2026!", "ada@example.org", "1" * 129])
def test_a_password_that_is_easy_to_guess_is_refused(client: Client, password: str) -> None:
    response = client.post(setup_path(), GOOD | {"password": password, "password_again": password})
    assert response.status_code == 422
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["winebox", "password1234", "aaaa", "x" * 200])
def test_a_refused_password_gets_one_reason(client: Client, password: str) -> None:
    page = client.post(setup_path(), GOOD | {"password": password, "password_again": password})
    assert len(page.context["form"].errors["password"]) == 1


def test_looking_at_it_changes_nothing(client: Client) -> None:
    path = setup_path()
    for _ in range(3):
        client.get(path)
        client.head(path)
    assert not User.objects.exists()
    assert SetupCode.objects.get().used_at is None


def test_the_address_of_the_page_is_told_to_nobody(client: Client) -> None:
    assert client.get(setup_path())["Referrer-Policy"] == "strict-origin"


def test_use_and_refusal_are_in_the_security_log(client: Client) -> None:
    path = setup_path()
    client.post(path, GOOD)
    Client().get(path)
    kinds = set(SecurityEvent.objects.values_list("kind", flat=True))
    assert {"link_used", "user_created", "sign_in", "link_refused"} <= kinds


def test_an_owner_made_by_the_verb_needs_no_set_up() -> None:
    people.add(email="ada@example.org", name="Ada", role=Role.OWNER, password="plain words in a row")
    assert startup_notice("http://127.0.0.1:8000") == []

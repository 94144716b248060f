"""The site from outside: what is open, what looking changes, what may be asked and sent beside what a form has."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Role, User
from cellar.forms.filters import SORTS
from cellar.models import Transaction, Wine
from tests.accounts.factories import PASSWORD, link_of, make_invitation, make_owner, make_user, signed_in
from tests.cellar.factories import make_wine, stocked_wine
from tests.security.addresses import everything, fill, filled, patterns
from winebox.environment import BASE_DIR

pytestmark = pytest.mark.django_db

SECURITY = Path(BASE_DIR / "SECURITY.md")


def open_pages() -> set[str]:
    """Return the addresses that SECURITY.md lists as open to everybody."""
    listed = SECURITY.read_text().partition("### Pages without a login")[2].partition("\n#")[0]
    return set(re.findall(r"^- `(/[^`]*)`", listed, re.MULTILINE))


def test_the_pages_without_a_login_are_those_that_the_policy_lists() -> None:
    marked = {path for path, pattern in patterns() if getattr(pattern.callback, "who_may", "") == "anyone"}
    assert marked == open_pages() - {"/static/"}


def test_nobody_gets_an_answer_from_any_other_page() -> None:
    rows, client = fill(make_owner()), Client()
    closed = [path for path, pattern in patterns() if path not in open_pages()]
    for path in [*filled(rows), "/admin/", "/admin/cellar/wine/", "/admin/jsi18n/"]:
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "PROPFIND"):
            response = client.generic(method, path)
            if not re.search(r"/(sign-in|admin/login)/\?next=", response.headers.get("Location", "")):
                assert method != "GET" or is_open(path), path
                assert response.status_code in {200, 204, 302, 400, 404, 405, 422} if is_open(path) else 405, path
    assert len(closed) > 50


def is_open(path: str) -> bool:
    wanted = [re.sub(r"<[^>]*>", "[^/]+", one) for one in open_pages()]
    return any(re.fullmatch(one, path) for one in wanted) or path in {"/admin/logout/"}


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_at_any_page_changes_no_row_of_any_table(method: str) -> None:
    owner = make_owner()
    rows, client = fill(owner), signed_in(owner)
    before = everything()
    paths = filled(rows)
    for path in [*paths, *[f"{path}?q=x&page=2&sort=-vintage&delete=1&action=undo" for path in paths], "/admin/"]:
        response = client.generic(method, path)
        b"".join(response)
        assert response.status_code < 500, path
    assert everything() == before


def test_a_method_that_a_page_does_not_have_is_refused() -> None:
    owner = make_owner()
    rows, client = fill(owner), signed_in(owner)
    for path in filled(rows):
        for method in ("PUT", "PATCH", "DELETE", "PROPFIND", "X" * 20):
            # Some say no to what is asked for before they look at the method.
            assert client.generic(method, path).status_code in {405, 404}, (method, path)


EXTRA: dict[str, Any] = {
    "is_staff": "on", "is_superuser": "on", "is_active": "", "role": "owner", "actor": "someone", "actor_id": "1",
    "created_at": "2001-01-01", "happened_at": "2001-01-01T00:00", "updated_at": "2001-01-01", "id": "1", "pk": "1",
    "step": "99", "state": "gone", "count_in_cellar": "99", "password": "", "date_joined": "2001-01-01", "kind": "undo",
}  # fmt: skip


def test_nobody_makes_himself_owner_with_extra_fields() -> None:
    person = make_user(role=Role.GUEST, name="Gue St")
    client = signed_in(person)
    kept = User.objects.filter(pk=person.pk).values().get()
    response = client.post("/accounts/profile/", {**EXTRA, "name": "Guest", "email": person.email})
    assert response.status_code == 302
    after = User.objects.filter(pk=person.pk).values().get()
    assert after == {**kept, "name": "Guest", "updated_at": after["updated_at"]}


def test_an_invitation_gives_the_role_it_says_whatever_is_sent() -> None:
    invited = make_invitation(by=make_owner(), email="new@example.org", role=Role.GUEST)
    sent = {**EXTRA, "name": "New", "email": "other@example.org", "password": PASSWORD, "password_again": PASSWORD}
    sent |= {"password1": PASSWORD, "password2": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    response = Client().post(link_of(invited), sent)
    assert response.status_code == 302
    person = User.objects.get(email="new@example.org")
    assert (person.role, person.is_active) == (Role.GUEST, True)


def test_who_did_it_and_when_is_not_for_the_form_to_say() -> None:
    person, wine = make_user(), stocked_wine(3)
    sent = {**EXTRA, "quantity": "1", "reason": "drank", "kind": "check_in", "actor": str(make_owner().pk)}
    assert signed_in(person).post(f"/wines/{wine.pk}/check-out/", sent).status_code == 302
    done = Transaction.objects.order_by("-created_at").first()
    assert done is not None
    assert (done.actor_id, done.happened_at.year > 2001, done.created_at.year > 2001) == (person.pk, True, True)
    assert (done.kind, done.quantity) == ("check_out", 1)
    assert Wine.objects.get(pk=wine.pk).count_in_cellar == 2


@pytest.mark.parametrize("sort", ["pk", "created_by__password", "-actor__password", "?", "search_text", "sort_key;--"])
def test_an_order_that_is_not_on_the_list_is_the_usual_one(sort: str) -> None:
    client = signed_in(make_user())
    for name in ("Zenato", "Allegrini", "Masi"):
        stocked_wine(1, producer=name)
    assert sort not in SORTS
    listed = [
        re.findall("Zenato|Allegrini|Masi", client.get(path).content.decode())
        for path in ("/wines/", f"/wines/?sort={sort}")
    ]
    assert listed[0] == listed[1] != []


@pytest.mark.parametrize("path", ["/wines/", "/history/", "/accounts/security-log/", "/tonight/"])
def test_a_filter_that_is_not_on_the_list_filters_nothing(path: str) -> None:
    owner = make_owner()
    fill(owner)
    client = signed_in(owner)
    page = re.sub(r'value="[^"]{30,}"', "", client.get(path).content.decode())
    for name in ("actor__password__startswith", "bottles__actor__password__contains", "id__in", "role", "$where"):
        asked = re.sub(r'value="[^"]{30,}"', "", client.get(path, {name: "zzz"}).content.decode())
        rows = [one.count("<tr") + one.count("<li") for one in (page, asked)]
        assert rows[0] == rows[1], name


def test_the_admin_does_not_let_passwords_be_guessed_by_filters() -> None:
    client = signed_in(make_owner())
    for path in ("/admin/cellar/transaction/", "/admin/cellar/tastingnote/", "/admin/accounts/securityevent/"):
        for name in ("actor__password__startswith", "author__password__startswith"):
            assert client.get(path, {name: "argon2"}).status_code in {302, 400}, path


HOSTILE_TEXT = "<script>alert(1)</script>{{ 7|add:7 }}{% now 'Y' %}\" onload=\"x"


@pytest.mark.parametrize("role", ["owner", "guest"])
def test_what_was_typed_is_text_on_every_page(role: str) -> None:
    owner = make_owner(name=HOSTILE_TEXT)
    rows = fill(owner, HOSTILE_TEXT)
    client = signed_in(owner if role == "owner" else make_user(role=role, name=HOSTILE_TEXT))
    seen = 0
    for path in filled(rows):
        for query in ("", "?q=%3Cscript%3Ealert(1)%3C/script%3E&next=%3Cscript%3Ealert(1)%3C/script%3E"):
            response = client.get(path + query)
            body = b"".join(response).decode(errors="replace")
            if "html" in response.headers.get("Content-Type", ""):
                assert "<script>alert" not in body, path
                assert '" onload="x' not in body, path
                seen += "7|add:7" in body
    assert seen > 10


@pytest.mark.once
def test_no_page_tells_a_key(settings: Settings) -> None:
    keys = {
        name: f"a-key-that-is-told-to-nobody-{number}"
        for number, name in enumerate(("ANTHROPIC_API_KEY", "AWS_SECRET_ACCESS_KEY", "EMAIL_HOST_PASSWORD"))
    }
    for name, value in keys.items():
        setattr(settings, name, value)
    owner = make_owner()
    rows, client = fill(owner), signed_in(owner)
    for path in [*filled(rows), "/admin/", "/nowhere/"]:
        body = b"".join(client.get(path)).decode(errors="replace")
        assert [name for name, value in keys.items() if value in body] == [], path
        assert settings.SECRET_KEY not in body, path


@pytest.mark.parametrize("target", ["|type:red|", "home", "wine", "javascript:alert(1)", "https:evil.example"])
def test_to_sign_in_leads_nowhere_but_to_a_path_of_this_site(target: str) -> None:
    make_user(email="ada@example.org")
    sent = {"email": "ada@example.org", "password": PASSWORD, "next": target}
    client = Client()
    assert client.post("/accounts/sign-in/", sent)["Location"] == "/"
    assert client.get("/accounts/sign-in/", {"next": target})["Location"] == "/"


BREAKS = ("/\r\nSet-Cookie: a=b", "/%0d%0aSet-Cookie:%20a=b", "/\nX: y", "//evil.example", "/\\evil.example")


def test_no_line_break_gets_into_a_header() -> None:
    client = signed_in(make_user())
    for path, name in (("/theme/", "next"), ("/accounts/sign-out/", "next"), ("/accounts/sign-in/", "next")):
        for value in BREAKS:
            response = client.post(path, {name: value, "theme": "dark\r\nX: y"})
            assert response.status_code < 500
            assert "a" not in response.cookies
            assert not any("\n" in text or "\r" in text for pair in response.items() for text in pair)
            assert "evil.example" not in response.headers.get("Location", "").partition("?")[0]


MARKS_AS_HTML = r"mark_safe|SafeString\(|SafeData|\|\s*safe(seq)?\b|autoescape off|html_safe"


def test_nothing_is_declared_to_be_html_that_need_not_be_escaped() -> None:
    sources = [path for app in ("accounts", "cellar", "winebox") for path in (BASE_DIR / app).rglob("*.py")]
    # A letter as plain text is the one place where nothing is escaped.
    templates = [path for path in (BASE_DIR / "templates").rglob("*") if path.suffix in {".html", ".svg"}]
    assert len(sources) > 100
    assert len(templates) > 50
    assert [path for path in (*sources, *templates) if re.search(MARKS_AS_HTML, path.read_text())] == []


def test_of_a_search_two_hundred_characters_count() -> None:
    make_wine(producer="Krug")
    client = signed_in(make_user())
    assert "Krug" in client.get("/wines/", {"q": "krug".ljust(200) + "nowhere"}).content.decode()
    assert "Krug" not in client.get("/wines/", {"q": "krug".ljust(193) + "nowhere"}).content.decode()

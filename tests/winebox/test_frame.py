"""The frame around every page, and what it is drawn with."""

import re
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from tests.accounts.factories import make_user
from winebox.environment import BASE_DIR

WINE_TYPES = ["red", "white", "rose", "orange", "sparkling", "dessert", "fortified", "other"]


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.fixture
def page(client: Client) -> str:
    client.force_login(make_user(role="owner", name="Claire"))
    return client.get("/more/").content.decode()


@pytest.mark.django_db
def test_a_page_has_one_heading_and_its_landmarks(page: str) -> None:
    assert page.count("<h1") == 1
    assert page.count("<main ") == 1
    assert '<a class="skip" href="#main">' in page


@pytest.mark.django_db
def test_the_page_one_is_on_is_marked_in_both_bars(page: str) -> None:
    assert page.count('href="/more/" aria-current="page"') == 2
    assert 'href="/wines/?stock=in"><svg' in page


@pytest.mark.django_db
def test_a_page_of_a_section_marks_the_section(client: Client) -> None:
    client.force_login(make_user())
    assert 'href="/more/" aria-current="true"' in client.get("/locations/").content.decode()


@pytest.mark.django_db
def test_search_works_from_every_page_without_a_script(page: str) -> None:
    assert re.search(r'<form class="search"[^>]* action="/wines/" method="get">', page)


@pytest.mark.django_db
def test_who_is_not_signed_in_sees_no_menu(client: Client) -> None:
    html = client.get("/accounts/sign-in/").content.decode()
    assert "<nav" not in html
    assert html.count("<h1") == 1


@pytest.mark.django_db
def test_a_first_visit_is_at_most_ten_requests(page: str) -> None:
    head = page[: page.index("</head>")]
    loaded = re.findall(r'(?:href|src)="(/static/[^"]+)"', head)
    sprite = 1
    # The icon of a phone's home screen is fetched when somebody puts it there.
    assert 1 + sprite + len([url for url in loaded if "apple-touch" not in url]) <= 10


@pytest.mark.parametrize("wine_type", WINE_TYPES)
def test_each_type_has_its_bottle(wine_type: str) -> None:
    sprite = (BASE_DIR / "static/img/icons.svg").read_text()
    assert f'id="bottle-{wine_type}"' in sprite
    assert f"#bottle-{wine_type}" in render("{% bottle wine_type %}", wine_type=wine_type)
    assert f"type-{wine_type}" in render("{% bottle wine_type %}", wine_type=wine_type)


@pytest.mark.parametrize("wine_type", ["", "beer", '"><script>'])
def test_what_is_no_type_gets_the_plain_bottle(wine_type: str) -> None:
    assert "#bottle-unknown" in render("{% bottle wine_type 'large' %}", wine_type=wine_type)
    assert render("{{ wine_type|type_class }}", wine_type=wine_type) == "type-unknown"


def test_a_place_in_the_menu_that_does_not_exist_is_left_out() -> None:
    assert not render('{% nav_item "no_such_page" "Nowhere" "home" %}').strip()


def test_pages_of_a_list_keep_what_was_searched_for(rf: RequestFactory) -> None:
    request = rf.get("/wines/", {"q": "barolo & co", "page": "2"})
    context = {"page_obj": Paginator(range(30), 10).page(2)}
    html = render_to_string("partials/pagination.html", context, request)
    assert 'href="?q=barolo+%26+co&amp;page=1"' in html
    assert 'href="?q=barolo+%26+co&amp;page=3"' in html


def test_one_page_needs_no_paging(rf: RequestFactory) -> None:
    context = {"page_obj": Paginator(range(5), 10).page(1)}
    assert not render_to_string("partials/pagination.html", context, rf.get("/wines/")).strip()


def test_empty_facts_are_left_out() -> None:
    html = render_to_string("partials/facts.html", {"facts": [("Grapes", "Nebbiolo"), ("Vineyard", "")]})
    assert "Nebbiolo" in html
    assert "Vineyard" not in html


def test_a_chip_that_removes_something_says_so() -> None:
    context = {"text": "Red", "tone": "on", "url": "?", "remove": "Remove the filter Red"}
    assert 'aria-label="Remove the filter Red"' in render_to_string("partials/chip.html", context)


def test_readiness_is_a_word_beside_its_colour() -> None:
    context = {"readiness": SimpleNamespace(value="best", label="at its best"), "window_label": "2015–2045"}
    html = render_to_string("cellar/partials/readiness.html", context)
    assert "r-best" in html
    assert "at its best" in html
    assert "2015–2045" in html

"""A page of a list and how many there are, whichever way they are found."""

import pytest

from cellar.models import Wine
from cellar.pages import PAGE_SIZE, page_of
from tests.cellar.factories import let_it_be_a_while_ago, make_wine

pytestmark = pytest.mark.django_db

LAST = PAGE_SIZE + 1


@pytest.fixture(params=["changed a moment ago", "changed a while ago"])
def many(request: pytest.FixtureRequest) -> None:
    for number in range(LAST):
        make_wine(producer=f"Producer {number:03}", name="Cuvée")
    if request.param == "changed a while ago":
        let_it_be_a_while_ago()


@pytest.mark.parametrize("few", [0, LAST - 1, LAST, 1000])
@pytest.mark.parametrize("is_search", [True, False])
def test_pages_are_the_same_however_many_are_few(many: None, is_search: bool, few: int) -> None:
    wines = Wine.objects.order_by("-sort_key", "id")
    pages = [("1", list(wines[:PAGE_SIZE])), ("2", list(wines[PAGE_SIZE:]))]
    for number, expected in pages + pages:
        page = page_of(wines, number, is_search=is_search, few=few)
        assert (list(page), page.paginator.count, page.number) == (expected, LAST, int(number))
        assert (page.has_next(), page.paginator.num_pages) == (number == "1", 2)


@pytest.mark.parametrize(
    ("number", "shown"), [(None, 1), ("", 1), ("0", 2), ("-1", 2), ("3", 2), ("999999999999", 2), ("x", 1), ("²", 1)]
)
@pytest.mark.parametrize("is_search", [True, False])
def test_a_page_that_is_not_there_is_the_first_or_the_last(
    many: None, is_search: bool, number: str | None, shown: int
) -> None:
    pages = [page_of(Wine.objects.all(), number, is_search=is_search).number for _time in range(2)]
    assert pages == [shown, shown]


@pytest.mark.parametrize("is_search", [True, False])
def test_nothing_found_is_one_empty_page(is_search: bool) -> None:
    page = page_of(Wine.objects.all(), "1", is_search=is_search)
    assert (list(page), page.paginator.count, page.paginator.num_pages) == ([], 0, 1)

"""A page of a list of wines and how many there are, without reading every wine twice."""

from __future__ import annotations

import re
from hashlib import sha256

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Subquery, Value

from cellar.models import Wine
from cellar.remembered import remembered, settled_stamp
from winebox import databases

PAGE_SIZE = 50
# So many ids are looked up at once; a search that finds more is a letter or two.
FEW = 2_000
LONGEST_SECONDS = 600
NUMBER = re.compile(r"[1-9][0-9]{0,8}")


class _Counted(Paginator):  # type: ignore[type-arg]  # (Django's takes no argument when it runs)
    """Pages of a list of which it is known how long it is."""

    def __init__(self, wines: QuerySet[Wine], count: int) -> None:
        super().__init__(wines, PAGE_SIZE)
        self.count = count


def page_of(wines: QuerySet[Wine], number: str | None, *, is_search: bool = False, few: int = FEW) -> Page[Wine]:
    """Return a page of the wines in their order, and how many there are.

    A search reads the text of every wine. Its hits are looked up by their ids, so that it is done once and not once
    more for the count; in the order of an index, SQLite would look up wine by wine until a page is full.
    """
    if not databases.joins_quickly():
        return Paginator(wines, PAGE_SIZE).get_page(number)
    if not is_search:
        return _remembered(wines, number)
    found = list(wines.order_by().values_list("pk", flat=True)[: few + 1])
    if len(found) > few:
        return _with_count(wines, number)
    among = Wine.objects.filter(pk__in=found)
    among.query.order_by = wines.query.order_by
    return _Counted(among, len(found)).get_page(number)


def _with_count(wines: QuerySet[Wine], number: str | None) -> Page[Wine]:
    """Return a page whose wines bring the count along: one query. Where there are none, the count is asked for."""
    if number and not NUMBER.fullmatch(number):
        return Paginator(wines, PAGE_SIZE).get_page(number)
    at = int(number or 1)
    total = wines.order_by().values(every=Value(1)).annotate(total=Count("*")).values("total")
    start = (at - 1) * PAGE_SIZE
    rows = list(wines.annotate(total=Subquery(total))[start : start + PAGE_SIZE])
    if not rows:
        return Paginator(wines, PAGE_SIZE).get_page(number)
    return Page(rows, at, _Counted(wines, rows[0].total))


def _remembered(wines: QuerySet[Wine], number: str | None) -> Page[Wine]:
    """Return a page of wines of which it may be remembered how many there are."""
    counted: list[Page[Wine]] = []

    def count() -> int:
        counted.append(_with_count(wines, number))
        return counted[0].paginator.count

    at = settled_stamp()
    if at is None:
        return _with_count(wines, number)
    asked = sha256(repr(wines.order_by().query.sql_with_params()).encode()).hexdigest()
    total = remembered(f"count.{asked}", count, at=at, seconds=LONGEST_SECONDS)
    return counted[0] if counted else _Counted(wines, total).get_page(number)

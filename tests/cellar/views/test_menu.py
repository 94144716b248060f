"""Where one is, in the two menus: the one beside the page, and the one below it on a phone."""

import re

import pytest
from django.http import HttpResponse
from django.urls import resolve

from tests.accounts.factories import make_owner, signed_in
from tests.security.addresses import fill, filled

pytestmark = pytest.mark.django_db

MENU = re.compile(r'<nav class="(side|bottom)".*?</nav>', re.DOTALL)
# A phone has no room for the first page; the name of the site leads there.
ABSENT = {("bottom", "/")}


def test_every_page_is_marked_in_both() -> None:
    owner = make_owner()
    rows, client = fill(owner), signed_in(owner)
    seen, unmarked = set(), set()
    for path in filled(rows):
        response = client.get(path)
        b"".join(response)
        if not isinstance(response, HttpResponse) or response.status_code != 200:
            continue
        # Who is signed in has no way to the pages of those who are not.
        if resolve(path).func.who_may == "anyone":  # type: ignore[attr-defined]
            continue
        for menu in MENU.finditer(response.content.decode(errors="replace")):
            seen.add(path)
            if "aria-current" not in menu[0]:
                unmarked.add((menu[1], path))

    assert len(seen) > 40
    assert unmarked == ABSENT

"""The tests in a browser wait for the next page before they look at it: a click returns before that page is there."""

import re

from winebox.environment import BASE_DIR

# A click, and then the page is looked at or left. What waits by itself (`expect`, a field that is filled in, another
# click) may follow at once.
LOOKS = r"assert |\w+\.goto\(|\w+\.reload\(|[^\n]*\.(?:evaluate|all_inner_texts|count|all|content)\(|[^\n]*\.url\b"
HASTY = re.compile(rf"\.(?:click|dblclick|press)\([^\n]*\)\n\s*(?:{LOOKS})")


def hasty(text: str) -> list[str]:
    return [found[0] for found in HASTY.finditer(text)]


def test_no_browser_test_looks_before_the_next_page_is_there() -> None:
    files = sorted((BASE_DIR / "tests" / "e2e").glob("*.py"))
    assert len(files) > 8
    assert {file.name: found for file in files if (found := hasty(file.read_text()))} == {}


def test_a_hasty_look_would_be_seen() -> None:
    assert hasty('    page.get_by_role("button").click()\n    assert wrong_on(page) == []\n')
    assert hasty('    page.get_by_role("button").click()\n    page.goto("/")\n')
    assert not hasty('    page.get_by_role("button").click()\n    expect(page.locator("h1")).to_be_visible()\n')

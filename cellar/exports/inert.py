"""Text that a spreadsheet would take for a formula, made inert; and the way back. The one place that knows how."""

import re

# Spreadsheets compute what begins like this, some of them also the wide forms that East Asian keyboards type.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_MADE_INERT = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def inert(text: str) -> str:
    """Return the text with an apostrophe before it if it could be a formula; every other text as it is."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_it_was(text: str) -> str:
    """Return the text that `inert` was given."""
    return text[1:] if _MADE_INERT.match(text) else text

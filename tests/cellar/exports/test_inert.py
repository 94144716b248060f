"""Text that a spreadsheet would take for a formula"""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellar.exports import as_xlsx
from cellar.exports.inert import as_it_was, inert

texts = st.text(alphabet=st.sampled_from("'=+-@\t\r\n＝_x0041aé "), max_size=12)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "＝1", "''@x"])
def test_what_could_be_a_formula_begins_with_an_apostrophe(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Barolo", "l'Œuvre", "'t Hof", "1-2", "a=b", " =1"])
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


@given(texts)
def test_every_text_comes_back(text: str) -> None:
    assert as_it_was(inert(text)) == text


@given(texts)
def test_no_text_is_left_that_could_be_a_formula(text: str) -> None:
    assert not inert(text).startswith(tuple("=+-@\t\r\n＝＋－＠"))


@given(st.text(max_size=20).filter(lambda text: not any("\ud800" <= one <= "\udfff" for one in text)))
def test_every_text_comes_back_from_a_sheet(text: str) -> None:
    read = ElementTree.fromstring(f"<t>{as_xlsx.written(text)}</t>").text or ""
    assert as_it_was(as_xlsx.as_it_was(read)) == text

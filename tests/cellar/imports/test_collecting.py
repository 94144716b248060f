"""While rows are made, the search for garbage waits; it never stays off"""

import gc

import pytest

from cellar.imports.collecting import garbage_later

pytestmark = pytest.mark.once


def test_it_waits_meanwhile_and_goes_on_afterwards() -> None:
    with garbage_later():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_a_failure() -> None:
    with pytest.raises(ValueError, match="broken"), garbage_later():
        raise ValueError("broken")
    assert gc.isenabled()


def test_where_it_was_off_it_stays_off() -> None:
    gc.disable()
    try:
        with garbage_later():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()

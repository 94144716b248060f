"""Numbers as people read them."""

from django.utils.formats import number_format


def grouped(number: float, *, decimals: int = 0) -> str:
    """Return a number with its thousands apart: 3949 becomes "3,949"."""
    return str(number_format(f"{number:.{decimals}f}", decimal_pos=decimals, force_grouping=True))

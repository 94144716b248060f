"""Numbers as people read them."""

from django.utils.formats import number_format


def grouped(number: int) -> str:
    """Return a number with its thousands apart: 3949 becomes "3,949"."""
    return number_format(number, use_l10n=True, force_grouping=True)

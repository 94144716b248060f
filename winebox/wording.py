"""What forms say of a number, a length or a day they cannot take: what is wrong, and what to write instead.

Django says "Ensure this value is …" to the one who wrote the form. These are said to whoever fills it in; in one place,
so that no form and no field can forget it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _


def install() -> None:
    """Say it in these words from now on; called when the project is loaded."""
    validators.MinValueValidator.message = _("%(show_value)s is too low: enter %(limit_value)s or more.")
    validators.MaxValueValidator.message = _("%(show_value)s is too high: enter %(limit_value)s or less.")
    validators.MinLengthValidator.message = _(
        "That is too short, at %(show_value)d characters: it takes %(limit_value)d."
    )
    validators.MaxLengthValidator.message = _(
        "That is too long, at %(show_value)d characters: shorten it to %(limit_value)d."
    )
    decimals: dict[str, Any] = {
        "invalid": _("Enter a number, such as 13.5."),
        "max_digits": _("That has too many digits: write at most %(max)s."),
        "max_decimal_places": _("Write at most %(max)s digits after the point."),
        "max_whole_digits": _("That is too high: write at most %(max)s digits before the point."),
    }
    validators.DecimalValidator.messages = decimals
    forms.IntegerField.default_error_messages["invalid"] = _("Enter a whole number, such as 6.")
    forms.FloatField.default_error_messages["invalid"] = _("Enter a number, such as 13.5.")
    forms.DecimalField.default_error_messages["invalid"] = _("Enter a number, such as 13.5.")
    forms.DateField.default_error_messages["invalid"] = _("Enter a day with its year, such as 2024-05-04.")

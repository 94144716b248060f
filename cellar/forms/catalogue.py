"""What is looked for in the catalogue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cellar.models import ReferenceWine, WineType
from cellar.reference.completing import MOST_LETTERS


def _countries() -> list[tuple[str, Any]]:
    names = ReferenceWine.objects.order_by("country").values_list("country", flat=True).distinct()
    return [("", _("Any")), *((name, name) for name in names if name)]


class CatalogueFilter(forms.Form):
    """Words, type, country; what cannot be is passed over."""

    q = forms.CharField(label=_("Search"), required=False, max_length=MOST_LETTERS)
    type = forms.ChoiceField(
        label=_("Type"),
        required=False,
        choices=[("", _("Any")), *((value, label) for value, label in WineType.choices if value)],
    )
    country = forms.ChoiceField(label=_("Country"), required=False, choices=_countries)

    def wanted(self) -> dict[str, str]:
        """Return what is asked for, by its name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def is_filtered(self) -> bool:
        return bool(self.wanted())

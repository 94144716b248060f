"""A tasting note, as a form."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cellar.forms.fields import DayField, PlainDecimalField
from cellar.forms.stock import KeyedForm
from cellar.models import Scale, TastingNote


class NoteForm(KeyedForm):
    tasted_on = DayField(label=_("Tasted on"), required=True)
    text = forms.CharField(label=_("Note"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    rating = PlainDecimalField(label=_("Rating"), required=False, min_value=Decimal(0), max_digits=4, decimal_places=1)
    scale = forms.ChoiceField(label=_("Out of"), choices=Scale.choices, initial=Scale.STARS, required=False)
    occasion = forms.CharField(label=_("Occasion"), required=False, max_length=120)
    company = forms.CharField(label=_("With"), required=False, max_length=200)

    def __init__(self, *args: Any, note: TastingNote | None = None, **kwargs: Any) -> None:
        if note is not None:
            names = ("tasted_on", "text", "rating", "scale", "occasion", "company")
            kwargs["initial"] = {name: getattr(note, name) for name in names}
        super().__init__(*args, **kwargs)
        if note is None:
            self.fields["tasted_on"].initial = timezone.localdate

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, error in rating_errors(cleaned.get("rating"), cleaned.get("scale", ""), cleaned.get("text", "")):
            if not self.errors:
                self.add_error(name, error)
        return cleaned

    def facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        rating = cleaned["rating"]
        return {
            "tasted_on": cleaned["tasted_on"],
            "text": cleaned["text"],
            "rating": rating,
            "scale": (cleaned["scale"] or Scale.STARS) if rating is not None else "",
            "occasion": cleaned["occasion"],
            "company": cleaned["company"],
        }


def rating_errors(rating: Decimal | None, scale: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield, by field, what is wrong with a rating and its text taken together."""
    if rating is not None and not 0 <= rating <= int(scale or Scale.STARS):
        yield "rating", str(_("That is more than the scale has."))
    if rating is None and not text:
        yield "text", str(_("Write something, or give a rating."))

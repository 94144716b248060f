"""A tasting note, and what critics say, as forms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cellar.forms.fields import DayField, PlainDecimalField
from cellar.forms.stock import KeyedForm
from cellar.models import Scale, TastingNote
from cellar.models.score import SCORE_LENGTH
from winebox.forms import NumberLine

NOTE_FIELDS = ("tasted_on", "text", "rating", "scale", "occasion", "company")


class NoteForm(KeyedForm):
    tasted_on = DayField(label=_("Tasted on"), required=True)
    text = forms.CharField(label=_("Note"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    rating = PlainDecimalField(label=_("Rating"), required=False, min_value=Decimal(0), max_digits=4, decimal_places=1)
    scale = forms.ChoiceField(label=_("Out of"), choices=Scale.choices, initial=Scale.STARS, required=False)
    occasion = forms.CharField(label=_("Occasion"), required=False, max_length=120)
    company = forms.CharField(label=_("With"), required=False, max_length=200)

    def __init__(self, *args: Any, note: TastingNote | None = None, **kwargs: Any) -> None:
        if note is not None:
            kwargs["initial"] = {name: getattr(note, name) for name in NOTE_FIELDS}
        super().__init__(*args, **kwargs)
        if note is None:
            self.fields["tasted_on"].initial = timezone.localdate

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            note = TastingNote(rating=cleaned["rating"], scale=cleaned["scale"], text=cleaned["text"])
            for name, error in note.errors().items():
                self.add_error(name, error)
        return cleaned

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in NOTE_FIELDS}


class ScoreForm(KeyedForm):
    """A critic's score as it was printed; the ratings of the household are in its notes."""

    source = forms.CharField(
        label=_("Who gave it"), max_length=80, help_text=_("A guide, a magazine or a site: Decanter, Falstaff, Vivino.")
    )
    value = forms.CharField(
        label=_("Score"), max_length=SCORE_LENGTH, help_text=_("As it is printed: 93, 92-94 or 18+.")
    )
    scale = forms.ChoiceField(label=_("Out of"), choices=[("", _("not said")), *Scale.choices], required=False)
    reviewer = forms.CharField(label=_("Reviewer"), required=False, max_length=80)
    year = forms.IntegerField(
        label=_("Year"), required=False, min_value=1900, max_value=2200,
        widget=NumberLine(attrs={"inputmode": "numeric"}),
    )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("source", "value", "scale", "reviewer", "year", "key")}

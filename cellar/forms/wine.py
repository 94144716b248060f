"""What is on a label, as a form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cellar.drinking import Window
from cellar.folding import fold
from cellar.forms.fields import PairingsField, PairsField, PairsWidget, PlainDecimalField
from cellar.models import Wine
from cellar.models.wine import FIRST_YEAR, GRAPE_LENGTH, LAST_YEAR, MAX_CUSTOM_FIELDS, MAX_GRAPES

MAX_MINIMUM = 10_000
NON_VINTAGE = {"nv", "n.v.", "n.v", "non vintage", "non-vintage", "mv", "sans annee", "s.a."}
MAIN_FIELDS = ("producer", "name", "vintage_text", "type", "country", "region", "appellation")
MORE_FIELDS = (
    "grape_rows", "classification", "sub_region", "vineyard", "alcohol", "sweetness", "colour", "body", "acidity",
    "pairings", "producer_type", "price_tier", "minimum_stock", "wishlist", "ean", "lwin", "cellartracker_id",
    "vivino_url", "custom_rows",
)  # fmt: skip
WINDOW_FIELDS = ("drink_from", "drink_until", "best_from", "best_until")
# What another vintage of a wine does not share with it.
OF_ONE_VINTAGE = ("vintage_text", *WINDOW_FIELDS, "minimum_stock", "wishlist", "lwin", "cellartracker_id", "vivino_url")
SUGGESTED = ("producer", "name", "country", "region", "sub_region", "appellation", "vineyard", "classification")


if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Wine]
else:
    ModelForm = forms.ModelForm


@dataclass(frozen=True, slots=True)
class There:
    """What the cellar has of a wine already: the very same one, or, where no year is said, those of some years."""

    same: Wine | None = None
    vintages: Sequence[Wine] = ()

    def __bool__(self) -> bool:
        return bool(self.same or self.vintages)

    def chosen(self, wanted: str) -> Wine | None:
        """Return the wine that gets the bottles: the same one, or the one with this id among the vintages."""
        return (
            self.same if self.same and wanted else next((one for one in self.vintages if str(one.pk) == wanted), None)
        )


class WineForm(ModelForm):
    """A wine. It never touches a stored one: `facts()` goes to the verbs of `cellar.wines`."""

    vintage_text = forms.CharField(
        label=_("Vintage"),
        required=False,
        max_length=20,
        help_text=_("A year, or NV for a wine without one; leave it empty if you do not know."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "list": "vintages"}),
    )
    grape_rows = PairsField(
        label=_("Grapes"),
        required=False,
        limit=MAX_GRAPES,
        length=GRAPE_LENGTH,
        widget=PairsWidget(labels=(_("Grape"), _("Percent")), suggest="grape", inputmode="decimal", rows=2),
    )
    pairings = PairingsField(
        label=_("Goes with"),
        required=False,
        help_text=_("Food, one thing per line or with commas: Beef, Lamb."),
    )
    custom_rows = PairsField(
        label=_("Own fields"),
        required=False,
        limit=MAX_CUSTOM_FIELDS,
        length=200,
        help_text=_("Anything else worth keeping, by a name of your choice."),
        widget=PairsWidget(labels=(_("Name"), _("Value"))),
    )

    alcohol = PlainDecimalField(
        label=_("Alcohol, %"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(100),
        max_digits=4,
        decimal_places=1,
    )
    # Longer than what is kept, which has neither blanks nor hyphens.
    ean = forms.CharField(
        label="EAN", required=False, max_length=30, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )

    class Meta:
        model = Wine
        fields: ClassVar[list[str]] = [
            "producer", "name", "type", "country", "region", "appellation", "classification", "sub_region", "vineyard",
            "alcohol", "sweetness", "colour", "body", "acidity", "pairings", "producer_type", "price_tier",
            "drink_from", "drink_until", "best_from", "best_until", "minimum_stock", "wishlist", "ean", "lwin",
            "cellartracker_id", "vivino_url",
        ]  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("What the wine is called: the cuvée, the vineyard, or the château itself."),
            "colour": _("For a sparkling, sweet or fortified wine."),
            "price_tier": _("Left open, it follows the price paid."),
            "minimum_stock": _("You are told when there are fewer bottles than this."),
        }

    def __init__(self, *args: Any, wine: Wine | None = None, **kwargs: Any) -> None:
        if wine is not None:
            kwargs["initial"] = {**initial_of(wine), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for name in SUGGESTED:
            self.fields[name].widget.attrs |= {"data-suggest": f"/suggest/{name}/", "autocomplete": "off"}
        for name in WINDOW_FIELDS:
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "min": FIRST_YEAR, "max": LAST_YEAR}
        self.fields["minimum_stock"].validators.append(MaxValueValidator(MAX_MINIMUM))
        self.fields["minimum_stock"].widget.attrs |= {"inputmode": "numeric", "max": MAX_MINIMUM}

    def clean_vintage_text(self) -> tuple[int | None, bool]:
        """Return the year (or None) and whether the wine is non-vintage."""
        text = fold(self.cleaned_data["vintage_text"])
        if text in NON_VINTAGE:
            return None, True
        if not text or text in {"unknown", "?"}:
            return None, False
        # One more than the next: what is sold as futures before it is picked.
        last = timezone.localdate().year + 2
        if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= last:
            raise ValidationError(
                _("Enter a year from %(first)d to %(last)d, NV, or nothing."),
                params={"first": FIRST_YEAR, "last": last},
            )
        return int(text), False

    def clean_grape_rows(self) -> list[dict[str, Any]]:
        grapes = [{"name": name, "percent": _percent(percent)} for name, percent in self.cleaned_data["grape_rows"]]
        if len({fold(grape["name"]) for grape in grapes}) < len(grapes):
            raise ValidationError(_("A grape is named twice."))
        if sum(grape["percent"] or 0 for grape in grapes) > 100.001:
            raise ValidationError(_("Together they are more than 100 %."))
        return grapes

    def clean_custom_rows(self) -> dict[str, str]:
        rows: list[tuple[str, str]] = self.cleaned_data["custom_rows"]
        if len({name.casefold() for name, _value in rows}) < len(rows):
            raise ValidationError(_("A name stands there twice."))
        return dict(rows)

    def clean_ean(self) -> str:
        ean = re.sub(r"[\s-]", "", self.cleaned_data["ean"])
        if ean and not re.fullmatch(r"[0-9]{8,14}", ean):
            raise ValidationError(_("A barcode has 8 to 14 digits."))
        return ean

    def clean_vivino_url(self) -> str:
        url: str = self.cleaned_data["vivino_url"]
        if url and not re.match(r"https://[\w.-]+/", url):
            raise ValidationError(_("Enter an address that begins with https://."))
        return url

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("producer") and not cleaned.get("name") and not {"producer", "name"} & set(self.errors):
            self.add_error("name", _("Enter a producer, a name, or both."))
        for name in WINDOW_FIELDS:
            year = cleaned.get(name)
            if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
                self.add_error(name, _("Enter a year, such as 2031."))
        window = Window(*(cleaned.get(name) for name in WINDOW_FIELDS))
        for name, error in window.errors().items():
            if name not in self.errors:
                self.add_error(name, error)
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Return what the verbs of `cellar.wines` take."""
        cleaned = self.cleaned_data
        vintage, non_vintage = cleaned["vintage_text"]
        facts = {name: cleaned[name] for name in WineForm.Meta.fields}
        return facts | {
            "vintage": vintage,
            "non_vintage": non_vintage,
            "grapes": cleaned["grape_rows"],
            "custom_fields": cleaned["custom_rows"],
        }

    def same(self) -> Wine | None:
        """Return the wine that is there already under this producer, name and vintage."""
        vintage, non_vintage = self.cleaned_data["vintage_text"]
        label = "NV" if non_vintage else str(vintage or "")
        same = Wine.objects.same_as(
            producer=self.cleaned_data["producer"], name=self.cleaned_data["name"], vintage=label
        )
        # By hand: engines do not agree whether a wine without a date of archiving comes first.
        return min(same, key=lambda wine: (wine.archived_at is not None, wine.created_at), default=None)

    def there(self) -> There:
        """Return what the cellar has of the wine already."""
        same = self.same()
        return There(same) if same else There(vintages=self._of_other_years())

    def _of_other_years(self) -> list[Wine]:
        vintage, non_vintage = self.cleaned_data["vintage_text"]
        if vintage or non_vintage:
            return []
        wines = Wine.objects.vintages_of(producer=self.cleaned_data["producer"], name=self.cleaned_data["name"])
        dated = wines.filter(vintage__isnull=False, archived_at=None)
        return sorted(dated, key=lambda wine: (-(wine.vintage or 0), wine.created_at))


def _percent(text: str) -> float | None:
    bare = text.rstrip("% ").replace(",", ".")
    if not bare:
        return None
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", bare) or not 0 < float(bare) <= 100:
        raise ValidationError(_("“%(text)s” is not a percentage between 0 and 100."), params={"text": text[:20]})
    return float(bare)


def initial_of(wine: Wine) -> dict[str, Any]:
    """Return what a form shows of a wine."""
    return {
        **{name: getattr(wine, name) for name in WineForm.Meta.fields},
        "vintage_text": wine.vintage_label,
        "grape_rows": [
            (grape.name, "" if grape.percent is None else f"{grape.percent:g}") for grape in wine.grape_list
        ],
        "custom_rows": list(wine.custom_fields.items()),
    }

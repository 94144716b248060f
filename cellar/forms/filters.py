"""What a list is narrowed down by; all of it lives in the URL. A value that makes no sense is passed over."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cellar import drinking, search
from cellar.forms.stock import NO_PLACE
from cellar.models import Kind, Wine, WineType
from cellar.models.wine import WineQuerySet
from cellar.money import parse_amount
from cellar.sizes import size_choices
from cellar.tree import Tree
from winebox.forms import Choices, NumberLine, TextLine

READY_NOW = "now"
SORTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "": (_("by name"), ("sort_key", "id")),
    "ready": (_("drink first"), ("drink_until", "sort_key", "id")),
    "vintage": (_("oldest vintage"), ("vintage", "sort_key", "id")),
    "-vintage": (_("youngest vintage"), ("-vintage", "sort_key", "id")),
    "-count": (_("most bottles"), ("-count_in_cellar", "sort_key", "id")),
    "price": (_("cheapest"), ("price_per_750", "sort_key", "id")),
    "-price": (_("most expensive"), ("-price_per_750", "sort_key", "id")),
    "-added": (_("added last"), ("-created_at", "id")),
}
# Wines without the figure that is sorted by come last; by themselves, engines disagree where NULL belongs.
NEEDED = {
    "ready": "drink_until", "vintage": "vintage", "-vintage": "vintage", "price": "price_per_750",
    "-price": "price_per_750",
}  # fmt: skip
STOCK = {
    "in": (_("in stock"), Q(count_in_cellar__gt=0) | Q(count_open__gt=0)),
    "open": (_("open"), Q(count_open__gt=0)),
    "order": (_("on order"), Q(count_on_order__gt=0)),
    "gone": (_("all gone"), Q(count_in_cellar=0, count_open=0, count_gone__gt=0)),
    "none": (_("no bottles"), Q(count_in_cellar=0, count_open=0)),
    "low": (_("running low"), Q()),
    "wish": (_("wish list"), Q(wishlist=True)),
    "archived": (_("archived"), Q(archived_at__isnull=False)),
}


def _year(label: Any) -> forms.IntegerField:
    widget = NumberLine(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, required=False, min_value=1800, max_value=2200, widget=widget)


def _day(label: Any) -> forms.DateField:
    # The first and the last days of the calendar have no moment in every time zone.
    limits = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2200, 12, 31))]
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, validators=limits)


def _words(label: Any, suggest: str) -> forms.CharField:
    attrs = {"data-suggest": f"/suggest/{suggest}/", "autocomplete": "off"}
    return forms.CharField(label=label, required=False, max_length=120, widget=TextLine(attrs=attrs))


def _price(label: Any) -> forms.CharField:
    widget = TextLine(attrs={"inputmode": "decimal"})
    return forms.CharField(label=label, required=False, max_length=12, widget=widget)


class WineFilter(forms.Form):
    """The search, the filters and the order of the list of wines."""

    q = forms.CharField(required=False, label=_("Search"))
    stock = forms.ChoiceField(
        label=_("Stock"),
        required=False,
        widget=Choices,
        choices=[("", _("all wines")), *((key, row[0]) for key, row in STOCK.items())],
    )
    ready = forms.ChoiceField(
        label=_("Readiness"),
        required=False,
        widget=Choices,
        choices=[("", _("any")), (READY_NOW, _("ready now")), *drinking.Readiness.choices],
    )
    type = forms.ChoiceField(
        label=_("Type"), required=False, widget=Choices, choices=[("", _("any")), *WineType.choices[1:]]
    )
    country = _words(_("Country"), "country")
    region = _words(_("Region or appellation"), "region")
    grape = _words(_("Grape"), "grape")
    location = forms.ChoiceField(label=_("Place"), required=False, widget=Choices)
    size = forms.ChoiceField(label=_("Size"), required=False, widget=Choices)
    vintage_from = _year(_("Vintage from"))
    vintage_to = _year(_("Vintage to"))
    price_from = _price(_("Price from"))
    price_to = _price(_("Price to"))
    sort = forms.ChoiceField(
        label=_("Sort by"), required=False, widget=Choices, choices=[(key, row[0]) for key, row in SORTS.items()]
    )

    def __init__(self, data: Any, *, tree: Tree) -> None:
        super().__init__(data, prefix=None, auto_id="filter_%s")
        self.tree = tree
        self._choices("location", [("", _("anywhere")), (NO_PLACE, _("no place yet")), *tree.choices()])
        self._choices("size", [("", _("any")), *((str(ml), label) for ml, label in size_choices())])
        self.is_valid()

    def _choices(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = choices

    @property
    def look(self) -> str:
        """Return all that decides how the fields of the filters are drawn."""
        given = [self.data.get(name) for name in self.fields if name not in ("q", "sort")]
        return repr((get_language(), given, self.tree.choices()))

    def clean_q(self) -> str:
        query: str = self.cleaned_data["q"]
        return query[: search.MAX_QUERY]

    def clean_price_from(self) -> int | None:
        return self._price("price_from")

    def clean_price_to(self) -> int | None:
        return self._price("price_to")

    def _price(self, name: str) -> int | None:
        text = self.cleaned_data[name]
        try:
            return parse_amount(text, settings.CURRENCY) if text else None
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def get(self, name: str) -> Any:
        """Return a filter's value, or nothing where it was not given or makes no sense."""
        return self.cleaned_data.get(name) or None

    def results(self) -> WineQuerySet:
        """Return the wines that match, in the order asked for."""
        wines: WineQuerySet = Wine.objects.filter(self.condition())
        if self.get("stock") != "archived":
            wines = wines.current()
        if self.get("stock") == "low":
            wines = wines.below_minimum()
        sort = self.get("sort") or ""
        if sort in NEEDED:
            missing = When(**{f"{NEEDED[sort]}__isnull": True}, then=Value(1))
            last = Case(missing, default=Value(0), output_field=IntegerField())
            return wines.order_by(last, *SORTS[sort][1])
        return wines.order_by(*SORTS[sort][1])

    def condition(self) -> Q:
        condition = search.words_q(self.get("q") or "")
        if self.get("stock"):
            condition &= STOCK[self.get("stock")][1]
        if self.get("ready"):
            condition &= self._ready(self.get("ready"))
        if self.get("type"):
            condition &= Q(type=self.get("type"))
        for name in ("country", "region", "grape"):
            if self.get(name):
                condition &= search.starts_q(name, self.get(name))
        if self.get("location"):
            condition &= search.facet_q("at", self._places(self.get("location")))
        if self.get("size"):
            condition &= search.facet_q("size", [self.get("size")])
        return condition & self._ranges()

    def _ready(self, value: str) -> Q:
        year = drinking.this_year()
        return drinking.ready_q(year) if value == READY_NOW else drinking.readiness_q(drinking.Readiness(value), year)

    def _places(self, value: str) -> list[str]:
        return [NO_PLACE] if value == NO_PLACE else [str(one) for one in self.tree.inside(UUID(value))]

    def _ranges(self) -> Q:
        condition = Q()
        bounds = {
            "vintage_from": "vintage__gte", "vintage_to": "vintage__lte",
            "price_from": "price_per_750__gte", "price_to": "price_per_750__lte",
        }  # fmt: skip
        for name, lookup in bounds.items():
            value = self.cleaned_data.get(name)
            if value is not None:
                field = lookup.partition("__")[0]
                condition &= Q(**{f"{field}__isnull": False, lookup: value})
        return condition

    def chips(self) -> list[tuple[str, str]]:
        """Return the filters in force as (name, what a person reads)."""
        return [(name, self._shown(name)) for name in self.fields if name != "sort" and self.get(name)]

    def _shown(self, name: str) -> str:
        value, field = self.cleaned_data[name], self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices)[value])  # type: ignore[arg-type]
        label = {"q": "“%s”", "vintage_from": "%s –", "vintage_to": "– %s", "price_from": "≥ %s", "price_to": "≤ %s"}
        return label.get(name, "%s") % (self.data.get(name) if name.startswith("price") else value)


class HistoryFilter(forms.Form):
    """What happened: of which kind, by whom, to which wine, and when."""

    kind = forms.ChoiceField(label=_("What"), required=False, choices=[("", _("everything")), *Kind.choices])
    person = forms.ChoiceField(label=_("Who"), required=False)
    q = forms.CharField(label=_("Wine"), required=False, max_length=search.MAX_QUERY)
    wine = forms.UUIDField(required=False, widget=forms.HiddenInput)
    since = _day(_("From"))
    until = _day(_("Until"))

    def __init__(self, data: Any, *, people: list[tuple[str, str]]) -> None:
        super().__init__(data, auto_id="filter_%s")
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [("", _("everybody")), *people]
        self.is_valid()

    @property
    def is_in_force(self) -> bool:
        """Whether anything is left out."""
        return any(self.cleaned_data.values())

    def condition(self) -> Q:
        cleaned = self.cleaned_data
        condition = Q()
        if cleaned.get("kind"):
            condition &= Q(kind=cleaned["kind"])
        if cleaned.get("person"):
            condition &= Q(actor_id=UUID(cleaned["person"]))
        if cleaned.get("wine"):
            condition &= Q(wine_id=cleaned["wine"])
        for word in search.words_of(cleaned.get("q") or ""):
            condition &= Q(wine__search_text__contains=word)
        if cleaned.get("since"):
            condition &= Q(happened_at__gte=_midnight(cleaned["since"]))
        if cleaned.get("until"):
            condition &= Q(happened_at__lt=_midnight(cleaned["until"] + timedelta(days=1)))
        return condition


def _midnight(day: date) -> datetime:
    """Return the moment a day begins in the house."""
    return timezone.make_aware(datetime.combine(day, time()))

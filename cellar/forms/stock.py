"""Forms that change what is in the cellar. Each carries a key, so that sending it twice has one effect."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cellar.forms.fields import DayField, KeyField, SizeField, moment_of
from cellar.models import Bottle, Reason
from cellar.money import currency_choices, parse_amount
from cellar.slots import TooFewSlotsError
from cellar.stock import MAX_BOTTLES, NOWHERE, Pick, Place, Purchase
from cellar.tree import Tree

NO_PLACE = "none"


def quantity_field(**kwargs: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "data-stepper": ""})
    return forms.IntegerField(
        **{"label": _("Bottles"), "min_value": 1, "max_value": MAX_BOTTLES, "initial": 1, "widget": widget, **kwargs}
    )


class KeyedForm(forms.Form):
    """A form that has one effect however often it is sent: the key becomes the id of what it makes."""

    key = KeyField()


class Filling(models.TextChoices):
    """How bottles go into a rack: a place without slots is indifferent to it."""

    FREE = "free", _("Free slots, in order")
    REST = "rest", _("Free slots, the rest without one")
    NONE = "none", _("No slot yet")


class PlaceMixin(forms.Form):
    """Where bottles go: a place and, in a rack, which of its slots."""

    location = forms.ChoiceField(label=_("Place"), required=False)
    # A form that does not ask, as where no place has slots, is like one in which nothing was changed.
    slots = forms.ChoiceField(
        label=_("Slots"),
        choices=Filling.choices,
        initial=Filling.FREE,
        required=False,
        help_text=_("Only where there are rows and columns."),
    )
    row = forms.IntegerField(label=_("Row"), required=False, min_value=1, max_value=100)
    column = forms.IntegerField(label=_("Column"), required=False, min_value=1, max_value=100)

    def offer_places(self, tree: Tree) -> None:
        field = self.fields["location"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [("", _("no place yet")), *tree.choices()]
        self.tree = tree
        for name in ("row", "column"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
        self.fields["column"].help_text = _("The slot of the first bottle. Empty: the first one that is free.")

    @property
    def racks(self) -> str:
        """Return the ids of the places that have slots."""
        return " ".join(value for value, _label in self.tree.choices() if self.tree.by_id[UUID(value)].is_rack)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        row, column = cleaned.get("row"), cleaned.get("column")
        if (row is None) != (column is None) and not {"row", "column"} & set(self.errors):
            self.add_error("column" if column is None else "row", _("A slot has a row and a column."))
        elif row is not None and "location" in cleaned:
            location = self.tree.by_id.get(UUID(cleaned["location"])) if cleaned["location"] else None
            if location is None or not location.is_rack:
                self.add_error("row", _("Only a rack has slots. Leave row and column empty, or choose a rack."))
            elif cleaned.get("slots") == Filling.NONE:
                self.add_error("slots", _("A slot is named. Choose free slots, or leave row and column empty."))
            elif column is not None and not location.has_slot(row, column):
                self.add_error(
                    "row",
                    ValidationError(
                        _("%(place)s has %(rows)d rows and %(columns)d columns."),
                        params={"place": location.name, "rows": location.rows, "columns": location.columns},
                    ),
                )
        return cleaned

    @property
    def offers_rest(self) -> bool:
        """Whether there are too few free slots, and the rest may lie there without one."""
        return self.has_error("slots", TooFewSlotsError.code)

    @property
    def place(self) -> Place:
        cleaned = self.cleaned_data
        location_id = UUID(cleaned["location"]) if cleaned["location"] else None
        filling = cleaned["slots"]
        return Place(
            location_id,
            cleaned.get("row"),
            cleaned.get("column"),
            fills=filling != Filling.NONE,
            or_loose=filling == Filling.REST,
        )


class PurchaseMixin(forms.Form):
    """What a bottle cost, and where it was bought."""

    price = forms.CharField(
        label=_("Price a bottle"), required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    store = forms.CharField(
        label=_("Shop"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"data-suggest": "/suggest/store/", "autocomplete": "off"}),
    )

    def offer_currencies(self) -> None:
        field = self.fields["currency"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = currency_choices(settings.CURRENCY)
        field.initial = settings.CURRENCY

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "price" in cleaned and "currency" in cleaned:
            cleaned["unit_price"] = amount_of(self, "price", cleaned["currency"] or settings.CURRENCY)
        return cleaned

    @property
    def purchase(self) -> Purchase:
        cleaned = self.cleaned_data
        return Purchase(cleaned["unit_price"], cleaned["currency"] or settings.CURRENCY, cleaned["store"])


def amount_of(form: forms.Form, name: str, currency: str) -> int | None:
    """Return a field's amount in minor units, or None; a bad one is an error of the field."""
    text = form.cleaned_data.get(name, "")
    try:
        return parse_amount(text, currency) if text else None
    except ValueError as error:
        form.add_error(name, str(error))
        return None


class CheckInForm(PlaceMixin, PurchaseMixin, KeyedForm):
    """Bottles that come: into the cellar, or on order."""

    quantity = quantity_field()
    size_ml = SizeField()
    on_order = forms.BooleanField(
        label=_("On order"),
        required=False,
        help_text=_("Bought, but not here yet: counted apart until delivered. The place is asked for then."),
    )
    expected_on = forms.DateField(
        label=_("Expected on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    when = DayField(label=_("Bought on"))
    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    field_order = (
        "quantity", "size_ml", "location", "slots", "row", "column", "price", "currency", "store", "when", "on_order",
        "expected_on", "note",
    )  # fmt: skip

    def __init__(self, *args: Any, tree: Tree, none_allowed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_places(tree)
        self.offer_currencies()
        self.fields["when"].initial = timezone.localdate
        if none_allowed:
            self.fields["quantity"] = quantity_field(
                min_value=0, help_text=_("0 keeps the wine without bottles, for a wish list.")
            )
            self.order_fields(self.field_order)

    def facts(self) -> dict[str, Any]:
        """Return what `stock.Arrival` takes beside the wine."""
        cleaned = self.cleaned_data
        on_order = cleaned["on_order"]
        return {
            "quantity": cleaned["quantity"],
            "size_ml": cleaned["size_ml"],
            "purchase": self.purchase,
            "when": moment_of(cleaned["when"]),
            "note": cleaned["note"],
            "key": cleaned["key"],
            "on_order": on_order,
            "expected_on": cleaned["expected_on"] if on_order else None,
            "place": NOWHERE if on_order else self.place,
        }


class PickMixin(forms.Form):
    """Which bottles are meant: any, those of one size at one place, or one bottle."""

    which = forms.ChoiceField(
        label=_("Which"),
        required=False,
        error_messages={"invalid_choice": _("These bottles are no longer there. Nothing was changed; choose others.")},
    )

    def offer_bottles(self, choices: list[tuple[str, str]]) -> None:
        field = self.fields["which"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [("", _("any")), *choices]
        if len(choices) < 2:
            field.widget = field.hidden_widget()

    @property
    def pick(self) -> Pick:
        return pick_of(self.cleaned_data.get("which", ""))


def pick_of(value: str) -> Pick:
    """Read a choice as `contexts.bottle_choices` writes it: "bottle:ID" or "LOCATION:SIZE"."""
    first, _colon, second = value.partition(":")
    if not value:
        return Pick()
    if first == "bottle":
        return Pick(bottle_id=UUID(second))
    return Pick(size_ml=int(second), anywhere=False, location_id=None if first == NO_PLACE else UUID(first))


class CheckOutForm(PickMixin, KeyedForm):
    """Bottles that go, and why."""

    quantity = quantity_field()
    reason = forms.ChoiceField(label=_("Why"), choices=Reason.choices, initial=Reason.DRANK, required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the history. A tasting note, with a rating, is written on the wine’s page."),
    )
    when = DayField(label=_("When"))
    recipient = forms.CharField(label=_("To whom"), required=False, max_length=120)
    price = forms.CharField(
        label=_("Revenue"), required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    field_order = ("quantity", "which", "reason", "recipient", "price", "note", "when")
    # For which reasons these are asked for.
    ASKED_FOR: ClassVar[dict[str, str]] = {
        "recipient": f"{Reason.GIFT} {Reason.SOLD} {Reason.RETURNED} {Reason.DONATED} {Reason.OTHER}",
        "price": f"{Reason.SOLD} {Reason.RETURNED} {Reason.OTHER}",
    }

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_bottles(choices)
        self.fields["when"].initial = timezone.localdate

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["revenue"] = amount_of(self, "price", settings.CURRENCY)
        return cleaned

    def rows(self) -> list[tuple[forms.BoundField, str]]:
        """Return the fields that are seen, each with the reasons for which it is asked for; none: always."""
        return [(field, self.ASKED_FOR.get(field.name, "")) for field in self.visible_fields()]

    def facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "quantity": cleaned["quantity"],
            "reason": Reason(cleaned["reason"] or Reason.DRANK),
            "pick": self.pick,
            "recipient": cleaned["recipient"],
            "revenue": cleaned["revenue"],
            "currency": settings.CURRENCY,
            "when": moment_of(cleaned["when"]),
            "note": cleaned["note"],
            "key": cleaned["key"],
        }


class OpenForm(PickMixin, KeyedForm):
    quantity = quantity_field()
    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_bottles(choices)

    def facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "quantity": cleaned["quantity"],
            "pick": self.pick,
            "note": cleaned["note"],
            "key": cleaned["key"],
        }


class MoveForm(PickMixin, PlaceMixin, KeyedForm):
    """Bottles that go from one place to another."""

    quantity = quantity_field()
    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ("quantity", "which", "location", "slots", "row", "column", "note")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], tree: Tree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_bottles(choices)
        self.offer_places(tree)
        field = self.fields["location"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        # Nothing is chosen beforehand: bottles would leave their place without a word.
        field.choices = [("", _("choose a place")), (NO_PLACE, _("no place yet")), *tree.choices()]
        field.label, field.required = _("To"), True
        field.error_messages["required"] = _("Choose where they go.")

    def clean_location(self) -> str:
        chosen: str = self.cleaned_data["location"]
        return "" if chosen == NO_PLACE else chosen

    def facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "quantity": cleaned["quantity"],
            "pick": self.pick,
            "to": self.place,
            "note": cleaned["note"],
            "key": cleaned["key"],
        }


class DeliverForm(PlaceMixin, KeyedForm):
    """Ordered bottles that have arrived."""

    quantity = quantity_field()
    when = DayField(label=_("Arrived on"))
    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ("quantity", "location", "slots", "row", "column", "when", "note")

    def __init__(self, *args: Any, tree: Tree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_places(tree)
        self.fields["when"].initial = timezone.localdate

    def facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "quantity": cleaned["quantity"],
            "place": self.place,
            "when": moment_of(cleaned["when"]),
            "note": cleaned["note"],
            "key": cleaned["key"],
        }


class CancelForm(KeyedForm):
    """Ordered bottles that never come."""

    quantity = quantity_field()
    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ("quantity", "note")

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("quantity", "note", "key")}


class BottleForm(forms.Form):
    """What belongs to the bottle itself, outside the ledger."""

    note = forms.CharField(label=_("Note"), required=False, max_length=500)
    barcode = forms.CharField(label=_("Barcode"), required=False, max_length=60)

    def __init__(self, *args: Any, bottle: Bottle, **kwargs: Any) -> None:
        kwargs["initial"] = {"note": bottle.note, "barcode": bottle.barcode}
        super().__init__(*args, **kwargs)

    def facts(self) -> dict[str, Any]:
        return self.cleaned_data

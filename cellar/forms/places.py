"""Places and stock-takes, as forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cellar.contexts import CountRow
from cellar.contexts.counting import EXPECTED
from cellar.forms.stock import KeyedForm
from cellar.models import Location, LocationKind
from cellar.models.location import MAX_COLUMNS, MAX_ROWS, WITH_SLOTS
from cellar.stock import MAX_BOTTLES, Counted
from cellar.tree import Tree


class PlaceForm(KeyedForm):
    """A place; with rows and columns it is a rack."""

    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=LocationKind.choices, initial=LocationKind.SHELF)
    parent = forms.ChoiceField(label=_("Inside of"), required=False)
    rows = forms.IntegerField(label=_("Rows"), required=False, min_value=1, max_value=MAX_ROWS)
    columns = forms.IntegerField(label=_("Columns"), required=False, min_value=1, max_value=MAX_COLUMNS)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, tree: Tree, location: Location | None = None, **kwargs: Any) -> None:
        if location is not None:
            names = ("name", "kind", "rows", "columns", "note")
            shown = {name: getattr(location, name) for name in names} | {"parent": str(location.parent_id or "")}
            kwargs["initial"] = {**shown, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.tree = tree
        field = self.fields["parent"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [("", _("nothing: it stands by itself")), *tree.choices()]
        for name in ("rows", "columns"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
        self.fields["columns"].help_text = _(
            "Only for a rack, or a fridge with slots: one bottle lies in each. Leave both empty otherwise."
        )

    @property
    def with_slots(self) -> str:
        """Return the kinds of places that have rows and columns."""
        return " ".join(WITH_SLOTS)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        has_slots = cleaned.get("rows") is not None or cleaned.get("columns") is not None
        if has_slots and "kind" in cleaned and cleaned["kind"] not in WITH_SLOTS:
            self.add_error(
                "rows", _("Only a rack or a fridge has slots. Choose that as the kind, or leave both empty.")
            )
        elif (cleaned.get("rows") is None) != (cleaned.get("columns") is None) and not {"rows", "columns"} & set(
            self.errors
        ):
            self.add_error("columns", _("A rack has rows and columns; a place without slots has neither."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        parent = self.tree.by_id[UUID(cleaned["parent"])] if cleaned["parent"] else None
        return {name: cleaned[name] for name in ("name", "kind", "rows", "columns", "note")} | {"parent": parent}


class CountForm(KeyedForm):
    """A stock-take: one number for each wine and size that the book has at a place."""

    note = forms.CharField(label=_("Note"), required=False, max_length=1000)

    def __init__(self, *args: Any, rows: Sequence[CountRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[row.field] = forms.IntegerField(
                label=row.label,
                min_value=0,
                max_value=row.expected + MAX_BOTTLES,
                initial=row.expected,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "data-stepper": ""}),
            )
            self.fields[row.expected_field] = forms.IntegerField(initial=row.expected, widget=forms.HiddenInput)

    @classmethod
    def renewed(cls, data: QueryDict, rows: Sequence[CountRow]) -> Self:
        """Return the form with what was typed beside what the book says now."""
        data = data.copy()
        for row in rows:
            data[row.expected_field] = str(row.expected)
            data.setdefault(row.field, str(row.expected))
        return cls(data, rows=rows)

    @property
    def is_outdated(self) -> bool:
        """Whether the book has changed since the page was made: other wines, or other numbers."""
        sent = {name: value for name, value in self.data.items() if name.startswith(EXPECTED)}
        return sent != {row.expected_field: str(row.expected) for row in self.rows}

    def facts(self) -> dict[str, Any]:
        """Return what `stock.count` takes beside the place and the person."""
        found = self.cleaned_data
        counted = [Counted(row.wine_id, row.size_ml, row.expected, found[row.field]) for row in self.rows]
        return {"counted": counted, "note": found["note"], "key": found["key"]}

    def differences(self) -> list[tuple[CountRow, int]]:
        """Return the rows where the count and the book differ, and by how many bottles."""
        found = [(row, self.cleaned_data[row.field] - row.expected) for row in self.rows]
        return [(row, difference) for row, difference in found if difference]

"""What has to be typed before the whole collection is deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class DeleteCollectionForm(forms.Form):
    name = forms.CharField(
        label=_("Its name"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, *, name: str) -> None:
        super().__init__(data)
        self.expected = name
        self.fields["name"].help_text = _("Type %(name)s.") % {"name": name}

    def clean_name(self) -> str:
        typed: str = self.cleaned_data["name"]
        if typed.strip().casefold() != self.expected.casefold():
            raise ValidationError(_("This is not its name. Nothing was deleted."))
        return typed

"""The file to restore, and whether it may take the place of what is there."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    archive = forms.FileField(
        label=_("Backup"),
        help_text=_("The ZIP that “Make a backup” or the command “backup” wrote."),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )


class ConfirmForm(forms.Form):
    replace = forms.BooleanField(
        label=_("Replace everything that is here"),
        help_text=_("What is in this cellar now, and its people, are gone afterwards. Make a backup of it first."),
    )

    def __init__(self, data: Any, *, is_empty: bool) -> None:
        super().__init__(data)
        if is_empty:
            self.fields["replace"].required = False
            self.fields["replace"].widget = forms.HiddenInput()

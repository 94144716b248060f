"""What is taken away, and in which format."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cellar.exports import FORMATS, TABLES

LABELS = {
    "csv": _("CSV: every spreadsheet opens it"),
    "xlsx": _("Excel (XLSX)"),
    "json": _("JSON: for programs; wines come with bottles, notes and scores"),
}


class ExportForm(forms.Form):
    """Asks what to export."""

    what = forms.ChoiceField(label=_("What"), choices=[(name, one.label) for name, one in TABLES.items()])
    file_format = forms.ChoiceField(label=_("Format"), choices=[(name, LABELS[name]) for name in FORMATS])

"""Bringing files, and saying how they are to be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cellar.imports.decode import sheet_names
from cellar.imports.detect import all_formats
from cellar.imports.files import ENCODINGS, READABLE, local
from cellar.imports.formats.anything import CUSTOM, FIELDS, suggest
from cellar.imports.limits import MAX_BYTES, MAX_FILES, FileRefused
from cellar.imports.reading import Opened
from cellar.imports.remembering import remembered
from cellar.imports.tables import Table
from cellar.imports.texts import DELIMITERS
from cellar.models import ImportBatch
from cellar.money import currency_choices

SAMPLES = 3
_DELIMITER_NAMES = {"\t": _("Tab"), ",": _("Comma"), ";": _("Semicolon"), "|": _("Bar")}


class FilesWidget(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several."""

    def __init__(self, **kwargs: Any) -> None:
        accept = ",".join((*READABLE, ".zip"))
        super().__init__(widget=FilesWidget(attrs={"accept": accept, "multiple": True}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = list(data) if isinstance(data, list | tuple) else [data]
        if len(files) > MAX_FILES:
            raise ValidationError(_("At most %(most)d files at a time."), params={"most": MAX_FILES})
        cleaned = [super(FilesField, self).clean(file, initial) for file in files]
        for file in cleaned:
            if file.size > MAX_BYTES:
                raise ValidationError(
                    _("“%(name)s” is larger than %(most)d MB."),
                    params={"name": file.name, "most": MAX_BYTES // 1024 // 1024},
                )
        return cleaned


class UploadForm(forms.Form):
    sent = FilesField(
        label=_("Files"),
        help_text=_(
            "CSV, TSV, .xlsx, JSON, or a ZIP of them, at most 25 MB. Files of the same cellar that belong together are "
            "brought together."
        ),
    )

    @property
    def uploads(self) -> list[UploadedFile[bytes]]:
        return list(self.cleaned_data["sent"])


class ReadingForm(forms.Form):
    """How files are read: empty choices leave it to what the files show."""

    format = forms.ChoiceField(label=_("Format"), required=False)
    date_order = forms.ChoiceField(
        label=_("Dates"),
        required=False,
        choices=[
            ("", _("as the files show")),
            ("dmy", _("day first: 31.12.2025")),
            ("mdy", _("month first: 12/31/2025")),
            ("ymd", _("year first: 2025-12-31")),
        ],
    )
    decimal = forms.ChoiceField(
        label=_("Decimal sign"),
        required=False,
        choices=[("", _("as the files show")), (".", _("point: 12.50")), (",", _("comma: 12,50"))],
    )
    currency = forms.ChoiceField(label=_("Currency of prices without one"), required=False)

    def __init__(self, *args: Any, batch: ImportBatch, opened: Opened, household: str, **kwargs: Any) -> None:
        choices = batch.options
        initial = {name: choices.get(name, "") for name in ("format", "date_order", "decimal", "currency", "meaning")}
        for place, said in choices.get("readings", {}).items():
            initial |= {f"{name}_{place}": value for name, value in said.items()}
        super().__init__(*args, **{**kwargs, "initial": initial})
        formats = [(one.name, one.label) for one in all_formats()]
        self._choices("format", [("", _("as recognised")), *formats])
        self._choices("currency", [("", household), *currency_choices(household)[1:]])
        for question in opened.questions:
            self.fields[question.option] = forms.ChoiceField(
                label=question.text, choices=question.answers, required=False, widget=forms.RadioSelect
            )
            self.initial[question.option] = choices.get(question.option) or question.answers[0][0]
        self.files_of = list(batch.files.all())
        for place, file in enumerate(self.files_of):
            self._file_fields(place, file.stored, file.name)

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = choices

    def _file_fields(self, place: int, stored: str, name: str) -> None:
        try:
            sheets = sheet_names(local(stored, name).path)
        except FileRefused:
            sheets = []
        if sheets:
            self._optional(f"sheet_{place}", _("Sheet"), _("the first with data"), [(one, one) for one in sheets])
            return
        as_shown = _("as the file shows")
        self._optional(f"encoding_{place}", _("Encoding"), as_shown, [(one, one) for one in ENCODINGS])
        delimiters = [(sign, _DELIMITER_NAMES[sign]) for sign in DELIMITERS]
        self._optional(f"delimiter_{place}", _("Between cells"), as_shown, delimiters)

    def _optional(self, name: str, label: Any, nothing: Any, choices: list[tuple[str, Any]]) -> None:
        self.fields[name] = forms.ChoiceField(label=label, required=False, choices=[("", nothing), *choices])

    def file_fields(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Yield each file's name and how it is read."""
        for place, file in enumerate(self.files_of):
            names = [f"{name}_{place}" for name in ("sheet", "encoding", "delimiter")]
            yield file.name, [self[name] for name in names if name in self.fields]

    def choices(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """Return the choices as `batches.choose` takes them; what columns mean is kept."""
        cleaned = self.cleaned_data
        readings: dict[str, dict[str, str]] = {}
        for place in range(len(self.files_of)):
            for name in ("sheet", "encoding", "delimiter"):
                if value := cleaned.get(f"{name}_{place}"):
                    readings.setdefault(str(place), {})[name] = value
        said = {name: cleaned.get(name, "") for name in ("format", "date_order", "decimal", "currency", "meaning")}
        return {**before, **said, "readings": readings}


class ColumnsForm(forms.Form):
    """What the columns of tables mean that no format knows; suggested, or as it was said the last time."""

    def __init__(self, *args: Any, tables: list[Table], mapping: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("", _("leave out")),
            (CUSTOM, _("a field of its own")),
            *((field.name, field.label) for field in FIELDS),
        ]
        self.tables = tables
        self.chosen: set[str] = set()
        self.columns: dict[str, str] = {}
        for table in tables:
            known = {**suggest(table), **remembered(table.columns), **mapping}
            for column in table.columns:
                if column in self.columns.values():
                    continue
                name = f"column_{len(self.columns)}"
                self.columns[name] = column
                self.fields[name] = forms.ChoiceField(label=column, required=False, choices=choices)
                self.initial[name] = known.get(column, "")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not {"name", "producer"} & set(cleaned.values()):
            raise ValidationError(_("One column has to be the name of the wine, or its producer."))
        many = {field.name for field in FIELDS if field.many} | {"", CUSTOM}
        given: dict[str, str] = {}
        for name, field in list(cleaned.items()):
            if field in many:
                continue
            if field in given:
                other = self.columns[given[field]]
                self.add_error(name, _("“%(column)s” is that already.") % {"column": other})
            given.setdefault(field, name)
        return cleaned

    def mapping(self) -> dict[str, str]:
        return {column: self.cleaned_data[name] for name, column in self.columns.items()}

    def with_cells(self) -> list[forms.BoundField]:
        """Return each column's choice with some of its cells as its help, which a screen reader reads with it."""
        samples = self.samples()
        found = []
        for name, column in self.columns.items():
            field = self[name]
            field.help_text = " · ".join(samples[column]) or str(_("no cell in the first rows"))
            found.append(field)
        return found

    def keep(self, chosen: Mapping[str, str]) -> None:
        """Begin with what somebody chose, where it is another thing than was suggested."""
        self.chosen = {name for name in self.columns if self._is_choice(name, chosen.get(name))}
        for name in self.chosen:
            self.initial[name] = chosen[name]

    def _is_choice(self, name: str, value: str | None) -> bool:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        return value is not None and value != self.initial[name] and field.valid_value(value)

    def take(self, said: Mapping[str, str]) -> int:
        """Suggest what somebody else says, unless it was chosen otherwise; return for how many columns that is new."""
        new = [name for name, column in self.columns.items() if self._is_news(name, said.get(column))]
        for name in new:
            self.initial[name] = said[self.columns[name]]
        return len(new)

    def _is_news(self, name: str, field: str | None) -> bool:
        return field is not None and name not in self.chosen and field != self.initial[name]

    def suggested(self) -> dict[str, str]:
        """Return what each column is shown as."""
        return {column: self.initial[name] for name, column in self.columns.items()}

    def samples(self) -> dict[str, list[str]]:
        samples: dict[str, list[str]] = {column: [] for column in self.columns.values()}
        for table in self.tables:
            for number, line in enumerate(table):
                for column in table.columns:
                    text = line.get(column)
                    if text and len(samples[column]) < SAMPLES and text[:40] not in samples[column]:
                        samples[column].append(text[:40])
                if number >= 40:
                    break
        return samples

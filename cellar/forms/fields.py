"""Fields that several forms share: pairs in rows, food, money, a day, a photo, places."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from cellar.labels.sanitise import PhotoRefused, SanitisedPhoto, sanitise
from cellar.pairings import MOST_PAIRINGS, PAIRING_LENGTH, join_pairings, split_pairings
from cellar.sizes import STANDARD, parse_size, size_choices
from cellar.wines import StoredPhoto

NUL = "\x00"
EARLIEST = date(1900, 1, 1)


class PairsWidget(forms.Widget):
    """Rows of two inputs, such as a grape and its percentage; some empty rows wait for more."""

    template_name = "cellar/widgets/pairs.html"

    def __init__(self, *, labels: tuple[Any, Any], suggest: str = "", inputmode: str = "", rows: int = 1) -> None:
        super().__init__()
        self.labels, self.suggest, self.inputmode, self.rows = labels, suggest, inputmode, rows

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[tuple[str, str]]:
        if not isinstance(data, MultiValueDict):
            return list(data.get(name, []))
        firsts, seconds = data.getlist(f"{name}_first"), data.getlist(f"{name}_second")
        seconds += [""] * (len(firsts) - len(seconds))
        return [(first.strip(), second.strip()) for first, second in zip(firsts, seconds, strict=False)]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}_first" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        filled = [pair for pair in (value or []) if any(pair)]
        context["widget"] |= {
            "labels": self.labels,
            "suggest": self.suggest,
            "inputmode": self.inputmode,
            "pairs": filled + [("", "")] * max(1, self.rows - len(filled)),
        }
        return context


class PairsField(forms.Field):
    """Pairs of texts; `limit` is how many there may be, `length` how long each text."""

    widget: PairsWidget

    def __init__(self, *, widget: PairsWidget, limit: int, length: int, **kwargs: Any) -> None:
        super().__init__(widget=widget, **kwargs)
        self.limit, self.length = limit, length

    def clean(self, value: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        pairs = [(first, second) for first, second in value or [] if first or second]
        if len(pairs) > self.limit:
            raise ValidationError(_("At most %(limit)d of them."), params={"limit": self.limit})
        for first, second in pairs:
            if NUL in first + second:
                raise ValidationError(_("Null characters are not allowed."))
            if not first:
                raise ValidationError(_("“%(value)s” has no name."), params={"value": second[:60]})
            if max(len(first), len(second)) > self.length:
                raise ValidationError(_("Each at most %(length)d characters."), params={"length": self.length})
        return pairs


class PairingsField(forms.CharField):
    """What a wine goes with, as one text; becomes a list of texts."""

    widget = forms.Textarea(attrs={"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        return join_pairings(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> list[str]:
        pairings = split_pairings(super().clean(value))
        if len(pairings) > MOST_PAIRINGS:
            raise ValidationError(_("At most %(limit)d of them."), params={"limit": MOST_PAIRINGS})
        if max(map(len, pairings), default=0) > PAIRING_LENGTH:
            raise ValidationError(_("Each at most %(length)d characters."), params={"length": PAIRING_LENGTH})
        return pairings


class SizeField(forms.TypedChoiceField):
    """A bottle size in ml, from the list of sizes."""

    def __init__(self, **kwargs: Any) -> None:
        defaults = {"label": _("Size"), "initial": STANDARD, "required": False, "empty_value": STANDARD}
        super().__init__(choices=size_choices, coerce=parse_ml, **{**defaults, **kwargs})


def parse_ml(value: str) -> int:
    return parse_size(f"{value} ml")


class PlainDecimalField(forms.DecimalField):
    """A number with a point or a comma, as people write it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **kwargs})

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class DayField(forms.DateField):
    """A day from 1900 on that is not in the future."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"label": _("Date"), "required": False, "widget": widget, **kwargs})

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("Enter a day that is not in the future."))
        if day is not None and day < EARLIEST:
            raise ValidationError(_("Enter a day from 1900 on."))
        return day


def moment_of(day: date | None) -> datetime | None:
    """Return the moment that stands for a day: now for today, noon of the house for an earlier one."""
    if day is None or day == timezone.localdate():
        return None
    return timezone.make_aware(datetime.combine(day, time(12)))


class PhotoField(forms.FileField):
    """A photo, sanitised as soon as it is looked at."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"accept": "image/*", "capture": "environment", "data-preview": ""}
        super().__init__(**{"required": False, "widget": forms.FileInput(attrs=attrs), **kwargs})

    def to_python(self, data: File[bytes] | None) -> Any:
        if data in self.empty_values:
            return None
        assert data is not None  # noqa: S101 (for the type checker)
        try:
            return sanitise(data, max_bytes=settings.MAX_UPLOAD_BYTES)
        except PhotoRefused as error:
            raise ValidationError(str(error), code="photo") from error

    def clean(self, data: Any, initial: Any = None) -> SanitisedPhoto | None:
        photo: SanitisedPhoto | None = super().clean(data, initial)
        return photo


class KeyField(forms.UUIDField):
    """The key of a form; what is none is passed over, and the form has a fresh one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.HiddenInput, "required": False, "initial": uuid.uuid4, **kwargs})

    def clean(self, value: Any) -> uuid.UUID:
        try:
            return super().clean(value) or uuid.uuid4()
        except ValidationError:
            return uuid.uuid4()


KEPT_SALT = "cellar.kept-photo"
KEPT_SECONDS = 24 * 3600


def sign_kept(photo: StoredPhoto) -> str:
    """Return the token by which a form refers to a photo that is stored but belongs to no wine yet."""
    return signing.dumps([photo.name, photo.width, photo.height], salt=KEPT_SALT)


def read_kept(token: str) -> StoredPhoto | None:
    """Return a kept photo, or None for a token that is not ours or a day old."""
    try:
        name, width, height = signing.loads(token, salt=KEPT_SALT, max_age=KEPT_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return StoredPhoto(str(name), int(width), int(height))


class KeptField(forms.CharField):
    """The token of a kept photo; one that is not ours or too old is passed over."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.HiddenInput, "required": False, **kwargs})

    def clean(self, value: Any) -> Any:
        return read_kept(value or "")

"""The form for a wine as it is filled in for somebody: from a label, the catalogue or another vintage.

What a person typed is never touched. So the form carries what was filled in, and whatever differs from that was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cellar.forms.fields import KEPT_SECONDS, PairsField
from cellar.forms.stock import CheckInForm
from cellar.forms.wine import WINDOW_FIELDS, WineForm
from cellar.labels.reading.findings import MOST_TEXT, Finding, Source, Suggestion
from cellar.pairings import join_pairings
from cellar.sizes import STANDARD
from cellar.tree import Tree

Value = str | tuple[tuple[str, str], ...]

SALT = "cellar.filled"
TEXT = "label_text"
# What is called otherwise on a label than in the form.
NAMES = {"vintage": "vintage_text", "grapes": "grape_rows", "size": "size_ml"}
PAIRS = frozenset(name for name, field in WineForm.base_fields.items() if isinstance(field, PairsField))
# Ticks are the person's own, and of a form's bottles a label tells the size.
FILLABLE = frozenset(
    {name for name, field in WineForm.base_fields.items() if not isinstance(field, forms.BooleanField)}
    | {"size_ml", TEXT}
)


class LabelForm(forms.Form):
    """What belongs to a reading of a label beside the wine: its text, and what it filled in."""

    filled = forms.CharField(required=False, widget=forms.HiddenInput)
    # What the list under producer and name filled in: the number of the wine, and the names of the fields.
    completed = forms.Field(required=False, widget=forms.HiddenInput)
    label_text = forms.CharField(
        label=gettext_lazy("Text on the label"),
        required=False,
        max_length=MOST_TEXT,
        help_text=gettext_lazy("Kept with the photo: the wine is found by these words, too."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


@dataclass(frozen=True, slots=True)
class Filled:
    """A value that was filled in, as a browser sends it back; `is_chosen` where a person asked for just this one."""

    value: Value
    source: Source
    is_sure: bool
    is_chosen: bool = False


MARKS = {
    (Source.LABEL, True): gettext_lazy("From the label: sure"),
    (Source.LABEL, False): gettext_lazy("From the label: please check"),
    (Source.CATALOGUE, True): gettext_lazy("From the catalogue: sure"),
    (Source.CATALOGUE, False): gettext_lazy("From the catalogue: please check"),
    (Source.CELLAR, True): gettext_lazy("From your cellar: sure"),
    (Source.CELLAR, False): gettext_lazy("From your cellar: please check"),
}


def chip(source: Source, *, is_sure: bool) -> SafeString:
    """Return what says beside a field where its value came from, and how sure it is."""
    tone = "ok" if is_sure else "warn"
    text = MARKS[source, is_sure]
    return format_html('<span class="chip {}" data-source="{}" data-mark>{}</span>', tone, source.value, text)


class Draft:
    """A form for a wine as it was sent, with what was filled in and has not been edited since."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data.copy()
        filled, self.suggestions = _remembered(data.get("filled", ""))
        self.filled = {name: one for name, one in filled.items() if self.value(name) == one.value}

    def value(self, name: str) -> Value:
        if name not in PAIRS:
            return tidy(self.data.get(name, ""), lines=name == TEXT)
        firsts, seconds = self.data.getlist(f"{name}_first"), self.data.getlist(f"{name}_second")
        seconds += [""] * (len(firsts) - len(seconds))
        pairs = ((tidy(first), tidy(second)) for first, second in zip(firsts, seconds, strict=False))
        return tuple(pair for pair in pairs if any(pair))

    @property
    def title(self) -> str:
        """What the wine is called so far."""
        return " ".join(filter(None, (str(self.value(name)) for name in ("producer", "name"))))

    @property
    def vintage(self) -> str:
        return str(self.value("vintage_text"))

    def adopt(self, names: Iterable[str], offered: Mapping[str, Filled]) -> None:
        """Take for filled in what the browser says it filled in, where that is what was offered."""
        for name in offered.keys() & FILLABLE & {*names} - self.filled.keys():
            if self.value(name) == offered[name].value:
                self.filled[name] = offered[name]

    def clear(self, names: Iterable[str]) -> None:
        """Empty fields, typed in or not."""
        for name in names:
            self._take_out(name)

    def forget(self, which: Callable[[Filled], bool]) -> None:
        """Take out again what was filled in and not edited, as far as `which` says."""
        for name in [name for name, one in self.filled.items() if which(one)]:
            self._take_out(name)

    def fill(self, offered: Mapping[str, Filled], tree: Tree) -> list[str]:
        """Put values where there is none yet; return a note for each that does not hold and was left out."""
        # Four years make one window: half of one beside half of another may even be out of order.
        has_window = any(self.value(name) for name in WINDOW_FIELDS)
        new = {
            name
            for name in offered.keys() & FILLABLE
            if offered[name].value
            and isinstance(offered[name].value, tuple) == (name in PAIRS)
            and self._is_free(name)
            and not (has_window and name in WINDOW_FIELDS)
        }
        for name in new:
            self._put(name, offered[name])
        return list(self._without_what_does_not_hold(new, tree))

    def remember(self) -> None:
        """Make the form, shown again, carry what was filled in."""
        filled = {name: [one.value, one.source, one.is_sure, one.is_chosen] for name, one in self.filled.items()}
        suggestions = [[one.wine_id, one.producer, one.name, one.score] for one in self.suggestions]
        carried = filled or suggestions
        self.data["completed"] = ""
        self.data["filled"] = signing.dumps([filled, suggestions], salt=SALT, compress=True) if carried else ""

    def mark(self, form: forms.BaseForm) -> None:
        """Say beside each field that is as it was filled in where its value came from, and how sure it is."""
        for name in self.filled.keys() & form.fields.keys():
            one, field = self.filled[name], form.fields[name]
            field.help_text = format_html("{} {}", chip(one.source, is_sure=one.is_sure), field.help_text)

    def _is_free(self, name: str) -> bool:
        # The size has a value from the beginning, which nobody typed.
        return not self.value(name) or (name == "size_ml" and self.value(name) == str(STANDARD))

    def _put(self, name: str, one: Filled) -> None:
        self._set(name, one.value)
        self.filled[name] = one

    def _take_out(self, name: str) -> None:
        self._set(name, () if name in PAIRS else str(STANDARD) if name == "size_ml" else "")
        self.filled.pop(name, None)

    def _set(self, name: str, value: Value) -> None:
        if isinstance(value, str):
            self.data[name] = value
        else:
            self.data.setlist(f"{name}_first", [first for first, _second in value])
            self.data.setlist(f"{name}_second", [second for _first, second in value])

    def _without_what_does_not_hold(self, new: set[str], tree: Tree) -> Iterable[str]:
        # What is taken out may put right another one beside it, or wrong.
        while refused := new & self._refused(tree):
            for name in sorted(refused):
                field = WineForm.base_fields.get(name) or CheckInForm.base_fields.get(name)
                text = _("%(field)s: “%(value)s” was read, but cannot be right, and was left out.")
                label = field.label if field else LabelForm.base_fields[name].label
                yield text % {"field": label, "value": Truncator(_in_words(self.value(name))).chars(60)}
                self._take_out(name)
            new -= refused

    def _refused(self, tree: Tree) -> set[str]:
        bottles = CheckInForm(self.data, tree=tree, none_allowed=True)
        return set(WineForm(self.data).errors) | set(bottles.errors) | set(LabelForm(self.data).errors)


@dataclass(frozen=True, slots=True)
class Folded:
    """Values that were filled in where the page is folded together, in words, all equally sure."""

    mark: str
    tone: str
    text: str


def folded(form: WineForm, draft: Draft, names: Iterable[str]) -> list[Folded]:
    """Return what was filled in among these fields: what is sure, and what is to be checked; either may be empty."""
    filled = [(form[name], draft.filled[name]) for name in names if name in draft.filled]
    lines = {
        is_sure: " · ".join(
            f"{field.label}: {_as_chosen(field, one.value)}" for field, one in filled if one.is_sure == is_sure
        )
        for is_sure in (True, False)
    }
    return [Folded(_("Filled in"), "ok", lines[True]), Folded(_("Please check"), "warn", lines[False])]


def _as_chosen(field: forms.BoundField, value: Value) -> str:
    """Return a value in the words of the list that it is chosen from, where there is one."""
    choices = dict(getattr(field.field, "choices", ()))
    return str(choices.get(value) or _in_words(value))


def shown(form: type[forms.BaseForm], draft: Draft, **options: Any) -> Any:
    """Return a form with what the draft holds, to be looked at: it has not been sent yet, so nothing in it is wrong."""
    empty = form(**options)
    initial = {
        name: field.widget.value_from_datadict(draft.data, {}, name)
        for name, field in empty.fields.items()
        if not field.widget.value_omitted_from_data(draft.data, {}, name)
    }
    filled = form(initial=initial, **options)
    draft.mark(filled)
    return filled


def from_findings(findings: Mapping[str, Finding], *, is_chosen: bool = False) -> dict[str, Filled]:
    """Return what was found on a label, or in a catalogue, as the form takes it."""
    return {
        NAMES.get(name, name): Filled(as_sent(name, one.value), one.source, one.is_sure, is_chosen)
        for name, one in findings.items()
    }


def from_cellar(initial: Mapping[str, Any]) -> dict[str, Filled]:
    """Return what a wine of the cellar has, as the form takes it."""
    return {name: Filled(as_sent(name, value), Source.CELLAR, True, is_chosen=True) for name, value in initial.items()}


def as_sent(name: str, value: Any) -> Value:
    """Return a value as a browser sends it."""
    if name == "pairings":
        return tidy(join_pairings(value))
    if isinstance(value, list):
        return tuple(_pair(row) for row in value)
    return "" if value is None else tidy(str(value), lines=name == TEXT)


def _pair(row: Any) -> tuple[str, str]:
    first, second = (row.get("name"), row.get("percent")) if isinstance(row, Mapping) else row
    percent = f"{second:g}" if isinstance(second, int | float) else second
    return tidy(str(first or "")), tidy(str(percent or ""))


def tidy(text: str, *, lines: bool = False) -> str:
    """Return a text as it is after a browser had it: in one line, or in lines that end alike, and all of it letters."""
    # No database is asked for a NUL: PostgreSQL has none in its texts.
    text = text.replace("\0", " ").encode("utf-8", "ignore").decode()
    if not lines:
        return " ".join(text.split())
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _in_words(value: Value) -> str:
    return value if isinstance(value, str) else ", ".join(" ".join(pair).strip() for pair in value)


def _remembered(token: str) -> tuple[dict[str, Filled], list[Suggestion]]:
    """Return what a form carries; nothing for a token that is not ours or a day old."""
    try:
        filled, suggestions = signing.loads(token, salt=SALT, max_age=KEPT_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return {}, []
    return (
        {
            name: Filled(value if isinstance(value, str) else tuple(map(tuple, value)), Source(source), sure, chosen)
            for name, (value, source, sure, chosen) in filled.items()
        },
        [Suggestion(*one) for one in suggestions],
    )

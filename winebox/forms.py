"""How every form is drawn."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.forms import NumberInput, Select, TextInput
from django.forms.renderers import BaseRenderer, TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class Renderer(TemplatesSetting):
    """Draw forms and fields with the partials of this site: label above, help below, errors beside the field."""

    form_template_name = "partials/form.html"
    field_template_name = "partials/field.html"


class _Line:
    """A field of one line, written without a template: a template takes six times as long, and filters have many."""

    def render(
        self: Any,
        name: str,
        value: Any,
        attrs: Mapping[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        own = {"type": self.input_type, "name": name, "value": self.format_value(value)}
        return format_html("<input{}>", flatatt(self.build_attrs(own, {**self.attrs, **(attrs or {})})))


class TextLine(_Line, TextInput):
    """A text of one line."""


class NumberLine(_Line, NumberInput):
    """A number."""


class Choices(Select):
    """A drop-down list without groups, written without a template: those of the filters took a fifth of the page."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: Mapping[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        options = _options(
            tuple((str(key), str(label)) for key, label in self.choices), tuple(self.format_value(value))
        )
        own = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html("<select{}>{}</select>", flatatt(own), options)


@lru_cache(maxsize=64)
def _options(choices: tuple[tuple[str, str], ...], chosen: tuple[str, ...]) -> SafeString:
    # The same choices are drawn with every page of a list.
    drawn = ((key, " selected" if key in chosen else "", label) for key, label in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', drawn)

"""How every form is drawn."""

from collections.abc import Mapping
from typing import Any

from django.forms import Select
from django.forms.renderers import BaseRenderer, TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class Renderer(TemplatesSetting):
    """Draw forms and fields with the partials of this site: label above, help below, errors beside the field."""

    form_template_name = "partials/form.html"
    field_template_name = "partials/field.html"


class Choices(Select):
    """A drop-down list without groups, written without a template: those of the filters took a fifth of the page."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: Mapping[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        chosen = set(self.format_value(value))
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, " selected" if str(key) in chosen else "", label) for key, label in self.choices),
        )
        own = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html("<select{}>{}</select>", flatatt(own), options)

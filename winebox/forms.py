"""How every form is drawn."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draw forms and fields with the partials of this site: label above, help below, errors beside the field."""

    form_template_name = "partials/form.html"
    field_template_name = "partials/field.html"

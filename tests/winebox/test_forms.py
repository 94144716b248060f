"""How forms are drawn: a label above, help below, errors beside the field and in a summary."""

import re

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString

from winebox.forms import Choices, NumberLine, TextLine


class WineForm(forms.Form):
    producer = forms.CharField(help_text="As on the <label>.")
    vintage = forms.IntegerField(required=False)
    sparkling = forms.BooleanField(required=False, help_text="With bubbles.")
    colour = forms.ChoiceField(choices=[("red", "Red"), ("white", "White")], widget=forms.RadioSelect)
    key = forms.CharField(widget=forms.HiddenInput)


def filled(**values: str) -> WineForm:
    return WineForm({"producer": "Krug", "colour": "red", "key": "1"} | values)


def drawn(form: WineForm, name: str) -> SafeString:
    field: SafeString = form[name].as_field_group()
    return field


def test_a_label_belongs_to_its_field() -> None:
    html = drawn(WineForm(), "producer")
    assert '<label for="id_producer">producer' in html.lower()
    assert html.index("<label") < html.index("<input")


def test_help_comes_after_the_field_and_describes_it() -> None:
    html = drawn(WineForm(), "producer")
    assert 'aria-describedby="id_producer_helptext"' in html
    assert html.index("<input") < html.index('id="id_producer_helptext"')


def test_help_is_escaped() -> None:
    assert escape("As on the <label>.") in drawn(WineForm(), "producer")


def test_an_error_describes_its_field() -> None:
    html = drawn(filled(producer=""), "producer")
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_producer_helptext id_producer_error"' in html
    assert 'id="id_producer_error"' in html


def test_what_was_typed_is_escaped_and_kept() -> None:
    html = drawn(filled(vintage='"><script>'), "vintage")
    assert "<script>" not in html
    assert escape('"><script>') in html


def test_a_box_to_tick_stands_before_its_label() -> None:
    html = drawn(WineForm(), "sparkling")
    assert html.index("<input") < html.index("<label")


def test_choices_are_a_group_with_a_legend() -> None:
    html = drawn(filled(colour=""), "colour")
    assert "<fieldset" in html
    assert "<legend>Colour" in html
    assert 'aria-describedby="id_colour_error"' in html


def test_only_a_required_field_is_starred() -> None:
    assert 'class="required"' in drawn(WineForm(), "producer")
    assert 'class="required"' not in drawn(WineForm(), "vintage")


def test_a_form_draws_all_of_its_fields() -> None:
    html = str(WineForm())
    assert all(f'name="{name}"' in html for name in WineForm.base_fields)


def test_the_summary_links_to_each_refused_field() -> None:
    html = render_to_string("partials/form_errors.html", {"form": filled(producer="", colour="")})
    assert 'role="alert"' in html
    assert 'href="#id_producer"' in html
    assert 'href="#id_colour_0"' in html
    assert 'href="#id_vintage"' not in html


def test_the_summary_names_what_is_wrong_with_hidden_fields_and_the_whole() -> None:
    form = filled(key="")
    form.add_error(None, "There are only 2 bottles.")
    html = render_to_string("partials/form_errors.html", {"form": form})
    assert "There are only 2 bottles." in html
    assert "This field is required." in html


@pytest.mark.parametrize("form", [WineForm(), filled()])
def test_there_is_no_summary_without_errors(form: WineForm) -> None:
    assert not render_to_string("partials/form_errors.html", {"form": form}).strip()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (forms.IntegerField(min_value=1), "0"),
        (forms.IntegerField(max_value=9), "10"),
        (forms.IntegerField(), "six"),
        (forms.FloatField(), "six"),
        (forms.DecimalField(max_digits=4, decimal_places=2), "six"),
        (forms.DecimalField(max_digits=4, decimal_places=2), "12345"),
        (forms.DecimalField(max_digits=4, decimal_places=2), "1.234"),
        (forms.DecimalField(max_digits=4, decimal_places=2), "123"),
        (forms.CharField(max_length=3), "four"),
        (forms.CharField(min_length=3), "no"),
        (forms.DateField(), "yesterday"),
    ],
)
def test_a_field_says_what_to_write_instead_in_our_words(field: forms.Field, typed: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        field.clean(typed)
    said = " ".join(refused.value.messages)
    assert not re.search(r"Ensure|valid|this (value|field)|greater than|less than|Enter an? (whole )?number\.", said)
    assert re.search(r"\b(enter|write|shorten|takes)\b", said, re.IGNORECASE)


# -- What is drawn without a template ----------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["", None, 5, '"><script>', "Pétrus"])
@pytest.mark.parametrize(
    ("quick", "django"), [(TextLine, forms.TextInput), (NumberLine, forms.NumberInput)], ids=["text", "number"]
)
def test_a_line_without_a_template_is_the_one_of_the_template(
    quick: type[forms.TextInput], django: type[forms.TextInput], value: object
) -> None:
    attrs: dict[str, object] = {"inputmode": "decimal", "data-suggest": "/suggest/?a&b", "readonly": True, "x": False}
    drawn_by = [
        widget(attrs=attrs).render("name", value, {"id": "id_name"}).removesuffix(">") for widget in (quick, django)
    ]
    assert sorted(drawn_by[0].split()) == sorted(drawn_by[1].split())


def test_a_list_of_choices_marks_what_was_chosen_each_time() -> None:
    widget = Choices(choices=[("red", "Red <"), ("white", "White")])
    drawn_by = [widget.render("type", value) for value in ("red", "white", "red", "other")]
    assert [re.findall(r'value="(\w+)" selected', html) for html in drawn_by] == [["red"], ["white"], ["red"], []]
    assert "Red &lt;" in drawn_by[0]

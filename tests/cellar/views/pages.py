"""Reading pages as a browser does: their text, their messages, and their forms filled in and sent."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.contrib.messages import get_messages
from django.db.models import Model
from django.http import HttpResponse, HttpResponseBase
from django.test import Client

from cellar.models import Bottle, Label, Location, TastingNote, Transaction, TransactionLine, Wine

MODELS: tuple[type[Model], ...] = (Wine, Bottle, Location, Transaction, TransactionLine, TastingNote, Label)
Fields = dict[str, Any]


def text_of(response: HttpResponseBase) -> str:
    """Return what the page says, without its marks."""
    assert isinstance(response, HttpResponse)
    body = re.sub(r"(?s)<(script|template)\b.*?</\1>", " ", response.content.decode())
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def status_of(response: HttpResponseBase) -> int:
    """Return the status of an answer that is read to its end, as a photo's file has to be."""
    b"".join(response)
    return response.status_code


def messages_of(response: HttpResponseBase) -> str:
    """Return what the page, or the one it leads to, tells after something was done."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))  # type: ignore[attr-defined]


def everything() -> dict[str, list[Fields]]:
    """Return every row of the cellar with all it holds."""
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in MODELS}


@dataclass
class PageForm:
    """A form as the page shows it; `fields` is what a browser sends when nothing is typed.

    Buttons that send the form to an address of their own are forms of their own, with what the button adds.
    """

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[PageForm] = field(default_factory=list)

    def filled(self, **typed: Any) -> Fields:
        """Return what a browser sends after something was typed."""
        return {**self.fields, **typed}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.form: PageForm | None = None
        self.select: str | None = None
        self.area: str | None = None
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "template":
            self.hidden += 1
        elif self.hidden:
            return
        elif tag == "form":
            self.form = PageForm(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self.form)
        elif self.form is not None:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        assert self.form is not None
        name = given.get("name", "")
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind == "file" or (kind in {"checkbox", "radio"} and "checked" not in given):
                return
            self.form.fields.setdefault(name, []).append(given.get("value", "on" if kind == "checkbox" else ""))
        elif tag == "button" and "formaction" in given:
            self.form.buttons.append(PageForm(given["formaction"], "post", {name: [given.get("value", "")]}))
        elif tag == "textarea":
            self.area = name
            self.form.fields[name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in given or self.select not in self.form.fields):
            # Without a choice a browser sends the first one.
            self.form.fields[self.select] = [given.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self.hidden -= 1
        elif tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area and self.form is not None:
            # A line break right after the tag belongs to the mark-up.
            self.form.fields[self.area] = [self.form.fields[self.area][0] + data.removeprefix("\n")]


def forms_of(response: HttpResponseBase) -> list[PageForm]:
    assert isinstance(response, HttpResponse)
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader.forms


def form_to(response: HttpResponseBase, action: str) -> PageForm:
    """Return the form that is sent to an address; "" is the form about the page itself."""
    forms = [form for form in forms_of(response) if form.method == "post"]
    for form in forms:
        for button in form.buttons:
            if button.action == action:
                return PageForm(action, "post", {**form.fields, **button.fields})
    found = [form for form in forms if form.action == action]
    assert found, f"no form to {action!r}; there are {[form.action for form in forms]}"
    return found[0]


def addresses_in(response: HttpResponseBase) -> list[str]:
    """Return where the links of the page lead."""
    assert isinstance(response, HttpResponse)
    return [html.unescape(found) for found in re.findall(r'<a\b[^>]*?\bhref="([^"]*)"', response.content.decode())]


def send(client: Client, path: str, **typed: Any) -> HttpResponse:
    """Open a page, fill its form in and send it."""
    form = form_to(client.get(path), "")
    response: Any = client.post(path, form.filled(**typed))
    return response  # type: ignore[no-any-return]


def error_beside(response: HttpResponseBase, name: str) -> str:
    """Return what the page says beside the field of that name: the list of errors before the control itself."""
    assert isinstance(response, HttpResponse)
    for block in re.split(r'<(?:div|fieldset) class="field(?: tick)?"', response.content.decode())[1:]:
        if re.search(rf'\bname="{re.escape(name)}(_first)?"', block):
            listed = re.search(r'(?s)<ul class="errorlist".*?</ul>', block)
            return " ".join(re.sub(r"<[^>]*>", " ", listed.group()).split()) if listed else ""
    return ""


def value_in(response: HttpResponseBase, name: str) -> str:
    """Return what the form about the page itself shows in a field."""
    return form_to(response, "").fields.get(name, [""])[0]

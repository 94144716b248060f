"""The letter that says what to drink before it fades."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cellar import contexts, dashboard
from cellar.drinking import this_year
from cellar.models import Wine
from cellar.tree import load_tree
from winebox import letters
from winebox.letters import Delivery

MOST = 12


def fading() -> list[Wine]:
    """Return the wines whose window closes this year or next, or has closed; the most urgent first."""
    soon = this_year() + 1
    due = [wine for wine in dashboard.drink_first(MOST, endless=False) if (wine.drink_until or soon) <= soon]
    return contexts.attach_places(due, load_tree())


def readers() -> list[Any]:
    """Return to whom it goes: everybody who may take a bottle out."""
    people: Iterable[Any] = get_user_model()._default_manager.filter(is_active=True).order_by("email")
    return [person for person in people if person.may_change]


def send(*, wines: list[Wine]) -> dict[str, Delivery]:
    """Write to everybody; return what became of each letter, by address."""
    context = {"wines": [_line(wine) for wine in wines], "url": letters.address_of(reverse("tonight"))}
    subject = ngettext("%(n)d wine to drink soon", "%(n)d wines to drink soon", len(wines)) % {"n": len(wines)}
    return {
        person.email: letters.send(
            letters.write(to=person.email, subject=subject, template="digest", context={**context, "name": str(person)})
        )
        for person in readers()
    }


def _line(wine: Wine) -> str:
    """Return "Barolo 2016 (3): its last year. Cellar · Rack B"."""
    where = ", ".join(place.label for place in getattr(wine, "places", ()))
    told = _("%(wine)s (%(count)d): %(why)s") % {
        "wine": wine.full_name, "count": wine.count_present, "why": contexts.urgency(wine),
    }  # fmt: skip
    return f"{told}. {where}".strip()

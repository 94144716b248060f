"""A believable cellar to look at: wines of the catalogue, ten years of purchases, and what became of the bottles.

Everything that is chosen is chosen by one `random.Random(seed)`, and every date counts back from the first day
of the present month: the same seed gives the same cellar all month, and later the same one, moved on.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _

from cellar import search
from cellar.demo.choice import available, choose_wines
from cellar.demo.house import furnish
from cellar.demo.life import live
from cellar.demo.purchases import arrive, plan_lots
from cellar.ledger import Actor, chunks
from cellar.models import Bottle, Location, Transaction, Wine
from winebox import databases

MAX_BOTTLES = 50_000


class DemoError(Exception):
    """Why there is no demo; the text is for the person who asked for one."""


@dataclass(frozen=True, slots=True)
class Demo:
    """How much was made."""

    wines: int
    bottles: int
    transactions: int


def create_demo(*, wines: int, bottles: int, seed: int, until: date | None = None) -> Demo:
    """Fill an empty cellar with n wines and m bottles, those drunk since among them; raises DemoError."""
    until = until or timezone.localdate().replace(day=1)
    rng = random.Random(seed)  # noqa: S311
    _require_sense(wines, bottles, until)
    _require_empty_cellar()
    people = _people()
    chosen = choose_wines(rng, wines, until)
    house = furnish(rng, bottles)
    lots = plan_lots(rng, chosen, bottles=bottles, house=house, people=people, until=until)
    _save([one.wine for one in chosen])
    arrive(lots, people)
    live(rng, lots, house=house, people=people, until=until)
    return Demo(wines, bottles, Transaction.objects.count())


def _require_sense(wines: int, bottles: int, until: date) -> None:
    most = len(available(until))
    if not 1 <= wines <= most:
        raise DemoError(_("The catalogue is good for 1 to %(most)d wines.") % {"most": most})
    if not 0 <= bottles <= MAX_BOTTLES:
        raise DemoError(_("Between 0 and %(most)d bottles.") % {"most": MAX_BOTTLES})


def _require_empty_cellar() -> None:
    if any(model.objects.exists() for model in (Wine, Location, Bottle, Transaction)):
        raise DemoError(_("This cellar is not empty. The demo is made in an empty one only; nothing was changed."))


def _people() -> list[Actor]:
    """Return who may have done it all: everybody who may change the cellar."""
    active = get_user_model()._default_manager.filter(is_active=True).order_by("email")
    return [person for person in active if getattr(person, "may_change", False)]


def _save(wines: list[Wine]) -> None:
    for part in chunks(wines):
        with databases.atomic():
            for wine in part:
                wine.save(force_insert=True)
            search.reindex(wine.pk for wine in part)

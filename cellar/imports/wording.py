"""What becomes of a row, in words: its title, its outcome, and what it brings."""

from __future__ import annotations

from collections import Counter

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cellar.imports.cleaning import storable
from cellar.imports.known import vintage_of
from cellar.imports.packing import Plan
from cellar.imports.rows import Lot, Row
from cellar.models import Outcome, Reason, State, Wine

TITLE = 200


def title_of(row: Row) -> str:
    words = [row.wine.get("producer", ""), row.wine.get("name", ""), vintage_of(row)]
    if words[0] and storable(words[1]).casefold().startswith(words[0].casefold()):
        words[0] = ""
    return " ".join(word for word in words if word)[:TITLE]


def left_out(row: Row) -> tuple[Outcome, str]:
    if row.skipped:
        return Outcome.SKIPPED, row.skipped[:500]
    if not row.names_a_wine:
        return Outcome.SKIPPED, _("It names neither a producer nor a wine.")
    drinks = {"spirits": _("spirits"), "beer": _("beer"), "cider": _("cider"), "sake": _("sake")}
    return Outcome.OTHER_DRINK, _("not wine: %(drink)s") % {"drink": drinks.get(row.drink, row.drink)}


def outcome_of(plan: Plan, *, is_new: bool) -> Outcome:
    states = {State(one.lot.state) for one in plan.arrivals}
    if states == {State.GONE}:
        return Outcome.DRUNK
    if states == {State.ON_ORDER}:
        return Outcome.ON_ORDER
    if is_new:
        return Outcome.NEW
    if states:
        return Outcome.KNOWN
    return Outcome.UPDATED if plan.changes or plan.facts or plan.notes or plan.scores else Outcome.HERE


def is_beside(existing: Wine | None, outcome: Outcome) -> bool:
    """Say whether bottles come to a wine that has some: they may be the same ones, from another file."""
    return outcome == Outcome.KNOWN and existing is not None and existing.count_present > 0


def detail_of(plan: Plan, *, here: int, existing: Wine | None, outcome: Outcome) -> str:
    said = [*_arrivals_said(plan), *_changes_said(plan)]
    if here and said:
        said.append(ngettext("%(count)d is here already", "%(count)d are here already", here) % {"count": here})
    if existing is not None and is_beside(existing, outcome):
        present = existing.count_present
        said.append(ngettext("beside %(count)d bottle", "beside %(count)d bottles", present) % {"count": present})
    if plan.facts and existing is not None:
        said.append(_("filled in: %(facts)s") % {"facts": ", ".join(field_label(name) for name in plan.facts)})
    if plan.notes:
        said.append(ngettext("%(count)d note", "%(count)d notes", len(plan.notes)) % {"count": len(plan.notes)})
    if plan.scores and outcome == Outcome.UPDATED:
        said.append(ngettext("%(count)d score", "%(count)d scores", len(plan.scores)) % {"count": len(plan.scores)})
    return "; ".join(said)[:500]


def field_label(name: str) -> str:
    return str(getattr(Wine._meta.get_field(name), "verbose_name", name))


def _arrivals_said(plan: Plan) -> list[str]:
    numbers: Counter[State] = Counter()
    gone = None
    for one in plan.arrivals:
        numbers[State(one.lot.state)] += one.lot.quantity
        gone = one.lot if one.lot.state == State.GONE else gone
    said = []
    if count := numbers[State.IN_CELLAR] + numbers[State.OPEN]:
        said.append(ngettext("%(count)d bottle", "%(count)d bottles", count) % {"count": count})
    if count := numbers[State.ON_ORDER]:
        said.append(_("%(count)d on order") % {"count": count})
    if gone is not None:
        said.append(_gone_said(gone, numbers[State.GONE]))
    return said


def _gone_said(lot: Lot, count: int) -> str:
    reason = Reason(lot.reason or Reason.OTHER).label
    if lot.consumed_on:
        return _("%(count)d × %(reason)s on %(day)s") % {
            "count": count,
            "reason": reason,
            "day": date_format(lot.consumed_on, "DATE_FORMAT"),
        }
    return _("%(count)d × %(reason)s") % {"count": count, "reason": reason}


def _changes_said(plan: Plan) -> list[str]:
    gone = [one.lot for one in plan.changes if one.lot.state == State.GONE]
    said = [_("%(gone)s since") % {"gone": _gone_said(gone[0], len(gone))}] if gone else []
    if delivered := len(plan.changes) - len(gone):
        said.append(_("%(count)d delivered or opened since") % {"count": delivered})
    return said

"""When to drink a wine, in words."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cellar import drinking
from cellar.models import Wine


def pace_sentence(wine: Wine) -> str:
    """Return in words how drinking goes against the window, or nothing where there is no pace."""
    gone = wine.count_gone
    pace = drinking.pace(
        window=wine.window,
        on_hand=wine.count_present,
        on_order=wine.count_on_order,
        drunk=gone,
        today=timezone.localdate(),
    )
    if pace is None or not wine.count_present or pace.total < 2:
        return ""
    begin = _("%(gone)d of %(total)d gone so far: ") % {"gone": gone, "total": pace.total}
    if pace.bottles > 0:
        behind = ngettext("%(n)d bottle behind the pace.", "%(n)d bottles behind the pace.", pace.bottles)
        return begin + behind % {"n": pace.bottles}
    if pace.bottles < 0:
        ahead = ngettext("%(n)d bottle ahead of the pace.", "%(n)d bottles ahead of the pace.", -pace.bottles)
        return begin + ahead % {"n": -pace.bottles}
    return str(begin + _("right on pace."))


def urgency(wine: Wine) -> str:
    """Return in a few words why a wine should be drunk now."""
    year = drinking.this_year()
    if wine.readiness == drinking.Readiness.PAST:
        return _("past its window since %(year)d") % {"year": wine.drink_until}
    if wine.drink_until == year:
        return str(_("its last year"))
    if wine.readiness == drinking.Readiness.FADING:
        return _("fading, until %(year)s") % {"year": wine.drink_until or "?"}
    return f"{wine.readiness.label}, {wine.window_label}"

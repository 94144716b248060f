"""Having Claude say what the columns of an import mean; somebody still has to agree."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cellar.claude.service import ClaudeFailed
from cellar.contexts import importing as shown
from cellar.forms.importing import ColumnsForm
from cellar.imports import batches, column_help
from cellar.imports.tables import Table
from cellar.models import ImportBatch
from cellar.views.importing import REFUSALS, batch_or_404
from winebox import notices
from winebox.access import members
from winebox.limits import limit_readings


@require_POST
@members
@limit_readings
def import_columns_ask(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Put what Claude suggests into the form for columns, beside what somebody chose already."""
    batch = batch_or_404(batch_id)
    if not batch.may_be_read_anew:
        return redirect("import", batch.pk)
    try:
        tables = shown.unknown_tables(batches.opened(batch))
        if tables:
            _ask(request, batch, tables)
    except REFUSALS as error:
        notices.refused(request, str(error))
    return redirect("import_columns", batch.pk)


def _ask(request: HttpRequest, batch: ImportBatch, tables: list[Table]) -> None:
    form = ColumnsForm(tables=tables, mapping={})
    form.keep(request.POST)
    try:
        number = form.take(column_help.suggest(form.samples()))
    except ClaudeFailed as error:
        text = _("%(why)s What is suggested here comes from headers and cells; what you chose is still there.")
        notices.refused(request, text % {"why": error})
    else:
        notices.told(request, _said(number))
    batches.choose(batch=batch, choices={**batch.options, "mapping": form.suggested()}, plan=False)


def _said(number: int) -> str:
    """Return for how many columns Claude says something new."""
    text = ngettext(
        "Claude suggests something else for %(n)d column. Look at it before you go on.",
        "Claude suggests something else for %(n)d columns. Look at them before you go on.",
        number,
    )
    return text % {"n": number} if number else _("Claude suggests nothing else.")

"""Bringing wines from files: upload, what was recognised, the plan, doing it in steps, the report, undo."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cellar.contexts import importing as shown
from cellar.exports.inert import inert
from cellar.forms.importing import ColumnsForm, ReadingForm, UploadForm
from cellar.imports import applying, batches, files, unfinished
from cellar.imports.batches import ImportRefused
from cellar.imports.limits import FileRefused
from cellar.imports.reading import evidence_of
from cellar.imports.remembering import remember
from cellar.imports.report import skipped
from cellar.imports.taking_back import undo_import
from cellar.ledger import StockError
from cellar.models import ImportBatch, Stage
from cellar.views.answers import actor_of, form_page, is_part, page_number, posted
from winebox import notices, security_log
from winebox.access import members

REFUSALS = (FileRefused, ImportRefused, StockError)
A_PAGE = 20
# Without JavaScript somebody taps for each step: it may be longer.
LONG_STEP_SECONDS = 8.0
AGAIN = _lazy(
    "These files were brought before, and are not taken over yet: here is that import. "
    "To begin anew, forget it and bring them again."
)
AT_WORK = (Stage.PLANNING, Stage.STAGING)


def batch_or_404(batch_id: UUID) -> ImportBatch:
    try:
        return ImportBatch.objects.select_related("actor").get(pk=batch_id)
    except ImportBatch.DoesNotExist:
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
@members
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports, and bring new files."""
    form = UploadForm(posted(request), request.FILES or None)
    if form.is_bound and form.is_valid():
        try:
            batch, is_new = _uploaded(request, form)
        except FileRefused as error:
            form.add_error("sent", str(error))
        else:
            if not is_new:
                notices.told(request, str(AGAIN))
            return redirect("import", batch.pk)
    page = Paginator(ImportBatch.objects.prefetch_related("files"), A_PAGE).get_page(page_number(request))
    context = {
        "form": form,
        "page_obj": page,
        "imports": [shown.listed(one) for one in page],
        "facts": shown.sources(),
    }
    return form_page(request, "cellar/imports.html", context, form)


def _said(batch: ImportBatch) -> str:
    """Return which import it was, for the security log."""
    count = batch.figures.get("rows", 0)
    return f"{shown.names_of(batch)[:120]}, " + ngettext("%(count)d row", "%(count)d rows", count) % {"count": count}


def _uploaded(request: HttpRequest, form: UploadForm) -> tuple[ImportBatch, bool]:
    with tempfile.TemporaryDirectory(prefix="winebox-upload-") as folder:
        local = [files.written(upload, Path(folder)) for upload in form.uploads]
        return batches.start_or_go_on(files_=local, actor=actor_of(request))


@require_safe
@members
def one_import(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Show an import as far as it is: what was recognised, the progress, the plan, or the report."""
    batch = batch_or_404(batch_id)
    if batch.stage == Stage.UPLOADED:
        return redirect("import_options", batch.pk)
    if batch.stage in AT_WORK:
        return render(request, "cellar/import_progress.html", _progress(batch))
    chosen = request.GET.get("rows", "")
    lines, page = shown.rows(batch, chosen, page_number(request))
    context = {
        "batch": batch,
        "names": shown.names_of(batch),
        "tiles": shown.tiles(batch),
        "summary": shown.summary(batch),
        "warnings": shown.warnings(batch) if batch.stage == Stage.PLANNED else batch.warnings,
        "is_large": shown.is_large(batch),
        "brings_something": shown.brings_something(batch),
        "choices": shown.choices(batch, chosen),
        "rows": lines,
        "page_obj": page,
        "has_other_drinks": batch.other_drinks or bool(batch.figures.get("outcomes", {}).get("other")),
    }
    return render(request, "cellar/import_rows.html", context)


def _progress(batch: ImportBatch) -> dict[str, Any]:
    is_planning = batch.stage == Stage.PLANNING
    return {
        "batch": batch,
        "value": batch.position,
        "is_large": shown.is_large(batch),
        "total": 0 if is_planning else batch.figures.get("rows", 0),
        "label": _("Reading the rows") if is_planning else _("Taking the wines over"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@members
def import_options(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Show what was recognised, and let it be corrected; then on to the columns or the plan."""
    batch = batch_or_404(batch_id)
    if not batch.may_be_read_anew:
        return redirect("import", batch.pk)
    try:
        opened = batches.opened(batch)
    except FileRefused as error:
        return _cannot_be_read(request, batch, error)
    form = ReadingForm(posted(request), batch=batch, opened=opened, household=settings.CURRENCY)
    if form.is_bound and form.is_valid():
        try:
            return _options_said(request, batch, form)
        except REFUSALS as error:
            form.add_error(None, str(error))
    evidence = evidence_of(opened)
    context = {
        "batch": batch,
        "form": form,
        "facts": shown.recognised(opened, evidence),
        "warnings": [*filter(None, [evidence.refused]), *opened.warnings],
        "main_fields": [form[name] for name in ("meaning", "date_order", "decimal", "currency") if name in form.fields],
        "file_fields": list(form.file_fields()),
        "has_columns": bool(shown.unknown_tables(opened)),
        "kept_days": unfinished.KEPT.days,
        "is_read_otherwise": bool(batch.options.get("format") or batch.options.get("readings")),
        "must_choose": shown.needs_date_order(evidence, batch),
    }
    return form_page(request, "cellar/import_options.html", context, form)


def _cannot_be_read(request: HttpRequest, batch: ImportBatch, error: Exception) -> HttpResponse:
    """Go back to what files show by themselves, or, where they are gone, to the list."""
    notices.refused(request, str(error))
    if batch.options:
        ImportBatch.objects.filter(pk=batch.pk).update(options={})
        return redirect("import_options", batch.pk)
    return redirect("imports")


def _options_said(request: HttpRequest, batch: ImportBatch, form: ReadingForm) -> HttpResponse:
    choices = form.choices(batch.options)
    has_columns = bool(shown.unknown_tables(batches.opened(batch, choices)))
    batches.choose(batch=batch, choices=choices, plan=not has_columns)
    return redirect("import_columns", batch.pk) if has_columns else _planned(request, batch)


def _planned(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    """Begin to plan, and show how far it came: for most files that is the plan."""
    try:
        _go_on(request, batch)
    except REFUSALS as error:
        notices.refused(request, str(error))
    return redirect("import", batch.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def import_columns(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Say what the columns of a table mean that no format knows; it is remembered."""
    batch = batch_or_404(batch_id)
    if not batch.may_be_read_anew:
        return redirect("import", batch.pk)
    try:
        tables = shown.unknown_tables(batches.opened(batch))
    except FileRefused as error:
        return _cannot_be_read(request, batch, error)
    if not tables:
        return redirect("import_options", batch.pk)
    form = ColumnsForm(posted(request), tables=tables, mapping=batch.options.get("mapping", {}))
    if form.is_bound and form.is_valid():
        try:
            for table in tables:
                remember(columns=table.columns, mapping=form.mapping())
            batches.choose(batch=batch, choices={**batch.options, "mapping": form.mapping()})
        except REFUSALS as error:
            form.add_error(None, str(error))
        else:
            return _planned(request, batch)
    context = {"batch": batch, "form": form, "columns": form.with_cells(), "claude": shown.claude_offer()}
    return form_page(request, "cellar/import_columns.html", context, form)


@require_POST
@members
def import_step(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Do the next part; a page with JavaScript asks for one after another, without it somebody taps."""
    batch = batch_or_404(batch_id)
    try:
        _go_on(request, batch, batches.STEP_SECONDS if is_part(request) else LONG_STEP_SECONDS)
    except REFUSALS as error:
        notices.refused(request, str(error))
        return _to(request, reverse("import", args=[batch.pk]))
    if batch.stage in AT_WORK and is_part(request):
        return render(request, "cellar/partials/import_progress.html", _progress(batch))
    return _to(request, reverse("import", args=[batch.pk]))


def _go_on(request: HttpRequest, batch: ImportBatch, seconds: float = batches.STEP_SECONDS) -> None:
    """Do what an import has to do next for about so long: a small one is planned, or taken over, by one request."""
    before = batch.stage
    if before == Stage.PLANNING:
        batches.plan_step(batch=batch, seconds=seconds)
    elif before == Stage.STAGING:
        applying.apply_step(batch=batch, seconds=seconds)
    if batch.stage == Stage.DONE and before != Stage.DONE:
        security_log.note("imported", detail=_said(batch))
        if shown.brings_something(batch):
            undo = reverse("import_undo", args=[batch.pk])
            notices.done(request, _("Done. What came over is in the cellar now."), undo_url=undo)
        else:
            notices.done(request, _("Done. Nothing of it was new: the cellar is as it was."))


def _to(request: HttpRequest, url: str) -> HttpResponse:
    """Go to a page, also where htmx asked for a part of this one."""
    if is_part(request):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


@require_POST
@members
def import_apply(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    return _changed(request, batch_id, lambda batch: _go_on(request, applying.begin(batch=batch)))


@require_POST
@members
def import_other_drinks(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Take spirits and beer, too, or leave them out; the rows are planned again."""
    wanted = bool(request.POST.get("wanted"))
    return _changed(
        request, batch_id, lambda batch: _go_on(request, batches.take_other_drinks(batch=batch, wanted=wanted))
    )


@require_POST
@members
def import_undo(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    def undo(batch: ImportBatch) -> None:
        undo_import(batch=batch, actor=actor_of(request))
        security_log.note("undone", detail=f"{_('Import')}: {_said(batch)}")
        notices.done(request, _("The import was undone."))

    return _changed(request, batch_id, undo)


@require_POST
@members
def import_drop(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    batch = batch_or_404(batch_id)
    try:
        batches.drop(batch=batch)
    except REFUSALS as error:
        notices.refused(request, str(error))
        return redirect("import", batch.pk)
    notices.done(request, _("The files were forgotten; nothing of them is in the cellar."))
    return redirect("imports")


def _changed(request: HttpRequest, batch_id: UUID, verb: Any) -> HttpResponse:
    batch = batch_or_404(batch_id)
    try:
        verb(batch)
    except REFUSALS as error:
        notices.refused(request, str(error))
    return redirect("import", batch.pk)


@require_safe
@members
def import_report(request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
    """Send what became of each row as CSV; `?left-out` only what was left out."""
    batch = batch_or_404(batch_id)
    lines = _left_out(batch) if "left-out" in request.GET else _all_rows(batch)
    name = "plan" if batch.stage == Stage.PLANNED else "import"
    headers = {"Content-Disposition": f'attachment; filename="{name}-{batch.created_at:%Y-%m-%d}.csv"'}
    return StreamingHttpResponse(_csv(lines), content_type="text/csv; charset=utf-8", headers=headers)


def _all_rows(batch: ImportBatch) -> Iterator[list[Any]]:
    yield [_("file"), _("row"), _("wine"), _("what became of it"), _("details")]
    for row in batch.rows.order_by("position").defer("plan").iterator(chunk_size=500):
        yield [row.file, row.number, row.title, row.get_outcome_display(), row.detail]


def _left_out(batch: ImportBatch) -> Iterator[list[Any]]:
    yield [_("file"), _("row"), _("column"), _("reason")]
    for one in skipped(batch):
        yield [one["file"], one["row"], one.get("column", ""), one["reason"]]


def _csv(lines: Iterator[list[Any]]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff".encode()
    for line in lines:
        writer.writerow([inert(str(cell)) for cell in line])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()

"""The owner's pages: make a backup and download it; bring one back, step by step."""

from __future__ import annotations

import logging
import tempfile
from uuid import UUID

from django.conf import settings
from django.contrib import auth
from django.db.models import Model
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from winebox import notices, security_log
from winebox.access import owners, sudo
from winebox.archive import age, parts, uploads
from winebox.archive.forms import ConfirmForm, UploadForm
from winebox.archive.reading import Archive, ArchiveRefused, opened
from winebox.archive.restoring import NotEmptyError, Restored, is_empty, restore
from winebox.archive.writing import BackupError, write_backup

logger = logging.getLogger(__name__)


# Before the page and not only at its button: the answer to that is a file, which would leave the question standing.
@require_safe
@owners
@sudo
def backup(request: HttpRequest) -> HttpResponse:
    """Tell how old the last backup is."""
    return render(request, "backup/backup.html", {"last": age.last_backup(), "warning": age.warning()})


@require_POST
@owners
@sudo
def backup_make(request: HttpRequest) -> HttpResponseBase:
    """Make a backup and send it."""
    # It has no name, so nothing is left of it when it is sent, or when the server is killed.
    file = tempfile.TemporaryFile(dir=settings.DATA_DIR)  # noqa: SIM115 (closed when it is sent)
    try:
        summary = write_backup(file)
    except (BackupError, OSError) as error:
        file.close()
        logger.exception("A backup could not be made")
        notices.refused(request, _("No backup was made: %(why)s") % {"why": error})
        return redirect("backup")
    security_log.note("backed_up", detail=f"downloaded, {summary.total} rows")
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"winebox-backup-{timezone.localtime():%Y-%m-%d-%H%M}.zip",
        content_type="application/zip",
    )


# The password is asked for at the address itself, so these two take it by POST and come back by GET.
@require_http_methods(["GET", "HEAD", "POST"])
@owners
@sudo
def backup_restore(request: HttpRequest) -> HttpResponse:
    """Ask for the file."""
    return _upload_page(request, UploadForm(), status=200)


@require_http_methods(["GET", "HEAD", "POST"])
@owners
@sudo
def backup_send(request: HttpRequest, token: str) -> HttpResponse:
    """Take the file, look at all of it, and go on to what would be restored."""
    if request.method != "POST":
        return redirect("backup_restore")
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, form, status=422)
    name = uploads.keep(form.cleaned_data["archive"].chunks())
    try:
        with uploads.path_of(name).open("rb") as file, opened(file) as archive:
            archive.verify()
    except ArchiveRefused as error:
        uploads.discard(name)
        form.add_error("archive", str(error))
        return _upload_page(request, form, status=422)
    return redirect("backup_confirm", name)


def _upload_page(request: HttpRequest, form: UploadForm, *, status: int) -> HttpResponse:
    # The address of the form is what lets a file of this size in; it works for an hour.
    context = {"form": form, "action": reverse("backup_send", args=[uploads.grant()])}
    return render(request, "backup/restore.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@owners
@sudo
def backup_confirm(request: HttpRequest, name: UUID) -> HttpResponse:
    """Show what is in the archive; restore it."""
    path = uploads.path_of(name)
    if not path.exists():
        raise Http404
    form = ConfirmForm(request.POST if request.method == "POST" else None, is_empty=is_empty())
    if form.is_valid():
        try:
            with path.open("rb") as file:
                done = restore(file, replace=form.cleaned_data["replace"])
        except (ArchiveRefused, NotEmptyError) as error:
            form.add_error(None, str(error))
        else:
            uploads.discard(name)
            return _restored(request, done)
    with path.open("rb") as file, opened(file) as archive:
        context = {"form": form, "manifest": archive.manifest, "facts": _facts(archive), "told": _told(archive)}
    return render(request, "backup/confirm.html", context, status=422 if form.is_bound else 200)


def _facts(archive: Archive) -> list[tuple[str, str]]:
    rows = archive.manifest.rows
    models = sorted(parts.models().items(), key=_rank)
    found = [(part.name_of(model), str(rows[label])) for label, (part, model) in models if rows.get(label)]
    return [*found, (_("files of photos, each in several sizes"), str(sum(archive.manifest.files.values())))]


def _rank(of_label: tuple[str, tuple[parts.Part, type[Model]]]) -> tuple[bool, int]:
    """Put what a cellar is before who lives in it, and both in the order in which they are named."""
    part, model = of_label[1]
    names = list(part.names)
    name = str(model._meta.model_name)
    return not part.is_content, names.index(name) if name in names else len(names)


def _told(archive: Archive) -> list[str]:
    return [line for part in parts.parts() for line in part.tell(archive.rows)]


def _restored(request: HttpRequest, done: Restored) -> HttpResponse:
    who = str(request.user)
    # The person may not exist any more; nobody is signed in now.
    auth.logout(request)
    security_log.note("restored", detail=f"by {who}, {sum(done.rows.values())} rows")
    for warning in done.warnings:
        notices.warned(request, warning)
    notices.done(request, _("The backup is restored. Sign in with an address and a password of the backup."))
    return redirect(settings.LOGIN_URL)

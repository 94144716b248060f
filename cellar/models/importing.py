"""An import: its files, its plan, what each row became; and what columns meant the last time."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from winebox.models import BaseModel


class Stage(models.TextChoices):
    """How far an import is. What is applied in STAGING is in no list; one change, to DONE, shows all of it."""

    UPLOADED = "uploaded", _("uploaded")
    PLANNING = "planning", _("being read")
    PLANNED = "planned", _("planned")
    STAGING = "staging", _("being taken over")
    DONE = "done", _("done")
    UNDONE = "undone", _("undone")


class Outcome(models.TextChoices):
    """What becomes of a row."""

    NEW = "new", _("new wine")
    KNOWN = "known", _("bottles for a known wine")
    ON_ORDER = "on_order", _("on order")
    DRUNK = "drunk", _("drunk or gone")
    UPDATED = "updated", _("brought up to date")
    HERE = "here", _("already here")
    OTHER_DRINK = "other", _("not wine")
    SKIPPED = "skipped", _("skipped")


class ImportBatch(BaseModel):
    """Files that were brought in together. `options` say how they are read, `figures` what came of it.

    `position` is how many rows were planned, or staged; transactions of a batch have its id as their action.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="imports", verbose_name=_("who")
    )
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.UPLOADED)
    format = models.CharField(_("format"), max_length=200, blank=True)
    encoding = models.CharField(_("encoding"), max_length=80, blank=True)
    options = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    position = models.PositiveIntegerField(default=0)
    # The last wine that was staged.
    last_wine = models.UUIDField(null=True)
    other_drinks = models.BooleanField(default=False)
    finished_at = models.DateTimeField(_("finished"), null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-created_at", "-id"], name="import_newest")]

    @property
    def may_be_read_anew(self) -> bool:
        """Say whether it can still be corrected how its files are read."""
        return self.stage not in {Stage.DONE, Stage.UNDONE, Stage.STAGING}

    def __str__(self) -> str:
        return f"{self.format} {self.created_at:%Y-%m-%d}"


class ImportFile(BaseModel):
    """A file of an import, in the store under `stored`."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    stored = models.CharField(max_length=100)
    size = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]

    def __str__(self) -> str:
        return self.name


class ImportRow(BaseModel):
    """A row of a file, what is to become of it, and of which wine; `plan` is JSON, read by `imports.packing`."""

    batch = models.ForeignKey(ImportBatch, db_index=False, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    file = models.CharField(max_length=200)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    detail = models.CharField(max_length=500, blank=True)
    # Cells that could not be read.
    has_skipped_cells = models.BooleanField(default=False)
    # Not a foreign key: the wine of a row that is not applied is not there yet, or was never made.
    wine = models.UUIDField(null=True)
    is_new_wine = models.BooleanField(default=False)
    plan = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["batch", "position"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["batch", "position"], name="import_row_order"),
            models.Index(fields=["batch", "outcome", "position"], name="import_row_outcome"),
            models.Index(fields=["batch", "wine", "position"], name="import_row_wine"),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.number}"


class ColumnMapping(BaseModel):
    """What the columns of a file were said to mean, for the next file with the same headers."""

    headers = models.CharField(max_length=64, unique=True)
    mapping = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.headers

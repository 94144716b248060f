"""What every model of WineBox has in common, and what the project itself keeps."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models


class BaseModel(models.Model):
    """A row with an id nobody can guess and the times it was made and last changed (UTC)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True


class CounterQuerySet(models.QuerySet["Counter"]):
    def running(self, moment: datetime) -> CounterQuerySet:
        return self.filter(expires_at__gt=moment)

    def over(self, moment: datetime) -> CounterQuerySet:
        return self.filter(expires_at__lte=moment)


class Counter(BaseModel):
    """How often something happened until it expires. The id is made of what is counted, so there is one row for it."""

    count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)

    objects = CounterQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.count} until {self.expires_at:%Y-%m-%d %H:%M:%S}"

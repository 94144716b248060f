"""What every model of WineBox has in common."""

import uuid

from django.db import models


class BaseModel(models.Model):
    """A row with an id nobody can guess and the times it was made and last changed (UTC)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True

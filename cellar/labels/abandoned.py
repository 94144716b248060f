"""Photos that were uploaded with a form that was never finished."""

from datetime import timedelta

from django.utils import timezone

from cellar.labels import store
from cellar.models import Label

KEPT = timedelta(days=1)


def clear() -> dict[str, int]:
    """Remove photos that belong to no wine and are older than a day; return how many."""
    named = set(Label.objects.values_list("name", flat=True))
    abandoned = [name for name in store.names(older_than=timezone.now() - KEPT) if name not in named]
    for name in abandoned:
        store.delete(name)
    return {"photos": len(abandoned)}

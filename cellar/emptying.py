"""Throwing the whole collection away."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model, QuerySet

from cellar.archive import Photos
from cellar.models import Bottle, CatalogueState, ReferenceWine
from winebox import databases


def delete_collection() -> int:
    """Delete every wine, bottle, step, place, note and photo; people stay. Return how many bottles.

    The ledger is append-only for everybody else: this goes past its managers, and there is no way back but a backup.
    """
    photos, bottles = Photos(), Bottle.objects.present().count()
    names = list(photos.names())
    # The catalogue is no part of the collection.
    stays = {ReferenceWine, CatalogueState}
    models: list[type[Model]] = [one for one in apps.get_app_config("cellar").get_models() if one not in stays]
    # Where no transaction is large enough, what was interrupted is finished by doing it again.
    with databases.atomic() if databases.holds_everything() else nullcontext():
        databases.keep_others_from_writing(models)
        for model in models:
            rows: Any = QuerySet(model)
            rows._raw_delete(connection.alias)
    for name in names:
        photos.delete(name)
    return bottles

"""Every address of the site, filled with what there is."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import UUIDConverter

from accounts.models import User
from cellar import stock
from cellar.forms.fields import sign_kept
from cellar.imports import batches
from cellar.imports.files import LocalFile
from cellar.labels import store
from cellar.labels.sanitise import sanitise
from cellar.models import Reason, ReferenceWine
from cellar.wines import StoredPhoto, add_label, add_score
from tests.accounts.factories import make_invitation, make_user
from tests.cellar.factories import check_in, make_note, make_rack, make_wine
from tests.cellar.imports.importing import planned, write
from tests.cellar.views.photos import jpeg

UNKNOWN = UUID(int=7)
# What is written because somebody looks: when a session was used last, and that somebody was refused.
TRACES = {"Session", "SecurityEvent", "Device", "Counter", "AccessAttempt"}


def patterns(resolver: Any = None, before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each address of ours as it is written in urls.py, with its view; Django's admin is left to its own."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if (pattern.app_name or "") != "admin":
                yield from patterns(pattern, path)
        elif isinstance(pattern, URLPattern):
            yield f"/{path}", pattern


def fill(person: User, text: str = "Grand Vin") -> dict[str, Any]:
    """Let there be something of everything, named by this text, and return the ids by what addresses call them.

    Where there are several, every one of them is looked at.
    """
    rack = make_rack(text, rows=2, columns=2)
    wine = make_wine(producer=text, name=text, custom_fields={text[:20]: text}, appellation=text)
    make_wine(name="Second", wishlist=True, minimum_stock=3)
    done = check_in(wine, 2, location=rack, row=1, column=1, actor=person)
    check_in(wine, 2, actor=person)
    stock.order(wine=wine, quantity=1, actor=person)
    stock.open_bottle(wine=wine, actor=person)
    stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=person)
    label = add_label(wine=wine, kind="front", photo=sanitise(jpeg(), max_bytes=10**7))
    note = make_note(wine, text, author=person)
    score = add_score(wine=wine, source=text[:80], value=text[:16], reviewer=text[:80])
    kept = store.save(sanitise(jpeg(), max_bytes=10**7))
    ReferenceWine.objects.create(number=100_001, producer=text, name=text, words=text.lower(), country=text)
    invited = make_invitation(by=person, email="somebody@example.org")
    bottle = wine.bottles.filter(state="in_cellar").first()
    return {
        "wine_id": wine.pk, "bottle_id": getattr(bottle, "pk", UNKNOWN), "label_id": label.pk, "note_id": note.pk,
        "score_id": score.pk,
        "location_id": rack.pk, "action": done.action, "user_id": make_user(name=text).pk, "variant": "small",
        "invitation_id": invited.invitation.pk, "name": ["producer", "store", "grape"], "batch_id": bring(person, text),
        "token": ["wrong", sign_kept(StoredPhoto(kept, 300, 400))],
    }  # fmt: skip


def bring(person: User, text: str) -> list[Any]:
    """Return an import of which nobody has said yet what its columns mean, and one whose rows are planned."""
    line = text.replace('"', '""')
    with TemporaryDirectory() as folder:
        table = write(Path(folder), f'Producer,"{line}",Quantity\n"{line}","{line}",1\n')
        begun = batches.start(files_=[LocalFile(table, f"{text[:40]}.csv")], actor=person)
        return [begun.pk, planned(table, actor=person).pk]


def filled(rows: dict[str, Any]) -> list[str]:
    """Return every address with these rows in it; a secret is a wrong one, and what is not known is not there."""
    found = []
    for path, pattern in patterns():
        names, several = list(pattern.pattern.converters), []
        for name in names:
            values = rows.get(name, "wrong")
            several.append(values if isinstance(values, list) else [values])
        for values in product(*several):
            one = path
            for name, value in zip(names, values, strict=True):
                is_uuid = isinstance(pattern.pattern.converters[name], UUIDConverter)
                known = UNKNOWN if is_uuid and not isinstance(value, UUID) else value
                one = re.sub(rf"<[a-z]+:{name}>", str(known), one)
            found.append(one)
    return found


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return each row of each table but the traces."""
    models: list[type[Model]] = [model for model in apps.get_models() if model.__name__ not in TRACES]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}

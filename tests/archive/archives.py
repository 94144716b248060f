"""A cellar with something of everything, and archives that are taken apart and put together again."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from accounts import security
from accounts.models import Role, User
from cellar import stock
from cellar.labels.sanitise import sanitise
from cellar.models import Reason
from cellar.stock import Purchase
from cellar.wines import add_label
from tests.accounts.factories import make_invitation, make_owner, make_user
from tests.cellar.factories import check_in, make_location, make_note, make_rack, make_wine
from tests.cellar.views.photos import jpeg
from winebox import archive
from winebox.archive import parts

FIXTURE = Path(__file__).parent / "version_1.zip"
Members = dict[str, bytes]
Rows = dict[str, list[dict[str, Any]]]


def fill() -> User:
    """Make people, wines, photos and a history; return the owner."""
    owner = make_owner(email="olivia@example.org", name="Olivia")
    member = make_user(email="milo@example.org", name="Милó")
    make_user(email="left@example.org", role=Role.GUEST, is_active=False)
    make_invitation(by=owner)
    security.record(kind=security.Kind.ROLE_CHANGED, actor=owner, subject=member, detail="guest → member")
    house = make_location("Maison", kind="house")
    rack = make_rack("Étagère", parent=house)
    margaux = make_wine(
        producer="Château d'Œ", name="Grand Vin 🍷", vintage=2005, alcohol=Decimal("13.5"), drink_from=2015,
        drink_until=2045, grapes=[{"name": "Merlot", "percent": 85.5}, {"name": "Cabernet Franc", "percent": None}],
        custom_fields={"Aunt": "Léonie", "Zone": "=1+1"}, minimum_stock=3, ean="3760000000001",
    )  # fmt: skip
    krug = make_wine(producer="Krug", name="", non_vintage=True, type="sparkling", wishlist=True)
    make_wine(producer="Nobody's", name="Never here", vintage=None, archived_at=datetime(2024, 1, 1, tzinfo=UTC))
    bought = Purchase(unit_price=12_345, currency="EUR", store="Wine & Co")
    check_in(margaux, 4, location=rack, row=1, column=1, actor=owner, purchase=bought, note="en primeur")
    stock.order(wine=krug, quantity=2, actor=member, purchase=Purchase(unit_price=0, currency="CHF"))
    stock.cancel(wine=krug, quantity=1, actor=member, note="Sold out")
    undone = check_in(krug, 3, actor=member, size_ml=1500)
    stock.undo(action=undone.action, actor=owner)
    stock.open_bottle(wine=margaux, actor=member)
    stock.check_out(wine=margaux, quantity=2, reason=Reason.GIFT, recipient="Aunt", actor=owner, note="50 today")
    make_note(
        margaux, "Veilchen und Graphit", author=member, rating=Decimal("4.5"), scale="5", tasted_on=date(2025, 2, 3)
    )
    add_label(wine=margaux, kind="front", photo=sanitise(jpeg(), max_bytes=10**7))
    return owner


def back_up() -> bytes:
    file = BytesIO()
    archive.write_backup(file)
    return file.getvalue()


def restore(content: bytes, *, replace: bool = False) -> archive.Restored:
    return archive.restore(BytesIO(content), replace=replace)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return every row that is in archives, with all it holds."""
    return {label: list(QuerySet(model).order_by("pk").values()) for label, (_part, model) in parts.models().items()}


def empty() -> None:
    """Leave nothing here, as in a new instance."""
    for _part, model in parts.models().values():
        QuerySet(model)._raw_delete("default")


def members(content: bytes) -> Members:
    with zipfile.ZipFile(BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def manifest(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(members(content)["manifest.json"])
    return found


def but_for_the_time(content: bytes) -> Members:
    """Return what is in an archive, without when it was made."""
    found = members(content)
    found["manifest.json"] = json.dumps({**manifest(content), "created_at": ""}).encode()
    return found


def rows(content: bytes) -> Rows:
    return {
        name.removeprefix("data/").removesuffix(".jsonl"): [json.loads(line) for line in data.splitlines()]
        for name, data in members(content).items()
        if name.startswith("data/")
    }


def changed(content: bytes, change: Callable[[Rows], None]) -> bytes:
    """Return the archive with other rows, and a manifest that fits them."""
    changed_rows = rows(content)
    change(changed_rows)
    found = {name: data for name, data in members(content).items() if not name.startswith("data/")}
    for label, lines in changed_rows.items():
        found[f"data/{label}.jsonl"] = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    return put_together(found, rows={label: len(lines) for label, lines in changed_rows.items()})


def put_together(found: Members, **more: Any) -> bytes:
    """Return an archive of these members, with a manifest that fits them."""
    known = json.loads(found["manifest.json"])
    listed = [
        {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in found.items()
        if name != "manifest.json"
    ]
    return zipped({**found, "manifest.json": json.dumps({**known, "members": listed, **more}).encode()})


def zipped(found: Members) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in found.items():
            written.writestr(name, data)
    return file.getvalue()

"""Importing files in tests: written as text, planned and applied as the pages and the command do it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cellar.imports import applying, batches
from cellar.imports.files import LocalFile
from cellar.ledger import Actor
from cellar.models import ImportBatch, Stage

COLUMNS = (
    "iWine", "Barcode", "BottleState", "Vintage", "Wine", "Locale", "Producer", "Type", "Quantity", "BottleSize",
    "Location", "Bin", "Store", "PurchaseDate", "DeliveryDate", "BottleCost", "BottleCostCurrency",
    "BottleNote", "PurchaseNote", "ConsumptionDate", "ConsumptionType", "ShortType",
    "ConsumptionNote",
)  # fmt: skip


def bottle_line(barcode: str, state: int, **cells: str) -> str:
    """Return a line of CellarTracker's Bottles; `state` is -1 on order, 0 consumed, 1 in the cellar."""
    known = {
        "iWine": "77", "Barcode": barcode, "BottleState": str(state), "Vintage": "2015", "Wine": "Château Beispiel",
        "Locale": "France, Bordeaux", "Producer": "Château Beispiel", "Type": "Red", "Quantity": "1",
        "BottleSize": "750ml", "Location": "Keller" if state >= 0 else "(pending)", "Store": "Shop",
        "PurchaseDate": "3/4/2020", "DeliveryDate": "3/4/2020", "BottleCost": "20.5", "BottleCostCurrency": "EUR",
    }  # fmt: skip
    if state == 0:
        known |= {"ConsumptionDate": "12/24/2021", "ConsumptionType": "Drank from my cellar", "ShortType": "Drank"}
    known |= cells
    return "\t".join(known.get(column, "") for column in COLUMNS)


def bottles_file(folder: Path, *lines: str, name: str = "bottles.tsv") -> Path:
    return write(folder, "\n".join(["\t".join(COLUMNS), *lines]) + "\n", name=name)


def write(folder: Path, content: str | bytes, *, name: str = "wines.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def planned(*paths: Path, actor: Actor = None, other_drinks: bool = False, **choices: Any) -> ImportBatch:
    """Return the batch of some files, planned."""
    batch = batches.start(files_=[LocalFile(path, path.name) for path in paths], actor=actor, choices=choices)
    batches.take_other_drinks(batch=batch, wanted=other_drinks)
    while batch.stage == Stage.PLANNING:
        batches.plan_step(batch=batch)
    return batch


def applied(*paths: Path, actor: Actor = None, **choices: Any) -> ImportBatch:
    """Return the batch of some files, taken over."""
    batch = applying.begin(batch=planned(*paths, actor=actor, **choices))
    while batch.stage == Stage.STAGING:
        applying.apply_step(batch=batch)
    return batch


def outcomes(batch: ImportBatch) -> list[str]:
    return list(batch.rows.order_by("position").values_list("outcome", flat=True))

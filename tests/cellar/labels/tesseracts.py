"""Programs that answer as Tesseract does, with a text of the test's own, and labels drawn for the real one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

HEADER = "level page_num block_num par_num line_num word_num left top width height conf text"
KETTMEIR = ("KETTMEIR", "Müller Thurgau", "Alto Adige", "2019", "13% vol")


def reads(monkeypatch: pytest.MonkeyPatch, folder: Path, *lines: str) -> None:
    """Put a program in Tesseract's place that finds these lines on every photo."""
    table = ["\t".join(HEADER.split())]
    for number, line in enumerate(lines, start=1):
        for place, word in enumerate(line.split(), start=1):
            table.append(f"5\t1\t1\t1\t{number}\t{place}\t{150 * place}\t{100 * number}\t120\t40\t95\t{word}")
    folder.mkdir(exist_ok=True)
    (folder / "read.tsv").write_text("\n".join(table) + "\n", encoding="utf-8")
    put(monkeypatch, folder, f"cat '{folder}/read.tsv'")


def put(monkeypatch: pytest.MonkeyPatch, folder: Path, command: str) -> None:
    """Put a program in Tesseract's place that does that."""
    folder.mkdir(exist_ok=True)
    program = folder / "tesseract"
    program.write_text(f"#!/bin/sh\n{command}\n")
    program.chmod(0o755)
    monkeypatch.setitem(os.environ, "PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def is_missing(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Leave nothing to read labels with."""
    monkeypatch.setitem(os.environ, "PATH", str(folder))


def drawn_label(lines: Sequence[str] = KETTMEIR) -> bytes:
    """Return the photo of a label with these lines."""
    image = Image.new("RGB", (480, 640), "white")
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        pen.text((40, 80 + 80 * number), line, fill="black", font=ImageFont.load_default(36))
    content = BytesIO()
    image.save(content, "JPEG")
    return content.getvalue()

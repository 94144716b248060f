"""A table as XLSX, written as it is read: the libraries for it keep the whole sheet until the end, in memory or a file.

One sheet, texts within their cells, no formulas, no links; ECMA-376, parts 1 and 2.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from io import RawIOBase
from typing import Any
from xml.sax.saxutils import escape

from cellar.exports.inert import inert
from cellar.exports.tables import Cell, Record

PART = 200
LONGEST = 32_767  # characters of a cell, for Excel
EPOCH = date(1899, 12, 30)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Style 1 is a day, style 2 the bold header.
MEMBERS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}  # fmt: skip
SHEET_HEAD = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)
SHEET_END = "</sheetData></worksheet>"
# Characters that XML does not have, and texts that would be read as one of them.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_WRITTEN = re.compile(r"_x([0-9A-Fa-f]{4})_")


class _Pieces(RawIOBase):
    """What a ZIP was written to since it was looked at last."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken


def xlsx_file(header: Iterable[str], rows: Iterable[Record], *, title: str) -> Iterator[bytes]:
    """Yield the file piece by piece; the first piece comes before anything is asked of the database."""
    pieces = _Pieces()
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, text in MEMBERS.items():
            archive.writestr(name, _HEAD + text)
        archive.writestr("xl/workbook.xml", _HEAD + _workbook(title))
        yield pieces.taken()
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write((_HEAD + SHEET_HEAD).encode())
            sheet.write(_row([inert(name) for name in header], style=2).encode())
            buffer: list[str] = []
            for row in rows:
                buffer.append(_row(row))
                if len(buffer) == PART:
                    sheet.write("".join(buffer).encode())
                    buffer.clear()
                    yield pieces.taken()
            sheet.write("".join(buffer).encode())
            sheet.write(SHEET_END.encode())
    yield pieces.taken()


def _workbook(title: str) -> str:
    name = escape(title, {'"': "&quot;"})[:31]
    sheet = f'<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets>'
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{sheet}</workbook>'


def _row(row: Record, *, style: int = 0) -> str:
    return f"<row>{''.join([_cell(cell, style) for cell in row])}</row>"


def _cell(cell: Cell, style: int) -> str:
    if cell is None or cell == "":
        return "<c/>"
    if isinstance(cell, str):
        mark = f' s="{style}"' if style else ""
        return f'<c t="inlineStr"{mark}><is><t xml:space="preserve">{written(cell)}</t></is></c>'
    if isinstance(cell, date):
        # Excel takes 1900 for a leap year.
        is_countable = cell >= date(1900, 3, 1)
        return f'<c s="1"><v>{(cell - EPOCH).days}</v></c>' if is_countable else _cell(cell.isoformat(), style)
    return f"<c><v>{cell:f}</v></c>" if isinstance(cell, Decimal) else f"<c><v>{cell}</v></c>"


def written(text: str) -> str:
    """Return a text as it stands in the sheet: inert, and with what XML does not have as _x000B_."""
    safe = _UNWRITABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", inert(text)[:LONGEST])
    return escape(safe)


def as_it_was(text: str) -> str:
    """Return a text without the _x000B_ that `written` put there; readers of XLSX leave them as they are."""
    return _WRITTEN.sub(lambda match: chr(int(match[1], 16)), text)

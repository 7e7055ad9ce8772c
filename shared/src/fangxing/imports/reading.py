"""A workbook as it was filled in: cells as they stand, and what a person who looks at it would not see.

openpyxl reads the cells row by row; what it says of a sheet's size is not believed. It drops rows that are out of order
and knows neither hidden rows nor merged cells when it reads so, which a second look at the sheet's XML finds.
"""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader

from fangxing.errors import DomainError
from fangxing.imports.cells import Raw
from fangxing.imports.errors import GROWS_TOO_LARGE, UNREADABLE

MOST_COLUMNS = 60
"""The most columns a sheet may have."""
_MOST_UNPACKED = 64 * 1024 * 1024
# how many merged ranges and hidden rows of one sheet are worth naming
_MOST_MARKS = 1000


@dataclass(slots=True)
class Layout:
    """What a sheet's XML says that its cells do not: hidden rows and columns by number, merged ranges, its width."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


@dataclass(slots=True)
class RawSheet:
    """A sheet as it is; `rows` are those that hold anything, by number, without empty cells at their ends.

    `too_long`: there are more rows than were asked for; `too_wide`: there are cells beyond the last column.
    """

    title: str
    hidden: bool
    layout: Layout
    rows: dict[int, tuple[Raw, ...]] = field(default_factory=dict)
    too_long: bool = False
    too_wide: bool = False


def read_workbook(content: bytes, most_rows: int) -> list[RawSheet]:
    """The sheets of a workbook, of each at most `most_rows` below its headings.

    Raises `import-unreadable` or `import-grows-too-large`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_UNPACKED:
                raise GROWS_TOO_LARGE(most=_MOST_UNPACKED // 1024**2)
            _refuse_doctypes(archive)
            reader = ExcelReader(io.BytesIO(content), read_only=True, keep_links=False)
            reader.read()
            found = {sheet.name: (sheet.state, rel.target) for sheet, rel in reader.parser.find_sheets()}
            sheets = []
            for worksheet in reader.wb.worksheets:
                state, part = found[worksheet.title]
                with archive.open(part) as source:
                    sheet = RawSheet(worksheet.title, state != "visible", _layout(source))
                worksheet.reset_dimensions()
                _fill(sheet, worksheet.iter_rows(max_row=most_rows + 2, max_col=MOST_COLUMNS + 1), most_rows)
                sheets.append(sheet)
            return sheets
    except DomainError:
        raise
    except Exception as error:
        # a library that reads what a stranger made fails in whatever way it likes
        raise UNREADABLE() from error


def _fill(sheet: RawSheet, rows: Iterable[Iterable[object]], most_rows: int) -> None:
    for number, cells in enumerate(rows, 1):
        raw: list[Raw] = [(cell.value, cell.data_type) for cell in cells]  # type: ignore[attr-defined]
        while raw and raw[-1][0] is None:
            raw.pop()
        if not raw:
            continue
        if number > most_rows + 1:
            sheet.too_long = True
            return
        sheet.too_wide = sheet.too_wide or len(raw) > MOST_COLUMNS
        sheet.rows[number] = tuple(raw[:MOST_COLUMNS])


def _layout(source: IO[bytes]) -> Layout:
    layout, last = Layout(), 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal last
        match name.rpartition(" ")[2]:
            case "row":
                number = int(attributes.get("r", last + 1))
                if number <= last:
                    raise UNREADABLE()
                last = number
                if _is_hidden(attributes, "ht") and len(layout.hidden_rows) < _MOST_MARKS:
                    layout.hidden_rows.append(number)
            case "col" if _is_hidden(attributes, "width"):
                columns = range(int(attributes["min"]), min(int(attributes["max"]), MOST_COLUMNS) + 1)
                layout.hidden_columns += columns
            case "mergeCell" if len(layout.merged) < _MOST_MARKS:
                layout.merged.append(attributes["ref"])

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.ParseFile(source)
    return layout


def _is_hidden(attributes: dict[str, str], size: str) -> bool:
    return attributes.get("hidden") in ("1", "true") or float(attributes.get(size, 1)) == 0


class _SeenEnoughError(Exception):
    """The root element has begun: no DOCTYPE follows."""


def _refuse_doctypes(archive: zipfile.ZipFile) -> None:
    """No part of an honest workbook declares entities, which a parser would expand or fetch."""

    def refuse(*declared: object) -> None:
        raise UNREADABLE()

    def enough(*started: object) -> None:
        raise _SeenEnoughError

    for entry in archive.infolist():
        if not entry.filename.lower().endswith((".xml", ".rels")):
            continue
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, enough
        with archive.open(entry) as source:
            try:
                parser.ParseFile(source)
            except _SeenEnoughError:
                continue

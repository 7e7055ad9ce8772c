"""Files as people send them, and as attackers do."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pikepdf
import xlsxwriter
from PIL import Image

ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F
TYPES = "[Content_Types].xml"


def photo(*, kind: str = "JPEG", turn: int = 6, size: tuple[int, int] = (40, 20)) -> bytes:
    """A photo as a phone takes it: lying on its side, with its place and the maker of the phone."""
    picture = Image.new("RGB", size, "white")
    picture.putpixel((0, 0), (0, 0, 0))
    marks = Image.Exif()
    marks[ORIENTATION], marks[MAKE] = turn, "PhoneMaker"
    marks.get_ifd(GPS)[2] = (30.0, 15.0, 0.0)
    content = io.BytesIO()
    picture.save(content, kind, exif=marks)
    return content.getvalue()


def pdf(**root: Any) -> bytes:
    """A PDF of one page, with more in its root."""
    document = pikepdf.new()
    document.add_blank_page()
    for name, value in root.items():
        document.Root[f"/{name}"] = document.make_indirect(value)
    content = io.BytesIO()
    # packed into object streams, as most writers do: what acts cannot be found by searching the bytes
    document.save(content, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return content.getvalue()


def office(entries: Mapping[str, bytes], main: str = "xl/workbook.xml") -> bytes:
    """A workbook with further `entries`."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in {TYPES: b"<Types/>", main: b"<workbook/>", **entries}.items():
            archive.writestr(name, body)
    return content.getvalue()


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is computed."""

    text: str


Cell = str | int | float | bool | date | Formula | None


def workbook(sheets: Mapping[str, Sequence[Sequence[Cell]]], also: Callable[[Any], None] | None = None) -> bytes:
    """A workbook as somebody fills it in; `also` does the rest to xlsxwriter's."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for row, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    if isinstance(cell, Formula):
                        sheet.write_formula(row, place, cell.text)
                    elif isinstance(cell, date):
                        sheet.write_datetime(row, place, cell, day)
                    elif isinstance(cell, str):
                        sheet.write_string(row, place, cell)
                    elif cell is not None:
                        sheet.write(row, place, cell)
        if also is not None:
            also(book)
    return content.getvalue()

"""Lists as files: CSV (RFC 4180) for any program, and Excel, where identifiers stay text and amounts are numbers.

A file has a column for each value of a row that its reader may see, those of a nested shape each on its own; lists and
free JSON have no place in a table and are left out. A column is headed in the reader's language by the `Text` among its
field's annotations, else by the field's title or name.
"""

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import ExitStack, aclosing
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import IO, Annotated, Any, Literal, NamedTuple, Protocol, Union, get_args, get_origin
from uuid import UUID

import xlsxwriter
from pydantic import BaseModel
from starlette.responses import StreamingResponse

from fangxing.clock import FACTORY_ZONE
from fangxing.errors import ErrorType, Kind
from fangxing.labels import heading_of
from fangxing.sight import Roles, SeenBy
from fangxing.text import Language, Text

FileFormat = Literal["csv", "xlsx"]
MOST_ROWS = 50_000
"""The most rows of a file."""

EXPORT_TOO_LARGE = ErrorType(
    "export-too-large",
    Kind.INVALID,
    "超过 {most} 行，请缩小筛选范围后再导出",
    "There are more than {most} rows: narrow the list before exporting it",
    field="format",
)
EXPORT_BUSY = ErrorType(
    "export-busy",
    Kind.UNAVAILABLE,
    "正在导出的文件太多，请稍后再试",
    "Too many files are being made; try again in a moment",
)

MEDIA_TYPES: dict[FileFormat, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FILE_CONTENT = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in MEDIA_TYPES.values()}
"""A file in the document of the API."""
_IN_MEMORY = 1024 * 1024
_BLOCK = 64 * 1024

# what a spreadsheet takes for the beginning of a formula; a Chinese keyboard types the wide ones
_FORMULA = tuple("=+-@＝＋－＠")
# how many digits of a number and characters of a text Excel keeps, and the first year it knows
_DIGITS, _CHARACTERS, _FIRST_YEAR = 15, 32_767, 1900
_YES, _NO = Text("是", "yes"), Text("否", "no")

_SCALARS = (str, int, float, Decimal, date, UUID, Enum)
_Cell = str | int | float | Decimal | date | datetime | None

# so that files never take all the connections people's pages need
_running = asyncio.Semaphore(2)


class File(StreamingResponse):
    """A finished file on its way to the client."""

    def __init__(self, content: IO[bytes], name: str, format: FileFormat) -> None:
        size = content.seek(0, io.SEEK_END)
        content.seek(0)
        headers = {
            "Content-Disposition": f'attachment; filename="{name}.{format}"',
            "Content-Length": str(size),
            "X-Content-Type-Options": "nosniff",
        }
        super().__init__(_blocks(content), headers=headers, media_type=MEDIA_TYPES[format])


def _blocks(content: IO[bytes]) -> Iterator[bytes]:
    with content:
        while block := content.read(_BLOCK):
            yield block


class Column(NamedTuple):
    """One column of a file: the way to its value in a row, and its heading."""

    path: tuple[str, ...]
    heading: Text

    def cell(self, row: BaseModel, language: Language) -> _Cell:
        """The value of `row` as it is written."""
        value: Any = row
        for name in self.path:
            value = getattr(value, name, None)
        if isinstance(value, bool):
            return (_YES if value else _NO).say(language)
        if isinstance(value, datetime):
            return value.astimezone(FACTORY_ZONE).replace(tzinfo=None, microsecond=0)
        return str(value) if isinstance(value, UUID | Enum) else value


def columns_of(row: type[BaseModel], roles: Roles) -> list[Column]:
    """The columns of a list of `row` for a reader who acts in `roles`."""
    return list(_columns(row, roles, (), Text("", "")))


def _columns(shape: type[BaseModel], roles: Roles, path: tuple[str, ...], above: Text) -> Iterator[Column]:
    for name, info in shape.model_fields.items():
        if any(isinstance(item, SeenBy) and item.hides_from(roles) for item in info.metadata):
            continue
        own = heading_of(info.title or name, info.metadata)
        heading = Text(f"{above.zh} {own.zh}".strip(), f"{above.en} {own.en}".strip())
        kinds = _kinds(info.annotation)
        if all(issubclass(kind, _SCALARS) for kind in kinds):
            yield Column((*path, name), heading)
        elif len(kinds) == 1 and issubclass(kinds[0], BaseModel):
            yield from _columns(kinds[0], roles, (*path, name), heading)


def _kinds(annotation: Any) -> list[type]:
    """The classes of the values at an annotation, without null; `object` for what is no value of one cell."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kinds(arguments[0])
    if origin in (Union, UnionType):
        return [kind for argument in arguments if argument is not NoneType for kind in _kinds(argument)]
    if origin is Literal:
        return [type(argument) for argument in arguments]
    return [annotation if isinstance(annotation, type) and origin is None else object]


async def file_of(
    rows: AsyncGenerator[Sequence[BaseModel]],
    columns: Sequence[Column],
    language: Language,
    *,
    name: str,
    format: FileFormat,
) -> File:
    """The file `name` of all `rows`; raises `export-busy` where too many are being made."""
    if _running.locked():
        raise EXPORT_BUSY()
    async with _running, aclosing(rows):
        with ExitStack() as stack:
            content = stack.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
            sheet = _SHEETS[format](content, name, [column.heading.say(language) for column in columns])
            async for several in rows:
                # in a thread: thousands of cells at once would make everybody else wait
                await asyncio.to_thread(_write, sheet, several, columns, language)
            await asyncio.to_thread(sheet.close)
            file = File(content, name, format)
            stack.pop_all()
    return file


def _write(sheet: "_Sheet", rows: Sequence[BaseModel], columns: Sequence[Column], language: Language) -> None:
    for row in rows:
        sheet.write([column.cell(row, language) for column in columns])


class _Sheet(Protocol):
    """A table that grows by rows."""

    def __init__(self, content: IO[bytes], name: str, headings: Sequence[str]) -> None: ...

    def write(self, cells: Sequence[_Cell]) -> None: ...

    def close(self) -> None: ...


class _Csv:
    """A CSV file in UTF-8, with the mark by which Excel knows it."""

    def __init__(self, content: IO[bytes], name: str, headings: Sequence[str]) -> None:
        self._text = io.TextIOWrapper(content, "utf-8-sig", newline="")
        self._writer = csv.writer(self._text)
        self.write(headings)

    def write(self, cells: Sequence[_Cell]) -> None:
        self._writer.writerow([_plain(cell) for cell in cells])

    def close(self) -> None:
        self._text.detach()


def _plain(cell: _Cell) -> str:
    if isinstance(cell, str):
        # an apostrophe keeps a spreadsheet from running what a stranger typed
        return f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return "" if cell is None else format(cell, "f") if isinstance(cell, Decimal) else str(cell)


class _Excel:
    """An Excel file, written row by row."""

    def __init__(self, content: IO[bytes], name: str, headings: Sequence[str]) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(content, options)
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(headings) - 1, 16)
        self._formats: dict[str, Any] = {}
        bold = self._book.add_format({"bold": True})
        for place, heading in enumerate(headings):
            self._sheet.write_string(0, place, heading, bold)
        self._rows = 1

    def write(self, cells: Sequence[_Cell]) -> None:
        for place, cell in enumerate(cells):
            self._put(self._rows, place, cell)
        self._rows += 1

    def _put(self, row: int, place: int, cell: _Cell) -> None:
        if isinstance(cell, datetime) and cell.year >= _FIRST_YEAR:
            self._sheet.write_datetime(row, place, cell, self._format("yyyy-mm-dd hh:mm:ss"))
        elif isinstance(cell, date) and cell.year >= _FIRST_YEAR:
            self._sheet.write_datetime(row, place, cell, self._format("yyyy-mm-dd"))
        elif isinstance(cell, Decimal) and len(cell.as_tuple().digits) <= _DIGITS:
            places = -int(cell.as_tuple().exponent)
            self._sheet.write_number(row, place, float(cell), self._format("#,##0" + "." * (places > 0) + "0" * places))
        elif isinstance(cell, int | float) and len(str(abs(cell))) <= _DIGITS:
            self._sheet.write_number(row, place, cell)
        elif cell is not None:
            self._sheet.write_string(row, place, str(cell)[:_CHARACTERS])

    def _format(self, number: str) -> Any:
        if number not in self._formats:
            self._formats[number] = self._book.add_format({"num_format": number})
        return self._formats[number]

    def close(self) -> None:
        self._book.close()


_SHEETS: dict[FileFormat, type[_Sheet]] = {"csv": _Csv, "xlsx": _Excel}

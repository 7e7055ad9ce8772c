"""Workbooks that go out: the template to fill in, and the sent one with what is wrong at every cell."""

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter
from openpyxl.utils import column_index_from_string

from fangxing.imports.cells import spoken
from fangxing.imports.checking import FAULTS, NOTES, Fault
from fangxing.imports.declaring import Field, Import, Takes
from fangxing.imports.reading import RawSheet, read_workbook
from fangxing.text import Language, Text

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDTH = 18
# Excel shows no more of a list that is written into the cell's own rule
_LONGEST_LIST = 255
_LONGEST_TEXT = 32_000

_TAKEN: Mapping[Takes, Text] = {
    Takes.TEXT: Text("文本", "text"),
    Takes.WHOLE: Text("整数", "a whole number"),
    Takes.DECIMAL: Text("数字", "a number"),
    Takes.DATE: Text("日期", "a date"),
}
_REQUIRED, _OPTIONAL = Text("必填", "required"), Text("可不填", "may be left empty")
_IDENTIFIER = Text("编号，文本格式", "an identifier, as text")
_KEY = Text("不得重复", "each once")
_UNIQUE = Text("系统中不得已有", "not in the system yet")
_KNOWN = Text("系统中须已有", "in the system already")
_EXAMPLE = Text("例：{example}", "for example {example}")
_RULES = Text(
    "一行一条，不要公式、合并单元格、隐藏的行和列；首尾不留空格；最多 {most} 行。有一处错误即全部不入库。",
    "One row each, no formulas, merged cells or hidden rows and columns; no blanks at the ends; at most {most} rows. "
    "One error anywhere, and no row is stored.",
)
_HEADINGS = (Text("工作表", "sheet"), Text("列", "column"), Text("填写要求", "what it takes"))


def template(declared: Import, language: Language) -> bytes:
    """The workbook to fill in, with headings and notes in `language`."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        formats = {Takes.DATE: book.add_format({"num_format": "yyyy-mm-dd"})}
        text = book.add_format({"num_format": "@"})
        for sheet in declared.sheets:
            page = book.add_worksheet(sheet.title.say(language))
            page.freeze_panes(1, 0)
            for place, one in enumerate(sheet.fields):
                as_text = one.takes in (Takes.TEXT, Takes.CHOICE)
                page.set_column(place, place, _WIDTH, text if as_text else formats.get(one.takes))
                page.write_string(0, place, one.heading.say(language), bold)
                page.write_comment(0, place, note(one, language))
                choices = [said.say(language) for said in one.choices.values()]
                if choices and len(",".join(choices)) <= _LONGEST_LIST:
                    rule = {"validate": "list", "source": choices}
                    page.data_validation(1, place, declared.most_rows, place, rule)
        notes = book.add_worksheet(NOTES.say(language))
        notes.set_column(0, 1, _WIDTH)
        notes.set_column(2, 2, 80, wrapped)
        notes.write_string(0, 0, _RULES.say(language, most=declared.most_rows))
        lines = [[heading.say(language) for heading in _HEADINGS]]
        lines += [
            [sheet.title.say(language), one.heading.say(language), note(one, language)]
            for sheet in declared.sheets
            for one in sheet.fields
        ]
        for row, line in enumerate(lines, 2):
            for place, said in enumerate(line):
                notes.write_string(row, place, said, bold if row == 2 else None)
    return content.getvalue()


def note(one: Field, language: Language) -> str:
    """What a column takes, as people read it."""
    if one.column.identifier:
        kind = _IDENTIFIER
    else:
        kind = spoken(one.choices) if one.takes is Takes.CHOICE else _TAKEN[one.takes]
    said = [kind, _REQUIRED if one.required else _OPTIONAL]
    said += [
        text
        for text, holds in ((_KEY, one.column.key), (_UNIQUE, one.column.unique), (_KNOWN, one.column.known))
        if holds
    ]
    example = [_EXAMPLE.say(language, example=one.column.example)] if one.column.example else []
    return ("；" if language == "zh-CN" else "; ").join([*(text.say(language) for text in said), *example])


def annotated(content: bytes, most_rows: int, faults: Iterable[Fault], language: Language) -> bytes:
    """The sent workbook with its wrong cells in red, a comment at each, and at the end of a row all that is wrong.

    Raises `import-unreadable` or `import-grows-too-large`.
    """
    by_sheet: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_sheet[fault.sheet].append(fault)
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, _OPTIONS) as book:
        page = _Page(book, language)
        raws = read_workbook(content, most_rows)
        for raw in raws:
            page.write(raw, by_sheet.pop(raw.title, []))
        # what is said of a sheet that is not there
        rest = [fault for several in by_sheet.values() for fault in several]
        if rest or not raws:
            page.remark(rest, {raw.title for raw in raws})
    return written.getvalue()


class _Page:
    """Writes sheets of one annotated workbook."""

    def __init__(self, book: Any, language: Language) -> None:
        self._book, self._language = book, language
        self._formats = {
            (kind, wrong): book.add_format(
                {"num_format": number} | ({"bg_color": "#FFC7CE", "font_color": "#9C0006"} if wrong else {})
            )
            for kind, number in (
                ("text", "@"),
                ("number", "General"),
                ("date", "yyyy-mm-dd"),
                ("moment", "yyyy-mm-dd hh:mm"),
            )
            for wrong in (False, True)
        }

    def write(self, raw: RawSheet, faults: Sequence[Fault]) -> None:
        sheet = self._book.add_worksheet(raw.title)
        sheet.freeze_panes(1, 0)
        said = self._said(faults)
        width = self._place_of_faults(raw)
        sheet.set_column(0, max(width - 1, 0), _WIDTH)
        sheet.set_column(width, width, 60)
        sheet.write_string(0, width, FAULTS.say(self._language), self._formats["text", True])
        for number, cells in raw.rows.items():
            for place, (value, _) in enumerate(cells[:width]):
                self._put(sheet, number - 1, place, value, wrong=(number, place) in said)
        for (row, place), texts in said.items():
            sheet.write_comment(row - 1, place, "\n".join(texts)[:_LONGEST_TEXT])
        for row, line in self._lines(faults).items():
            # the heading of the column stands in the first row: what is about that, or the whole sheet, is beside it
            sheet.write_string(
                row - 1, width + (row == 1), "；".join(line)[:_LONGEST_TEXT], self._formats["text", True]
            )

    def remark(self, faults: Sequence[Fault], taken: set[str]) -> None:
        """A sheet of its own for what belongs to none."""
        title = next(title for title in (FAULTS.say(self._language), "fangxing") if title not in taken)
        sheet = self._book.add_worksheet(title)
        for row, fault in enumerate(faults):
            sheet.write_string(row, 0, fault.sheet)
            sheet.write_string(row, 1, fault.text.say(self._language))

    def _place_of_faults(self, raw: RawSheet) -> int:
        """Where the column of errors goes: where an earlier one stood, else behind the last."""
        headings = raw.rows.get(1, ())
        names = (FAULTS.zh, FAULTS.en)
        earlier = next((place for place, (value, _) in enumerate(headings) if value in names), None)
        return max((len(cells) for cells in raw.rows.values()), default=0) if earlier is None else earlier

    def _said(self, faults: Iterable[Fault]) -> dict[tuple[int, int], list[str]]:
        said: dict[tuple[int, int], list[str]] = defaultdict(list)
        for fault in faults:
            if fault.row and fault.column:
                place = column_index_from_string(fault.column) - 1
                said[fault.row, place].append(fault.text.say(self._language))
        return said

    def _lines(self, faults: Iterable[Fault]) -> dict[int, list[str]]:
        lines: dict[int, list[str]] = defaultdict(list)
        for fault in faults:
            heading = f"{fault.heading.say(self._language)}：" if fault.heading else ""
            lines[fault.row or 1].append(heading + fault.text.say(self._language))
        return lines

    def _put(self, sheet: Any, row: int, place: int, value: object, *, wrong: bool) -> None:
        if isinstance(value, datetime) and value.year >= 1900:
            kind = "date" if value.time() == time() else "moment"
            sheet.write_datetime(row, place, value, self._formats[kind, wrong])
        elif isinstance(value, date) and value.year >= 1900:
            sheet.write_datetime(row, place, value, self._formats["date", wrong])
        elif isinstance(value, bool):
            sheet.write_boolean(row, place, value, self._formats["number", wrong])
        elif isinstance(value, int | float) and abs(value) < 1e300:
            sheet.write_number(row, place, value, self._formats["number", wrong])
        elif value is not None:
            # a formula goes back as the text it is; one of an array is an object
            text = str(getattr(value, "text", value))
            sheet.write_string(row, place, text[:_LONGEST_TEXT], self._formats["text", wrong])
        elif wrong:
            sheet.write_blank(row, place, None, self._formats["text", True])

"""What a filled workbook holds, and everything that is wrong with it by itself, by sheet, row and column. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_from_string
from pydantic import ValidationError

from fangxing.errors import DomainError
from fangxing.imports import errors
from fangxing.imports.cells import Raw, read_cell
from fangxing.imports.declaring import Field, Filled, Finding, Import, Row, Sheet
from fangxing.imports.reading import MOST_COLUMNS, RawSheet, read_workbook
from fangxing.text import Text, normal
from fangxing.validation import Body, meaning

NOTES = Text("说明", "notes")
"""The sheet of a template that explains it; it is not read."""
FAULTS = Text("错误", "errors")
"""The column of an annotated workbook that says what is wrong; it is not read either."""
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """One error: where, and what. `column` is the letter; what is about a whole sheet has neither row nor column."""

    sheet: str
    row: int | None
    column: str | None
    heading: Text | None
    slug: str
    text: Text
    value: str = ""


@dataclass(slots=True)
class Candidate:
    """A row on its way to be one: the values its cells hold, the fields in error, and its body where there is none."""

    number: int
    values: dict[str, Any]
    wrong: set[str]
    body: Body | None = None


@dataclass(slots=True)
class Table:
    """A sheet that was found: its title in the file, the place of each field (0 is column A), and its rows."""

    sheet: Sheet[Any]
    title: str
    places: dict[str, int] = field(default_factory=dict)
    rows: list[Candidate] = field(default_factory=list)

    def values(self, name: str) -> Iterator[tuple[Candidate, Any]]:
        """The rows whose cell of that field holds what it should, with its value."""
        for row in self.rows:
            value = row.values.get(name)
            if value is not None and name not in row.wrong:
                yield row, value


@dataclass(slots=True)
class Checked:
    """A workbook that was looked through: its tables and its faults so far."""

    tables: list[Table] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def filled(self, hands: Mapping[str, list[str]]) -> Filled:
        """The rows that hold what they should."""
        return Filled(
            {
                table.sheet.row: [Row(table.sheet, row.number, row.body) for row in table.rows if row.body is not None]
                for table in self.tables
            },
            hands,
        )

    def find(self, finding: Finding) -> None:
        """Add what a rule of the feature found."""
        table = next(one for one in self.tables if one.sheet is finding.sheet)
        self.add(table, finding.row, finding.field, finding.error)

    def add(self, table: Table, row: int, name: str, error: DomainError, value: object = None) -> None:
        """Add an error of a cell."""
        heading = next(one.heading for one in table.sheet.fields if one.name == name)
        column = get_column_letter(table.places[name] + 1) if name in table.places else None
        self.faults.append(_fault(error, table.title, row, column, heading, value))

    def in_order(self) -> list[Fault]:
        """The faults as they stand in the workbook, from the first sheet to the last, from top left to bottom right."""
        place = {table.title: at for at, table in enumerate(self.tables)}

        def key(fault: Fault) -> tuple[int, int, int, str]:
            column = fault.column or ""
            return place.get(fault.sheet, len(place)), fault.row or 0, len(column), column

        return sorted(self.faults, key=key)


def _fault(
    error: DomainError,
    sheet: str,
    row: int | None = None,
    column: str | None = None,
    heading: Text | None = None,
    value: object = None,
) -> Fault:
    text = Text(error.say("zh-CN"), error.say("en"))
    return Fault(sheet, row, column, heading, error.type.slug, text, _shown(value))


def _shown(value: object) -> str:
    """A value for people to find it by; what a database cannot keep is left out."""
    return "" if value is None else "".join(one for one in str(value) if one.isprintable())[:_SHOWN]


def check_workbook(declared: Import, content: bytes) -> Checked:
    """Everything that can be told without the database.

    Raises `import-unreadable` or `import-grows-too-large`.
    """
    checked = Checked()
    raws = _sheets(declared, read_workbook(content, declared.most_rows), checked)
    for sheet, raw in raws:
        table = Table(sheet, raw.title)
        checked.tables.append(table)
        checked.faults += _of_layout(raw, declared.most_rows)
        _read_headings(table, raw, checked)
        _read_rows(table, raw, checked)
        if not table.rows:
            checked.faults.append(_fault(errors.SHEET_EMPTY(), raw.title))
        _find_twins(table, checked)
    _find_strangers(checked)
    return checked


def _sheets(declared: Import, raws: list[RawSheet], checked: Checked) -> list[tuple[Sheet[Any], RawSheet]]:
    """The sheets that are there, in the order they are declared in."""
    found: dict[int, RawSheet] = {}
    for raw in raws:
        if _same(raw.title, NOTES):
            continue
        at = next((at for at, sheet in enumerate(declared.sheets) if _same(raw.title, sheet.title)), None)
        if raw.hidden:
            checked.faults.append(_fault(errors.SHEET_HIDDEN(), raw.title))
        if at is None:
            # an empty one is what Excel itself puts into a new workbook
            if raw.rows:
                checked.faults.append(_fault(errors.SHEET_UNKNOWN(), raw.title))
        elif at in found:
            checked.faults.append(_fault(errors.SHEET_TWICE(), raw.title))
        else:
            found[at] = raw
    for at, sheet in enumerate(declared.sheets):
        if at not in found:
            checked.faults.append(_fault(errors.SHEET_MISSING(title=sheet.title), sheet.title.zh))
    return [(declared.sheets[at], raw) for at, raw in sorted(found.items(), key=lambda one: one[0])]


def _same(title: str, said: Text) -> bool:
    return normal(title) in (normal(said.zh), normal(said.en))


def _of_layout(raw: RawSheet, most_rows: int) -> Iterator[Fault]:
    if raw.too_long:
        yield _fault(errors.ROWS_TOO_MANY(most=most_rows), raw.title)
    if raw.too_wide:
        yield _fault(errors.COLUMNS_TOO_MANY(most=MOST_COLUMNS), raw.title)
    for row in raw.layout.hidden_rows:
        if row in raw.rows:
            yield _fault(errors.ROW_HIDDEN(), raw.title, row)
    width = max((len(cells) for cells in raw.rows.values()), default=0)
    for number in raw.layout.hidden_columns:
        if number <= width:
            yield _fault(errors.COLUMN_HIDDEN(), raw.title, 1, get_column_letter(number))
    for area in raw.layout.merged:
        column, row = coordinate_from_string(area.partition(":")[0])
        yield _fault(errors.MERGED(), raw.title, row, column, value=area)


def _read_headings(table: Table, raw: RawSheet, checked: Checked) -> None:
    for place, (value, _) in enumerate(raw.rows.get(1, ())):
        if value is None or _same(str(value), FAULTS):
            continue
        known = next((one for one in table.sheet.fields if _same(str(value), one.heading)), None)
        if known is not None and known.name not in table.places:
            table.places[known.name] = place
        else:
            error = errors.HEADING_UNKNOWN() if known is None else errors.HEADING_TWICE()
            checked.faults.append(_fault(error, table.title, 1, get_column_letter(place + 1), value=value))
    for one in table.sheet.fields:
        if one.required and one.name not in table.places:
            checked.faults.append(_fault(errors.HEADING_MISSING(heading=one.heading), table.title, 1))


def _read_rows(table: Table, raw: RawSheet, checked: Checked) -> None:
    headed = {place for place, (value, _) in enumerate(raw.rows.get(1, ())) if value is not None}
    # a column that is not there at all is said once, and not again in each row
    absent = {one.name for one in table.sheet.fields if one.name not in table.places}
    for number, cells in raw.rows.items():
        if number == 1:
            continue
        for place, (value, _) in enumerate(cells):
            if value is not None and place not in headed:
                column = get_column_letter(place + 1)
                checked.faults.append(_fault(errors.WITHOUT_HEADING(), table.title, number, column, value=value))
        row = Candidate(number, {}, set(absent))
        for one in table.sheet.fields:
            if one.name in table.places:
                _read_cell(table, row, one, _at(cells, table.places[one.name]), checked)
        _validate(table, row, checked)
        table.rows.append(row)


def _at(cells: tuple[Raw, ...], place: int) -> Raw:
    return cells[place] if place < len(cells) else (None, "n")


def _read_cell(table: Table, row: Candidate, one: Field, raw: Raw, checked: Checked) -> None:
    if raw[0] is None or raw[0] == "":
        return
    value = read_cell(one, raw)
    if isinstance(value, DomainError):
        row.wrong.add(one.name)
        checked.add(table, row.number, one.name, value, raw[0])
    else:
        row.values[one.name] = value


def _validate(table: Table, row: Candidate, checked: Checked) -> None:
    try:
        body = table.sheet.row.model_validate(row.values)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            name = str(item["loc"][0]) if item["loc"] else next(iter(table.sheet.row.model_fields))
            if name in row.wrong:
                continue
            row.wrong.add(name)
            heading = next(one.heading for one in table.sheet.fields if one.name == name)
            column = get_column_letter(table.places[name] + 1)
            slug, value = item["type"].replace("_", "-"), _shown(row.values.get(name))
            checked.faults.append(Fault(table.title, row.number, column, heading, slug, meaning(item), value))
    else:
        row.body = None if row.wrong - _optional(table) else body


def _optional(table: Table) -> set[str]:
    """The fields whose column is not there and need not be."""
    return {one.name for one in table.sheet.fields if not one.required and one.name not in table.places}


def _find_twins(table: Table, checked: Checked) -> None:
    """Two rows of the same keys; what has a key of its own that the database keeps unique is one by itself."""
    keys = [table.sheet.keys, *([one.name] for one in table.sheet.fields if one.column.unique is not None)]
    for names in {tuple(names) for names in keys if names}:
        first: dict[tuple[str, ...], int] = {}
        for row in table.rows:
            if row.wrong.intersection(names) or not row.values.keys() >= set(names):
                continue
            key = tuple(normal(str(row.values[name])) for name in names)
            earlier = first.setdefault(key, row.number)
            if earlier != row.number:
                value = row.values[names[0]]
                checked.add(table, row.number, names[0], errors.TWICE_IN_FILE(row=earlier), value)


def _find_strangers(checked: Checked) -> None:
    """Rows that refer to a row of another sheet which is not there."""
    by_shape = {table.sheet.row: table for table in checked.tables}
    for table in checked.tables:
        for one in table.sheet.fields:
            if one.column.of is None or (target := by_shape.get(one.column.of[0])) is None:
                continue
            name = one.column.of[1]
            there = {normal(str(row.values[name])) for row in target.rows if name in row.values}
            missing = errors.NOT_IN_SHEET(title=target.sheet.title)
            for row, value in table.values(one.name):
                if normal(str(value)) not in there:
                    checked.add(table, row.number, one.name, missing, value)


def columns_of(tables: Iterable[Table]) -> Iterator[tuple[Table, Field]]:
    """Every column that was found, with its table."""
    return ((table, one) for table in tables for one in table.sheet.fields if one.name in table.places)

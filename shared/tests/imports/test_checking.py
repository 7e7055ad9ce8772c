"""Every kind of error, each told by itself; and no cell, whatever it holds, breaks the check."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxing.errors import DomainError
from fangxing.imports.checking import Checked, check_workbook
from fangxing.imports.rules import FINAL, MOVES, WORDS, ImportStatus
from fangxing.imports.writing import annotated
from fangxing.moves import dead_ends, reachable
from fangxing_testing.sent import Cell, Formula, workbook
from fangxing_testing.toy.imports import SHOP, CustomerLine, OrderLine

CUSTOMERS: list[Cell] = ["客户编号", "名称", "销售专员"]
ORDERS: list[Cell] = ["订单编号", "客户编号", "状态", "吨", "金额（元）", "交货日"]
CUSTOMER: list[Cell] = ["001", "华纶", "wang"]
ORDER: list[Cell] = ["A-1", "001", "未完成", 1.5, 80000, date(2026, 4, 1)]
Also = Callable[[Any], None]


def checked(
    orders: list[list[Cell]],
    customers: list[list[Cell]] | None = None,
    also: Also | None = None,
    **sheets: list[list[Cell]],
) -> Checked:
    """What is found in a workbook of these sheets."""
    parts = {"客户": customers or [CUSTOMERS, CUSTOMER], "订单": orders, **sheets}
    return check_workbook(SHOP, workbook(parts, also))


def found(result: Checked) -> list[tuple[str, int | None, str | None, str]]:
    return [(one.sheet, one.row, one.column, one.slug) for one in result.in_order()]


def with_cell(column: int, value: Cell) -> list[list[Cell]]:
    return [ORDERS, [*ORDER[:column], value, *ORDER[column + 1 :]]]


@pytest.mark.parametrize(
    ("column", "value", "slug"),
    [
        (0, 110101199003071234, "cell-number-for-identifier"),
        (0, 1.5, "cell-number-for-identifier"),
        (0, date(2026, 3, 8), "cell-not-text"),
        (0, True, "cell-not-text"),
        (0, Formula("=1+1"), "cell-formula"),
        (0, Formula("#N/A"), "cell-formula"),
        (0, "A-1 ", "cell-blank-at-edge"),
        (0, "\u3000A-1", "cell-blank-at-edge"),
        (0, "A 1", "string-pattern-mismatch"),
        (0, None, "missing"),
        (1, "003", "cell-not-in-sheet"),
        (2, "关闭", "cell-not-a-choice"),
        (2, 1, "cell-not-a-choice"),
        (3, "1.5", "cell-not-a-number"),
        (3, "一吨半", "cell-not-a-number"),
        (3, 1.0001, "decimal-places"),
        (3, 0, "greater-than"),
        (3, 1e300, "cell-number-too-large"),
        (4, date(2026, 3, 8), "cell-not-a-number"),
        (4, 0.125, "decimal-places"),
        (4, True, "cell-not-a-number"),
        (5, "2026-04-01", "cell-not-a-date"),
        (5, "明天", "cell-not-a-date"),
        (5, 46113, "cell-not-a-date"),
        (5, datetime(2026, 4, 1, 8, 30), "cell-time-of-day"),  # noqa: DTZ001 - Excel knows no zones
    ],
)
def test_a_cell_that_does_not_hold_what_its_column_takes_is_named(column: int, value: Cell, slug: str) -> None:
    result = checked(with_cell(column, value))
    assert found(result) == [("订单", 2, "ABCDEF"[column], slug)]
    (fault,) = result.faults
    assert fault.heading is not None
    assert fault.text.zh
    assert fault.text.en != fault.text.zh


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (2, "open"),
        (2, "OPEN"),
        (2, "未完成"),
        (2, "done"),
        (3, 1),
        (4, 0.1),
        (4, 123456789012.34),
        (5, None),
        (5, date(2026, 1, 1)),
    ],
)
def test_what_a_column_takes_passes(column: int, value: Cell) -> None:
    assert found(checked(with_cell(column, value))) == []


def test_a_number_is_text_in_a_column_of_names_and_never_an_identifier() -> None:
    result = checked([ORDERS, ORDER], [CUSTOMERS, ["001", 1958, "wang"]])
    (row,) = result.filled({}).of(CustomerLine)
    assert (found(result), row.body.name) == ([], "1958")


def test_an_amount_is_what_excel_shows_of_it() -> None:
    content = changed(SHEET, b"<v>80000</v>", b"<v>80000.100000000006</v>")
    (row,) = check_workbook(SHOP, content).filled({}).of(OrderLine)
    assert row.body.value == Decimal("80000.10")


def test_rows_of_one_key_are_named_with_the_earlier_row() -> None:
    result = checked([ORDERS, ORDER, ["a-1", *ORDER[1:]]])
    assert found(result) == [("订单", 3, "A", "cell-twice-in-file")]
    assert result.faults[0].text.zh == "与第 2 行重复"


def test_blank_rows_and_the_notes_and_the_column_of_errors_are_not_read() -> None:
    blank: list[Cell] = []
    result = checked([[*ORDERS, "错误"], blank, [*ORDER, "吨：须为数字"], blank], 说明=[["随便"]], Sheet3=[])
    assert found(result) == []
    assert [row.number for row in result.filled({}).of(OrderLine)] == [3]


def sheet_of(book: Any, title: str = "订单") -> Any:
    return book.get_worksheet_by_name(title)


LAYOUTS: list[tuple[Also, tuple[str, int | None, str | None, str]]] = [
    (lambda book: sheet_of(book).set_row(1, None, None, {"hidden": True}), ("订单", 2, None, "import-row-hidden")),
    (lambda book: sheet_of(book).set_row(1, 0), ("订单", 2, None, "import-row-hidden")),
    (lambda book: sheet_of(book).set_column(3, 3, 5, None, {"hidden": True}), ("订单", 1, "D", "import-column-hidden")),
    (lambda book: sheet_of(book).set_column(3, 3, 0), ("订单", 1, "D", "import-column-hidden")),
    (lambda book: sheet_of(book).hide(), ("订单", None, None, "import-sheet-hidden")),
    (lambda book: sheet_of(book).very_hidden(), ("订单", None, None, "import-sheet-hidden")),
    (lambda book: book.add_worksheet("其他").write(0, 0, 1), ("其他", None, None, "import-sheet-unknown")),
    (lambda book: book.add_worksheet("orders").write(0, 0, 1), ("orders", None, None, "import-sheet-twice")),
    (lambda book: sheet_of(book).merge_range(4, 0, 5, 1, ""), ("订单", 5, "A", "import-merged")),
    (lambda book: sheet_of(book).write(1, 7, "x"), ("订单", 2, "H", "cell-without-heading")),
    (lambda book: sheet_of(book).write(0, 6, "备注"), ("订单", 1, "G", "import-heading-unknown")),
    (lambda book: sheet_of(book).write(0, 6, "order"), ("订单", 1, "G", "import-heading-twice")),
]


@pytest.mark.parametrize(("also", "fault"), LAYOUTS)
def test_what_a_person_would_not_see_is_named(also: Also, fault: tuple[str, int | None, str | None, str]) -> None:
    assert found(checked([ORDERS, ORDER], also=also)) == [fault]


def test_what_is_missing_is_said_once() -> None:
    without_tons = [one for place, one in enumerate(ORDERS) if place != 3]
    row = [one for place, one in enumerate(ORDER) if place != 3]
    assert found(checked([without_tons, row, ["A-2", *row[1:]]])) == [("订单", 1, None, "import-heading-missing")]
    assert found(checked([ORDERS])) == [("订单", None, None, "import-sheet-empty")]
    only = check_workbook(SHOP, workbook({"客户": [CUSTOMERS, CUSTOMER]}))
    assert found(only) == [("订单", None, None, "import-sheet-missing")]
    # a column that may be left empty may be left out
    assert found(checked([ORDERS[:5], ORDER[:5]])) == []


def test_too_many_rows_are_not_read_to_their_end() -> None:
    few = replace(SHOP, most_rows=20)
    many: list[list[Cell]] = [[f"A-{number}", *ORDER[1:]] for number in range(21)]
    for rows, faults in ((many[:20], []), (many, [("订单", None, None, "import-rows-too-many")])):
        content = workbook({"客户": [CUSTOMERS, CUSTOMER], "订单": [ORDERS, *rows]})
        assert found(check_workbook(few, content)) == faults


def changed(part: str, old: bytes, new: bytes) -> bytes:
    """An honest workbook with one of its parts changed by hand."""
    content = workbook({"客户": [CUSTOMERS, CUSTOMER], "订单": [ORDERS, ORDER]})
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in archive.namelist():
            body = archive.read(entry)
            if entry == part:
                assert old in body
                body = body.replace(old, new)
            made.writestr(entry, body)
    return written.getvalue()


SHEET = "xl/worksheets/sheet2.xml"
ENTITY = b'<!DOCTYPE x [<!ENTITY a "b">]>'


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04",
        changed(SHEET, b'<row r="2"', b'<row r="1"'),
        changed(SHEET, b'<row r="2"', b'<row r="x"'),
        changed(SHEET, b"</sheetData>", b""),
        changed(SHEET, b"<v>80000</v>", b"<v>8x</v>"),
        changed(SHEET, b"<v>80000</v>", b"<v>" + b"9" * 5000 + b"</v>"),
        changed("xl/sharedStrings.xml", b"<sst", ENTITY + b"<sst"),
        changed("xl/workbook.xml", b"<workbook", b"<work"),
    ],
)
def test_a_workbook_that_is_not_what_it_says_is_unreadable(content: bytes) -> None:
    with pytest.raises(DomainError, match="import-unreadable"):
        check_workbook(SHOP, content)


def test_a_sheet_whose_part_is_gone_is_missing() -> None:
    gone = changed("xl/_rels/workbook.xml.rels", b"sheet2.xml", b"sheet9.xml")
    assert found(check_workbook(SHOP, gone)) == [("订单", None, None, "import-sheet-missing")]


def test_a_sheet_that_lies_about_its_size_is_read_whole_and_one_far_below_takes_no_time() -> None:
    small = changed(SHEET, b'<dimension ref="A1:F2"/>', b'<dimension ref="A1"/>')
    assert found(check_workbook(SHOP, small)) == []
    far = changed(SHEET, b'<row r="2"', b'<row r="1048576"')
    assert found(check_workbook(SHOP, far)) != []


def test_what_grows_too_large_is_not_opened() -> None:
    content = io.BytesIO(workbook({"客户": [CUSTOMERS, CUSTOMER], "订单": [ORDERS, ORDER]}))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/x.bin", bytes(65 * 1024 * 1024))
    with pytest.raises(DomainError, match="import-grows-too-large"):
        check_workbook(SHOP, content.getvalue())


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1900, 1, 1), date(9999, 12, 31)),
    TEXTS,
    st.builds(lambda text: Formula(f"={text}"), st.text("ABC123+*()$:", max_size=10)),
    st.sampled_from(["A-1", "001", "未完成", "是", "客户编号", "2026-04-01", "=1+1", "１２", "1e5"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=8), min_size=1, max_size=5), st.booleans())
def test_whatever_cells_hold_they_are_read_or_named_and_the_annotated_workbook_can_be_made(
    rows: list[list[Cell]], headed: bool
) -> None:
    content = workbook({"客户": [CUSTOMERS, CUSTOMER], "订单": [ORDERS, *rows] if headed else rows})
    result = check_workbook(SHOP, content)
    faults = result.in_order()
    assert all(fault.text.zh and fault.text.en for fault in faults)
    made = annotated(content, SHOP.most_rows, faults, "en")
    # what was wrong is still wrong in it, and nothing else
    again = check_workbook(SHOP, made)
    assert {(one.row, one.column) for one in again.in_order() if one.row != 1} <= {
        (one.row, one.column) for one in faults
    }


def test_every_state_that_is_not_final_leads_on() -> None:
    assert dead_ends(MOVES, FINAL) == set()
    assert reachable(MOVES) == set(ImportStatus) == set(WORDS.states)
    assert set(WORDS.actions) == set(MOVES)

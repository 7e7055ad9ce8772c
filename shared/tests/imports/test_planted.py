"""200 errors planted in 5,000 rows: each one is listed, none besides, and each is marked in the annotated workbook."""

import io
import random
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import openpyxl

from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.sent import Cell, Formula, workbook
from fangxing_testing.toy.desk import CUSTOMERS, ORDERS, Desk
from fangxing_testing.toy.tables import CustomerRow

MANY_CUSTOMERS, MANY_ORDERS, PLANTED = 1000, 4000, 200
Place = tuple[str, int, str | None, str]
# column, what stands there instead, and how that is called
WRONG_CELLS: list[tuple[int, Cell, str]] = [
    (0, 330102199001011234, "cell-number-for-identifier"),
    (0, Formula("=A2"), "cell-formula"),
    (0, "A 1", "string-pattern-mismatch"),
    (0, None, "missing"),
    (1, "no-such", "cell-not-in-sheet"),
    (1, 7, "cell-number-for-identifier"),
    (2, "关闭", "cell-not-a-choice"),
    (2, "未完成 ", "cell-blank-at-edge"),
    (3, "1.5", "cell-not-a-number"),
    (3, 1.0005001, "decimal-places"),
    (3, -1, "greater-than"),
    (4, date(2026, 3, 8), "cell-not-a-number"),
    (4, 1e15, "cell-number-too-large"),
    (4, Formula("=1/3"), "cell-formula"),
    (5, "2026-04-01", "cell-not-a-date"),
    (5, 46113, "cell-not-a-date"),
    (5, datetime(2026, 4, 1, 8, 30), "cell-time-of-day"),  # noqa: DTZ001 - Excel knows no zones
]


def plant(chance: random.Random) -> tuple[bytes, set[Place], list[str]]:
    """The workbook, where its errors are, and the numbers of customers that the database must have already."""
    customers: list[list[Cell]] = [[f"C{number:05}", f"客户{number}", "wang"] for number in range(MANY_CUSTOMERS)]
    orders: list[list[Cell]] = [
        [
            f"A-{number}",
            f"C{number % MANY_CUSTOMERS:05}",
            "open",
            number / 1000 + 0.001,
            number + 0.01,
            date(2026, 4, 1),
        ]
        for number in range(MANY_ORDERS)
    ]
    there: list[str] = []
    hidden: list[int] = []
    merged: list[int] = []
    planted: set[Place] = set()
    # what other orders refer to stays as it is: each error is one
    for at in chance.sample(range(MANY_CUSTOMERS), 30):
        there.append(str(customers[at][0]))
        planted.add(("客户", at + 2, "A", "cell-in-database"))
    for at in chance.sample(range(1, MANY_ORDERS), PLANTED - len(planted)):
        kind = chance.randrange(len(WRONG_CELLS) + 3)
        if kind < len(WRONG_CELLS):
            column, value, slug = WRONG_CELLS[kind]
            orders[at][column] = value
            planted.add(("订单", at + 2, "ABCDEF"[column], slug))
        elif kind == len(WRONG_CELLS):
            hidden.append(at + 1)
            planted.add(("订单", at + 2, None, "import-row-hidden"))
        elif kind == len(WRONG_CELLS) + 1:
            merged.append(at + 1)
            planted.add(("订单", at + 2, "G", "import-merged"))
        else:
            orders[at][0] = "a-0"
            planted.add(("订单", at + 2, "A", "cell-twice-in-file"))

    def also(book: Any) -> None:
        sheet = book.get_worksheet_by_name("订单")
        for row in hidden:
            sheet.set_row(row, None, None, {"hidden": True})
        for row in merged:
            sheet.merge_range(row, 6, row, 7, "")

    return workbook({"客户": [CUSTOMERS, *customers], "订单": [ORDERS, *orders]}, also), planted, there


async def test_200_errors_planted_in_5000_rows_are_all_found_and_none_besides(writer: ServiceUnderTest) -> None:
    content, planted, there = plant(random.Random(20260302))
    assert len(planted) == PLANTED
    assert len({slug for *_, slug in planted}) >= 15
    async with writer.database.transaction() as tx:
        tx.add_all(CustomerRow(id=uuid4(), number=number.lower(), name="x", rep="li") for number in there)
    desk = Desk(writer)
    job = await desk.checked(content)
    assert (job["status"], job["errors"]) == ("refused", PLANTED)
    found: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while not found or after:
        page = await desk.read(job["id"], part="/errors", limit="150", **after)
        found += page["items"]
        after = {"after": page["next"]} if page["next"] else {}
    assert {(one["sheet"], one["row"], one["column"], one["slug"]) for one in found} == planted
    assert [one["number"] for one in found] == list(range(1, PLANTED + 1))
    answer = await writer.get(f"/imports/shop/{job['id']}/workbook", as_=desk.as_("rep"))
    assert marked(answer.content) == {(sheet, row) for sheet, row, *_ in planted}


def marked(content: bytes) -> set[tuple[str, int]]:
    """The rows of an annotated workbook that something is said of."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    rows: set[tuple[str, int]] = set()
    for sheet in book.worksheets:
        columns = [cell.value for cell in next(sheet.iter_rows(max_row=1))]
        place = columns.index("错误")
        rows |= {
            (sheet.title, number) for number, cells in enumerate(sheet.iter_rows(values_only=True), 1) if cells[place]
        } - {(sheet.title, 1)}
    return rows

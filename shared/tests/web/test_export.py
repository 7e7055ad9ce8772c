"""A list as a file: all of it, for its reader's eyes alone, and harmless in a spreadsheet."""

import asyncio
import csv
import io
import re
import zipfile
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID
from xml.etree import ElementTree

import pytest
from pydantic import BaseModel, Field

from fangxing.money import Tons, Yuan
from fangxing.roles import Role
from fangxing.sight import Group, SeenBy
from fangxing.text import Language, Text
from fangxing.web import export, listing
from fangxing.web.export import File, FileFormat, columns_of, file_of
from fangxing_testing.toy.shop import Shop
from fangxing_testing.toy.tables import OrderRow

MANAGER, REP, KEEPER = Role.SALES_MANAGER, Role.SALES_REP, Role.WAREHOUSE_KEEPER
MONEY = Group("money", frozenset({MANAGER}))
_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def lines(content: bytes) -> list[list[str]]:
    """A CSV file as any program reads it."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def cells(content: bytes) -> list[list[tuple[str, str, str]]]:
    """An Excel file's first twelve columns, each cell as its type, its value and its number format."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        styles = ElementTree.fromstring(book.read("xl/styles.xml"))
    formats = {item.get("numFmtId"): item.get("formatCode", "") for item in styles.iter(f"{_NAMESPACE}numFmt")}
    used = [formats.get(item.get("numFmtId"), "") for item in styles.find(f"{_NAMESPACE}cellXfs") or ()]
    table: list[list[tuple[str, str, str]]] = []
    for row in sheet.iter(f"{_NAMESPACE}row"):
        table.append([("", "", "")] * 12)
        for cell in row:
            content_of = (cell.get("t", "n"), "".join(cell.itertext()), used[int(cell.get("s", "0"))])
            table[-1][ord(cell.get("r", "A")[0]) - ord("A")] = content_of
    return table


async def test_a_file_holds_the_whole_list_as_it_was_asked_for(shop: Shop) -> None:
    for number in range(5):
        await shop.order(f"N-{number}", value=f"{number}.50", deliver_on=date(2026, 3, number + 1))
    answer = await shop.get(format="csv", sort="-number", deliver_from="2026-03-02", limit=2)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="orders.csv"'
    assert int(answer.headers["content-length"]) == len(answer.content)
    heading, *rows = lines(answer.content)
    assert heading == ["id", "订单编号", "客户", "status", "tons", "value", "deliver on", "ordered at"]
    assert [row[1] for row in rows] == ["N-4", "N-3", "N-2", "N-1"]
    assert rows[0][2:] == ["甲纺织", "open", "1.000", "4.50", "2026-03-05", "2026-03-02 09:00:00"]
    assert UUID(rows[0][0]).version == 7


async def test_headings_are_in_the_readers_language(shop: Shop) -> None:
    manager = shop.writer.identities.headers("li", MANAGER)
    answer = await shop.writer.get("/orders", as_={**manager, "Accept-Language": "en"}, format="csv")
    assert lines(answer.content) == [["id", "order", "customer", "status", "tons", "value", "deliver on", "ordered at"]]


async def test_a_file_keeps_to_the_scope_and_leaves_out_what_is_hidden(shop: Shop) -> None:
    await shop.order("mine", customer="甲", rep="wang")
    await shop.order("theirs", customer="乙", rep="zhao")
    rep = lines((await shop.get(who="wang", roles=(REP,), format="csv")).content)
    assert [row[1] for row in rep[1:]] == ["mine"]
    assert "value" in rep[0]
    keeper = await shop.get(roles=(KEEPER,), format="csv")
    assert "value" not in lines(keeper.content)[0]
    assert b"100.00" not in keeper.content
    book = cells((await shop.get(roles=(KEEPER,), format="xlsx")).content)
    assert "value" not in [text for _, text, _ in book[0]]
    assert {"100", "100.00"}.isdisjoint(text for row in book for _, text, _ in row)


async def test_excel_has_identifiers_as_text_amounts_as_numbers_and_days_as_days(shop: Shop) -> None:
    await shop.order("012345678901234567", value="-1234.50", tons="0.001", deliver_on=date(2026, 3, 2))
    answer = await shop.get(format="xlsx")
    assert answer.headers["content-type"] == export.MEDIA_TYPES["xlsx"]
    _, (_, number, customer, status, tons, value, deliver_on, ordered_at, *_) = cells(answer.content)
    assert number == ("inlineStr", "012345678901234567", "")
    assert (customer[1], status[1]) == ("甲纺织", "open")
    assert tons == ("n", "0.001", "#,##0.000")
    assert value == ("n", "-1234.5", "#,##0.00")
    assert deliver_on == ("n", "46083", "yyyy-mm-dd")
    assert ordered_at == ("n", "46083.375", "yyyy-mm-dd hh:mm:ss")


async def test_the_machinerys_own_lists_are_files_too(shop: Shop) -> None:
    note = await shop.writer.post(
        "/notes", {"text": "+1", "amount": "10.00"}, as_=shop.writer.identities.headers("li", MANAGER)
    )
    assert note.status_code == 201
    for path in ("/notes", "/tasks", "/decisions", "/dead-letters"):
        roles = (Role.ADMINISTRATOR, MANAGER)
        for format in ("csv", "xlsx"):
            answer = await shop.get(path, roles=roles, format=format)
            assert answer.status_code == 200, answer.text
    (heading, row) = lines((await shop.get("/notes", format="csv")).content)
    assert dict(zip(heading, row, strict=True))["text"] == "'+1"


async def test_a_list_that_is_too_long_is_refused_before_anything_is_sent(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_ROWS", 2)
    monkeypatch.setattr(listing, "_CHUNK", 1)
    for number in range(3):
        await shop.order(f"N-{number}")
    for format in ("csv", "xlsx"):
        answer = await shop.get(format=format)
        problem = answer.json()
        assert (answer.status_code, problem["slug"], problem["field"]) == (400, "export-too-large", "format")
        assert "2" in problem["title"]
        assert len(lines((await shop.get(format="csv", search="N-1")).content)) == 2
    async with shop.writer.database.transaction() as tx:
        await tx.delete(await tx.get_one(OrderRow, (await shop.get(limit=1)).json()["items"][0]["id"]))
    assert len(lines((await shop.get(format="csv")).content)) == 3


async def test_files_never_take_more_than_two_connections_at_a_time(shop: Shop) -> None:
    await shop.order("A")
    async with export._running, export._running:
        answer = await shop.get(format="csv")
        assert (answer.status_code, answer.json()["slug"], answer.headers["retry-after"]) == (503, "export-busy", "1")
        assert await shop.numbers() == ["A"]
    answers = await asyncio.gather(*(shop.get(format="xlsx") for _ in range(8)))
    assert {answer.status_code for answer in answers} <= {200, 503}
    assert (await shop.get(format="csv")).status_code == 200


class Grade(StrEnum):
    """A closed set."""

    A = "a"


class Terms(BaseModel):
    """A nested shape."""

    kind: Annotated[str, Text("方式", "kind")]
    price: Annotated[Yuan | None, SeenBy(MONEY)] = None


class Line(BaseModel):
    """A row with everything a row may have."""

    id: int = 1
    text: Annotated[str | None, Text("摘要", "text")] = None
    grade: Grade = Grade.A
    late: bool = False
    kind: Literal["x", "y"] = "x"
    tons: Tons | None = None
    amount: Decimal = Decimal("0.00")
    factor: float = 0.5
    on: date | None = None
    at: datetime | None = Field(None, title="moment")
    terms: Annotated[Terms | None, Text("结算", "terms")] = None
    lines: list[Terms] = []
    verdict: dict[str, Any] | None = None


async def made(
    *rows: Line, format: FileFormat, language: Language = "en", roles: frozenset[Role] = frozenset({MANAGER})
) -> bytes:
    """The file of `rows`."""

    async def in_chunks() -> AsyncGenerator[list[Line]]:
        for row in rows:
            yield [row]

    file = await file_of(in_chunks(), columns_of(Line, roles), language, name="lines", format=format)
    assert isinstance(file, File)
    return b"".join([block async for block in file.body_iterator if isinstance(block, bytes)])


async def test_nested_shapes_are_columns_and_lists_and_free_json_are_left_out() -> None:
    plain = ["id", "摘要", "grade", "late", "kind", "tons", "amount", "factor", "on", "moment"]
    terms = Terms.model_validate({"kind": "credit", "price": "5.00"})
    heading, full, empty = lines(await made(Line(terms=terms, late=True), Line(), format="csv", language="zh-CN"))
    assert heading == [*plain, "结算 方式", "结算 price"]
    assert full == ["1", "", "a", "是", "x", "", "0.00", "0.5", "", "", "credit", "5.00"]
    assert empty[3:] == ["否", "x", "", "0.00", "0.5", "", "", "", ""]
    heading, _ = lines(await made(Line(terms=terms), format="csv", roles=frozenset()))
    assert heading[-1] == "terms kind"


HOSTILE = [
    "=1+1",
    "+86 138",
    "-5",
    "@SUM(A1)",
    "  =1+1",
    "\t=1",
    "\r\n=1",
    "＝1+1",
    "－1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil")',
]
HARMLESS = [
    "a=1",
    "5-4",
    'say "yes", please',
    "two\r\nlines",
    "http://example.com",
    "1e5",
    "0012",
    "_x0041_",
    "a\x01b",
    "𠮷",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_what_a_stranger_typed_is_no_formula(text: str) -> None:
    _, row = lines(await made(Line(text=text), format="csv"))
    assert row[1] == f"'{text}"
    content = await made(Line(text=text), format="xlsx")
    kind, value, _ = cells(content)[1][1]
    assert (kind, value.strip()) == ("inlineStr", text.replace("\r", "_x000D_").strip())
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


@pytest.mark.parametrize("text", HARMLESS)
async def test_every_other_text_comes_through_as_it_is(text: str) -> None:
    _, row = lines(await made(Line(text=text), format="csv"))
    assert row[1] == text
    kind, value, _ = cells(await made(Line(text=text), format="xlsx"))[1][1]
    read = re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), value)
    assert (kind, read) == ("inlineStr", text)


async def test_amounts_and_weights_are_exact_and_numbers_beyond_excel_are_text() -> None:
    exact = Line(id=999_999_999_999_999, amount=Decimal("-999999999999.99"), tons=Decimal("0.001"))
    beyond = Line(id=1_000_000_000_000_000, amount=Decimal("1234567890123456.78"), on=date(1899, 12, 31))
    _, first, second = cells(await made(exact, beyond, format="xlsx"))
    assert first[0] == ("n", "999999999999999", "")
    assert first[6] == ("n", "-999999999999.99", "#,##0.00")
    assert second[0] == ("inlineStr", "1000000000000000", "")
    assert second[6] == ("inlineStr", "1234567890123456.78", "")
    assert second[8] == ("inlineStr", "1899-12-31", "")
    _, row, _ = lines(await made(exact, beyond, format="csv"))
    assert (row[5], row[6]) == ("0.001", "-999999999999.99")


async def test_a_text_longer_than_a_cell_is_cut_and_not_lost() -> None:
    _, row = cells(await made(Line(text="x" * 40_000), format="xlsx"))
    assert row[1][1] == "x" * 32_767


async def test_moments_are_by_the_factorys_clock() -> None:
    late = Line(at=datetime(2026, 3, 1, 23, 30, 0, 999_999, tzinfo=UTC))
    _, row = lines(await made(late, format="csv"))
    assert row[9] == "2026-03-02 07:30:00"

"""Paper: what a person reads on it, in his language, with his eyes, on as many sheets as it takes."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from fangxing.money import Tons, Yuan
from fangxing.printing import Copy, Paper, capitals
from fangxing.roles import Role
from fangxing.sight import Group, SeenBy
from fangxing.text import Text
from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.paper import margins, pages

MANAGER = frozenset({Role.SALES_MANAGER})
GUARD = frozenset({Role.GATE_GUARD})
MONEY = Group("money", MANAGER)

TEMPLATE = """
#let content(copy) = {
  code(copy)
  facts(copy.document, "number", ("signed_on", day), ("signed_at", moment))
  lines(copy.document, "lines", (("product", 1fr), ("tons", auto, number), ("price", auto, number)),
    total: (tons: copy.document.tons))
  sum(copy, "value")
  signatures((say("收货人", "consignee"), "王五"))
}
"""


class Line(BaseModel):
    """A line of a paper."""

    product: Annotated[str, Text("品名", "product")]
    tons: Annotated[Tons, Text("吨数", "tons")]
    price: Annotated[Yuan | None, Text("单价", "price"), SeenBy(MONEY)]


class Document(BaseModel):
    """A paper with hidden amounts."""

    number: Annotated[str, Text("编号", "number")]
    signed_on: Annotated[str, Text("日期", "signed on")] = "2026-02-03"
    signed_at: Annotated[str, Text("时间", "signed at")] = "2026-12-31T16:05:00Z"
    tons: Tons = Decimal("1234567.500")
    value: Annotated[Yuan | None, Text("货值", "value"), SeenBy(MONEY)] = Decimal("107000.53")
    lines: list[Line]


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    """A paper for the office and for the carrier, who sees no amounts."""
    template = tmp_path / "paper.typ"
    template.write_text(TEMPLATE, encoding="utf-8")
    copies = (Copy(Text("存根联", "office copy")), Copy(Text("承运人联", "carrier's copy"), reader=Role.GATE_GUARD))
    return Paper(Document, template, Text("送货单", "Delivery note"), copies=copies, capitals=("value",), code="number")


def document(lines: int = 1, product: str = "涤纶低弹丝") -> Document:
    """A paper with so many lines."""
    return Document(number="DN-1", lines=[Line(product=product, tons="9.998", price="8000.00") for _ in range(lines)])


def test_a_paper_is_chinese_with_its_numbers_its_dates_and_its_sum_in_capitals(paper: Paper) -> None:
    office, carrier = pages(paper.pdf(document(), "DN-1", MANAGER, "zh-CN"))
    for expected in (
        "送货单",
        "存根联",
        "编号",
        "DN-1",
        "2026年2月3日",
        "2027年1月1日 00:05",
        "涤纶低弹丝",
        "8,000.00",
    ):
        assert expected in office
    assert "合计 1,234,567.500" in office
    assert "¥ 107,000.53" in office
    assert "人民币（大写）：壹拾万柒仟元伍角叁分" in office
    assert "第 1 页 共 1 页" in office
    assert "承运人联" in carrier


def test_a_copy_shows_what_its_reader_sees_and_never_more_than_who_prints_it(paper: Paper) -> None:
    office, carrier = pages(paper.pdf(document(), "DN-1", MANAGER, "zh-CN"))
    assert "8,000.00" in office
    for hidden in ("单价", "8,000.00", "货值", "107,000.53", "壹拾万"):
        assert hidden not in carrier
    assert "9.998" in carrier
    for sheet in pages(paper.pdf(document(), "DN-1", GUARD, "zh-CN")):
        assert "8,000.00" not in sheet
        assert "107,000.53" not in sheet


def test_each_copy_counts_its_own_pages_and_repeats_the_head_of_its_table(paper: Paper) -> None:
    sheets = pages(paper.pdf(document(lines=60), "DN-1", MANAGER, "zh-CN"))
    assert len(sheets) == 4
    for place, sheet in enumerate(sheets):
        assert f"第 {place % 2 + 1} 页 共 2 页" in sheet
        assert "品名" in sheet
        assert "DN-1" in sheet


def test_english_on_request(paper: Paper) -> None:
    office = pages(paper.pdf(document(), "DN-1", MANAGER, "en"))[0]
    for expected in (
        "Delivery note",
        "office copy",
        "number",
        "2026-02-03",
        "2027-01-01 00:05",
        "total",
        "page 1 of 1",
    ):
        assert expected in office
    assert "人民币" not in office


def test_the_same_data_makes_the_same_bytes(paper: Paper) -> None:
    first, again = (paper.pdf(document(), "DN-1", MANAGER, "zh-CN") for _ in range(2))
    assert first == again
    assert first != paper.pdf(document(lines=2), "DN-1", MANAGER, "zh-CN")


@pytest.mark.parametrize(
    "typed", ['#panic("x")', "$x$ *b* _i_ <end> @ref `raw`", '"quoted" \\', "= title // note", "[]}{"]
)
def test_what_a_person_typed_is_printed_and_not_obeyed(paper: Paper, typed: str) -> None:
    assert typed in pages(paper.pdf(document(product=typed), "DN-1", MANAGER, "zh-CN"))[0]


def test_everything_stands_on_the_sheet(paper: Paper) -> None:
    content = paper.pdf(document(lines=60, product="涤纶低弹丝 " * 60), "DN-1", MANAGER, "zh-CN")
    width, height = margins(content)
    assert width < 0.95
    assert height < 0.97


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0.00", "零元整"),
        ("0.05", "伍分"),
        ("10.05", "壹拾元零伍分"),
        ("1001.00", "壹仟零壹元整"),
        ("20300.50", "贰万零叁佰元伍角"),
        ("100010000.10", "壹亿零壹万元壹角"),
        ("-5.10", "负伍元壹角"),
    ],
)
def test_a_sum_in_capitals(amount: str, said: str) -> None:
    assert capitals(Decimal(amount)) == said


DIGITS = {**{character: place for place, character in enumerate("零壹贰叁肆伍陆柒捌玖")}}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def _read(said: str) -> int:
    """The cents that capitals say."""
    cents = total = section = digit = 0
    for character in said.removesuffix("整"):
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in UNITS:
            section, digit = section + digit * UNITS[character], 0
        elif character in "万亿元":
            worth = {"万": 10_000, "亿": 100_000_000, "元": 1}[character]
            section, digit = section + digit, 0
            total, section = (total + section, 0) if worth == 1 else (total + section * worth, 0)
        else:
            cents, digit = cents + digit * {"角": 10, "分": 1}[character], 0
    return total * 100 + cents


@given(st.integers(min_value=0, max_value=99_999_999_999_999))
def test_capitals_say_every_amount_to_the_cent(cents: int) -> None:
    assert _read(capitals(Decimal(cents).scaleb(-2))) == cents


async def test_a_document_of_a_service_is_printed(writer: ServiceUnderTest) -> None:
    rep = writer.identities.headers("rep", Role.SALES_REP)
    filed = (await writer.post("/papers", {"title": "便条"}, as_=rep)).json()
    answer = await writer.get(f"/papers/{filed['id']}/print", as_=rep)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    office, customer = pages(answer.content)
    assert "便条" in office
    assert "客户联" in customer

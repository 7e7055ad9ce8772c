"""Customers move in by a workbook: the template filled in, two people, and what `open_customer` demands of each row."""

import io
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import openpyxl
from sqlalchemy import func, select

from customer_svc.customers.importing import CUSTOMER_IMPORT
from customer_svc.customers.store import Customer
from fangxing.imports.working import work_on_next
from fangxing.roles import Role
from fangxing_testing.sent import Cell, workbook

if TYPE_CHECKING:
    from conftest import Office

HEADINGS = ("客户编号", "客户名称", "地址", "联系人", "销售专员", "结算方式", "赊销天数")
IMPORTS = {"customers": CUSTOMER_IMPORT}
PATH = "/imports/customers"


def book(*rows: tuple[Cell, ...]) -> bytes:
    return workbook({"客户": [HEADINGS, *rows]})


def line(number: str, rep: str = "rep1", terms: str = "赊销", days: Cell = 30) -> tuple[Cell, ...]:
    return number, "华纶", "绍兴", "王", rep, terms, days


async def checked(office: "Office", content: bytes) -> dict[str, Any]:
    """The import of a workbook that the sales manager sends."""
    headers = {"Idempotency-Key": uuid4().hex, **office.as_("manager")}
    sent = await office.svc.client.post(PATH, params={"name": "客户.xlsx"}, headers=headers, content=content)
    assert sent.status_code == 201, sent.text
    await work_on_next(office.svc.runtime, IMPORTS)
    return dict(await office.read(f"{PATH}/{sent.json()['id']}", "manager"))


async def stored(office: "Office", job: dict[str, Any]) -> dict[str, Any]:
    """The import, once both have said yes and the worker has stored it."""
    job = await office.done("manager", f"{PATH}/{job['id']}/submission")
    yes = {"decision": "approve", "seen_hash": job["approval"]["hash"]}
    await office.done("finance", f"{PATH}/{job['id']}/decisions", yes)
    await work_on_next(office.svc.runtime, IMPORTS)
    return dict(await office.read(f"{PATH}/{job['id']}", "manager"))


async def test_2_5_2_each_row_opens_an_ungraded_customer_of_its_rep_as_by_hand(office: "Office") -> None:
    rows = (line("K-1"), line("007", "rep2", "款到发货", None), line("K-3", "rep2", "cash on delivery", 0))
    job = await checked(office, book(*rows))
    assert (job["status"], job["rows"]) == ("checked", {"客户": 3})
    assert await office.svc.published() == []
    assert (await stored(office, job))["status"] == "done"
    (moved_in,) = (await office.read("/customers", "rep1"))["items"]
    by_hand = await office.customer("rep1", number="K-2")
    of_its_own = ("id", "number", "account_id")
    assert {k: v for k, v in moved_in.items() if k not in of_its_own} == {
        k: v for k, v in by_hand.items() if k not in of_its_own
    }
    assert {one["number"] for one in (await office.read("/customers", "rep2"))["items"]} == {"007", "K-3"}
    opened = await office.events("CustomerOpened")
    assert [event.data["number"] for event in opened] == ["K-1", "007", "K-3", "K-2"]
    first, by_hand_event = opened[0], opened[-1]
    assert first.version == by_hand_event.version == 1
    assert first.data["position"] == {
        **by_hand_event.data["position"],
        "account_id": moved_in["account_id"],
    }
    assert await office.account(moved_in) == {**await office.account(by_hand), "id": moved_in["account_id"]}


async def test_2_4_2_3_what_is_refused_by_hand_is_refused_in_a_row(office: "Office") -> None:
    await office.customer("rep1", number="K-1")
    await office.svc.staff("wang", Role.ACCOUNTANT)
    wrong = (
        line("k-1"),
        line("K-2", days=0),
        line("K-3", terms="款到发货"),
        line("K-4", days=181),
        line("K-5", "rep 1"),
        line("K-7", "wang"),
    )
    job = await checked(office, book(line("K-6"), *wrong))
    assert (job["status"], job["errors"]) == ("refused", 6)
    found = (await office.read(f"{PATH}/{job['id']}/errors", "manager"))["items"]
    assert [(one["row"], one["column"], one["slug"]) for one in found] == [
        (3, "A", "cell-in-database"),
        (4, "G", "terms-days"),
        (5, "G", "terms-days"),
        (6, "G", "less-than-equal"),
        (7, "E", "string-pattern-mismatch"),
        (8, "E", "staff-not-in-role"),
    ]
    assert len((await office.read("/customers"))["items"]) == 1


async def test_5000_customers_move_in_at_once(office: "Office") -> None:
    many = [line(f"K-{number}", f"rep{number % 7}") for number in range(5000)]
    job = await stored(office, await checked(office, book(*many)))
    assert (job["status"], job["stored"]) == ("done", 5000)
    async with office.svc.database.reader() as reader:
        assert await reader.scalar(select(func.count()).select_from(Customer)) == 5000
    opened = await office.events("CustomerOpened")
    assert len({event.document for event in opened}) == len({event.data["account_id"] for event in opened}) == 5000


async def test_the_template_names_what_a_customers_file_takes(office: "Office") -> None:
    answer = await office.svc.get(f"{PATH}/template", as_=office.as_("manager"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["客户"]
    assert tuple(cell.value for cell in sheet[1]) == HEADINGS
    assert sheet["A1"].comment.text == "编号，文本格式；必填；不得重复；系统中不得已有；例：K-0001"
    assert sheet["F1"].comment.text == "赊销、款到发货、货到收款；必填"

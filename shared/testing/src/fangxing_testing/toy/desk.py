"""Somebody who sends workbooks to the toy writer, who confirms them, and the worker behind."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import func, select

from fangxing.imports.declaring import Import
from fangxing.imports.working import work_on_next
from fangxing.roles import Role
from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.sent import Cell, workbook
from fangxing_testing.toy.imports import SHOP
from fangxing_testing.toy.tables import CustomerRow, OrderRow

CUSTOMERS = ("客户编号", "名称", "销售专员")
ORDERS = ("订单编号", "客户编号", "状态", "吨", "金额（元）", "交货日")


def shop(
    *orders: tuple[Cell, ...],
    customers: tuple[tuple[Cell, ...], ...] = (("001", "华纶", "wang"), ("002", "百宏", "li")),
) -> bytes:
    """A workbook of two customers and `orders`, by default one each."""
    rows = orders or (
        ("A-1", "001", "未完成", 1.5, 80000, date(2026, 4, 1)),
        ("A-2", "002", "done", 2, 0.1, None),
    )
    return workbook({"客户": [CUSTOMERS, *customers], "orders": [ORDERS, *rows]})


@dataclass
class Desk:
    """Somebody who sends workbooks, and the worker behind."""

    svc: ServiceUnderTest

    def as_(self, person: str) -> dict[str, str]:
        """The headers of a person; `boss` confirms, `both` may do both."""
        role = {"boss": Role.FINANCE_MANAGER, "guard": Role.GATE_GUARD}.get(person, Role.SALES_REP)
        return self.svc.identities.headers(person, role, Role.FINANCE_MANAGER if person == "both" else role)

    async def send(self, content: bytes, person: str = "rep", name: str = "客户.xlsx") -> httpx.Response:
        """Send a workbook."""
        headers = {"Idempotency-Key": uuid4().hex, "Content-Type": "application/octet-stream", **self.as_(person)}
        return await self.svc.client.post("/imports/shop", params={"name": name}, headers=headers, content=content)

    async def worked(self, imports: dict[str, Import] | None = None) -> None:
        """Let the worker do whatever waits."""
        while await work_on_next(self.svc.runtime, imports or {"shop": SHOP}):
            pass

    async def checked(self, content: bytes, person: str = "rep") -> dict[str, Any]:
        """An import that the worker has checked."""
        sent = await self.send(content, person)
        assert sent.status_code == 201, sent.text
        assert sent.json()["status"] == "uploaded"
        await self.worked()
        return dict(await self.read(sent.json()["id"], person))

    async def read(self, id: str, person: str = "rep", part: str = "", **query: Any) -> Any:
        """An import, or a part of it."""
        answer = await self.svc.get(f"/imports/shop/{id}{part}", as_=self.as_(person), **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def act(self, id: str, what: str, person: str = "rep", body: Any = None) -> tuple[int, Any]:
        """Status and answer of what somebody does with an import."""
        answer = await self.svc.post(f"/imports/shop/{id}/{what}", body, as_=self.as_(person))
        return answer.status_code, answer.json()

    async def confirmed(self, content: bytes) -> dict[str, Any]:
        """An import that both have said yes to, and the worker has not stored yet."""
        job = await self.checked(content)
        status, job = await self.act(job["id"], "submission")
        assert status == 200, job
        status, job = await self.act(job["id"], "decisions", "boss", yes(job))
        assert (status, job["status"]) == (200, "storing"), job
        return dict(job)

    async def stored(self) -> tuple[int, int]:
        """How many customers and orders there are."""
        async with self.svc.database.reader() as reader:
            customers = await reader.scalar(select(func.count()).select_from(CustomerRow))
            return customers or 0, await reader.scalar(select(func.count()).select_from(OrderRow)) or 0


def yes(job: dict[str, Any], decision: str = "approve") -> dict[str, Any]:
    """A decision on what was seen."""
    return {"decision": decision, "seen_hash": job["approval"]["hash"]}

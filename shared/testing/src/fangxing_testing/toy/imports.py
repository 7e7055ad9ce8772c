"""The toy writer's imports: customers and their orders in one workbook, confirmed by a second person."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated

from sqlalchemy import insert

from fangxing.ids import new_id
from fangxing.imports.declaring import Column, Filled, Import, Sheet
from fangxing.money import PositiveTons, PositiveYuan
from fangxing.roles import Role
from fangxing.text import Code, Line, Text
from fangxing.validation import Body
from fangxing.web.edge import router as edge_router
from fangxing.web.imports import import_routes
from fangxing.work import Work
from fangxing_testing.toy.service import IMPORT_ROUTE
from fangxing_testing.toy.tables import CustomerRow, OrderRow, Status


class CustomerLine(Body):
    """A customer in the workbook."""

    number: Annotated[Code, Text("客户编号", "number"), Column(key=True, identifier=True, unique=CustomerRow.number)]
    name: Annotated[Line, Text("名称", "name"), Column(example="华纶")]
    rep: Annotated[Code, Text("销售专员", "rep"), Column(identifier=True)]


class OrderLine(Body):
    """An order in the workbook."""

    number: Annotated[Code, Text("订单编号", "order"), Column(key=True, identifier=True, unique=OrderRow.number)]
    customer: Annotated[Code, Text("客户编号", "customer"), Column(identifier=True, of=(CustomerLine, "number"))]
    status: Annotated[Status, Text("状态", "state"), Column(words={Status.OPEN: Text("未完成", "open")})]
    tons: Annotated[PositiveTons, Text("吨", "tons")]
    value: Annotated[PositiveYuan, Text("金额（元）", "value (yuan)")]
    deliver_on: Annotated[date | None, Text("交货日", "deliver on")] = None


async def store(work: Work, filled: Filled) -> AsyncIterator[int]:
    """Store customers and orders."""
    customers = [{"id": new_id(), **row.body.model_dump()} for row in filled.of(CustomerLine)]
    ids = {one["number"].lower(): one["id"] for one in customers}
    await work.tx.execute(insert(CustomerRow), customers)
    yield len(customers)
    orders = [row.body for row in filled.of(OrderLine)]
    rows = [{**one.model_dump(exclude={"customer"}), "customer_id": ids[one.customer.lower()]} for one in orders]
    await work.tx.execute(insert(OrderRow), [{"id": new_id(), "ordered_at": work.now, **row} for row in rows])
    yield len(customers) + len(rows)


SHOP = Import(
    "shop",
    Text("客户与订单", "customers and orders"),
    clause="0-1",
    sheets=[Sheet(Text("客户", "customers"), CustomerLine), Sheet(Text("订单", "orders"), OrderLine)],
    store=store,
    roles=[Role.SALES_REP],
    route=IMPORT_ROUTE,
    deciders=[Role.FINANCE_MANAGER],
)
router = edge_router("imports")
import_routes(router, SHOP)

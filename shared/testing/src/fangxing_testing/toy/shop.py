"""Customers and orders in the toy writer, and people who look at them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx

from fangxing.ids import new_id
from fangxing.roles import Role
from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.toy.tables import CustomerRow, OrderRow, Status

ORDERED_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class Shop:
    """The toy writer with customers and orders in it."""

    writer: ServiceUnderTest
    _customers: dict[str, UUID] = field(default_factory=dict)

    async def customer(self, name: str, *, rep: str = "wang", number: str | None = None) -> UUID:
        """The customer `name`, whom this opens at the first mention."""
        if name not in self._customers:
            row = CustomerRow(id=new_id(), number=number or f"C-{len(self._customers)}", name=name, rep=rep)
            async with self.writer.database.transaction() as tx:
                tx.add(row)
            self._customers[name] = row.id
        return self._customers[name]

    async def order(
        self,
        number: str,
        *,
        customer: str = "甲纺织",
        rep: str = "wang",
        status: Status = Status.OPEN,
        value: str = "100.00",
        tons: str = "1.000",
        deliver_on: date | None = None,
        ordered_at: datetime = ORDERED_AT,
    ) -> UUID:
        """A new order of `customer`, whose rep is `rep`."""
        row = OrderRow(
            id=new_id(),
            number=number,
            customer_id=await self.customer(customer, rep=rep),
            status=status,
            tons=Decimal(tons),
            value=Decimal(value),
            deliver_on=deliver_on,
            ordered_at=ordered_at,
        )
        async with self.writer.database.transaction() as tx:
            tx.add(row)
        return row.id

    async def get(
        self, path: str = "/orders", *, who: str = "li", roles: tuple[Role, ...] = (Role.SALES_MANAGER,), **query: Any
    ) -> httpx.Response:
        """What `who` gets in `roles`; by default a manager, who sees everything."""
        return await self.writer.get(path, as_=self.writer.identities.headers(who, *roles), **query)

    async def numbers(self, **asked: Any) -> list[str]:
        """The numbers of the orders on the page that `get` gets."""
        answer = await self.get(**asked)
        assert answer.status_code == 200, answer.text
        return [order["number"] for order in answer.json()["items"]]

    async def walk(self, **asked: Any) -> list[dict[str, Any]]:
        """All orders, page by page."""
        found: list[dict[str, Any]] = []
        after: dict[str, Any] = {}
        while True:
            answer = (await self.get(**asked, **after)).json()
            found += answer["items"]
            if answer["next"] is None:
                return found
            after = {"after": answer["next"]}

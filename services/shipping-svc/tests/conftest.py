"""Fixtures of shipping-svc's tests: a customer with a limit and an order, as the other services would have told."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from fangxing.embedded.postgres import PostgresServer
from fangxing.ids import new_id
from fangxing.roles import Role
from fangxing.testing.harness import FixedClock, ServiceUnderTest, service_under_test
from fangxing.testing.identity import Identities
from shipping_svc.main import SERVICE


@dataclass
class Yard:
    """shipping-svc with helpers that speak as the people and the services around it."""

    svc: ServiceUnderTest
    clock: FixedClock
    versions: dict[UUID, int] = field(default_factory=dict)

    def as_(self, subject: str, *roles: Role) -> dict[str, str]:
        """The headers of a person."""
        return self.svc.identities.headers(subject, *roles)

    @property
    def rep(self) -> dict[str, str]:
        """The rep of every customer here."""
        return self.as_("rep1", Role.SALES_REP)

    @property
    def accountant(self) -> dict[str, str]:
        """The accountant."""
        return self.as_("accountant", Role.ACCOUNTANT)

    @property
    def manager(self) -> dict[str, str]:
        """The sales manager."""
        return self.as_("manager", Role.SALES_MANAGER)

    @property
    def gm(self) -> dict[str, str]:
        """The general manager."""
        return self.as_("gm", Role.GENERAL_MANAGER)

    async def customer(self, rep: str = "rep1", **position: Any) -> UUID:
        """A customer that is its own account, with a position; returns the account's id."""
        account = new_id()
        data = {"customer_id": str(account), "account_id": str(account), "number": "K1", "name": "华纶", "rep": rep}
        await self.svc.deliver(
            "customer.CustomerOpened.v1", data, key=str(account), document=f"customer/{account}", version=1
        )
        await self.position(account, **position)
        return account

    async def position(self, account: UUID, **changes: Any) -> None:
        """The next position of customer-svc: nothing owed, grade B, limit 100.00, unless told otherwise."""
        version = self.versions[account] = self.versions.get(account, 0) + 1
        data: dict[str, Any] = {
            "account_id": str(account),
            "epoch": 1,
            "version": version,
            "receivable": "0.00",
            "written_off": "0.00",
            "settled_total": "0.00",
            "prepaid_total": "0.00",
            "grade": "B",
            "limit": "100.00",
            "grade_until": None,
            "next_due": None,
            "overdue_amount": "0.00",
            "overdue_since": None,
        }
        data.update(changes)
        await self.svc.deliver(
            "customer.PositionRestated.v1",
            {"account_id": str(account), "position": data},
            key=str(account),
            document=f"credit-account/{account}",
            position=f"1.{version}",
        )

    async def order(self, account: UUID, tons: str = "100.000", price: str = "60.00") -> tuple[UUID, UUID]:
        """An order of one line; its id and the line's."""
        order, line = new_id(), new_id()
        data = {
            "order_id": str(order),
            "number": f"DD{uuid4().hex[:6]}",
            "contract_id": str(new_id()),
            "contract_number": "HT1",
            "customer_id": str(account),
            "account_id": str(account),
            "rep": "rep1",
            "deliver_on": "2026-03-20",
            "lines": [
                {
                    "order_line_id": str(line),
                    "contract_line_id": str(new_id()),
                    "product_id": str(PRODUCT),
                    "product_name": "POY 75D",
                    "tons": tons,
                    "price_per_ton": price,
                }
            ],
        }
        await self.svc.deliver(
            "contract.OrderConfirmed.v1", data, key=str(account), document=f"order/{order}", version=1
        )
        return order, line

    async def notice(self, order: tuple[UUID, UUID], tons: str = "1.000", **changes: Any) -> dict[str, Any]:
        """A notice three days ahead, as the rep files it."""
        body: dict[str, Any] = {
            "order_id": str(order[0]),
            "kind": "regular",
            "ship_on": "2026-03-05",
            "lines": [{"order_line_id": str(order[1]), "tons": tons}],
        }
        body.update(changes)
        answer = await self.svc.post("/notices", body, as_=self.rep)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def step(
        self, notice: dict[str, Any], action: str, as_: dict[str, str], body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """A step on a notice, which succeeds; the notice after it."""
        answer = await self.svc.post(f"/notices/{notice['id']}/{action}", body or {}, as_=as_)
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    async def review(self, notice: dict[str, Any]) -> dict[str, Any]:
        """Finance reviews the notice."""
        return await self.step(notice, "finance-review", self.accountant)

    async def approve(self, notice: dict[str, Any], as_: dict[str, str]) -> dict[str, Any]:
        """Somebody says yes to what he sees."""
        body = {"decision": "approve", "seen_hash": notice["approval"]["hash"]}
        return await self.step(notice, "decisions", as_, body)

    async def released(self, order: tuple[UUID, UUID], tons: str = "1.000") -> dict[str, Any]:
        """A notice within the limit, all the way to its release."""
        notice = await self.approve(await self.review(await self.notice(order, tons)), self.manager)
        assert notice["status"] == "released", notice
        return notice

    async def account(self, account: UUID) -> dict[str, Any]:
        """The credit account as shipping has it."""
        answer = await self.svc.get(f"/credit-accounts/{account}", as_=self.accountant)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


PRODUCT = UUID("01900000-0000-7000-8000-000000000001")


@pytest.fixture
def identities(tmp_path: Path) -> Identities:
    """Who may sign in."""
    return Identities(tmp_path)


@pytest_asyncio.fixture
async def yard(postgres: PostgresServer, identities: Identities) -> AsyncIterator[Yard]:
    """shipping-svc in a database of its own, on Monday 2 March 2026."""
    clock = FixedClock()
    async with service_under_test(SERVICE, postgres, identities, system_clock=clock) as svc:
        yield Yard(svc, clock)

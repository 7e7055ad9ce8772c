"""contract-svc in a database of its own, and the world around it: customers, products and prices, as events."""

from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from contract_svc.main import SERVICE
from fangxing.ids import new_id
from fangxing.roles import Role
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import FixedClock, ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities

CREDIT_30 = {"kind": "credit", "days": 30}


class World:
    """The service and everybody who uses it; today is Monday 2 March 2026."""

    def __init__(self, service: ServiceUnderTest, clock: FixedClock) -> None:
        self.service = service
        self.clock = clock
        headers = service.identities.headers
        self.rep = headers("rep1", Role.SALES_REP)
        self.rep2 = headers("rep2", Role.SALES_REP)
        self.manager = headers("manager", Role.SALES_MANAGER)
        self.finance = headers("finance", Role.FINANCE_MANAGER)
        self.gm = headers("gm", Role.GENERAL_MANAGER)
        self._facts: dict[str, int] = defaultdict(int)
        self._numbers = 0

    def next_number(self) -> str:
        """A contract number not used yet."""
        self._numbers += 1
        return f"HT-{self._numbers:04d}"

    async def fact(self, event_type: str, document: str, data: dict[str, Any], key: str | None = None) -> None:
        """Let the next fact about `document` arrive."""
        self._facts[document] += 1
        await self.service.deliver(
            event_type, data, key=key or document, document=document, version=self._facts[document]
        )

    async def customer(
        self,
        *,
        rep: str = "rep1",
        terms: dict[str, Any] | None = None,
        grade: str | None = "B",
        limit: str | None = "500000.00",
        c_from: str | None = None,
        d_from: str | None = None,
    ) -> str:
        """A customer with a credit position; no position at all with grade None."""
        customer, account = str(new_id()), str(new_id())
        data = {"customer_id": customer, "account_id": account, "number": f"K-{customer[-6:]}", "name": "恒源纺织"}
        await self.fact(
            "customer.CustomerOpened.v1",
            f"customer/{customer}",
            {**data, "rep": rep, "terms": terms or CREDIT_30},
            account,
        )
        if grade is not None:
            await self.position(account, 1, grade, limit, c_from=c_from, d_from=d_from)
        return customer

    async def hand_over(self, contract: dict[str, Any], rep: str) -> None:
        """Let the contract's customer be handed over to another rep."""
        customer, account = contract["customer_id"], contract["account_id"]
        data = {"customer_id": customer, "account_id": account, "number": f"K-{customer[-6:]}", "name": "恒源纺织"}
        await self.fact(
            "customer.CustomerChanged.v1",
            f"customer/{customer}",
            {**data, "rep": rep, "terms": CREDIT_30},
            account,
        )

    async def position(
        self,
        account: str,
        version: int,
        grade: str,
        limit: str | None,
        *,
        c_from: str | None = None,
        d_from: str | None = None,
    ) -> None:
        """Let a customer position of epoch 1 arrive."""
        position = {"account_id": account, "epoch": 1, "version": version, "grade": grade, "limit": limit}
        await self.service.deliver(
            "customer.CreditLimitChanged.v1",
            {"account_id": account, "position": {**position, "c_from": c_from, "d_from": d_from}},
            key=account,
            document=f"credit-account/{account}",
            position=f"1.{version}",
        )

    async def product(
        self,
        *,
        lifecycle: str = "regular",
        base: str | None = "10000.00",
        status: str = "standard",
        family: str = "DTY",
        effective_from: str = "2026-01-01",
        name: str = "涤纶低弹丝 150D",
    ) -> str:
        """A product with a base price in yuan per ton; none with base None."""
        product = str(new_id())
        await self.lifecycle(product, lifecycle, family, name)
        if base is not None:
            await self.base_price(product, 1, base, status, effective_from)
        return product

    async def lifecycle(self, product: str, lifecycle: str, family: str = "DTY", name: str = "丝") -> None:
        """Let a product's state arrive."""
        data = {"product_id": product, "code": f"P-{product[-6:]}", "name": name}
        await self.fact(
            "pricing.ProductChanged.v1", f"product/{product}", {**data, "family": family, "lifecycle": lifecycle}
        )

    async def base_price(
        self, product: str, version: int, base: str, status: str = "standard", effective_from: str = "2026-01-01"
    ) -> None:
        """Let a version of a base price arrive."""
        data = {"product_id": product, "price_version": version, "base_price": base}
        await self.fact(
            "pricing.BasePriceChanged.v1",
            f"product/{product}",
            {**data, "status": status, "effective_from": effective_from},
        )

    async def authority(
        self,
        family: str = "DTY",
        *,
        version: int = 1,
        rep: tuple[str, str] = ("3.00", "5.00"),
        manager: tuple[str, str] = ("6.00", "10.00"),
        effective_from: str = "2026-01-01",
    ) -> None:
        """Let a family's float authority arrive: percent below and above."""
        bands = [
            {"role": role, "percent_below": band[0], "percent_above": band[1]}
            for role, band in (("sales_rep", rep), ("sales_manager", manager))
        ]
        await self.fact(
            "pricing.PriceAuthorityChanged.v1",
            f"price-authority/{family}",
            {"family": family, "version": version, "effective_from": effective_from, "bands": bands},
        )

    def body(self, customer: str, product: str, **changes: Any) -> dict[str, Any]:
        """A contract of 8 t at 10,000.00 over March; `tons` and `price` change its one line."""
        line = {
            "product_id": product,
            "tons": changes.pop("tons", "8.000"),
            "price_per_ton": changes.pop("price", "10000.00"),
        }
        body = {
            "number": self.next_number(),
            "customer_id": customer,
            "starts_on": "2026-03-01",
            "ends_on": "2026-03-31",
            "terms": CREDIT_30,
            "lines": [line],
        }
        return {**body, **changes}

    async def draft(self, customer: str, product: str, **changes: Any) -> dict[str, Any]:
        """A drafted contract."""
        return created(await self.service.post("/contracts", self.body(customer, product, **changes), as_=self.rep))

    async def submit(self, contract: dict[str, Any], by: dict[str, str] | None = None) -> dict[str, Any]:
        """The contract after its submission by its rep, which may have been refused."""
        answer = ok(await self.service.post(f"/contracts/{contract['id']}/submission", as_=by or self.rep))
        assert answer["verdict"]["hash"] == answer["contract"]["verdict"]["hash"]
        submitted: dict[str, Any] = answer["contract"]
        return submitted

    async def decide(
        self, contract: dict[str, Any], by: dict[str, str], decision: str = "approve", comment: str | None = None
    ) -> httpx.Response:
        """The answer to a decision on what `contract` shows."""
        body = {"decision": decision, "seen_hash": contract["approval"]["hash"], "comment": comment}
        return await self.service.post(f"/contracts/{contract['id']}/decisions", body, as_=by)

    async def approved(self, customer: str, product: str, **changes: Any) -> dict[str, Any]:
        """A contract with every signature its route asks for."""
        contract = await self.submit(await self.draft(customer, product, **changes))
        by = {"sales_manager": self.manager, "finance_manager": self.finance, "general_manager": self.gm}
        while contract["status"] == "in_approval":
            contract = ok(await self.decide(contract, by[contract["approval"]["waiting_for"]]))
        return contract

    async def usual(self, **changes: Any) -> dict[str, Any]:
        """An approved contract of the usual customer and product."""
        await self.authority()
        return await self.approved(await self.customer(), await self.product(), **changes)

    async def call_off(self, contract: dict[str, Any], tons: str, deliver_on: str = "2026-03-20") -> httpx.Response:
        """The answer to a call-off of the contract's first line."""
        line = {"contract_line_id": contract["lines"][0]["contract_line_id"], "tons": tons}
        body = {"contract_id": contract["id"], "deliver_on": deliver_on, "lines": [line]}
        return await self.service.post("/orders", body, as_=self.rep)

    async def contract(self, contract_id: str | UUID) -> dict[str, Any]:
        """The contract as the manager sees it."""
        return ok(await self.service.get(f"/contracts/{contract_id}", as_=self.manager))

    async def set_policy(self, key: str, value: Any, by: dict[str, str]) -> None:
        """A new version of a policy from today on, confirmed by the general manager where it is another's proposal."""
        path = f"/policies/{key}/versions"
        version = created(await self.service.post(path, {"value": value, "effective_from": "2026-03-02"}, as_=by))
        if version["status"] == "proposed":
            ok(await self.service.post(f"{path}/{version['version']}/confirmation", as_=self.gm))

    async def let_production_review(self) -> None:
        """A route policy that lets production review what the sales manager decides."""
        await self.set_policy(
            "route.contract",
            {
                "manager": ["production", "sales_manager"],
                "manager_finance": ["sales_manager", "finance_manager"],
                "manager_gm": ["sales_manager", "general_manager"],
                "manager_finance_gm": ["sales_manager", "finance_manager", "general_manager"],
            },
            self.gm,
        )


def ok(answer: httpx.Response) -> dict[str, Any]:
    """The body of a 200."""
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def created(answer: httpx.Response) -> dict[str, Any]:
    """The body of a 201."""
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest_asyncio.fixture
async def world(postgres: PostgresServer, tmp_path: Path) -> AsyncIterator[World]:
    """An empty world."""
    clock = FixedClock()
    async with service_under_test(SERVICE, postgres, Identities(tmp_path), system_clock=clock, pool_size=8) as service:
        yield World(service, clock)


@pytest.fixture
def anyone(world: World) -> dict[str, dict[str, str]]:
    """The headers of one person per role of the factory."""
    return {role.value: world.service.identities.headers(f"the-{role}", role) for role in Role}

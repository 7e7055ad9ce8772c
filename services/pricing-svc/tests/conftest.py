"""Fixtures of pricing-svc's tests: the service in a database of its own, and the people who use it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from fangxing.roles import Role
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import FixedClock, ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities
from pricing_svc.main import SERVICE

PEOPLE: dict[str, tuple[Role, ...]] = {
    "rep": (Role.SALES_REP,),
    "manager": (Role.SALES_MANAGER,),
    "manager2": (Role.SALES_MANAGER,),
    "gm": (Role.GENERAL_MANAGER,),
    "finance": (Role.FINANCE_MANAGER,),
    "accountant": (Role.ACCOUNTANT,),
    "production": (Role.PRODUCTION,),
    "committee": (Role.PRICE_COMMITTEE,),
    "audit": (Role.AUDIT_MANAGER,),
    "guard": (Role.GATE_GUARD,),
}
REASONED = {"reason": "cost_deviation", "evidence": "Polymer went up by 9 % in February."}


class Desk:
    """The people at their desks: short ways to call the service as one of them."""

    def __init__(self, service: ServiceUnderTest, clock: FixedClock) -> None:
        self.service = service
        self.clock = clock
        self.people = dict(PEOPLE)

    def sign_in(self, person: str, *roles: Role) -> dict[str, str]:
        """The headers of `person`, with `roles` or with those of `people`."""
        return self.service.identities.headers(person, *(roles or self.people[person]))

    async def send(self, person: str, path: str, body: Any = None) -> httpx.Response:
        """POST as `person`."""
        return await self.service.post(path, body, as_=self.sign_in(person))

    async def done(self, person: str, path: str, body: Any = None) -> dict[str, Any]:
        """POST as `person`, and it must succeed."""
        answer = await self.send(person, path, body)
        assert answer.status_code in (200, 201), answer.text
        content: dict[str, Any] = answer.json()
        return content

    async def refused(self, person: str, path: str, body: Any = None) -> tuple[int, str]:
        """POST as `person`, and it must fail: the status and the slug."""
        answer = await self.send(person, path, body)
        assert answer.status_code >= 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.status_code, answer.json()["slug"]

    async def read(self, path: str, *, person: str = "gm", **params: Any) -> dict[str, Any]:
        """GET as `person`, and it must succeed."""
        answer = await self.service.get(path, as_=self.sign_in(person), **params)
        assert answer.status_code == 200, answer.text
        content: dict[str, Any] = answer.json()
        return content

    async def product(
        self, code: str = "FDY-75", *, since: str | None = "2024-01-01", family: str = "FDY"
    ) -> dict[str, Any]:
        """A product; mass produced unless `since` is None."""
        body = {"code": code, "name": f"全拉伸丝 {code}", "family": family, "mass_produced_since": since}
        return await self.done("production", "/products", body)

    async def propose(self, product: dict[str, Any], price: str, *, by: str = "rep", **more: Any) -> dict[str, Any]:
        """An adjustment proposed."""
        body = {"product_id": product["id"], "base_price": price, **REASONED, **more}
        return await self.done(by, "/price-proposals", body)

    def path(self, proposal: dict[str, Any], action: str = "decisions") -> str:
        """The address of an action on a proposal."""
        return f"/price-proposals/{proposal['id']}/{action}"

    async def approve(self, proposal: dict[str, Any], *people: str) -> dict[str, Any]:
        """Each of `people` says yes, in order."""
        decided = proposal
        for person in people:
            body = {"decision": "approve", "seen_hash": proposal["approval"]["hash"]}
            decided = await self.done(person, self.path(proposal), body)
        return decided

    async def price(self, product: dict[str, Any], price: str, **more: Any) -> dict[str, Any]:
        """A base price through the whole adjustment flow."""
        proposal = await self.propose(product, price, **more)
        return await self.approve(proposal, "manager", "committee", "gm")

    async def draft_authority(
        self, rep: tuple[str, str], manager: tuple[str, str], *, by: str = "manager", **more: Any
    ) -> dict[str, Any]:
        """An authority table drafted by the sales manager."""
        return await self.done(by, "/authority-tables", authority(rep, manager, **more))

    async def authorize(self, rep: tuple[str, str], manager: tuple[str, str], **more: Any) -> dict[str, Any]:
        """An authority table through its whole flow."""
        table = await self.draft_authority(rep, manager, **more)
        decided = table
        for person in ("committee", "gm"):
            body = {"decision": "approve", "seen_hash": table["approval"]["hash"]}
            decided = await self.done(person, f"/authority-tables/{table['id']}/decisions", body)
        return decided


def authority(rep: tuple[str, str], manager: tuple[str, str], *, family: str = "FDY", **more: Any) -> dict[str, Any]:
    """The body of an authority table: percent below and above per role."""
    bands = [
        {"role": role, "percent_below": below, "percent_above": above}
        for role, (below, above) in (("sales_rep", rep), ("sales_manager", manager))
    ]
    return {"family": family, "bands": bands, **more}


@pytest_asyncio.fixture
async def desk(postgres: PostgresServer, tmp_path: Path) -> AsyncIterator[Desk]:
    """pricing-svc with an empty database, on Monday 2 March 2026."""
    clock = FixedClock()
    async with service_under_test(SERVICE, postgres, Identities(tmp_path), system_clock=clock) as service:
        yield Desk(service, clock)


@pytest.fixture
def authority_body() -> Any:
    """`authority`, for tests that send the body themselves."""
    return authority

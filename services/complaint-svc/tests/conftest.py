"""The scene of complaint-svc's tests: two customers, what they got delivered, and the people of the factory."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from complaint_svc.main import SERVICE
from fangxing.roles import Role
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import FixedClock, ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities

PEOPLE: Mapping[str, tuple[Role, ...]] = {
    "rep1": (Role.SALES_REP,),
    "rep2": (Role.SALES_REP,),
    "manager": (Role.SALES_MANAGER,),
    "gm": (Role.GENERAL_MANAGER,),
    "finance": (Role.FINANCE_MANAGER,),
    "accountant": (Role.ACCOUNTANT,),
    "production": (Role.PRODUCTION,),
    "quality": (Role.QUALITY,),
    "inspector": (Role.QUALITY,),
    "audit": (Role.AUDIT_MANAGER,),
    "committee": (Role.PRICE_COMMITTEE,),
    "keeper": (Role.WAREHOUSE_KEEPER,),
    "supervisor": (Role.WAREHOUSE_SUPERVISOR,),
    "qsupervisor": (Role.QUALITY_SUPERVISOR,),
    "guard": (Role.GATE_GUARD,),
    "dept": (Role.DEPARTMENT_MANAGER,),
    "admin": (Role.ADMINISTRATOR,),
    "allrounder": (Role.QUALITY, Role.GENERAL_MANAGER, Role.WAREHOUSE_KEEPER),
}

DECIDERS = {"sales_manager": "manager", "quality": "quality", "general_manager": "gm"}
"""Who usually decides a handling, by the role it waits for."""

Answer = dict[str, Any]
QUALITY_HANDLING: Answer = {
    "cause": "染色缸温差",
    "secondary_causes": "换批未清缸",
    "improvement": "每批首件比色",
    "handling": "退货并扣款",
}


@dataclass
class Scene:
    """A running service and what its tests do again and again; every call asserts that it is answered well."""

    service: ServiceUnderTest
    clock: FixedClock
    mine: str = ""
    theirs: str = ""
    product: str = field(default_factory=lambda: str(uuid4()))

    def as_(self, who: str, *also: Role) -> dict[str, str]:
        """The headers of one of the factory's people, in more roles than he has by himself where `also` names some."""
        return self.service.identities.headers(who, *PEOPLE[who], *also)

    async def post(self, who: str, path: str, body: Any) -> httpx.Response:
        """POST as `who`."""
        return await self.service.post(path, body, as_=self.as_(who))

    async def done(self, who: str, path: str, body: Any) -> Answer:
        """POST as `who`; the answer of a success."""
        response = await self.post(who, path, body)
        assert response.status_code in (200, 201), response.text
        answer: Answer = response.json()
        return answer

    async def refused(self, who: str, path: str, body: Any) -> tuple[int, str]:
        """POST as `who`; status and slug of the problem."""
        response = await self.post(who, path, body)
        assert response.headers["content-type"] == "application/problem+json", response.text
        return response.status_code, response.json()["slug"]

    async def read(self, who: str, path: str, **params: Any) -> Answer:
        """GET as `who`; the answer of a success."""
        response = await self.service.get(path, as_=self.as_(who), **params)
        assert response.status_code == 200, response.text
        answer: Answer = response.json()
        return answer

    async def open_customer(self, name: str, rep: str, customer: str | None = None, version: int = 1) -> str:
        """Let a customer arrive from customer-svc."""
        customer = customer or str(uuid4())
        await self.service.deliver(
            f"customer.Customer{'Opened' if version == 1 else 'Changed'}.v1",
            {
                "customer_id": customer,
                "account_id": account_of(customer),
                "number": f"C-{name}",
                "name": name,
                "rep": rep,
                "terms": {"kind": "credit", "days": 30},
            },
            key=account_of(customer),
            document=f"customer/{customer}",
            version=version,
        )
        return customer

    async def ship(
        self, customer: str, lines: Sequence[tuple[str, str, str, str]], hands: dict[str, list[str]] | None = None
    ) -> str:
        """Let a delivery note arrive from shipping-svc; `lines` are lot, tons, price and value."""
        note = str(uuid4())
        await self.service.deliver(
            "shipping.ShipmentShipped.v1",
            {
                "delivery_note_id": note,
                "number": f"DN-{note[:6]}",
                "notice_id": str(uuid4()),
                "customer_id": customer,
                "account_id": account_of(customer),
                "contract_id": str(uuid4()),
                "order_id": str(uuid4()),
                "shipped_on": "2026-03-01",
                "tons": "0.000",
                "value": "0.00",
                "on_credit": "0.00",
                "on_prepayment": "0.00",
                "lines": [
                    {
                        "line": number,
                        "order_line_id": str(uuid4()),
                        "contract_line_id": str(uuid4()),
                        "product_id": self.product,
                        "product_name": "DTY 150D",
                        "lot": lot,
                        "tons": tons,
                        "price_per_ton": price,
                        "value": value,
                    }
                    for number, (lot, tons, price, value) in enumerate(lines, 1)
                ],
                "position": {},
                "hands": hands or {},
            },
            key=account_of(customer),
            document=f"delivery-note/{note}",
            version=1,
        )
        return note

    async def leave(self, note: str) -> None:
        """Let the goods of `note` leave the gate."""
        await self.service.deliver(
            "shipping.ShipmentLeft.v1",
            {"delivery_note_id": note, "left_on": "2026-03-02", "gate": "东门"},
            key=note,
            document=f"delivery-note/{note}",
            version=2,
        )

    async def register(self, who: str = "rep1", **fields: Any) -> Answer:
        """Take a complaint of `mine` in."""
        body = {"customer_id": self.mine, "kind": "complaint", "channel": "phone", "text": "色差", **fields}
        return await self.done(who, "/complaints", body)

    async def routed(self, road: str = "quality", block_lot: bool = False, **fields: Any) -> str:
        """The id of a registered and routed complaint of `mine`."""
        complaint = await self.register(**fields)
        body = {"road": road, "note": "初判", "block_lot": block_lot}
        await self.done("rep1", f"/complaints/{complaint['id']}/routing", body)
        return str(complaint["id"])

    async def sign(self, complaint: str, *returns: tuple[str, dict[int, str]], who: str = "quality") -> Answer:
        """Sign a handling that proposes tons by line, per delivery note."""
        body = {
            **QUALITY_HANDLING,
            "returns": [
                {
                    "delivery_note_id": note,
                    "lines": [{"line": line, "tons": tons} for line, tons in lines.items()],
                }
                for note, lines in returns
            ],
        }
        return await self.done(who, f"/complaints/{complaint}/handling", body)

    async def decide(self, complaint: Answer, decision: str = "approve", who: str | None = None) -> Answer:
        """Decide what was seen in `complaint`, at the step it waits for; by its usual decider if `who` is None."""
        body = {"decision": decision, "seen_hash": complaint["approval"]["hash"]}
        who = who or DECIDERS[complaint["approval"]["waiting_for"]]
        return await self.done(who, f"/complaints/{complaint['id']}/decisions", body)

    async def approve(self, complaint: Answer) -> Answer:
        """Every decider left says yes to what was seen in `complaint`."""
        while complaint["approval"]["waiting_for"]:
            complaint = await self.decide(complaint)
        return complaint

    async def approved_return(self, note: str, lines: dict[int, str]) -> str:
        """The id of an approved return against `note`."""
        signed = await self.sign(await self.routed(), (note, lines))
        assert signed["allowed"], signed["verdict"]
        decided = await self.approve(signed)
        return str(decided["returns"][0]["id"])

    async def receive(self, returned: str, lines: dict[int, str]) -> Answer:
        """Receive tons by line."""
        body = {"lines": [{"line": line, "received_tons": tons} for line, tons in lines.items()]}
        return await self.done("keeper", f"/returns/{returned}/receipt", body)

    async def inspect(self, returned: str, lines: dict[int, str]) -> Answer:
        """Accept tons by line."""
        body = {"lines": [{"line": line, "accepted_tons": tons} for line, tons in lines.items()]}
        return await self.done("inspector", f"/returns/{returned}/inspection", body)

    async def credited(self, note: str, lines: dict[int, str]) -> str:
        """Return these tons and accept all of them; the value of the credit in yuan."""
        returned = await self.approved_return(note, lines)
        await self.receive(returned, lines)
        await self.inspect(returned, lines)
        return str((await self.read("gm", f"/returns/{returned}"))["accepted_value"])


def account_of(customer: str) -> str:
    """The credit account of a customer of the scene."""
    return customer[:-4] + "acc0"


@pytest.fixture
def clock() -> FixedClock:
    """Monday 2 March 2026, nine o'clock at the factory."""
    return FixedClock()


@pytest_asyncio.fixture
async def scene(postgres: PostgresServer, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Scene]:
    """complaint-svc with a customer of rep1 (`mine`) and one of rep2 (`theirs`)."""
    async with service_under_test(SERVICE, postgres, Identities(tmp_path), system_clock=clock) as service:
        scene = Scene(service, clock)
        scene.mine = await scene.open_customer("恒源纺织", "rep1")
        scene.theirs = await scene.open_customer("华盛针织", "rep2")
        yield scene

"""Fixtures of shipping-svc's tests: a customer with a limit and an order, as the other services would have told."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from fangxing.ids import new_id
from fangxing.roles import Role
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import FixedClock, ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities, device_headers
from shipping_svc.main import SERVICE


@dataclass
class Yard:
    """shipping-svc with helpers that speak as the people and the services around it."""

    svc: ServiceUnderTest
    clock: FixedClock
    versions: dict[UUID, int] = field(default_factory=dict)
    product: UUID = field(default_factory=new_id)

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

    @property
    def keeper(self) -> dict[str, str]:
        """The warehouse keeper."""
        return self.as_("keeper", Role.WAREHOUSE_KEEPER)

    @property
    def supervisor(self) -> dict[str, str]:
        """The warehouse supervisor."""
        return self.as_("supervisor", Role.WAREHOUSE_SUPERVISOR)

    @property
    def quality(self) -> dict[str, str]:
        """Quality."""
        return self.as_("quality", Role.QUALITY)

    @property
    def guard(self) -> dict[str, str]:
        """The gate guard."""
        return self.as_("guard", Role.GATE_GUARD)

    @property
    def admin(self) -> dict[str, str]:
        """The administrator."""
        return self.as_("admin", Role.ADMINISTRATOR)

    async def done(self, path: str, body: dict[str, Any], as_: dict[str, str]) -> dict[str, Any]:
        """A POST that succeeds; its answer."""
        answer = await self.svc.post(path, body, as_=as_)
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    async def refused(self, path: str, body: Any, as_: dict[str, str]) -> tuple[int, str]:
        """A POST that ends in a problem; its status and slug."""
        answer = await self.svc.post(path, body, as_=as_)
        assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
        return answer.status_code, answer.json()["slug"]

    async def customer(self, rep: str = "rep1", **position: Any) -> UUID:
        """A customer that is its own account, with a position; returns the account's id."""
        account = new_id()
        data = {"customer_id": str(account), "account_id": str(account), "number": "K1", "name": "华纶", "rep": rep}
        await self.svc.deliver(
            "customer.CustomerOpened.v1", data, key=str(account), document=f"customer/{account}", version=1
        )
        await self.position(account, **position)
        return account

    async def hand_over(self, account: UUID, rep: str) -> None:
        """Another rep takes the customer over."""
        data = {"customer_id": str(account), "account_id": str(account), "number": "K1", "name": "华纶", "rep": rep}
        await self.svc.deliver(
            "customer.CustomerChanged.v1", data, key=str(account), document=f"customer/{account}", version=2
        )

    async def position(self, account: UUID, *, answers: str | None = None, **changes: Any) -> None:
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
            "c_from": None,
            "d_from": None,
            "stopped": False,
            "next_due": None,
            "overdue_amount": "0.00",
            "overdue_since": None,
            "prepaid_by": [],
            "seen": {"epoch": 1, "version": 0},
        }
        data.update(changes)
        await self.svc.deliver(
            "customer.PositionRestated.v1",
            {"account_id": str(account), "position": data, "answers": answers},
            key=str(account),
            document=f"credit-account/{account}",
            position=f"1.{version}",
        )

    async def order(
        self,
        customer: UUID,
        tons: str = "100.000",
        price: str = "60.00",
        *,
        lines: int = 1,
        terms: str = "credit",
        account: UUID | None = None,
        hands: dict[str, list[str]] | None = None,
    ) -> tuple[UUID, ...]:
        """An order of one line, or of more alike, on the customer's own account; its id and those of its lines."""
        order, ids = new_id(), [new_id() for _ in range(lines)]
        data = {
            "order_id": str(order),
            "number": f"DD{uuid4().hex[:6]}",
            "contract_id": str(new_id()),
            "contract_number": "HT1",
            "customer_id": str(customer),
            "account_id": str(account or customer),
            "rep": "rep1",
            "deliver_on": "2026-03-20",
            "terms": {"kind": terms, "days": 30 if terms == "credit" else 0},
            "hands": hands or {},
            "lines": [
                {
                    "order_line_id": str(line),
                    "contract_line_id": str(new_id()),
                    "product_id": str(self.product),
                    "product_name": "POY 75D",
                    "tons": tons,
                    "price_per_ton": price,
                }
                for line in ids
            ],
        }
        await self.svc.deliver(
            "contract.OrderConfirmed.v1", data, key=str(account or customer), document=f"order/{order}", version=1
        )
        return order, *ids

    async def notice(
        self, order: tuple[UUID, ...], tons: str = "1.000", *, as_: dict[str, str] | None = None, **changes: Any
    ) -> dict[str, Any]:
        """A notice three days ahead, as the rep files it; refused it answers 200."""
        body: dict[str, Any] = {
            "order_id": str(order[0]),
            "kind": "regular",
            "ship_on": "2026-03-05",
            "lines": [{"order_line_id": str(line), "tons": tons} for line in order[1:]],
        }
        body.update(changes)
        answer = await self.svc.post("/notices", body, as_=as_ or self.rep)
        assert answer.status_code == (201 if answer.json()["allowed"] else 200), answer.text
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

    async def released(self, order: tuple[UUID, ...], tons: str = "1.000", **changes: Any) -> dict[str, Any]:
        """A notice within the limit, all the way to its release."""
        notice = await self.review(await self.notice(order, tons, **changes))
        if notice["status"] == "in_approval":
            notice = await self.approve(notice, self.manager)
        assert notice["status"] == "released", notice
        return notice

    async def report(self, lot: str, result: str = "passing") -> None:
        """Quality reports on a lot."""
        body = {"lot": lot, "product_id": str(self.product), "result": result, "findings": "强力、伸长合格"}
        await self.done("/quality-reports", body, self.quality)

    async def block(self, lot: str) -> None:
        """A complaint asks that nothing more of a lot goes out."""
        complaint = new_id()
        data = {"complaint_id": str(complaint), "lot": lot, "product_id": None, "reason": "色差"}
        await self.svc.deliver(
            "complaint.LotBlockRequested.v1",
            data,
            key=str(complaint),
            document=f"complaint/{complaint}",
            version=1,
        )

    async def announce(self, notice: dict[str, Any], vehicle: str = "浙A12345", driver: str = "王师傅") -> None:
        """The rep's transport notice."""
        body = {"vehicle": vehicle, "driver": driver, "carrier": "顺安物流"}
        await self.done(f"/notices/{notice['id']}/transport-notice", body, self.rep)

    async def start(
        self, notice: dict[str, Any], vehicle: str = "浙A12345", driver: str = "王师傅", *, warehouse: str = "WH-1"
    ) -> dict[str, Any]:
        """The keeper starts a loading, or is told why not."""
        body = {"notice_id": notice["id"], "warehouse": warehouse, "vehicle": vehicle, "driver": driver}
        return await self.done("/loadings", body, self.keeper)

    async def truck(self, notice: dict[str, Any], vehicle: str = "浙A12345", *, warehouse: str = "WH-1") -> str:
        """An announced truck, its loading started; the loading's id."""
        await self.announce(notice, vehicle)
        started = await self.start(notice, vehicle, warehouse=warehouse)
        assert started["allowed"], started
        return str(started["id"])

    async def scanner(self, device: str = "s1", place: str = "WH-1") -> "Scanner":
        """A scanner, enrolled or enrolled anew."""
        body = {"device": device, "kind": "scanner", "place": place}
        return Scanner(self.svc, device_headers((await self.done("/devices", body, self.admin))["key"]))

    async def sign(self, loading: str, **changes: Any) -> dict[str, Any]:
        """Keeper and carrier sign a loading."""
        return await self.done(f"/loadings/{loading}/signatures", {**SIGNATURES, **changes}, self.keeper)

    async def note(self, signed: dict[str, Any]) -> dict[str, Any]:
        """The delivery note of a signature, as the rep sees it: with the money."""
        answer = await self.svc.get(f"/delivery-notes/{signed['delivery_note']['id']}", as_=self.rep)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def shipped(self, notice: dict[str, Any], tons: str = "1.000", **changes: Any) -> dict[str, Any]:
        """A released notice of one line, loaded with one package and signed."""
        await self.report("L1")
        loading = await self.truck(notice)
        scanner = await self.scanner()
        line = notice["lines"][0]["order_line_id"]
        assert (await scanner.scan(loading, line, tons, package=f"P-{loading}"))["allowed"]
        return await self.sign(loading, **changes)

    async def exit(self, presented: str, vehicle: str = "浙A12345", gate: str = "G1") -> dict[str, Any]:
        """The guard at a gate checks what a driver presents."""
        return await self.done("/gate/exits", {"presented": presented, "vehicle": vehicle, "gate": gate}, self.guard)

    async def policy(self, key: str, value: Any, owner: dict[str, str], day: str = "2026-03-02") -> None:
        """A policy that widens authority: its owner proposes, the GM confirms."""
        path = f"/policies/{key}/versions"
        proposed = await self.done(path, {"value": value, "effective_from": day}, owner)
        await self.done(f"{path}/{proposed['version']}/confirmation", {}, self.gm)

    @staticmethod
    def said(answer: dict[str, Any]) -> list[str]:
        """The reasons of a refusal, as people read them."""
        return [reason["text"] for reason in answer["verdict"]["reasons"]]

    @staticmethod
    def inputs(answer: dict[str, Any]) -> dict[str, Any]:
        """What a verdict looked at, by name."""
        return {figure["name"]: figure["value"] for figure in answer["verdict"]["inputs"]}

    async def account(self, account: UUID) -> dict[str, Any]:
        """The credit account as shipping has it."""
        answer = await self.svc.get(f"/credit-accounts/{account}", as_=self.accountant)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@dataclass
class Scanner:
    """A scanner with its key and its next sequence number."""

    svc: ServiceUnderTest
    headers: dict[str, str]
    sequence: int = 0

    def body(
        self, loading: str, line: str, tons: str = "1.000", *, lot: str = "L1", package: str | None = None
    ) -> dict[str, Any]:
        """The next scan: a package of its own unless one is named."""
        self.sequence += 1
        return {
            "sequence": self.sequence,
            "loading_id": loading,
            "order_line_id": line,
            "lot": lot,
            "package": package or f"P-{self.sequence}-{uuid4().hex[:6]}",
            "tons": tons,
            "scanned_at": self.svc.runtime.clock.system.now().isoformat(),
        }

    async def send(self, body: dict[str, Any]) -> dict[str, Any]:
        """Post a scan; the answer."""
        answer = await self.svc.post("/scans", body, as_=self.headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def batch(self, *bodies: dict[str, Any]) -> list[dict[str, Any]]:
        """Post scans together; the answers."""
        answer = await self.svc.post("/scans/batch", {"scans": list(bodies)}, as_=self.headers)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["results"])

    async def scan(self, loading: str, line: str, tons: str = "1.000", **changes: Any) -> dict[str, Any]:
        """Post the next scan; the answer."""
        return await self.send(self.body(loading, line, tons, **changes))


SIGNATURES = {"carrier_name": "王师傅", "carrier_signature": "data:王", "freight_voucher": "YF-1", "gate": "G1"}


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

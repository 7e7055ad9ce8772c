"""Two real services, customer-svc and shipping-svc, and a post between them that a test decides on.

People act over HTTP; events are taken from one outbox and delivered to the other service's inbox when, in what order
and how often the test says. The contracts an order needs are told by the test, as contract-svc would.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import orjson
from sqlalchemy import select

import customer_svc.main
import shipping_svc.main
from customer_svc.credit.store import CreditAccount as CustomerAccount
from fangxing.bus import Delivery
from fangxing.bus.envelope import to_message
from fangxing.embedded.postgres import PostgresServer
from fangxing.ids import new_id
from fangxing.outbox import OutboxRow
from fangxing.roles import Role
from fangxing.testing.harness import FixedClock, ServiceUnderTest, service_under_test
from fangxing.testing.identity import Identities, device_headers
from shipping_svc.credit.store import CreditAccount as ShippingAccount

PRICE = Decimal("10.00")


@dataclass
class Letter:
    """One event on its way to the other service."""

    seq: int
    delivery: Delivery
    version: int | None
    position: tuple[int, int] | None


@dataclass
class Business:
    """The desk, finance and the yard of one factory."""

    customer: ServiceUnderTest
    shipping: ServiceUnderTest
    clock: FixedClock
    scanner: dict[str, str] = field(default_factory=dict)
    product: UUID = field(default_factory=new_id)
    sequence: int = 0

    def as_(self, subject: str, *roles: Role) -> dict[str, str]:
        """The headers of a person."""
        return self.customer.identities.headers(subject, *roles)

    async def post(
        self, service: ServiceUnderTest, path: str, body: dict[str, Any], subject: str, *roles: Role
    ) -> dict[str, Any]:
        """POST as somebody; the answer, which is a success."""
        answer = await service.post(path, body, as_=self.as_(subject, *roles))
        assert answer.status_code in (200, 201), f"{path}: {answer.text}"
        return dict(answer.json())

    async def letters(self, service: ServiceUnderTest, account: UUID, after: int) -> list[Letter]:
        """What the service has recorded about the account after outbox serial `after`."""
        async with service.database.transaction() as tx:
            rows = await tx.scalars(
                select(OutboxRow).where(OutboxRow.seq > after, OutboxRow.key == str(account)).order_by(OutboxRow.seq)
            )
            return [_letter(row, service) for row in rows]

    async def truth(self, account: UUID) -> Decimal:
        """The exposure from each side's own newest figures."""
        async with self.customer.database.reader() as reader:
            mine = (await reader.execute(select(CustomerAccount.__table__).where(CustomerAccount.id == account))).one()
        async with self.shipping.database.reader() as reader:
            found = await reader.execute(select(ShippingAccount.__table__).where(ShippingAccount.id == account))
            theirs = found.one_or_none()
        released, shipped, used = (
            (theirs.released, theirs.shipped_total, theirs.prepaid_used_total) if theirs else (Decimal(0),) * 3
        )
        return Decimal(
            mine.receivable
            + mine.written_off
            + released
            + shipped
            - mine.settled_total
            + max(Decimal(0), used - mine.prepaid_total)
        )

    async def views(self, account: UUID) -> tuple[Decimal, Decimal]:
        """The exposure as customer-svc and as shipping-svc show it."""
        accountant = self.as_("accountant", Role.ACCOUNTANT)
        shown = []
        for service in (self.customer, self.shipping):
            answer = await service.get(f"/credit-accounts/{account}", as_=accountant)
            assert answer.status_code == 200, answer.text
            shown.append(Decimal(answer.json()["exposure"]))
        return shown[0], shown[1]

    async def open_customer(self, limit: str = "1000.00") -> tuple[UUID, UUID]:
        """A customer of grade B in customer-svc; its id and its account's. Nothing is delivered yet."""
        body = {
            "number": f"K{uuid4().hex[:8]}",
            "name": "华纶纺织",
            "address": "义乌",
            "contact": "王工",
            "terms": {"kind": "credit", "days": 30},
        }
        opened = await self.post(self.customer, "/customers", body, "rep1", Role.SALES_REP)
        apply = {"customer_id": opened["id"], "grade": "B", "limit": limit, "reasons": "用量稳定"}
        application = await self.post(self.customer, "/credit-applications", apply, "rep1", Role.SALES_REP)
        for subject, role in (("manager", Role.SALES_MANAGER), ("gm", Role.GENERAL_MANAGER)):
            yes = {"decision": "approve", "seen_hash": application["approval"]["hash"]}
            path = f"/credit-applications/{application['id']}/decisions"
            application = await self.post(self.customer, path, yes, subject, role)
        path = f"/credit-applications/{application['id']}/entry"
        await self.post(self.customer, path, {}, "accountant", Role.ACCOUNTANT)
        return UUID(opened["id"]), UUID(opened["account_id"])

    async def order(self, customer: UUID, account: UUID, tons: str = "1000.000") -> tuple[UUID, UUID]:
        """An order of one line at 10.00 yuan a ton, told to shipping-svc; its id and the line's."""
        order, line = new_id(), new_id()
        data = {
            "order_id": str(order),
            "number": "DD1",
            "contract_id": str(new_id()),
            "contract_number": "HT1",
            "customer_id": str(customer),
            "account_id": str(account),
            "rep": "rep1",
            "deliver_on": "2026-03-20",
            "terms": {"kind": "credit", "days": 30},
            "lines": [
                {
                    "order_line_id": str(line),
                    "contract_line_id": str(new_id()),
                    "product_id": str(self.product),
                    "product_name": "POY",
                    "tons": tons,
                    "price_per_ton": str(PRICE),
                }
            ],
        }
        await self.shipping.deliver(
            "contract.OrderConfirmed.v1", data, key=str(account), document=f"order/{order}", version=1
        )
        return order, line

    async def notice(self, order: tuple[UUID, UUID], tons: Decimal, kind: str = "regular") -> dict[str, Any]:
        """A notice through finance and the sales manager; wherever it ends."""
        body = {
            "order_id": str(order[0]),
            "kind": kind,
            "ship_on": "2026-03-10",
            "lines": [{"order_line_id": str(order[1]), "tons": f"{tons:.3f}"}],
        }
        notice = await self.post(self.shipping, "/notices", body, "rep1", Role.SALES_REP)
        if notice["status"] == "finance_review":
            path = f"/notices/{notice['id']}/finance-review"
            notice = await self.post(self.shipping, path, {}, "accountant", Role.ACCOUNTANT)
        if notice["status"] == "approval" and notice["road"] == "within":
            yes = {"decision": "approve", "seen_hash": notice["approval"]["hash"]}
            path = f"/notices/{notice['id']}/decisions"
            notice = await self.post(self.shipping, path, yes, "manager", Role.SALES_MANAGER)
        return notice

    async def ship(self, notice: dict[str, Any], tons: Decimal) -> dict[str, Any]:
        """Load `tons` of a released notice and sign; the delivery note."""
        if not self.scanner:
            await self._equip()
        truck = {"vehicle": "浙G12345", "driver": "李师傅"}
        path = f"/notices/{notice['id']}/transport-notice"
        await self.post(self.shipping, path, {**truck, "carrier": "顺达"}, "rep1", Role.SALES_REP)
        loading = await self.post(
            self.shipping, "/loadings", {"notice_id": notice["id"], **truck}, "keeper", Role.WAREHOUSE_KEEPER
        )
        self.sequence += 1
        scan = {
            "sequence": self.sequence,
            "loading_id": loading["id"],
            "order_line_id": notice["lines"][0]["order_line_id"],
            "lot": "L1",
            "package": f"P{self.sequence}",
            "tons": f"{tons:.3f}",
            "scanned_at": "2026-03-02T09:00:00+08:00",
        }
        answer = await self.shipping.client.post("/scans", headers=self.scanner, json=scan)
        assert answer.json()["accepted"], answer.text
        sign = {"carrier_name": "李师傅", "carrier_signature": "李", "freight_voucher": "YF1", "gate": "EAST"}
        path = f"/loadings/{loading['id']}/signatures"
        signed = await self.post(self.shipping, path, sign, "keeper", Role.WAREHOUSE_KEEPER)
        return dict(signed["delivery_note"])

    async def _equip(self) -> None:
        device = {"device": "S1", "kind": "scanner", "place": "WH1"}
        enrolled = await self.post(self.shipping, "/devices", device, "admin", Role.ADMINISTRATOR)
        self.scanner = device_headers(enrolled["key"])
        report = {"lot": "L1", "product_id": str(self.product), "result": "passing", "findings": "合格"}
        await self.post(self.shipping, "/quality-reports", report, "quality", Role.QUALITY)


def _letter(row: OutboxRow, service: ServiceUnderTest) -> Letter:
    message = to_message(row, service.service.name)
    position = orjson.loads(row.data).get("position") if row.position else None
    return Letter(
        row.seq,
        Delivery(service.service.topic, 0, row.seq, message),
        row.version,
        (position["epoch"], position["version"]) if position else None,
    )


@asynccontextmanager
async def business(postgres: PostgresServer, identities: Identities) -> AsyncIterator[Business]:
    """The two services, on Monday 2 March 2026, with nothing between them but what the test delivers."""
    clock = FixedClock()
    async with (
        service_under_test(customer_svc.main.SERVICE, postgres, identities, system_clock=clock) as customer,
        service_under_test(shipping_svc.main.SERVICE, postgres, identities, system_clock=clock) as shipping,
    ):
        yield Business(customer, shipping, clock)

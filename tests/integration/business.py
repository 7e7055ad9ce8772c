"""Two real services, customer-svc and shipping-svc, and a post between them that a test decides on.

People act over HTTP; events are taken from one outbox and delivered to the other service's inbox when, in what order
and how often the test says. The contracts an order needs are told by the test, as contract-svc would.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import orjson
import uvicorn
from sqlalchemy import TextClause, select, text

import customer_svc.main
import shipping_svc.main
from fangxing.bus import Delivery
from fangxing.bus.envelope import to_message
from fangxing.ids import new_id
from fangxing.outbox import OutboxRow
from fangxing.roles import Role
from fangxing.running.settings import ServerSettings
from fangxing.web.app import create_app
from fangxing.web.server import server_config
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import FixedClock, ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities, device_headers

PRICE = Decimal("10.00")


# What the customer owes by his documents, and what prepayments paid of his invoices. Only goods on credit are returned.
_OWED = text("""
WITH invoice AS (
    SELECT i.amount, i.settled, n.on_prepayment > 0 AS prepaid
    FROM invoices i JOIN delivery_notes n ON n.id = i.note_id
    WHERE i.account_id = :account AND i.status = 'issued'),
payment AS (SELECT amount, prepaid FROM payments WHERE account_id = :account AND reversed_on IS NULL),
credit AS (SELECT credited, settled FROM credit_notes WHERE account_id = :account AND status = 'confirmed')
SELECT
    coalesce(sum(amount), 0) AS invoiced,
    coalesce(sum(settled) FILTER (WHERE NOT prepaid), 0) + (SELECT coalesce(sum(settled), 0) FROM credit) AS settled,
    coalesce(sum(settled) FILTER (WHERE prepaid), 0) AS invoiced_prepaid,
    (SELECT coalesce(sum(a.amount), 0) FROM allocations a
        JOIN items c ON c.id = a.from_item JOIN invoices i ON i.id = a.to_item
        WHERE a.account_id = :account AND c.earmarked) AS covered,
    (SELECT coalesce(sum(amount - prepaid), 0) FROM payment) AS paid,
    (SELECT coalesce(sum(prepaid), 0) FROM payment) AS prepaid,
    (SELECT coalesce(sum(credited), 0) FROM credit) AS credited
FROM invoice""")
# What of the customer's goods is released or shipped: a notice holds what no truck has taken, until it is closed.
_GOODS = text("""
WITH notice AS (
    SELECT n.kind, n.status, n.value,
        coalesce((SELECT sum(d.value) FROM delivery_notes d WHERE d.notice_id = n.id), 0) AS taken
    FROM notices n WHERE n.account_id = :account)
SELECT
    coalesce(sum(value - taken) FILTER (WHERE status = 'released' AND kind = 'regular'), 0) AS released,
    coalesce(sum(taken) FILTER (WHERE kind = 'regular'), 0) AS shipped,
    coalesce(sum(CASE status WHEN 'released' THEN value ELSE taken END) FILTER (WHERE kind = 'prepaid'), 0)
        AS prepaid_used
FROM notice""")


async def _one(service: ServiceUnderTest, statement: TextClause, account: UUID) -> Mapping[str, Any]:
    async with service.database.reader() as reader:
        return dict((await reader.execute(statement, {"account": account})).mappings().one())


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
        """The exposure from the documents alone: notices, delivery notes, invoices, payments, credit notes.

        No stored balance is looked at, neither an account's figures nor the ledger.
        """
        owed = await _one(self.customer, _OWED, account)
        goods = await _one(self.shipping, _GOODS, account)
        receivable = owed["invoiced"] - owed["covered"] - owed["paid"] - owed["credited"]
        unsettled = goods["shipped"] - owed["settled"]
        prepaid = owed["prepaid"] + owed["invoiced_prepaid"] - owed["covered"]
        return Decimal(receivable + goods["released"] + unsettled + max(Decimal(0), goods["prepaid_used"] - prepaid))

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
        await self.set_limit(UUID(opened["id"]), limit)
        return UUID(opened["id"]), UUID(opened["account_id"])

    async def set_limit(self, customer: UUID, limit: str) -> None:
        """Grade B with `limit`, applied for, decided by all who must, and entered in the master."""
        apply = {"customer_id": str(customer), "grade": "B", "limit": limit, "reasons": "用量稳定"}
        application = await self.post(self.customer, "/credit-applications", apply, "rep1", Role.SALES_REP)
        path = f"/credit-applications/{application['id']}"
        while (role := application["approval"]["waiting_for"]) is not None:
            yes = {"decision": "approve", "seen_hash": application["approval"]["hash"]}
            application = await self.post(self.customer, f"{path}/decisions", yes, role, Role(role))
        await self.post(self.customer, f"{path}/entry", {}, "accountant", Role.ACCOUNTANT)

    async def returned(self, note: dict[str, Any], tons: str, value: str) -> None:
        """Tell customer-svc, as complaint-svc would, that goods of the note's first line were returned and accepted."""
        document = new_id()
        data = {
            "return_id": str(document),
            "number": f"TH{document.hex[-8:]}",
            "customer_id": note["customer_id"],
            "account_id": note["account_id"],
            "delivery_note_id": note["id"],
            "value": value,
            "lines": [{"line": 1, "tons": tons, "value": value}],
        }
        # the approval that came before it is not of customer-svc's business, yet it has the first version
        for version, name in enumerate(("ReturnApproved", "ReturnInspected"), 1):
            await self.customer.deliver(
                f"complaint.{name}.v1",
                data,
                key=note["account_id"],
                document=f"return/{document}",
                version=version,
            )

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
            "hands": {"order.call_off": ["rep1"]},
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

    async def customer_with_order(self, limit: str) -> tuple[tuple[UUID, UUID], UUID]:
        """An order of a customer whose limit shipping-svc has in force, and his account."""
        customer, account = await self.open_customer(limit=limit)
        for letter in await self.letters(self.customer, account, 0):
            await self.shipping.receive(letter.delivery)
        return await self.order(customer, account), account

    async def ready(self, order: tuple[UUID, UUID], tons: Decimal, kind: str = "regular") -> dict[str, Any]:
        """A notice that finance has reviewed, where it comes to that: it only waits for the manager."""
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
        return notice

    async def notice(self, order: tuple[UUID, UUID], tons: Decimal, kind: str = "regular") -> dict[str, Any]:
        """A notice through finance and the sales manager; wherever it ends."""
        notice = await self.ready(order, tons, kind)
        if notice["status"] == "in_approval" and notice["road"] == "within":
            yes = {"decision": "approve", "seen_hash": notice["approval"]["hash"]}
            path = f"/notices/{notice['id']}/decisions"
            notice = await self.post(self.shipping, path, yes, "manager", Role.SALES_MANAGER)
        return notice

    async def ship(self, notice: dict[str, Any], tons: Decimal, *, last_truck: bool = True) -> dict[str, Any]:
        """Load `tons` of a released notice and sign; the delivery note. The last truck closes the notice."""
        if not self.scanner:
            await self._equip()
        truck = {"vehicle": "浙G12345", "driver": "李师傅"}
        path = f"/notices/{notice['id']}/transport-notice"
        await self.post(self.shipping, path, {**truck, "carrier": "顺达"}, "rep1", Role.SALES_REP)
        standing = {"notice_id": notice["id"], "warehouse": "WH1", **truck}
        loading = await self.post(self.shipping, "/loadings", standing, "keeper", Role.WAREHOUSE_KEEPER)
        self.sequence += 1
        scan = {
            "sequence": self.sequence,
            "loading_id": loading["id"],
            "order_line_id": notice["lines"][0]["order_line_id"],
            "lot": "L1",
            "package": f"P{self.sequence}",
            "tons": f"{tons:.3f}",
            "scanned_at": self.shipping.runtime.clock.system.now().isoformat(),
        }
        answer = await self.shipping.client.post("/scans", headers=self.scanner, json=scan)
        assert answer.json()["allowed"], answer.text
        sign = {
            "carrier_name": "李师傅",
            "carrier_signature": "李",
            "freight_voucher": "YF1",
            "gate": "EAST",
            "last_truck": last_truck,
        }
        path = f"/loadings/{loading['id']}/signatures"
        signed = await self.post(self.shipping, path, sign, "keeper", Role.WAREHOUSE_KEEPER)
        # the keeper does not see what the goods are worth
        path = f"/delivery-notes/{signed['delivery_note']['id']}"
        headers = self.shipping.identities.headers("rep1", Role.SALES_REP)
        return dict((await self.shipping.client.get(path, headers=headers)).json())

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
async def served(firm: Business) -> AsyncIterator[str]:
    """shipping-svc behind its server, with its limits, on a port of its own; the base address."""
    app = create_app(firm.shipping.service, firm.shipping.runtime)
    server = uvicorn.Server(server_config(app, ServerSettings(), port=0))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        assert not serving.done()
        await asyncio.sleep(0)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def business(
    postgres: PostgresServer, identities: Identities, **shipping_settings: Any
) -> AsyncIterator[Business]:
    """The two services, on Monday 2 March 2026, with nothing between them but what the test delivers."""
    clock = FixedClock()
    async with (
        service_under_test(customer_svc.main.SERVICE, postgres, identities, system_clock=clock) as customer,
        service_under_test(
            shipping_svc.main.SERVICE, postgres, identities, system_clock=clock, **shipping_settings
        ) as shipping,
    ):
        yield Business(customer, shipping, clock)

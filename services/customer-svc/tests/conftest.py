"""Fixtures of customer-svc's tests: the service in a database of its own, the people, and what other services tell."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import select

from customer_svc.main import SERVICE
from fangxing.decision_log import VerdictRow
from fangxing.ids import new_id
from fangxing.money import value_of
from fangxing.roles import Role
from fangxing.running import timers
from fangxing.running.timers import DailyTimer
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import FixedClock, Published, ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities

PEOPLE: dict[str, Role] = {
    "rep1": Role.SALES_REP,
    "rep2": Role.SALES_REP,
    "manager": Role.SALES_MANAGER,
    "manager2": Role.SALES_MANAGER,
    "gm": Role.GENERAL_MANAGER,
    "finance": Role.FINANCE_MANAGER,
    "accountant": Role.ACCOUNTANT,
    "audit": Role.AUDIT_MANAGER,
    "admin": Role.ADMINISTRATOR,
}
NEW = ("manager", "gm")
EXISTING = ("manager", "finance", "gm")


@dataclass
class Office:
    """customer-svc with helpers that speak as the people and the services around it."""

    svc: ServiceUnderTest
    clock: FixedClock
    shipping: dict[str, dict[str, Any]] = field(default_factory=dict)
    around: int = 0

    def as_(self, person: str, *roles: Role) -> dict[str, str]:
        """The headers of a person, with `roles` or with his own."""
        return self.svc.identities.headers(person, *(roles or (PEOPLE[person],)))

    async def done(self, person: str, path: str, body: Any = None) -> dict[str, Any]:
        """POST as `person`, and it must succeed."""
        answer = await self.svc.post(path, body, as_=self.as_(person))
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    async def refused(self, person: str, path: str, body: Any = None, method: str = "POST") -> tuple[int, str]:
        """POST as `person`, and it must fail: the status and the slug."""
        answer = await self.svc.post(path, body, as_=self.as_(person), method=method)
        assert answer.status_code >= 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.status_code, answer.json()["slug"]

    async def read(self, path: str, person: str = "accountant", **query: Any) -> Any:
        """GET, and it must succeed."""
        answer = await self.svc.get(path, as_=self.as_(person), **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def all_pages(self, path: str, person: str = "accountant", **query: Any) -> list[dict[str, Any]]:
        """Every row of a list, page by page."""
        rows: list[dict[str, Any]] = []
        after: dict[str, str] = {}
        while True:
            page = await self.read(path, person, **query, **after)
            rows += page["items"]
            if page["next"] is None:
                return rows
            assert page["items"]
            after = {"after": page["next"]}

    async def history(self, documents: str, document: dict[str, Any]) -> list[dict[str, Any]]:
        """What was done with one of the `documents`, oldest first."""
        return list(await self.read(f"/{documents}/{document['id']}/history"))

    # the staff

    async def staff(self, person: str, *roles: Role, **changes: Any) -> dict[str, Any]:
        """A staff record of somebody who holds `roles` for good, entered by the administrator and known everywhere."""
        terms = [{"role": role, "since": "2026-01-01", "until": None} for role in roles]
        entered = await self.done(
            "admin", "/staff", {"person": person, "name": f"{person} 先生", "roles": terms, **changes}
        )
        await self.come_around()
        return entered

    async def lend(self, person: str, deputy: str, role: Role, since: str, until: str) -> dict[str, Any]:
        """Somebody lends a role of his to a deputy."""
        body = {"role": role, "deputy": deputy, "since": since, "until": until, "reason": "住院"}
        made = await self.done(person, "/delegations", body)
        await self.come_around()
        return made

    async def come_around(self) -> None:
        """Let this service take in what it published about its staff, as every service does."""
        kinds = ("customer.StaffChanged.v1", "customer.DelegationChanged.v1")
        events = [event for event in await self.svc.published() if event.type in kinds]
        for event in events[self.around :]:
            await self.svc.deliver(
                event.type, event.data, key=event.document, document=event.document, version=event.version
            )
        self.around = len(events)

    # customers and their credit

    async def customer(self, rep: str = "rep1", *, days: int = 30, **changes: Any) -> dict[str, Any]:
        """A customer, ungraded, with credit terms."""
        terms = {"kind": "credit", "days": days} if days else {"kind": "prepaid", "days": 0}
        body = {"number": f"K{uuid4().hex[:10]}", "name": "华纶", "address": "绍兴", "contact": "王", "terms": terms}
        return await self.done(rep, "/customers", {**body, **changes})

    async def apply(self, customer: dict[str, Any], grade: str = "B", limit: str | None = "1000.00") -> dict[str, Any]:
        """An application by the customer's rep."""
        body = {"customer_id": customer["id"], "grade": grade, "limit": limit, "reasons": "用量稳定"}
        return await self.done(customer["rep"], "/credit-applications", body)

    async def decide(self, application: dict[str, Any], person: str, decision: str = "approve") -> dict[str, Any]:
        """Somebody decides what he sees."""
        body = {"decision": decision, "seen_hash": application["approval"]["hash"]}
        return await self.done(person, f"/credit-applications/{application['id']}/decisions", body)

    async def approved(
        self, customer: dict[str, Any], grade: str = "B", limit: str | None = "1000.00", by: tuple[str, ...] = NEW
    ) -> dict[str, Any]:
        """An application that everybody said yes to."""
        application = await self.apply(customer, grade, limit)
        for person in by:
            application = await self.decide(application, person)
        return application

    async def graded(self, grade: str = "B", limit: str | None = "1000.00", **changes: Any) -> dict[str, Any]:
        """A customer whose credit finance has entered."""
        customer = await self.customer(**changes)
        application = await self.approved(customer, grade, limit)
        await self.done("accountant", f"/credit-applications/{application['id']}/entry")
        return customer

    async def account(self, customer: dict[str, Any]) -> dict[str, Any]:
        """The customer's credit account."""
        return dict(await self.read(f"/credit-accounts/{customer['account_id']}"))

    async def exposure(self, customer: dict[str, Any]) -> Decimal:
        """The customer's exposure."""
        return Decimal((await self.account(customer))["exposure"])

    # what shipping and the complaints tell

    async def shipping_position(self, account: str, **changes: Any) -> dict[str, Any]:
        """The next position of shipping, with `changes`."""
        told = self.shipping.setdefault(
            account,
            {
                "account_id": account,
                "epoch": 1,
                "version": 0,
                "released": "0.00",
                "shipped_total": "0.00",
                "prepaid_used_total": "0.00",
                "seen": {"epoch": 1, "version": 0},
            },
        )
        told["version"] += 1
        told.update(changes)
        await self.tell(told)
        return dict(told)

    async def tell(self, position: dict[str, Any], answers: str | None = None) -> None:
        """Let a position of shipping arrive, as the answer to a question."""
        await self.svc.deliver(
            "shipping.PositionRestated.v1",
            {"position": position, "answers": answers},
            key=position["account_id"],
            document=f"credit-account/{position['account_id']}",
            position=f"{position['epoch']}.{position['version']}",
        )

    async def ship(
        self,
        customer: dict[str, Any],
        *lines: tuple[str, str] | tuple[str, str, str],
        prepaid: bool = False,
        note: UUID | None = None,
        hands: dict[str, list[str]] | None = None,
    ) -> UUID:
        """A delivery note of (tons, price) lines, or (tons, price, value), that went through `hands`; its id."""
        account, note = customer["account_id"], note or new_id()
        made = [
            {
                "line": number,
                "product_name": "POY 75D",
                "lot": "L1",
                "tons": tons,
                "price_per_ton": price,
                "value": value[0] if value else str(value_of(Decimal(tons), Decimal(price))),
            }
            for number, (tons, price, *value) in enumerate(lines, 1)
        ]
        value = sum((Decimal(str(line["value"])) for line in made), Decimal("0.00"))
        figure = "prepaid_used_total" if prepaid else "shipped_total"
        before = self.shipping.get(account, {}).get(figure, "0.00")
        position = await self.shipping_position(account, **{figure: str(Decimal(before) + value)})
        data = {
            "delivery_note_id": str(note),
            "number": f"SH{note.hex[-8:]}",
            "customer_id": customer["id"],
            "account_id": account,
            "value": str(value),
            "on_credit": "0.00" if prepaid else str(value),
            "on_prepayment": str(value) if prepaid else "0.00",
            "shipped_on": "2026-03-02",
            "lines": made,
            "hands": hands or {},
            "position": position,
        }
        await self.svc.deliver(
            "shipping.ShipmentShipped.v1",
            data,
            key=account,
            document=f"delivery-note/{note}",
            version=1,
            position=f"{position['epoch']}.{position['version']}",
        )
        return note

    async def goods_return(
        self,
        customer: dict[str, Any],
        note: UUID,
        *lines: tuple[int, str, str],
        hands: dict[str, list[str]] | None = None,
    ) -> dict[str, Any]:
        """A return of (line, tons, value) that went through `hands` was inspected; its pending credit note."""
        back = new_id()
        value = sum((Decimal(line[2]) for line in lines), Decimal("0.00"))
        data = {
            "return_id": str(back),
            "number": f"TH{back.hex[-8:]}",
            "customer_id": customer["id"],
            "account_id": customer["account_id"],
            "delivery_note_id": str(note),
            "lines": [{"line": line, "tons": tons, "value": part} for line, tons, part in lines],
            "value": str(value),
            "hands": hands or {},
        }
        document = f"return/{back}"
        await self.svc.deliver(
            "complaint.ReturnApproved.v1", {}, key=customer["account_id"], document=document, version=1
        )
        await self.svc.deliver(
            "complaint.ReturnInspected.v1", data, key=customer["account_id"], document=document, version=2
        )
        notes = await self.read("/credit-notes", customer_id=customer["id"], status="pending")
        return next((dict(note) for note in notes["items"] if note["return_id"] == str(back)), {})

    # finance

    async def invoice(self, note: UUID, **changes: Any) -> dict[str, Any]:
        """An invoice against the note, by the accountant or `by` another."""
        person = changes.pop("by", "accountant")
        body = {"number": f"FP{uuid4().hex[:10]}", "delivery_note_id": str(note), **changes}
        return await self.done(person, "/invoices", body)

    async def pay(self, customer: dict[str, Any], amount: str, **changes: Any) -> dict[str, Any]:
        """A payment; `allocations` are (invoice, amount) pairs."""
        pairs = changes.pop("allocations", ())
        body = {
            "customer_id": customer["id"],
            "reference": f"HK{uuid4().hex[:10]}",
            "amount": amount,
            "purpose": "receivable",
            "allocations": [{"invoice_id": invoice["id"], "amount": part} for invoice, part in pairs],
            **changes,
        }
        return await self.done("accountant", "/payments", body)

    async def open_amounts(self, customer: dict[str, Any]) -> dict[str, str]:
        """What is open of each invoice, by number."""
        rows = await self.all_pages("/invoices", customer_id=customer["id"])
        return {row["number"]: row["open_amount"] for row in rows}

    async def books_agree(self) -> bool:
        """Whether the stored figures are what the ledger says."""
        return bool(await self.read("/ledger/differences") == [])

    async def verdicts(self, kind: str) -> list[dict[str, Any]]:
        """What the decision log holds of one kind, the oldest first."""
        async with self.svc.database.reader() as reader:
            rows = await reader.scalars(
                select(VerdictRow.content).where(VerdictRow.kind == kind).order_by(VerdictRow.id)
            )
            return list(rows)

    # time

    async def night(self) -> int:
        """Let the daily timers catch up as the worker does; how many dates each stepped through."""
        return max([await self._catch_up(timer) for timer in SERVICE.timers])

    async def _catch_up(self, timer: DailyTimer) -> int:
        steps, more = 0, True
        while more:
            async with self.svc.runtime.unit_of_work() as work:
                more = await timers.step(work, timer)
                steps += 1
        return steps

    async def pass_days(self, days: int) -> None:
        """Let nights pass one by one."""
        for _ in range(days):
            self.clock.advance(days=1)
            await self.night()

    async def events(self, name: str, customer: dict[str, Any] | None = None) -> list[Published]:
        """Events of one name, of one customer's account on request."""
        found = await self.svc.published(f"customer.{name}.v1")
        return [one for one in found if customer is None or one.data["account_id"] == customer["account_id"]]

    async def tasks(self, person: str, kind: str) -> list[dict[str, Any]]:
        """The open tasks of a person, of one kind."""
        return [task for task in (await self.read("/tasks", person))["items"] if task["kind"] == kind]


@pytest.fixture
def identities(tmp_path: Path) -> Identities:
    """Who may sign in."""
    return Identities(tmp_path)


@pytest_asyncio.fixture
async def office(postgres: PostgresServer, identities: Identities) -> AsyncIterator[Office]:
    """customer-svc in a database of its own, on Monday 2 March 2026."""
    clock = FixedClock()
    async with service_under_test(SERVICE, postgres, identities, system_clock=clock) as svc:
        yield Office(svc, clock)

"""Any sequence of deliveries, invoices, payments, reversals and returns, against books kept from the raw facts alone.

The model knows no totals, no positions and no positions' versions: it counts goods and money from what happened. Many
accounts live in one database; one example is one account, driven through the real use cases.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from customer_svc.accounts.consumers import keep_shipping_position
from customer_svc.accounts.rules import Side
from customer_svc.accounts.store import CreditAccount, Item
from customer_svc.customers.opening import open_customer
from customer_svc.customers.shapes import OpenCustomer, TermsIn
from customer_svc.main import SERVICE
from customer_svc.receivables.consumers import ReturnInspected, ShipmentShipped, draft_credit_note, keep_delivery_note
from customer_svc.receivables.crediting import confirm_credit_note
from customer_svc.receivables.invoicing import issue_invoice
from customer_svc.receivables.paying import allocate_payment, receive_payment, reverse_payment
from customer_svc.receivables.restating import differences
from customer_svc.receivables.rules import CreditNoteStatus, Purpose
from customer_svc.receivables.shapes import (
    AllocatePayment,
    AllocationIn,
    InvoiceLineIn,
    IssueInvoice,
    ReceivePayment,
    ReversePayment,
)
from customer_svc.receivables.store import CreditNote, DeliveryNoteLine
from fangxing.auth import Principal
from fangxing.ids import new_id
from fangxing.money import value_of
from fangxing.roles import Role
from fangxing.running.service import Runtime
from fangxing.terms import TermsKind
from fangxing.work import Work
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import FixedClock, service_under_test
from fangxing_testing.identity import Identities

NOTHING = Decimal("0.00")
KILOGRAM = Decimal("0.001")
FINANCE = Principal("finance", "finance", frozenset({Role.ACCOUNTANT, Role.FINANCE_MANAGER}))

part = st.integers(1, 100)
OPERATION = st.one_of(
    st.tuples(st.just("ship"), st.booleans(), st.integers(1, 5_000), st.integers(1, 99_999)),
    st.tuples(st.just("invoice"), part, part, st.sampled_from(["same", "same", "lower", "higher"])),
    st.tuples(st.just("pay"), st.integers(1, 50_000), st.sampled_from(["chosen", "oldest", "kept"]), part),
    st.tuples(st.just("split"), st.integers(2, 50_000), part),
    st.tuples(st.just("days"), st.integers(1, 40)),
    st.tuples(st.just("allocate"), part, part, part),
    st.tuples(st.just("prepay"), st.integers(1, 50_000)),
    st.tuples(st.just("reverse"), part),
    st.tuples(st.just("goods_back"), part, part),
)


@dataclass
class Note:
    """A delivery note of one line: what was shipped, what is neither invoiced nor returned, and what may come back."""

    id: UUID
    tons: Decimal
    price: Decimal
    value: Decimal
    prepaid: bool
    open_tons: Decimal
    open_value: Decimal
    left_to_return: Decimal
    returned_value: Decimal = NOTHING
    invoiced: Decimal = NOTHING
    credited: Decimal = NOTHING
    parts: int = 0
    at_its_price: bool = True


@dataclass
class Facts:
    """What happened on one account."""

    customer: UUID
    account: UUID
    notes: list[Note] = field(default_factory=list)
    invoices: list[UUID] = field(default_factory=list)
    payments: list[UUID] = field(default_factory=list)
    version: int = 0
    shipped: Decimal = NOTHING
    used: Decimal = NOTHING
    invoiced: Decimal = NOTHING
    paid: Decimal = NOTHING
    credited: Decimal = NOTHING
    prepaid: Decimal = NOTHING


class Player:
    """Plays operations on one account and keeps the facts."""

    def __init__(self, runtime: Runtime, clock: FixedClock, facts: Facts) -> None:
        self.runtime = runtime
        self.clock = clock
        self.facts = facts

    async def play(self, operation: tuple[Any, ...]) -> None:
        """One operation, in a unit of work of its own; nothing where there is nothing to do it to."""
        name, *arguments = operation
        async with self.runtime.unit_of_work(FINANCE) as work:
            await getattr(self, name)(work, *arguments)

    async def ship(self, work: Work, prepaid: bool, kilograms: int, cents: int) -> None:
        facts, tons, price = self.facts, kilograms * KILOGRAM, Decimal(cents) / 100
        value = value_of(tons, price)
        note = Note(new_id(), tons, price, value, prepaid, tons, value, tons)
        if prepaid:
            facts.used += value
        else:
            facts.shipped += value
        facts.version += 1
        await keep_shipping_position(
            work,
            {
                "account_id": str(facts.account),
                "epoch": 1,
                "version": facts.version,
                "released": "0.00",
                "shipped_total": str(facts.shipped),
                "prepaid_used_total": str(facts.used),
                "seen": {"epoch": 1, "version": 0},
            },
            held=False,
        )
        line = {"line": 1, "product_name": "POY", "lot": "L", "tons": str(tons), "price_per_ton": str(price)}
        event = {
            "delivery_note_id": str(note.id),
            "number": "SH",
            "customer_id": str(facts.customer),
            "account_id": str(facts.account),
            "value": str(value),
            "on_prepayment": str(value if prepaid else NOTHING),
            "shipped_on": work.today.isoformat(),
            "lines": [{**line, "value": str(value)}],
        }
        await keep_delivery_note(work, ShipmentShipped.model_validate(event))
        facts.notes.append(note)

    async def invoice(self, work: Work, which: int, percent: int, amount: str) -> None:
        open_notes = [note for note in self.facts.notes if note.open_tons > 0]
        if not open_notes:
            return
        note = open_notes[which % len(open_notes)]
        tons = max(KILOGRAM, (note.open_tons * percent / 100).quantize(KILOGRAM))
        settled = note.open_value if tons == note.open_tons else min(value_of(tons, note.price), note.open_value)
        wanted = {"same": None, "lower": settled * 9 / 10, "higher": settled + 1}[amount]
        wanted = None if wanted is None else max(Decimal("0.01"), wanted.quantize(Decimal("0.01")))
        if settled == 0:
            # a kilogram of cheap yarn is worth nothing, and nothing is not invoiced
            return
        body = IssueInvoice(
            number=uuid4().hex,
            delivery_note_id=note.id,
            lines=[InvoiceLineIn(line=1, tons=tons)],
            amount=wanted,
            due_on=work.today + timedelta(days=which),
            reason="运费",
        )
        invoice = await issue_invoice(work, body)
        assert invoice.settled == settled
        note.open_tons -= tons
        note.open_value -= settled
        note.parts += 1
        note.invoiced += invoice.amount
        note.at_its_price &= invoice.amount == settled
        self.facts.invoices.append(invoice.id)
        self.facts.invoiced += invoice.amount

    async def days(self, work: Work, count: int) -> None:
        self.clock.advance(days=count)

    async def pay(self, work: Work, cents: int, how: str, which: int) -> None:
        amount = Decimal(cents) / 100
        allocations: list[AllocationIn] | None = None if how == "oldest" else []
        if how == "chosen" and self.facts.invoices:
            allocations = []
            wanted = [self.facts.invoices[(which + step) % len(self.facts.invoices)] for step in range(2)]
            rows = await work.tx.scalars(select(Item).where(Item.id.in_(wanted), Item.open_amount > 0))
            left = amount
            for row in rows:
                share = min(left, row.open_amount)
                if share > 0:
                    allocations.append(AllocationIn(invoice_id=row.id, amount=share))
                left -= share
        await self._receive(work, amount, Purpose.RECEIVABLE, allocations)
        self.facts.paid += amount

    async def allocate(self, work: Work, which: int, whose: int, percent: int) -> None:
        """A part of what is left of a payment goes to a debit: the exposure stays what it was."""
        is_open = select(Item).where(Item.account_id == self.facts.account, Item.open_amount > 0, ~Item.earmarked)
        open_items = (await work.tx.scalars(is_open.order_by(Item.id))).all()
        received = [item for item in open_items if item.document_id in self.facts.payments]
        items = [item for item in open_items if item.side is Side.DEBIT]
        if not received or not items:
            return
        credit, item = received[which % len(received)], items[whose % len(items)]
        most = min(credit.open_amount, item.open_amount)
        share = max(Decimal("0.01"), (most * percent / 100).quantize(Decimal("0.01")))
        body = AllocatePayment(allocations=[AllocationIn(invoice_id=item.id, amount=share)])
        await allocate_payment(work, credit.document_id, body)

    async def prepay(self, work: Work, cents: int) -> None:
        await self._receive(work, Decimal(cents) / 100, Purpose.PREPAYMENT, [])
        self.facts.prepaid += Decimal(cents) / 100

    async def split(self, work: Work, cents: int, percent: int) -> None:
        """One receipt for both: what is owed, and goods to come."""
        amount = Decimal(cents) / 100
        prepaid = (amount * percent / 100).quantize(Decimal("0.01"))
        await self._receive(work, amount, Purpose.RECEIVABLE, None if prepaid < amount else [], prepaid)
        self.facts.paid += amount

    async def _receive(
        self,
        work: Work,
        amount: Decimal,
        purpose: Purpose,
        allocations: list[AllocationIn] | None,
        prepaid: Decimal = NOTHING,
    ) -> None:
        body = ReceivePayment(
            customer_id=self.facts.customer,
            reference=uuid4().hex,
            amount=amount,
            purpose=purpose,
            prepaid=prepaid,
            allocations=allocations,
        )
        self.facts.payments.append((await receive_payment(work, body)).id)

    async def reverse(self, work: Work, which: int) -> None:
        if not self.facts.payments:
            return
        wanted = self.facts.payments.pop(which % len(self.facts.payments))
        payment = await reverse_payment(work, wanted, ReversePayment(reason="退票"))
        if payment.purpose is Purpose.PREPAYMENT:
            self.facts.prepaid -= payment.amount
        else:
            self.facts.paid -= payment.amount

    async def goods_back(self, work: Work, which: int, percent: int) -> None:
        notes = [note for note in self.facts.notes if note.left_to_return > 0]
        if not notes:
            return
        note = notes[which % len(notes)]
        tons = max(KILOGRAM, (note.left_to_return * percent / 100).quantize(KILOGRAM))
        rest = note.value - note.returned_value
        value = rest if tons == note.left_to_return else min(value_of(tons, note.price), rest)
        event = {
            "return_id": str(new_id()),
            "number": "TH",
            "customer_id": str(self.facts.customer),
            "account_id": str(self.facts.account),
            "delivery_note_id": str(note.id),
            "lines": [{"line": 1, "tons": str(tons), "value": str(value)}],
            "value": str(value),
        }
        await draft_credit_note(work, ReturnInspected.model_validate(event))
        await work.tx.flush()
        pending = select(CreditNote.id).where(
            CreditNote.account_id == self.facts.account, CreditNote.status == CreditNoteStatus.PENDING
        )
        made = await confirm_credit_note(work, (await work.tx.scalars(pending)).one())
        assert made.settled is not None
        assert made.credited is not None
        # exactly the value, but for the cent of each part before it that the last tons take with them
        if note.at_its_price:
            assert abs(made.settled + made.credited - value) <= Decimal("0.01") * note.parts
        uninvoiced = min(tons, note.open_tons)
        assert uninvoiced == 0 or tons < note.open_tons or made.settled == note.open_value
        note.open_tons -= uninvoiced
        note.open_value -= made.settled
        note.left_to_return -= tons
        note.returned_value += value
        note.parts += 1
        note.credited += made.credited
        assert 0 <= note.credited <= note.invoiced
        assert note.left_to_return > 0 or note.credited == note.invoiced, "what came back whole is credited whole"
        self.facts.credited += made.credited

    async def check(self) -> None:
        """Everything that must hold on this account right now."""
        facts = self.facts
        async with self.runtime.database.reader() as reader:
            account = (
                (await reader.execute(select(CreditAccount.__table__).where(CreditAccount.id == facts.account)))
                .mappings()
                .one()
            )
            assert await differences(reader, facts.account) == []
            items = (
                (await reader.execute(select(Item.__table__).where(Item.account_id == facts.account))).mappings().all()
            )
            stored = (
                await reader.execute(
                    select(DeliveryNoteLine.note_id, DeliveryNoteLine.settled_value, DeliveryNoteLine.value).where(
                        DeliveryNoteLine.note_id.in_([note.id for note in facts.notes])
                    )
                )
            ).all()
        values = {note.id: note.open_value for note in facts.notes}
        for note_id, settled, value in stored:
            assert 0 <= settled <= value
            assert value - settled == values[note_id]
        self._check_due(account, items)
        self._check_exposure(account)

    def _check_due(self, account: Any, items: Sequence[Any]) -> None:
        """I11: open debits less open credits are the receivable, and no debt of nothing is ever due."""
        debits = sorted((item for item in items if item["side"] is Side.DEBIT), key=lambda item: item["due_on"])
        credit = sum(item["open_amount"] for item in items if item["side"] is Side.CREDIT and not item["earmarked"])
        assert sum(item["open_amount"] for item in debits) - credit == account["receivable"]
        due_by, next_due = NOTHING, None
        for item in debits:
            due_by += item["open_amount"]
            if due_by > credit and next_due is None:
                next_due = item["due_on"]
        assert account["next_due"] == next_due
        assert 0 <= account["overdue_amount"] <= max(NOTHING, account["receivable"])
        authors = {name for item in items if item["earmarked"] and item["open_amount"] for name in item["authors"]}
        assert account["prepaid_by"] == sorted(authors)

    def _check_exposure(self, account: Any) -> None:
        """What the customer has of ours and what he still owes, less what he has paid, from the raw facts.

        Everything counted together, prepaid or not: goods not invoiced, invoices, less money and credits. What the
        formula counts besides is the free prepayment, which lowers nothing.
        """
        facts = self.facts
        goods = sum((note.open_value for note in facts.notes), NOTHING)
        net = goods + facts.invoiced - facts.paid - facts.credited - facts.prepaid
        free = account["prepaid_total"] - account["prepaid_used_total"]
        assert account["exposure"] - max(NOTHING, free) == net
        open_credit = sum((note.open_value for note in facts.notes if not note.prepaid), NOTHING)
        assert account["shipped_total"] - account["settled_total"] == open_credit


@asynccontextmanager
async def one_service(postgres: PostgresServer, directory: Path, clock: FixedClock) -> AsyncIterator[Runtime]:
    """customer-svc for every example."""
    async with service_under_test(SERVICE, postgres, Identities(directory), system_clock=clock) as svc:
        yield svc.runtime


async def an_account(runtime: Runtime) -> Facts:
    """A customer with an account of its own."""
    rep = Principal("rep1", "rep1", frozenset({Role.SALES_REP}))
    async with runtime.unit_of_work(rep) as work:
        terms = TermsIn(kind=TermsKind.CREDIT, days=30)
        body = OpenCustomer(number=uuid4().hex, name="华纶", address="-", contact="-", terms=terms)
        customer = await open_customer(work, body)
        return Facts(customer.id, customer.account_id)


def test_exposure_from_the_raw_facts(postgres: PostgresServer, tmp_path: Path) -> None:
    """5-4.2.1-B: after each of any sequence of steps the exposure is what the raw facts say, to the cent."""
    with asyncio.Runner() as runner:
        clock = FixedClock()
        opened = one_service(postgres, tmp_path, clock)
        runtime = runner.run(opened.__aenter__())

        async def example(operations: list[tuple[Any, ...]]) -> None:
            player = Player(runtime, clock, await an_account(runtime))
            for operation in operations:
                await player.play(operation)
                await player.check()

        @settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(OPERATION, min_size=4, max_size=12))
        def any_sequence(operations: list[tuple[Any, ...]]) -> None:
            runner.run(example(operations))

        try:
            any_sequence()
        finally:
            runner.run(opened.__aexit__(None, None, None))

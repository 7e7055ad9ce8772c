"""Any sequence of entries and of their corrections, on two customers: no correction makes or loses a cent.

Everything is invoiced at the note's price. So whatever is invoiced, cancelled, moved, put to other use, bounced or
returned, both customers together owe the goods they have, less their money; and every entry agrees with every other.
"""

import asyncio
from collections.abc import Sequence
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
from customer_svc.customers.store import Customer
from customer_svc.main import SERVICE
from customer_svc.receivables.cancelling import cancel_credit_note, cancel_invoice
from customer_svc.receivables.consumers import ReturnInspected, ShipmentShipped, draft_credit_note, keep_delivery_note
from customer_svc.receivables.correcting import convert, move, reallocate
from customer_svc.receivables.crediting import confirm_credit_note
from customer_svc.receivables.invoicing import issue_invoice
from customer_svc.receivables.paying import receive_payment, reverse_payment
from customer_svc.receivables.restating import differences
from customer_svc.receivables.rules import CreditNoteStatus, InvoiceStatus, PaymentStatus, Purpose
from customer_svc.receivables.shapes import (
    CancelCreditNote,
    CancelInvoice,
    ConvertPayment,
    InvoiceLineIn,
    IssueInvoice,
    MovePayment,
    ReallocatePayment,
    ReceivePayment,
    ReversePayment,
)
from customer_svc.receivables.store import CreditNote, DeliveryNoteLine, Invoice, Payment
from fangxing.auth import Principal
from fangxing.errors import DomainError
from fangxing.ids import new_id
from fangxing.money import ZERO
from fangxing.roles import Role
from fangxing.running.service import Runtime
from fangxing.terms import TermsKind
from fangxing.work import Work
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import FixedClock, service_under_test
from fangxing_testing.identity import Identities

FINANCE = Principal("finance", "finance", frozenset({Role.ACCOUNTANT, Role.FINANCE_MANAGER}))
PRICE, WHY = Decimal("10.00"), "登记有误"

which = st.integers(0, 9)
tons = st.integers(1, 5)
OPERATION = st.one_of(
    st.tuples(st.just("ship"), which, st.booleans(), tons),
    st.tuples(st.just("invoice"), which, tons),
    st.tuples(st.just("receive"), which, st.integers(1, 9), st.integers(0, 9)),
    *(
        st.tuples(st.just(name), which)
        for name in ("cancel_invoice", "bounce", "move", "reallocate", "goods_back", "cancel_credit_note", "confirm")
    ),
    st.tuples(st.just("convert"), which, st.booleans(), tons),
    st.tuples(st.just("days"), st.integers(1, 40)),
)


class Books:
    """Two customers, the goods they have and the money they gave."""

    def __init__(self, runtime: Runtime, clock: FixedClock, customers: Sequence[Customer]) -> None:
        self.runtime, self.clock, self.customers = runtime, clock, customers
        self.accounts = [customer.account_id for customer in customers]
        self.told: dict[UUID, dict[str, Any]] = {
            account: {"version": 0, "shipped_total": ZERO, "prepaid_used_total": ZERO} for account in self.accounts
        }
        self.notes: list[UUID] = []
        self.goods = self.money = ZERO

    async def play(self, operation: tuple[Any, ...]) -> None:
        """One operation in a unit of work of its own; a refusal changes nothing."""
        name, *arguments = operation
        before = self.goods, self.money
        try:
            async with self.runtime.unit_of_work(FINANCE) as work:
                await getattr(self, name)(work, *arguments)
        except DomainError:
            self.goods, self.money = before

    async def days(self, work: Work, count: int) -> None:
        self.clock.advance(days=count)

    async def ship(self, work: Work, whose: int, prepaid: bool, count: int) -> None:
        customer, note, value = self.customers[whose % 2], new_id(), PRICE * count
        told = self.told[customer.account_id]
        told["version"] += 1
        told["prepaid_used_total" if prepaid else "shipped_total"] += value
        position = {
            **{name: str(told[name]) for name in ("shipped_total", "prepaid_used_total")},
            "account_id": str(customer.account_id),
            "epoch": 1,
            "version": told["version"],
            "released": "0.00",
            "seen": {"epoch": 1, "version": 0},
        }
        await keep_shipping_position(work, position, held=False)
        line = {"line": 1, "product_name": "POY", "lot": "L", "tons": f"{count}.000", "price_per_ton": str(PRICE)}
        event = {
            "delivery_note_id": str(note),
            "number": "SH",
            "customer_id": str(customer.id),
            "account_id": str(customer.account_id),
            "value": str(value),
            "on_prepayment": str(value if prepaid else ZERO),
            "shipped_on": work.today.isoformat(),
            "lines": [{**line, "value": str(value)}],
        }
        await keep_delivery_note(work, ShipmentShipped.model_validate(event))
        self.notes.append(note)
        self.goods += value

    async def invoice(self, work: Work, of: int, count: int) -> None:
        if self.notes:
            lines = [InvoiceLineIn(line=1, tons=Decimal(count))]
            note = self.notes[of % len(self.notes)]
            await issue_invoice(work, IssueInvoice(number=uuid4().hex, delivery_note_id=note, lines=lines))

    async def receive(self, work: Work, whose: int, amount: int, prepaid: int) -> None:
        body = ReceivePayment(
            customer_id=self.customers[whose % 2].id,
            reference=uuid4().hex,
            amount=PRICE * amount,
            purpose=Purpose.RECEIVABLE,
            prepaid=PRICE * min(amount, prepaid),
        )
        await receive_payment(work, body)
        self.money += body.amount

    async def _one(self, work: Work, kind: Any, status: Any, number: int) -> Any:
        found = select(kind).where(kind.account_id.in_(self.accounts), kind.status == status).order_by(kind.id)
        rows = (await work.tx.scalars(found)).all()
        return rows[number % len(rows)] if rows else None

    async def cancel_invoice(self, work: Work, number: int) -> None:
        if invoice := await self._one(work, Invoice, InvoiceStatus.ISSUED, number):
            await cancel_invoice(work, invoice.id, CancelInvoice(reason=WHY))

    async def bounce(self, work: Work, number: int) -> None:
        if payment := await self._one(work, Payment, PaymentStatus.ENTERED, number):
            await reverse_payment(work, payment.id, ReversePayment(reason=WHY))
            self.money -= payment.amount

    async def move(self, work: Work, number: int) -> None:
        if payment := await self._one(work, Payment, PaymentStatus.ENTERED, number):
            other = next(customer for customer in self.customers if customer.id != payment.customer_id)
            await move(work, payment.id, MovePayment(customer_id=other.id, reason=WHY))

    async def reallocate(self, work: Work, number: int) -> None:
        if payment := await self._one(work, Payment, PaymentStatus.ENTERED, number):
            await reallocate(work, payment.id, ReallocatePayment(allocations=[], reason=WHY))

    async def convert(self, work: Work, number: int, earmark: bool, amount: int) -> None:
        if payment := await self._one(work, Payment, PaymentStatus.ENTERED, number):
            purpose = Purpose.PREPAYMENT if earmark else Purpose.RECEIVABLE
            await convert(work, payment.id, ConvertPayment(purpose=purpose, amount=PRICE * amount, reason=WHY))

    async def goods_back(self, work: Work, of: int) -> None:
        """A ton comes back; its credit note waits."""
        lines = (
            select(DeliveryNoteLine).where(DeliveryNoteLine.note_id.in_(self.notes)).order_by(DeliveryNoteLine.note_id)
        )
        if not (rows := (await work.tx.scalars(lines)).all()):
            return
        note = rows[of % len(rows)].note_id
        customer = await work.tx.scalar(
            select(Customer).join(Invoice, Invoice.customer_id == Customer.id).where(Invoice.note_id == note).limit(1)
        )
        if customer is None:
            return
        event = {
            "return_id": str(new_id()),
            "number": "TH",
            "customer_id": str(customer.id),
            "account_id": str(customer.account_id),
            "delivery_note_id": str(note),
            "lines": [{"line": 1, "tons": "1.000", "value": str(PRICE)}],
            "value": str(PRICE),
        }
        await draft_credit_note(work, ReturnInspected.model_validate(event))

    async def confirm(self, work: Work, number: int) -> None:
        if credit_note := await self._one(work, CreditNote, CreditNoteStatus.PENDING, number):
            await confirm_credit_note(work, credit_note.id)
            self.goods -= PRICE

    async def cancel_credit_note(self, work: Work, number: int) -> None:
        if credit_note := await self._one(work, CreditNote, CreditNoteStatus.CONFIRMED, number):
            await cancel_credit_note(work, credit_note.id, CancelCreditNote(reason=WHY))
            self.goods += PRICE

    async def check(self) -> None:
        """Every entry agrees with every other, and both customers together owe their goods less their money."""
        net = ZERO
        async with self.runtime.database.reader() as reader:
            for id in self.accounts:
                assert await differences(reader, id) == []
                account = (await reader.execute(select(CreditAccount.__table__).where(CreditAccount.id == id))).one()
                items = (await reader.execute(select(Item.__table__).where(Item.account_id == id))).all()
                assert 0 <= account.overdue_amount <= max(ZERO, account.receivable)
                net += account.exposure - max(ZERO, account.prepaid_total - account.prepaid_used_total)
                if all(item.open_amount == 0 for item in items if item.side is Side.DEBIT):
                    assert account.next_due is None
        assert net == self.goods - self.money


def test_no_correction_makes_or_loses_a_cent(postgres: PostgresServer, tmp_path: Path) -> None:
    """I11: whatever is entered and put right, in any order, the items say what the figures say."""
    clock = FixedClock()
    with asyncio.Runner() as runner:
        opened = service_under_test(SERVICE, postgres, Identities(tmp_path), system_clock=clock)
        runtime = runner.run(opened.__aenter__()).runtime

        async def example(operations: list[tuple[Any, ...]]) -> None:
            async with runtime.unit_of_work(Principal("rep1", "rep1", frozenset({Role.SALES_REP}))) as work:
                terms = TermsIn(kind=TermsKind.CREDIT, days=30)
                files = [
                    OpenCustomer(number=uuid4().hex, name="华纶", address="-", contact="-", terms=terms) for _ in "AB"
                ]
                books = Books(runtime, clock, [await open_customer(work, body) for body in files])
            for operation in operations:
                await books.play(operation)
                await books.check()

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            st.lists(OPERATION, min_size=6, max_size=16).map(
                lambda it: [("ship", 0, True, 5), ("ship", 0, False, 5), ("receive", 0, 9, 5), ("invoice", 0, 3), *it]
            )
        )
        def any_sequence(operations: list[tuple[Any, ...]]) -> None:
            runner.run(example(operations))

        try:
            any_sequence()
        finally:
            runner.run(opened.__aexit__(None, None, None))

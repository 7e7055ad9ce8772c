"""6-3: a credit note for returned goods takes exactly their value off the exposure, invoiced or not."""

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from customer_svc.receivables.store import CreditNote, DeliveryNote
from fangxing.bus.letters import DeadLetter
from fangxing.ids import new_id

if TYPE_CHECKING:
    from conftest import Office

ONE = [{"line": 1, "tons": "1.000"}]


async def confirm(office: "Office", credit_note: dict[str, Any]) -> dict[str, Any]:
    return await office.done("accountant", f"/credit-notes/{credit_note['id']}/confirmation")


@pytest.mark.parametrize(
    ("invoiced", "paid", "settled", "credited", "open_amount"),
    [
        ("0.000", None, "66.66", "0.00", None),
        ("1.000", None, "66.66", "0.00", "33.33"),
        ("2.000", None, "33.33", "33.33", "33.33"),
        ("3.000", None, "0.00", "66.66", "33.33"),
        ("3.000", "50.00", "0.00", "66.66", "0.00"),
        ("3.000", "99.99", "0.00", "66.66", "0.00"),
    ],
)
async def test_6_3_the_exposure_falls_by_exactly_the_value(
    office: "Office", invoiced: str, paid: str | None, settled: str, credited: str, open_amount: str | None
) -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("3.000", "33.33"))
    if invoiced != "0.000":
        invoice = await office.invoice(note, lines=[{"line": 1, "tons": invoiced}])
    if paid:
        await office.pay(customer, paid, allocations=[(invoice, paid)])
    credit_note = await office.goods_return(customer, note, (1, "2.000", "66.66"))
    before = await office.exposure(customer)
    assert len(await office.tasks("accountant", "confirm_credit_note")) == 1
    confirmed = await confirm(office, credit_note)
    assert (confirmed["settled"], confirmed["credited"]) == (settled, credited)
    assert (confirmed["status"], confirmed["confirmed_on"], confirmed["actions"][-1]) == (
        "confirmed",
        "2026-03-02",
        "cancel",
    )
    done = [(one["action"], one["actor"]) for one in await office.history("credit-notes", credit_note)]
    assert done == [("make", "system"), ("confirm", "accountant")]
    assert before - await office.exposure(customer) == Decimal("66.66")
    if open_amount:
        assert set((await office.open_amounts(customer)).values()) == {open_amount}
    assert await office.tasks("accountant", "confirm_credit_note") == []
    (event,) = await office.events("CreditNoteIssued")
    assert (event.data["settled"], event.data["credited"]) == (settled, credited)
    assert event.data["position"]["version"] == (await office.account(customer))["version"]
    again = f"/credit-notes/{credit_note['id']}/confirmation"
    assert await office.refused("accountant", again) == (409, "wrong-state")
    assert await office.books_agree()


@pytest.mark.parametrize(("price", "amount"), [("80000.00", "70000.00"), ("100.00", "150.00"), ("100.00", "0.01")])
async def test_6_3_a_full_return_credits_what_was_invoiced(office: "Office", price: str, amount: str) -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("1.000", price))
    invoice = await office.invoice(note, by="finance", amount=amount, reason="协商")
    confirmed = await confirm(office, await office.goods_return(customer, note, (1, "1.000", price)))
    assert (confirmed["settled"], confirmed["credited"]) == ("0.00", amount)
    account = await office.account(customer)
    assert (account["receivable"], account["exposure"]) == ("0.00", "0.00")
    assert await office.open_amounts(customer) == {invoice["number"]: "0.00"}
    assert await office.books_agree()


async def test_6_3_over_all_returns_never_more_than_was_invoiced(office: "Office") -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("3.000", "10.00"), ("1.000", "30.00"))
    await office.invoice(note, by="finance", amount="50.00", reason="协商")
    credited = []
    for line, value in ((1, "10.00"), (1, "10.00"), (1, "10.00"), (2, "30.00")):
        confirmed = await confirm(office, await office.goods_return(customer, note, (line, "1.000", value)))
        credited.append(confirmed["credited"])
    # 25.00 of the invoice are for each line, and the last ton of the first takes the remainder
    assert credited == ["8.33", "8.34", "8.33", "25.00"]
    account = await office.account(customer)
    assert (account["receivable"], account["exposure"]) == ("0.00", "0.00")
    assert await office.books_agree()


async def test_6_3_goods_that_were_prepaid_give_the_prepayment_back(office: "Office") -> None:
    customer = await office.customer(days=0)
    await office.pay(customer, "100.00", purpose="prepayment")
    note = await office.ship(customer, ("2.000", "50.00"), prepaid=True)
    await confirm(office, await office.goods_return(customer, note, (1, "1.000", "50.00")))
    account = await office.account(customer)
    assert (account["prepaid_total"], account["settled_total"], account["receivable"]) == ("150.00", "0.00", "0.00")
    # the other ton is invoiced, and paid by what is left of the earmark's part
    assert (await office.invoice(note))["open_amount"] == "0.00"
    assert (await office.account(customer))["prepaid_total"] == "150.00"
    await confirm(office, await office.goods_return(customer, note, (1, "1.000", "50.00")))
    account = await office.account(customer)
    # what the earmark had paid is a prepayment again: all 100.00 of it are there for the next notice
    assert (account["receivable"], account["prepaid_total"], account["exposure"]) == ("0.00", "200.00", "0.00")
    assert await office.books_agree()


async def test_6_3_a_prepayment_that_bounced_is_given_back_by_the_returned_goods(office: "Office") -> None:
    customer = await office.customer(days=0)
    payment = await office.pay(customer, "100.00", purpose="prepayment")
    note = await office.ship(customer, ("2.000", "50.00"), prepaid=True)
    await office.done("accountant", f"/payments/{payment['id']}/reversal", {"reason": "退票"})
    assert str(await office.exposure(customer)) == "100.00"
    await confirm(office, await office.goods_return(customer, note, (1, "1.000", "50.00")))
    assert str(await office.exposure(customer)) == "50.00"


async def test_6_3_the_notes_oldest_invoice_is_covered_first_then_the_accounts_and_the_rest_is_credit(
    office: "Office",
) -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("3.000", "10.00"))
    late = await office.invoice(note, lines=ONE, due_on="2026-04-10", reason="合同约定")
    early = await office.invoice(note, lines=ONE, due_on="2026-04-01")
    other = await office.invoice(await office.ship(customer, ("1.000", "7.00")))
    await office.invoice(note, lines=ONE, number="FP-paid", due_on="2026-03-10")
    paid = next(row for row in (await office.read("/invoices"))["items"] if row["number"] == "FP-paid")
    await office.pay(customer, "10.00", allocations=[(paid, "10.00")])
    await confirm(office, await office.goods_return(customer, note, (1, "1.500", "15.00")))
    assert await office.open_amounts(customer) == {
        "FP-paid": "0.00",
        early["number"]: "0.00",
        late["number"]: "5.00",
        other["number"]: "7.00",
    }
    await confirm(office, await office.goods_return(customer, note, (1, "1.500", "15.00")))
    assert (await office.account(customer))["receivable"] == "-3.00"
    assert (await office.open_amounts(customer))[other["number"]] == "0.00"


async def test_6_3_an_overdue_invoice_that_a_credit_covers_is_cleared(office: "Office") -> None:
    customer = await office.graded()
    note = await office.ship(customer, ("1.000", "60.00"))
    await office.invoice(note, due_on="2026-03-02")
    await office.pass_days(1)
    await confirm(office, await office.goods_return(customer, note, (1, "1.000", "60.00")))
    (cleared,) = await office.events("OverdueCleared")
    assert cleared.data["position"]["overdue_amount"] == "0.00"
    assert await office.tasks("manager", "overdue_downgrade") == []


async def test_6_3_never_more_comes_back_than_was_shipped(office: "Office") -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("2.000", "10.00"))
    await confirm(office, await office.goods_return(customer, note, (1, "1.000", "10.00")))
    await office.invoice(note)
    for line in ((1, "1.001", "10.01"), (2, "1.000", "10.00")):
        pending = await office.goods_return(customer, note, line)
        path = f"/credit-notes/{pending['id']}/confirmation"
        assert await office.refused("accountant", path) == (409, "return-above-note")
    await confirm(office, await office.goods_return(customer, note, (1, "1.000", "10.00")))
    account = await office.account(customer)
    assert (account["receivable"], account["settled_total"], account["exposure"]) == ("0.00", "20.00", "0.00")


async def test_6_3_the_last_tons_not_invoiced_take_the_cent_with_them(office: "Office") -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("3.000", "33.33", "100.00"))
    for _ in range(2):
        await office.invoice(note, lines=ONE)
    confirmed = await confirm(office, await office.goods_return(customer, note, (1, "1.000", "33.33")))
    assert confirmed["settled"] == "33.34"
    account = await office.account(customer)
    assert (account["settled_total"], account["receivable"], account["exposure"]) == ("100.00", "66.66", "66.66")


async def test_6_3_what_was_all_rejected_opens_no_credit_note(office: "Office") -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("1.000", "60.00"))
    assert await office.goods_return(customer, note) == {}
    assert await office.goods_return(customer, note, (1, "0.000", "0.00")) == {}
    absent = f"/credit-notes/{uuid4()}/confirmation"
    assert await office.refused("accountant", absent) == (404, "credit-note-not-found")


async def test_a_return_may_overtake_its_delivery_note(office: "Office") -> None:
    customer, note = await office.customer(), new_id()
    pending = await office.goods_return(customer, note, (1, "1.000", "60.00"))
    path = f"/credit-notes/{pending['id']}/confirmation"
    assert await office.refused("accountant", path) == (404, "delivery-note-not-found")
    (still,) = (await office.read("/credit-notes", status="pending"))["items"]
    assert still["id"] == pending["id"]
    await office.ship(customer, ("1.000", "60.00"), note=note)
    await confirm(office, pending)
    assert str(await office.exposure(customer)) == "0.00"


@pytest.mark.parametrize("attempt", range(4))
async def test_an_invoice_and_a_credit_note_on_one_note_at_once(office: "Office", attempt: int) -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("4.000", "25.00"))
    pending = [await office.goods_return(customer, note, (1, "1.000", "25.00")) for _ in range(2)]
    calls = [
        office.svc.post(f"/credit-notes/{one['id']}/confirmation", as_=office.as_("accountant")) for one in pending
    ] + [
        office.svc.post(
            "/invoices",
            {"number": f"FP-{n}", "delivery_note_id": str(note), "lines": [{"line": 1, "tons": "2.000"}]},
            as_=office.as_("accountant"),
        )
        for n in range(2)
    ]
    calls = calls[attempt:] + calls[:attempt]
    answers, _, _ = await asyncio.gather(
        asyncio.gather(*calls), office.pay(customer, "1.00"), office.pay(customer, "1.00")
    )
    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    confirmed = (await office.read("/credit-notes", status="confirmed"))["items"]
    assert len(confirmed) == 2
    assert str(await office.exposure(customer)) == "48.00"
    account = await office.account(customer)
    invoices = await office.all_pages("/invoices")
    credited = sum(Decimal(one["credited"]) for one in confirmed)
    assert Decimal(account["receivable"]) == sum(Decimal(one["amount"]) for one in invoices) - credited - 2
    (line,) = (await office.read(f"/delivery-notes/{note}"))["lines"]
    assert line["settled_value"] == account["settled_total"]
    assert await office.books_agree()


async def test_the_gate_date_is_kept_and_facts_count_once(office: "Office") -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("1.000", "60.00"))
    left = {"delivery_note_id": str(note), "left_on": "2026-03-03"}
    document = f"delivery-note/{note}"
    for _ in range(2):
        await office.svc.deliver(
            "shipping.ShipmentLeft.v1", left, key=customer["account_id"], document=document, version=2
        )
    await office.ship(customer, ("1.000", "60.00"), note=note)
    (row,) = (await office.read("/delivery-notes"))["items"]
    assert (row["left_on"], row["shipped_on"]) == ("2026-03-03", "2026-03-02")
    async with office.svc.database.reader() as reader:
        assert (await reader.execute(select(DeliveryNote.id))).scalars().all() == [note]
        assert (await reader.execute(select(DeadLetter.id))).first() is None


async def test_a_return_told_twice_opens_one_credit_note(office: "Office") -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("1.000", "60.00"))
    pending = await office.goods_return(customer, note, (1, "1.000", "60.00"))
    data = {
        "return_id": pending["return_id"],
        "number": pending["return_number"],
        "customer_id": customer["id"],
        "account_id": customer["account_id"],
        "delivery_note_id": str(note),
        "lines": [{"line": 1, "tons": "1.000", "value": "60.00"}],
        "value": "60.00",
    }
    await office.svc.deliver(
        "complaint.ReturnInspected.v1",
        data,
        key=customer["account_id"],
        document=f"return/{pending['return_id']}",
        version=2,
    )
    async with office.svc.database.reader() as reader:
        assert len((await reader.execute(select(CreditNote.id))).all()) == 1


async def test_credit_notes_are_listed_and_paged(office: "Office") -> None:
    customer, other = await office.customer(), await office.customer()
    made = []
    for one in (customer, customer, other):
        note = await office.ship(one, ("1.000", "60.00"))
        made.append(await office.goods_return(one, note, (1, "1.000", "60.00")))
    await confirm(office, made[0])
    ids = [one["id"] for one in made]
    assert [row["id"] for row in await office.all_pages("/credit-notes", limit=1)] == ids[::-1]
    assert [row["id"] for row in await office.all_pages("/credit-notes", limit=2, sort="created_on")] == ids
    assert [row["id"] for row in await office.all_pages("/credit-notes", status="confirmed")] == ids[:1]
    assert [row["id"] for row in await office.all_pages("/credit-notes", customer_id=other["id"])] == ids[2:]

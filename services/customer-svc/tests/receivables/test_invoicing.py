"""Invoices against delivery notes: whole, in parts, of prepaid goods; the exposure stays what it was."""

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import text

if TYPE_CHECKING:
    from conftest import Office


async def test_an_invoice_moves_the_note_from_delivered_to_receivable(office: "Office") -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("1.000", "60.00"), ("2.000", "20.00"))
    assert str(await office.exposure(customer)) == "100.00"
    invoice = await office.invoice(note)
    assert (invoice["amount"], invoice["settled"], invoice["open_amount"]) == ("100.00", "100.00", "100.00")
    account = await office.account(customer)
    assert (account["receivable"], account["settled_total"], account["exposure"]) == ("100.00", "100.00", "100.00")
    (event,) = await office.events("InvoiceIssued")
    assert (event.document, event.version) == (f"invoice/{invoice['id']}", 1)
    assert (event.data["amount"], event.data["settled"], event.data["due_on"]) == ("100.00", "100.00", "2026-04-01")
    position = event.data["position"]
    assert (position["receivable"], position["settled_total"]) == ("100.00", "100.00")
    assert (position["next_due"], position["version"]) == ("2026-04-01", account["version"])
    again = {"number": "FP-2", "delivery_note_id": str(note)}
    assert await office.refused("accountant", "/invoices", again) == (409, "nothing-to-invoice")
    assert await office.books_agree()


async def test_in_three_parts_the_last_takes_the_remainder_cent(office: "Office") -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("3.000", "33.33", "100.00"))
    one = [{"line": 1, "tons": "1.000"}]
    parts = []
    for _ in range(3):
        parts.append((await office.invoice(note, lines=one))["amount"])
        assert str(await office.exposure(customer)) == "100.00"
    assert parts == ["33.33", "33.33", "33.34"]
    (line,) = (await office.read(f"/delivery-notes/{note}"))["lines"]
    assert (line["settled_tons"], line["settled_value"]) == ("3.000", "100.00")
    account = await office.account(customer)
    assert (account["receivable"], account["settled_total"]) == ("100.00", "100.00")


async def test_never_more_than_is_open(office: "Office") -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("3.000", "10.00"), ("1.000", "5.00"))
    await office.invoice(note, lines=[{"line": 1, "tons": "2.000"}])

    async def refused(*lines: tuple[int, str]) -> tuple[int, str]:
        asked = [{"line": line, "tons": tons} for line, tons in lines]
        body = {"number": uuid4().hex, "delivery_note_id": str(note), "lines": asked}
        return await office.refused("accountant", "/invoices", body)

    assert await refused((1, "1.001")) == (409, "not-open-for-invoice")
    assert await refused((3, "0.001")) == (409, "not-open-for-invoice")
    assert await refused((1, "1.000"), (2, "1.001")) == (409, "not-open-for-invoice")
    assert await refused((1, "0.500"), (1, "0.500")) == (400, "line-twice")
    assert await refused((1, "0.000")) == (400, "input-invalid")
    rest = await office.invoice(note)
    assert rest["amount"] == "15.00"
    assert len(await office.events("InvoiceIssued")) == 2


async def test_5_4_2_1_b_an_amount_above_the_note_needs_a_reason(office: "Office") -> None:
    customer = await office.customer()
    notes = [await office.ship(customer, ("1.000", "60.00")) for _ in range(2)]
    body = {"number": "FP-1", "delivery_note_id": str(notes[0]), "amount": "60.01"}
    assert await office.refused("accountant", "/invoices", body) == (400, "amount-above-note")
    assert (await office.invoice(notes[0], amount="60.01", reason="运费"))["settled"] == "60.00"
    assert str(await office.exposure(customer)) == "120.01"
    assert (await office.invoice(notes[1], amount="60.00"))["reason"] is None
    assert str(await office.exposure(customer)) == "120.01"
    assert await office.verdicts("invoice_below_note") == []
    assert await office.books_agree()


async def test_5_4_2_1_b_a_cent_below_the_note_is_for_the_finance_manager_with_a_reason(office: "Office") -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("1.000", "60.00"))
    low = {"number": "FP-1", "delivery_note_id": str(note), "amount": "59.99"}
    for person, reason in (("accountant", {}), ("accountant", {"reason": "折让"}), ("finance", {})):
        answer = await office.svc.post("/invoices", {**low, **reason}, as_=office.as_(person))
        problem = answer.json()
        assert (answer.status_code, problem["slug"]) == (403, "amount-below-note"), (person, reason)
        assert problem["clause"] == "5-4.2.1-B"
        assert "财务部经理" in problem["title"]
    assert str(await office.exposure(customer)) == "60.00"
    invoice = await office.done("finance", "/invoices", {**low, "reason": "折让"})
    assert (invoice["amount"], invoice["settled"], invoice["reason"]) == ("59.99", "60.00", "折让")
    assert str(await office.exposure(customer)) == "59.99"
    (verdict,) = await office.verdicts("invoice_below_note")
    assert (verdict["document"], verdict["actor"]) == (f"invoice/{invoice['id']}", "finance")
    assert (verdict["clauses"], verdict["inputs"]["amount"]) == (["5-4.2.1-B"], "59.99")
    assert (verdict["inputs"]["settled"], verdict["inputs"]["reason"]) == ("60.00", "折让")
    assert await office.books_agree()


async def test_the_due_date_comes_from_the_terms_or_from_finance(office: "Office") -> None:
    office.clock.advance(days=8)
    for days, due in ((30, "2026-04-09"), (1, "2026-03-11"), (0, "2026-03-10")):
        customer = await office.customer(days=days)
        note = await office.ship(customer, ("1.000", "60.00"))
        invoice = await office.invoice(note, issued_on="2026-03-10")
        assert (invoice["issued_on"], invoice["due_on"]) == ("2026-03-10", due)
    note = await office.ship(customer, ("1.000", "60.00"))
    body = {"number": "FP-1", "delivery_note_id": str(note), "issued_on": "2026-03-10"}
    early = {**body, "due_on": "2026-03-09"}
    assert await office.refused("accountant", "/invoices", early) == (400, "due-before-issue")
    assert (await office.done("accountant", "/invoices", {**body, "due_on": "2026-03-10"}))["due_on"] == "2026-03-10"


async def test_5_4_2_1_b_a_date_that_sets_overdue_aside_is_refused_or_needs_a_reason(office: "Office") -> None:
    customer = await office.customer(days=30)
    notes = [await office.ship(customer, ("1.000", "60.00")) for _ in range(3)]
    body = {"number": "FP-1", "delivery_note_id": str(notes[0])}
    tomorrow = {**body, "issued_on": "2026-03-03"}
    assert await office.refused("accountant", "/invoices", tomorrow) == (400, "issued-in-the-future")
    assert (await office.invoice(notes[0], issued_on="2026-03-02"))["due_on"] == "2026-04-01"
    late = {**body, "delivery_note_id": str(notes[1]), "due_on": "2026-04-02"}
    answer = await office.svc.post("/invoices", late, as_=office.as_("accountant"))
    problem = answer.json()
    assert (answer.status_code, problem["slug"]) == (400, "due-beyond-terms")
    assert (problem["field"], problem["clause"]) == ("reason", "5-4.2.1-B")
    assert (await office.invoice(notes[1], due_on="2026-04-02", reason="合同约定"))["due_on"] == "2026-04-02"
    assert (await office.invoice(notes[2], due_on="2026-04-01"))["reason"] is None


async def test_unknown_notes_and_numbers_taken(office: "Office") -> None:
    customer = await office.customer()
    body = {"number": "FP-1", "delivery_note_id": str(uuid4())}
    assert await office.refused("accountant", "/invoices", body) == (404, "delivery-note-not-found")
    notes = [await office.ship(customer, ("1.000", "60.00")) for _ in range(4)]
    others = [await office.ship(await office.customer(), ("1.000", "60.00")) for _ in range(4)]
    answers = await asyncio.gather(
        *(
            office.svc.post("/invoices", {**body, "delivery_note_id": str(note)}, as_=office.as_("accountant"))
            for note in notes + others
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]
    assert {answer.json()["slug"] for answer in answers if answer.status_code == 409} == {"invoice-number-taken"}
    assert len(await office.events("InvoiceIssued")) == 1
    assert await office.books_agree()


async def test_the_same_note_invoiced_twice_at_once_is_invoiced_once(office: "Office") -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("5.000", "20.00"))
    answers = await asyncio.gather(
        *(
            office.svc.post(
                "/invoices",
                {"number": f"FP-{n}", "delivery_note_id": str(note), "lines": [{"line": 1, "tons": "1.000"}]},
                as_=office.as_("accountant"),
            )
            for n in range(8)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [*[201] * 5, *[409] * 3]
    account = await office.account(customer)
    assert (account["receivable"], account["settled_total"], account["exposure"]) == ("100.00", "100.00", "100.00")
    assert await office.books_agree()


async def test_5_4_2_2_b_the_earmark_pays_the_invoice_of_prepaid_goods(office: "Office") -> None:
    customer = await office.customer(days=0)
    await office.pay(customer, "100.00", purpose="prepayment")
    note = await office.ship(customer, ("1.000", "100.00"), prepaid=True)
    assert str(await office.exposure(customer)) == "0.00"
    invoice = await office.invoice(note)
    assert (invoice["amount"], invoice["open_amount"]) == ("100.00", "0.00")
    account = await office.account(customer)
    assert (account["receivable"], account["settled_total"], account["prepaid_total"]) == ("0.00", "0.00", "100.00")
    assert (account["exposure"], account["next_due"]) == ("0.00", None)
    await office.pass_days(3)
    assert await office.events("PaymentOverdue") == []


async def test_5_4_2_2_b_what_a_bounced_prepayment_does_not_cover_is_owed(office: "Office") -> None:
    customer = await office.customer(days=0)
    kept = await office.pay(customer, "60.00", purpose="prepayment")
    bounced = await office.pay(customer, "40.00", purpose="prepayment")
    note = await office.ship(customer, ("2.000", "50.00"), prepaid=True)
    await office.done("accountant", f"/payments/{bounced['id']}/reversal", {"reason": "退票"})
    assert str(await office.exposure(customer)) == "40.00"
    half = [{"line": 1, "tons": "1.000"}]
    parts = [(await office.invoice(note, lines=half))["open_amount"] for _ in range(2)]
    assert parts == ["0.00", "40.00"]
    account = await office.account(customer)
    assert (account["receivable"], account["prepaid_total"], account["exposure"]) == ("40.00", "100.00", "40.00")
    # the other one bounces once everything is invoiced: what it had paid is owed
    await office.done("accountant", f"/payments/{kept['id']}/reversal", {"reason": "退票"})
    account = await office.account(customer)
    assert (account["receivable"], account["prepaid_total"], account["exposure"]) == ("100.00", "100.00", "100.00")
    assert set((await office.open_amounts(customer)).values()) == {"50.00"}
    assert await office.books_agree()


async def test_5_4_2_2_b_an_invoice_of_prepaid_goods_below_and_above_the_note(office: "Office") -> None:
    customer = await office.customer(days=0)
    await office.pay(customer, "200.00", purpose="prepayment")
    low, high = [await office.ship(customer, ("1.000", "100.00"), prepaid=True) for _ in range(2)]
    lower = {"amount": "90.00", "reason": "折让"}
    assert (await office.invoice(low, by="finance", **lower))["open_amount"] == "0.00"
    account = await office.account(customer)
    assert (account["prepaid_total"], account["exposure"]) == ("210.00", "0.00")
    assert (await office.invoice(high, amount="100.01", reason="运费"))["open_amount"] == "0.01"
    account = await office.account(customer)
    assert (account["receivable"], account["prepaid_total"], account["exposure"]) == ("0.01", "210.00", "0.01")
    assert await office.books_agree()


async def test_a_tampered_figure_is_shown(office: "Office") -> None:
    customer, other = await office.customer(), await office.customer()
    for one in (customer, other):
        await office.invoice(await office.ship(one, ("1.000", "60.00")))
    assert await office.books_agree()
    async with office.svc.database.transaction() as tx:
        await tx.execute(
            text("UPDATE credit_accounts SET receivable = 59.99, prepaid_total = 1 WHERE id = :id"),
            {"id": customer["account_id"]},
        )
    found = await office.read("/ledger/differences")
    assert {(row["account_id"], row["figure"], row["stored"], row["ledger"]) for row in found} == {
        (customer["account_id"], "receivable", "59.99", "60.00"),
        (customer["account_id"], "prepaid_total", "1.00", "0.00"),
    }


async def test_5_4_2_1_b_finance_restates_an_account_from_its_ledger(office: "Office") -> None:
    customer, other = await office.customer(), await office.customer()
    for one in (customer, other):
        await office.invoice(await office.ship(one, ("1.000", "60.00")))
    async with office.svc.database.transaction() as tx:
        await tx.execute(text("UPDATE credit_accounts SET receivable = 59.99, prepaid_total = 1"))
    before = await office.account(customer)
    body = {"account_id": customer["account_id"]}
    assert await office.refused("accountant", "/ledger/restatement", body) == (403, "role-required")
    answer = await office.svc.post("/ledger/restatement", body, as_=office.as_("finance"))
    assert answer.status_code == 200, answer.text
    assert {(row["figure"], row["stored"], row["ledger"]) for row in answer.json()} == {
        ("receivable", "59.99", "60.00"),
        ("prepaid_total", "1.00", "0.00"),
    }
    account = await office.account(customer)
    assert (account["receivable"], account["prepaid_total"], account["exposure"]) == ("60.00", "0.00", "60.00")
    (event,) = await office.events("PositionRestated")
    assert event.data["position"]["receivable"] == "60.00"
    assert event.data["position"]["version"] == account["version"] == before["version"] + 1
    (verdict,) = await office.verdicts("ledger_restatement")
    assert (verdict["document"], verdict["actor"]) == (f"credit-account/{customer['account_id']}", "finance")
    assert (verdict["inputs"]["receivable_stored"], verdict["inputs"]["receivable_ledger"]) == ("59.99", "60.00")
    left = await office.read("/ledger/differences")
    assert {row["account_id"] for row in left} == {other["account_id"]}
    missing = {"account_id": str(uuid4())}
    assert await office.refused("finance", "/ledger/restatement", missing) == (404, "credit-account-not-found")


async def test_invoices_are_listed_filtered_and_paged(office: "Office") -> None:
    customer, other = await office.customer(), await office.customer()
    made = []
    for n in range(6):
        note = await office.ship(other if n == 5 else customer, ("1.000", "60.00"))
        made.append(await office.invoice(note, due_on=f"2026-03-{20 - n}"))
    await office.pay(customer, "60.00", allocations=[(made[0], "60.00")])
    ids = [one["id"] for one in made]
    assert [row["id"] for row in await office.all_pages("/invoices", limit=2)] == ids[::-1]
    assert [row["id"] for row in await office.all_pages("/invoices", limit=4, sort="due_on")] == ids[::-1]
    numbers = [row["number"] for row in await office.all_pages("/invoices", limit=1, sort="number")]
    assert numbers == sorted(one["number"] for one in made)
    assert [row["id"] for row in await office.all_pages("/invoices", customer_id=other["id"])] == ids[5:]
    assert [row["id"] for row in await office.all_pages("/invoices", is_open=False)] == ids[:1]
    late = await office.all_pages("/invoices", is_open=True, due_before="2026-03-18", sort="due_on")
    assert [row["id"] for row in late] == ids[:2:-1]
    notes = await office.all_pages("/delivery-notes", limit=2, sort="number")
    assert len(notes) == 6
    assert sum(Decimal(note["value"]) for note in notes) == 360
    assert len(await office.all_pages("/delivery-notes", customer_id=other["id"])) == 1
    missing = await office.svc.get(f"/delivery-notes/{uuid4()}", as_=office.as_("accountant"))
    assert (missing.status_code, missing.json()["slug"]) == (404, "delivery-note-not-found")

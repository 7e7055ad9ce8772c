"""Receipts 来款: how the money came, whose number it has, what of it is for goods to come, what nobody allocated."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Office

DRAFT = {"bank": "工商银行绍兴分行", "drawer": "华纶", "matures_on": "2026-03-12"}


def body_of(customer: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"customer_id": customer["id"], "reference": "HK-1", "amount": "60.00", "purpose": "receivable", **changes}


async def policy(office: "Office", person: str, key: str, value: Any, day: str = "2026-03-02") -> None:
    await office.done(person, f"/policies/{key}/versions", {"value": value, "effective_from": day})


async def test_5_4_2_1_b_money_goes_to_the_oldest_debits_unless_the_clerk_chose(office: "Office") -> None:
    customer = await office.customer()
    late, early = [
        await office.invoice(await office.ship(customer, ("1.000", "60.00")), due_on=due)
        for due in ("2026-03-31", "2026-03-30")
    ]
    first = await office.done("accountant", "/payments", body_of(customer, amount="70.00"))
    assert (first["allocated"], first["open_amount"]) == ("70.00", "0.00")
    assert await office.open_amounts(customer) == {early["number"]: "0.00", late["number"]: "50.00"}
    kept = await office.done("accountant", "/payments", body_of(customer, reference="HK-2", allocations=[]))
    assert (kept["allocated"], kept["open_amount"]) == ("0.00", "60.00")
    allocated = await office.done("accountant", f"/payments/{kept['id']}/allocations", {})
    assert (allocated["allocated"], allocated["open_amount"]) == ("50.00", "10.00")
    assert await office.books_agree()


async def test_a_reference_is_one_of_its_own_account_and_a_drafts_one_of_its_bank(office: "Office") -> None:
    await policy(office, "finance", "receipt.bank_accounts", ["基本户", "工行户"])
    customer, other = await office.customer(), await office.customer()
    entered = await office.done("accountant", "/payments", body_of(customer))
    assert (entered["method"], entered["bank_account"]) == ("wire", "基本户")
    for same in ("hk-1", "ＨＫ－1", " H K-1 "):
        again = body_of(other, reference=same, method="cash")
        assert await office.refused("accountant", "/payments", again) == (409, "payment-reference-taken")
    await office.done("accountant", "/payments", body_of(other, bank_account="工行户"))
    unknown = body_of(other, reference="HK-2", bank_account="建行户")
    assert await office.refused("accountant", "/payments", unknown) == (400, "bank-account-unknown")
    draft = {"method": "bank_draft", "draft": DRAFT}
    drawn = await office.done("accountant", "/payments", body_of(customer, **draft))
    assert (drawn["accepting_bank"], drawn["drawer"], drawn["matures_on"]) == (*list(DRAFT.values())[:2], "2026-03-12")
    twice = body_of(other, bank_account="工行户", **draft)
    assert await office.refused("accountant", "/payments", twice) == (409, "payment-reference-taken")
    elsewhere = {"method": "bank_draft", "draft": {**DRAFT, "bank": "建设银行"}}
    assert (await office.done("accountant", "/payments", body_of(other, **elsewhere)))["status"] == "entered"


@pytest.mark.parametrize("wrong", [{"method": "bank_draft"}, {"draft": DRAFT}, {"method": "cash", "draft": DRAFT}])
async def test_a_draft_and_nothing_else_says_who_accepted_it(office: "Office", wrong: dict[str, Any]) -> None:
    customer = await office.customer()
    assert await office.refused("accountant", "/payments", body_of(customer, **wrong)) == (400, "input-invalid")


async def test_5_4_2_2_b_one_receipt_is_split_between_what_is_owed_and_goods_to_come(office: "Office") -> None:
    customer = await office.customer()
    invoice = await office.invoice(await office.ship(customer, ("1.000", "60.00")))
    split = await office.done("accountant", "/payments", body_of(customer, amount="100.00", prepaid="45.00"))
    assert (split["prepaid"], split["allocated"], split["open_amount"]) == ("45.00", "55.00", "45.00")
    account = await office.account(customer)
    assert (account["receivable"], account["prepaid_total"]) == ("5.00", "45.00")
    (event,) = await office.events("PaymentReceived")
    assert (event.data["amount"], event.data["prepaid"]) == ("100.00", "45.00")
    assert event.data["position"]["prepaid_by"] == ["accountant"]
    assert split["actions"] == ["reallocate", "convert", "move", "reverse"]
    await office.done("accountant", f"/payments/{split['id']}/reversal", {"reason": "退票"})
    account = await office.account(customer)
    assert (account["receivable"], account["prepaid_total"]) == ("60.00", "0.00")
    assert await office.open_amounts(customer) == {invoice["number"]: "60.00"}
    (event,) = await office.events("PaymentReversed")
    assert event.data["position"]["prepaid_by"] == []
    above = body_of(customer, reference="HK-2", prepaid="60.01")
    assert await office.refused("accountant", "/payments", above) == (400, "prepaid-above-amount")
    assert await office.books_agree()


async def test_5_4_2_2_b_the_position_says_who_entered_what_is_open_of_the_prepayments(office: "Office") -> None:
    customer = await office.customer(days=0)
    for person, reference, amount in (("accountant", "HK-1", "100.00"), ("finance", "HK-2", "50.00")):
        body = body_of(customer, reference=reference, amount=amount, purpose="prepayment")
        await office.done(person, "/payments", body)
    assert (await office.events("PrepaymentEarmarked"))[-1].data["position"]["prepaid_by"] == ["accountant", "finance"]
    # the oldest pays first: once the accountant's money is used up his hand is no longer in the prepayments
    await office.invoice(await office.ship(customer, ("1.000", "100.00"), prepaid=True))
    assert (await office.events("InvoiceIssued"))[-1].data["position"]["prepaid_by"] == ["finance"]


async def test_5_4_2_1_b_a_draft_lowers_the_exposure_at_once_or_from_its_maturity_on(office: "Office") -> None:
    customer = await office.customer()
    invoice = await office.invoice(await office.ship(customer, ("1.000", "60.00")))
    draft = {"method": "commercial_draft", "draft": DRAFT, "amount": "20.00"}
    await office.done("accountant", "/payments", body_of(customer, **draft))
    assert str(await office.exposure(customer)) == "40.00"
    await policy(office, "gm", "draft.lowers_exposure", False)
    await office.night()
    held = await office.done("accountant", "/payments", body_of(customer, reference="HK-2", **draft))
    bounced = await office.done("accountant", "/payments", body_of(customer, reference="HK-3", **draft))
    assert (held["status"], held["actions"]) == ("held", ["reverse"])
    assert str(await office.exposure(customer)) == "40.00"
    await office.done("accountant", f"/payments/{bounced['id']}/reversal", {"reason": "退票"})
    await office.pass_days(9)
    assert str(await office.exposure(customer)) == "40.00"
    await office.pass_days(1)
    assert str(await office.exposure(customer)) == "20.00"
    assert await office.open_amounts(customer) == {invoice["number"]: "20.00"}
    matured = await office.read(f"/payments/{held['id']}")
    assert (matured["status"], matured["allocated"]) == ("entered", "20.00")
    assert [one["action"] for one in await office.history("payments", held)] == ["enter", "mature"]
    assert await office.books_agree()


async def test_5_4_2_1_b_what_stays_unallocated_is_a_task_until_nothing_is_left(office: "Office") -> None:
    customer = await office.customer()
    await office.night()
    payment = await office.pay(customer, "60.00")
    await office.pass_days(2)
    assert await office.tasks("accountant", "unallocated_credit") == []
    await office.pass_days(2)
    (task,) = await office.tasks("accountant", "unallocated_credit")
    assert (task["amount"], task["document"]) == ("60.00", f"payment/{payment['id']}")
    assert "华纶" in task["title"]
    invoice = await office.invoice(await office.ship(customer, ("1.000", "60.00")))
    path = f"/payments/{payment['id']}/allocations"
    for amount, left in (("59.99", 1), ("0.01", 0)):
        part = {"allocations": [{"invoice_id": invoice["id"], "amount": amount}]}
        await office.done("accountant", path, part)
        assert len(await office.tasks("accountant", "unallocated_credit")) == left

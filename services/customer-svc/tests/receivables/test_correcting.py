"""What was entered wrong is put right in one step, leaves a trace, and no grade falls by it."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Office

WRONG = {"reason": "登记有误"}


async def figures(office: "Office", customer: dict[str, Any]) -> tuple[str, str, str]:
    account = await office.account(customer)
    return account["receivable"], account["prepaid_total"], account["exposure"]


async def confirm(office: "Office", credit_note: dict[str, Any]) -> dict[str, Any]:
    return await office.done("accountant", f"/credit-notes/{credit_note['id']}/confirmation")


async def test_5_4_2_1_b_a_payment_covers_another_invoice_in_one_step_and_no_grade_falls(office: "Office") -> None:
    customer = await office.graded()
    old, new = [
        await office.invoice(await office.ship(customer, ("1.000", "60.00")), due_on=due)
        for due in ("2026-03-02", "2026-03-31")
    ]
    payment = await office.pay(customer, "60.00", allocations=[(old, "60.00")])
    await office.pass_days(20)
    office.clock.advance(days=20)
    path = f"/payments/{payment['id']}/reallocation"
    part = [{"invoice_id": new["id"], "amount": "60.00"}]
    moved = await office.done("accountant", path, {"allocations": part, **WRONG})
    assert moved["allocated"] == "60.00"
    assert await office.open_amounts(customer) == {old["number"]: "60.00", new["number"]: "0.00"}
    # 40 days overdue all at once, and the correction may be half done: today the customer is still B
    account = await office.account(customer)
    assert (account["grade"], account["overdue_amount"], account["c_from"]) == ("B", "60.00", "2026-04-12")
    await office.night()
    assert (await office.account(customer))["grade"] == "B"
    back = [{"invoice_id": old["id"], "amount": "60.00"}]
    await office.done("accountant", path, {"allocations": back, **WRONG})
    await office.pass_days(1)
    account = await office.account(customer)
    assert (account["grade"], account["next_due"]) == ("B", "2026-03-31")
    assert [one["action"] for one in await office.history("payments", payment)] == ["enter", "reallocate", "reallocate"]
    assert len(await office.verdicts("payment_corrected")) == 2
    assert await office.books_agree()


async def test_5_4_2_1_b_a_correction_left_half_done_lets_the_grade_fall_the_next_night(office: "Office") -> None:
    customer = await office.graded()
    invoice = await office.invoice(await office.ship(customer, ("1.000", "60.00")), due_on="2026-03-02")
    payment = await office.pay(customer, "60.00", allocations=[(invoice, "60.00")])
    await office.night()
    office.clock.advance(days=40)
    await office.done("accountant", f"/payments/{payment['id']}/reallocation", {"allocations": [], **WRONG})
    other = await office.customer()
    await office.done("accountant", f"/payments/{payment['id']}/move", {"customer_id": other["id"], **WRONG})
    await office.night()
    assert (await office.account(customer))["grade"] == "B"
    await office.pass_days(1)
    assert (await office.account(customer))["grade"] == "C"


async def test_5_4_2_1_b_a_payment_goes_to_the_customer_whose_it_is(office: "Office") -> None:
    wrong, right = await office.customer(), await office.customer()
    mine = await office.invoice(await office.ship(wrong, ("1.000", "60.00")))
    due = await office.invoice(await office.ship(right, ("1.000", "60.00")))
    payment = await office.pay(wrong, "100.00", prepaid="30.00", allocations=[(mine, "50.00")])
    path = f"/payments/{payment['id']}/move"
    assert await office.refused("accountant", path, {"customer_id": wrong["id"], **WRONG}) == (400, "same-customer")
    office.clock.advance(days=3)
    moved = await office.done("accountant", path, {"customer_id": right["id"], **WRONG})
    assert (moved["customer_id"], moved["allocated"], moved["open_amount"]) == (right["id"], "60.00", "40.00")
    assert await figures(office, wrong) == ("60.00", "0.00", "60.00")
    assert await figures(office, right) == ("-10.00", "30.00", "-10.00")
    assert await office.open_amounts(wrong) == {mine["number"]: "60.00"}
    assert await office.open_amounts(right) == {due["number"]: "0.00"}
    for customer, names in ((wrong, []), (right, ["accountant"])):
        (event,) = await office.events("PositionRestated", customer)
        assert event.data["position"]["prepaid_by"] == names
    await office.done("accountant", f"/payments/{payment['id']}/reversal", {"reason": "退票"})
    assert await figures(office, right) == ("60.00", "0.00", "60.00")
    assert await office.books_agree()


async def test_5_4_2_2_b_money_goes_to_the_prepayments_and_back_but_not_what_shipping_has_used(
    office: "Office",
) -> None:
    customer = await office.customer()
    payment = await office.pay(customer, "100.00")
    path = f"/payments/{payment['id']}/conversion"
    there = await office.done("finance", path, {"purpose": "prepayment", "amount": "70.00", **WRONG})
    assert (there["prepaid"], there["open_amount"]) == ("70.00", "100.00")
    assert await figures(office, customer) == ("-30.00", "70.00", "-30.00")
    (event,) = await office.events("PositionRestated")
    assert event.data["position"]["prepaid_by"] == ["accountant", "finance"]
    over = {"purpose": "prepayment", "amount": "30.01", **WRONG}
    assert await office.refused("finance", path, over) == (409, "not-that-much-open")
    await office.shipping_position(customer["account_id"], prepaid_used_total="50.00")
    back = {"purpose": "receivable", **WRONG}
    assert await office.refused("finance", path, {**back, "amount": "20.01"}) == (409, "prepayment-in-use")
    await office.done("finance", path, {**back, "amount": "20.00"})
    assert await figures(office, customer) == ("-50.00", "50.00", "-50.00")
    await office.done("accountant", f"/payments/{payment['id']}/reversal", {"reason": "退票"})
    assert await figures(office, customer) == ("0.00", "0.00", "50.00")
    assert await office.books_agree()


async def test_5_4_2_1_b_a_cancelled_invoice_frees_its_payment_and_opens_the_note_again(office: "Office") -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("3.000", "33.33", "100.00"))
    one = [{"line": 1, "tons": "1.000"}]
    first = await office.invoice(note, lines=one)
    payment = await office.pay(customer, "20.00", allocations=[(first, "20.00")])
    path = f"/invoices/{first['id']}/cancellation"
    cancelled = await office.done("accountant", path, WRONG)
    assert (cancelled["status"], cancelled["open_amount"], cancelled["actions"]) == ("cancelled", "0.00", [])
    assert await figures(office, customer) == ("-20.00", "0.00", "80.00")
    assert (await office.read(f"/payments/{payment['id']}"))["open_amount"] == "20.00"
    (event,) = await office.events("InvoiceCancelled")
    assert (event.document, event.version) == (f"invoice/{first['id']}", 2)
    assert event.data["position"]["settled_total"] == "0.00"
    assert await office.refused("accountant", path, WRONG) == (409, "wrong-state")
    again = await office.invoice(note)
    assert again["amount"] == "100.00"
    assert await figures(office, customer) == ("80.00", "0.00", "80.00")
    assert await office.books_agree()


@pytest.mark.parametrize(("paid", "open_amount"), [("100.00", "0.00"), ("40.00", "60.00")])
async def test_5_4_2_2_b_a_cancelled_invoice_of_prepaid_goods_gives_the_earmark_back(
    office: "Office", paid: str, open_amount: str
) -> None:
    customer = await office.customer(days=0)
    await office.pay(customer, paid, purpose="prepayment")
    note = await office.ship(customer, ("2.000", "50.00"), prepaid=True)
    before = await figures(office, customer)
    invoice = await office.invoice(note)
    assert invoice["open_amount"] == open_amount
    await office.done("accountant", f"/invoices/{invoice['id']}/cancellation", WRONG)
    assert await figures(office, customer) == before == ("0.00", paid, open_amount)
    assert (await office.invoice(note))["open_amount"] == open_amount
    assert await office.books_agree()


@pytest.mark.parametrize("prepaid", [False, True])
async def test_6_3_a_return_counts_as_before_the_invoice_once_credit_note_and_invoice_are_cancelled(
    office: "Office", prepaid: bool
) -> None:
    customer = await office.customer()
    if prepaid:
        await office.pay(customer, "100.00", purpose="prepayment")
    note = await office.ship(customer, ("2.000", "50.00"), prepaid=prepaid)
    invoice = await office.invoice(note)
    credit_note = await office.goods_return(customer, note, (1, "1.000", "50.00"))
    await confirm(office, credit_note)
    net = await office.exposure(customer)
    cancel = f"/invoices/{invoice['id']}/cancellation"
    assert await office.refused("accountant", cancel, WRONG) == (409, "credit-note-stands")
    waiting = await office.done("accountant", f"/credit-notes/{credit_note['id']}/cancellation", WRONG)
    assert (waiting["status"], waiting["credited"]) == ("pending", None)
    assert len(await office.tasks("accountant", "confirm_credit_note")) == 1
    assert await office.books_agree()
    await office.done("accountant", cancel, WRONG)
    assert await office.books_agree()
    confirmed = await confirm(office, credit_note)
    assert (confirmed["settled"], confirmed["credited"]) == ("50.00", "0.00")
    account = await office.account(customer)
    figure = ("settled_total", "prepaid_total")[prepaid]
    assert account[figure] == ("50.00", "150.00")[prepaid]
    assert (account["receivable"], await office.exposure(customer)) == ("0.00", net)
    rest = await office.invoice(note)
    assert (rest["amount"], rest["open_amount"]) == ("50.00", "0.00" if prepaid else "50.00")
    assert await office.books_agree()


async def test_6_3_what_is_left_of_a_credit_is_allocated(office: "Office") -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("2.000", "50.00"))
    invoice = await office.invoice(note)
    await office.pay(customer, "100.00", allocations=[(invoice, "100.00")])
    credit_note = await office.goods_return(customer, note, (1, "1.000", "50.00"))
    assert (await confirm(office, credit_note))["actions"] == ["allocate", "cancel"]
    other = await office.invoice(await office.ship(customer, ("1.000", "30.00")))
    path = f"/credit-notes/{credit_note['id']}/allocations"
    part = {"allocations": [{"invoice_id": other["id"], "amount": "30.00"}]}
    await office.done("accountant", path, part)
    assert (await office.open_amounts(customer))[other["number"]] == "0.00"
    # taken back, the credit leaves what it had paid open again
    await office.done("accountant", f"/credit-notes/{credit_note['id']}/cancellation", WRONG)
    assert (await office.open_amounts(customer))[other["number"]] == "30.00"
    assert (await office.account(customer))["receivable"] == "30.00"
    assert await office.books_agree()

"""Open items 未清项: no debt of nothing makes anybody overdue, and every yuan has a place it can be used from."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import Office


async def give_back(office: "Office", customer: dict[str, Any], note: Any, tons: str, value: str) -> dict[str, Any]:
    """A return of `tons` worth `value`, confirmed by the accountant."""
    pending = await office.goods_return(customer, note, (1, tons, value))
    return await office.done("accountant", f"/credit-notes/{pending['id']}/confirmation")


async def bounce(office: "Office", payment: dict[str, Any]) -> dict[str, Any]:
    return await office.done("accountant", f"/payments/{payment['id']}/reversal", {"reason": "退票"})


async def test_5_4_2_1_b_a_credit_after_payment_pays_the_next_invoice(office: "Office") -> None:
    customer = await office.graded("B", "500000.00")
    note = await office.ship(customer, ("10.000", "8000.00"))
    first = await office.invoice(note)
    payment = await office.pay(customer, "80000.00", allocations=[(first, "80000.00")])
    await give_back(office, customer, note, "2.000", "16000.00")
    assert (await office.account(customer))["receivable"] == "-16000.00"
    await office.invoice(await office.ship(customer, ("2.000", "8000.00")))
    account = await office.account(customer)
    assert (account["receivable"], account["next_due"], account["c_from"]) == ("0.00", None, None)
    await office.pass_days(70)
    account = await office.account(customer)
    assert (account["grade"], account["overdue_amount"]) == ("B", "0.00")
    assert await office.events("PaymentOverdue") == []
    # the payment bounces: 80,000.00 are owed and no more than these are overdue
    await bounce(office, payment)
    account = await office.account(customer)
    assert (account["receivable"], account["overdue_amount"]) == ("80000.00", "80000.00")
    assert await office.books_agree()


async def test_5_4_2_1_b_a_credit_confirmed_later_goes_to_the_oldest_debits(office: "Office") -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("10.000", "8000.00"))
    first = await office.invoice(note)
    await office.pay(customer, "80000.00", allocations=[(first, "80000.00")])
    late, early = [
        await office.invoice(await office.ship(customer, ("1.000", "8000.00")), due_on=due)
        for due in ("2026-03-31", "2026-03-30")
    ]
    await give_back(office, customer, note, "1.500", "12000.00")
    assert await office.open_amounts(customer) == {
        first["number"]: "0.00",
        early["number"]: "0.00",
        late["number"]: "4000.00",
    }
    account = await office.account(customer)
    assert (account["receivable"], account["next_due"]) == ("4000.00", "2026-03-31")


async def test_5_4_2_1_b_money_not_allocated_keeps_the_grade(office: "Office") -> None:
    customer = await office.graded("B", "500000.00")
    await office.invoice(await office.ship(customer, ("10.000", "8000.00")))
    await office.pay(customer, "80000.00")
    await office.pass_days(62)
    account = await office.account(customer)
    assert (account["receivable"], account["overdue_amount"], account["grade"]) == ("0.00", "0.00", "B")
    assert await office.events("PaymentOverdue") == []


async def test_5_4_2_2_b_a_return_of_prepaid_and_invoiced_goods_is_a_prepayment_again(office: "Office") -> None:
    customer = await office.customer(days=0)
    await office.pay(customer, "80000.00", purpose="prepayment")
    note = await office.ship(customer, ("10.000", "8000.00"), prepaid=True)
    await office.invoice(note)
    await give_back(office, customer, note, "2.000", "16000.00")
    account = await office.account(customer)
    # 16,000.00 that the next prepaid notice can use
    assert (account["receivable"], account["exposure"]) == ("0.00", "0.00")
    assert (account["prepaid_total"], account["prepaid_used_total"]) == ("96000.00", "80000.00")
    again = await office.ship(customer, ("2.000", "8000.00"), prepaid=True)
    assert (await office.invoice(again))["open_amount"] == "0.00"
    account = await office.account(customer)
    assert (account["receivable"], account["prepaid_total"], account["exposure"]) == ("0.00", "96000.00", "0.00")
    assert await office.books_agree()


async def test_5_4_2_2_b_a_prepayment_that_bounces_after_the_invoice_opens_it_again(office: "Office") -> None:
    customer = await office.graded("B", "500000.00", days=0)
    payment = await office.pay(customer, "80000.00", purpose="prepayment")
    note = await office.ship(customer, ("10.000", "8000.00"), prepaid=True)
    invoice = await office.invoice(note)
    await office.pass_days(40)
    await bounce(office, payment)
    account = await office.account(customer)
    assert await office.open_amounts(customer) == {invoice["number"]: "80000.00"}
    # due on the day it bounced, not on the day it was paid in advance
    assert (account["receivable"], account["next_due"], account["overdue_amount"]) == (
        "80000.00",
        "2026-04-11",
        "0.00",
    )
    assert (account["prepaid_total"], account["exposure"]) == ("80000.00", "80000.00")
    await office.pass_days(1)
    assert (await office.account(customer))["overdue_amount"] == "80000.00"
    assert await office.books_agree()

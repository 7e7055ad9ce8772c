"""Refunds, write-offs and rounding differences (1-3): decided by their route, never by whoever filed them."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from customer_svc.accounts.rules import Side
from customer_svc.adjustments.rules import AdjustmentKind, RouteBand, band_of, check
from fangxing.errors import DomainError

if TYPE_CHECKING:
    from conftest import Office


async def figures(office: "Office", customer: dict[str, Any]) -> tuple[str, str, str]:
    account = await office.account(customer)
    return account["receivable"], account["written_off"], account["exposure"]


async def item_of(office: "Office", document: dict[str, Any]) -> dict[str, Any]:
    (item,) = (await office.read("/items", document_id=document["id"], is_open=True))["items"]
    return dict(item)


async def file(office: "Office", kind: str, item: dict[str, Any], amount: str) -> dict[str, Any]:
    body = {"kind": kind, "item_id": item["id"], "amount": amount, "reason": "客户来函"}
    return await office.done("accountant", "/adjustments", body)


async def decide(office: "Office", adjustment: dict[str, Any], *people: str) -> dict[str, Any]:
    for person in people:
        body = {"decision": "approve", "seen_hash": adjustment["approval"]["hash"]}
        adjustment = await office.done(person, f"/adjustments/{adjustment['id']}/decisions", body)
    return adjustment


@pytest.mark.parametrize(("amount", "people"), [("10000.00", ("finance",)), ("10000.01", ("finance", "gm"))])
async def test_1_3_a_refund_is_the_finance_managers_and_above_the_policy_the_gms(
    office: "Office", amount: str, people: tuple[str, ...]
) -> None:
    customer = await office.customer()
    payment = await office.pay(customer, "20000.00")
    filed = await file(office, "refund", await item_of(office, payment), amount)
    assert [step["role"] for step in filed["approval"]["steps"]] == ["finance_manager", "general_manager"][
        : len(people)
    ]
    assert await figures(office, customer) == ("-20000.00", "0.00", "-20000.00")
    done = await decide(office, filed, *people)
    left = str(Decimal("-20000.00") + Decimal(amount))
    assert (done["status"], await figures(office, customer)) == ("done", (left, "0.00", left))
    # the payment bounces although a part of it was given back: that part is owed
    await office.done("accountant", f"/payments/{payment['id']}/reversal", {"reason": "退票"})
    assert await figures(office, customer) == (amount, "0.00", amount)
    assert (await office.account(customer))["next_due"] == "2026-03-02"
    assert await office.books_agree()


async def test_1_3_nobody_decides_his_own_refund_and_what_was_used_meanwhile_is_not_given_back(
    office: "Office",
) -> None:
    customer = await office.customer()
    payment = await office.pay(customer, "60.00")
    item = await item_of(office, payment)
    body = {"kind": "refund", "item_id": item["id"], "amount": "60.00", "reason": "客户来函"}
    own = await office.done("finance", "/adjustments", body)
    yes = {"decision": "approve", "seen_hash": own["approval"]["hash"]}
    assert await office.refused("finance", f"/adjustments/{own['id']}/decisions", yes) == (403, "own-case")
    filed = await file(office, "refund", item, "60.00")
    await office.invoice(await office.ship(customer, ("1.000", "0.01")))
    await office.done("accountant", f"/payments/{payment['id']}/allocations", {})
    yes = {"decision": "approve", "seen_hash": filed["approval"]["hash"]}
    path = f"/adjustments/{filed['id']}/decisions"
    assert await office.refused("finance", path, yes) == (409, "not-open-to-adjust")
    assert (await office.done("finance", path, {**yes, "decision": "reject"}))["status"] == "rejected"


async def test_5_4_2_2_b_of_a_prepayment_only_what_no_goods_were_released_against_is_given_back(
    office: "Office",
) -> None:
    customer = await office.customer(days=0)
    payment = await office.pay(customer, "100.00", purpose="prepayment")
    item = await item_of(office, payment)
    await office.shipping_position(customer["account_id"], prepaid_used_total="60.00")
    over = {"kind": "refund", "item_id": item["id"], "amount": "40.01", "reason": "客户来函"}
    assert await office.refused("accountant", "/adjustments", over) == (409, "prepayment-behind-goods")
    await decide(office, await file(office, "refund", item, "40.00"), "finance")
    account = await office.account(customer)
    assert (account["prepaid_total"], account["exposure"]) == ("60.00", "0.00")
    assert await office.books_agree()


async def test_1_3_a_debt_is_written_off_by_the_gm_still_counts_and_can_be_taken_back(office: "Office") -> None:
    customer = await office.customer()
    invoice = await office.invoice(await office.ship(customer, ("1.000", "60.00")), due_on="2026-03-02")
    done = await decide(
        office, await file(office, "write_off", await item_of(office, invoice), "50.00"), "finance", "gm"
    )
    assert await figures(office, customer) == ("10.00", "50.00", "60.00")
    assert await office.open_amounts(customer) == {invoice["number"]: "10.00"}
    wrong = {"reason": "登记有误"}
    cancel = f"/invoices/{invoice['id']}/cancellation"
    assert await office.refused("accountant", cancel, wrong) == (409, "write-off-stands")
    back = await office.done("finance", f"/adjustments/{done['id']}/cancellation", wrong)
    assert (back["status"], await figures(office, customer)) == ("cancelled", ("60.00", "0.00", "60.00"))
    assert await office.open_amounts(customer) == {invoice["number"]: "60.00"}
    await office.done("accountant", cancel, wrong)
    assert await office.books_agree()


async def test_5_4_2_1_b_a_rounding_difference_is_let_go_within_the_policy(office: "Office") -> None:
    customer = await office.customer()
    invoice = await office.invoice(await office.ship(customer, ("1.000", "60.00")))
    await office.pay(customer, "58.99", allocations=[(invoice, "58.99")])
    item = await item_of(office, invoice)
    over = {"kind": "rounding", "item_id": item["id"], "amount": "1.01", "reason": "尾差"}
    assert await office.refused("accountant", "/adjustments", over) == (400, "more-than-rounding")
    done = await decide(office, await file(office, "rounding", item, "1.00"), "finance")
    assert await figures(office, customer) == ("0.01", "0.00", "0.01")
    await office.done("finance", f"/adjustments/{done['id']}/cancellation", {"reason": "登记有误"})
    assert await figures(office, customer) == ("1.01", "0.00", "1.01")
    history = [one["action"] for one in await office.history("adjustments", done)]
    assert history == ["file", "approve", "cancel"]
    assert [row["id"] for row in await office.all_pages("/adjustments", kind="rounding")] == [done["id"]]
    assert await office.books_agree()


def test_1_3_the_route_of_a_refund_at_its_limit() -> None:
    cent = Decimal("0.01")
    assert band_of(AdjustmentKind.REFUND, cent, cent) is RouteBand.REFUND
    assert band_of(AdjustmentKind.REFUND, cent * 2, cent) is RouteBand.LARGE_REFUND
    assert band_of(AdjustmentKind.REFUND, cent, None) is RouteBand.LARGE_REFUND
    assert band_of(AdjustmentKind.WRITE_OFF, cent, None) is RouteBand.WRITE_OFF


@pytest.mark.parametrize(
    ("kind", "side", "refused"),
    [
        (AdjustmentKind.REFUND, Side.DEBIT, "wrong-side"),
        (AdjustmentKind.WRITE_OFF, Side.CREDIT, "wrong-side"),
        (AdjustmentKind.ROUNDING, Side.CREDIT, "more-than-rounding"),
        (AdjustmentKind.ROUNDING, Side.DEBIT, "more-than-rounding"),
    ],
)
def test_5_4_2_1_b_what_fits_which_side(kind: AdjustmentKind, side: Side, refused: str) -> None:
    one = Decimal("1.00")
    with pytest.raises(DomainError) as raised:
        check(kind, side, one, open_amount=one, prepaid_free=None, rounding_max=None)
    assert raised.value.type.slug == refused

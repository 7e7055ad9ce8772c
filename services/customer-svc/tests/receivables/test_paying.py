"""Payments: with and without allocation, earmarked, taken back, and many at once."""

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from conftest import Office


def body_of(customer: dict[str, Any], amount: str, *parts: tuple[str, str], **changes: Any) -> dict[str, Any]:
    allocations = [{"invoice_id": invoice, "amount": part} for invoice, part in parts]
    return {
        "customer_id": customer["id"],
        "reference": uuid4().hex,
        "amount": amount,
        "purpose": "receivable",
        "allocations": allocations,
        **changes,
    }


async def test_a_payment_reduces_the_receivable_and_what_is_allocated_the_invoice(office: "Office") -> None:
    customer = await office.customer()
    invoice = await office.invoice(await office.ship(customer, ("1.000", "60.00")))
    await office.pay(customer, "50.00", allocations=[(invoice, "20.00")])
    account = await office.account(customer)
    assert (account["receivable"], account["exposure"], account["next_due"]) == ("10.00", "10.00", "2026-04-01")
    assert await office.open_amounts(customer) == {invoice["number"]: "40.00"}
    await office.pay(customer, "50.00")
    assert (await office.account(customer))["receivable"] == "-40.00"
    assert str(await office.exposure(customer)) == "-40.00"
    assert await office.open_amounts(customer) == {invoice["number"]: "40.00"}
    first, second = await office.events("PaymentReceived")
    assert (first.version, first.data["amount"], first.data["position"]["receivable"]) == (1, "50.00", "10.00")
    assert second.data["position"]["version"] == first.data["position"]["version"] + 1
    assert await office.books_agree()


async def test_a_prepayment_stays_outside_the_receivable(office: "Office") -> None:
    customer = await office.customer()
    invoice = await office.invoice(await office.ship(customer, ("1.000", "60.00")))
    await office.pay(customer, "25.00", purpose="prepayment")
    account = await office.account(customer)
    assert (account["receivable"], account["prepaid_total"], account["exposure"]) == ("60.00", "25.00", "60.00")
    (event,) = await office.events("PrepaymentEarmarked")
    assert event.data["position"]["prepaid_total"] == "25.00"
    body = body_of(customer, "1.00", (invoice["id"], "1.00"), purpose="prepayment")
    assert await office.refused("accountant", "/payments", body) == (400, "allocation-does-not-fit")


async def test_allocations_that_do_not_fit_store_nothing(office: "Office") -> None:
    customer, other = await office.customer(), await office.customer()
    mine = await office.invoice(await office.ship(customer, ("1.000", "60.00")))
    small = await office.invoice(await office.ship(customer, ("1.000", "0.01")))
    foreign = await office.invoice(await office.ship(other, ("1.000", "60.00")))
    count = len(await office.svc.published())
    for amount, parts in (
        ("100.00", [(mine["id"], "60.01")]),
        ("60.00", [(mine["id"], "60.00"), (small["id"], "0.01")]),
        ("60.00", [(mine["id"], "30.00"), (mine["id"], "30.00")]),
        ("60.00", [(foreign["id"], "1.00")]),
        ("60.00", [(str(uuid4()), "1.00")]),
    ):
        body = body_of(customer, amount, *parts)
        assert await office.refused("accountant", "/payments", body) == (400, "allocation-does-not-fit")
    assert (await office.read("/payments"))["items"] == []
    assert len(await office.svc.published()) == count
    await office.pay(customer, "60.01", allocations=[(mine, "60.00"), (small, "0.01")])
    assert await office.open_amounts(customer) == {mine["number"]: "0.00", small["number"]: "0.00"}


async def test_a_reference_is_entered_once_also_at_the_same_moment(office: "Office") -> None:
    customers = [await office.customer() for _ in range(3)]
    answers = await asyncio.gather(
        *(
            office.svc.post("/payments", body_of(one, "1.00", reference="HK-1"), as_=office.as_("accountant"))
            for one in customers * 2
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]
    assert {answer.json()["slug"] for answer in answers if answer.status_code == 409} == {"payment-reference-taken"}
    missing = body_of({"id": str(uuid4())}, "1.00")
    assert await office.refused("accountant", "/payments", missing) == (404, "customer-not-found")


async def test_a_reversal_opens_the_invoices_again_and_happens_once(office: "Office") -> None:
    customer = await office.customer()
    first, second = [await office.invoice(await office.ship(customer, ("1.000", "60.00"))) for _ in range(2)]
    payment = await office.pay(customer, "100.00", allocations=[(first, "60.00"), (second, "30.00")])
    await office.pay(customer, "10.00", allocations=[(second, "10.00")])
    path = f"/payments/{payment['id']}/reversal"
    answers = await asyncio.gather(
        *(office.svc.post(path, {"reason": "退票"}, as_=office.as_("accountant")) for _ in range(3))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert {answer.json().get("slug") for answer in answers} == {None, "wrong-state"}
    assert await office.open_amounts(customer) == {first["number"]: "60.00", second["number"]: "50.00"}
    account = await office.account(customer)
    assert (account["receivable"], account["exposure"]) == ("110.00", "110.00")
    (event,) = await office.events("PaymentReversed")
    assert (event.document, event.version) == (f"payment/{payment['id']}", 2)
    assert (event.data["amount"], event.data["purpose"]) == ("100.00", "receivable")
    missing = f"/payments/{uuid4()}/reversal"
    assert await office.refused("accountant", missing, {"reason": "x"}) == (404, "payment-not-found")
    assert await office.books_agree()


async def test_a_reversed_prepayment_leaves_the_receivable_alone(office: "Office") -> None:
    customer = await office.customer()
    payment = await office.pay(customer, "25.00", purpose="prepayment")
    await office.done("accountant", f"/payments/{payment['id']}/reversal", {"reason": "退票"})
    account = await office.account(customer)
    assert (account["receivable"], account["prepaid_total"]) == ("0.00", "0.00")


async def test_a_reversed_payments_reference_can_be_entered_again(office: "Office") -> None:
    customer = await office.customer()
    payment = await office.pay(customer, "25.00", reference="HK-1")
    again = body_of(customer, "25.00", reference="HK-1")
    assert await office.refused("accountant", "/payments", again) == (409, "payment-reference-taken")
    await office.done("accountant", f"/payments/{payment['id']}/reversal", {"reason": "金额录错"})
    await office.done("accountant", "/payments", again)
    assert await office.refused("accountant", "/payments", again) == (409, "payment-reference-taken")
    assert (await office.account(customer))["receivable"] == "-25.00"


def parts_of(*parts: tuple[dict[str, Any], str]) -> dict[str, Any]:
    return {"allocations": [{"invoice_id": invoice["id"], "amount": amount} for invoice, amount in parts]}


async def test_2_5_3_1_c_a_paid_customer_keeps_his_grade_whether_or_not_the_payment_is_allocated(
    office: "Office",
) -> None:
    customer = await office.graded()
    invoice = await office.invoice(await office.ship(customer, ("1.000", "60.00")), due_on="2026-03-02")
    await office.pass_days(1)
    assert (await office.account(customer))["overdue_amount"] == "60.00"
    payment = await office.pay(customer, "60.00")
    assert (payment["allocated"], payment["open_amount"]) == ("0.00", "60.00")
    assert (await office.account(customer))["overdue_amount"] == "0.00"
    before = await office.account(customer)
    path = f"/payments/{payment['id']}/allocations"
    allocated = await office.done("accountant", path, parts_of((invoice, "60.00")))
    assert (allocated["amount"], allocated["allocated"]) == ("60.00", "60.00")
    account = await office.account(customer)
    assert (account["receivable"], account["exposure"]) == (before["receivable"], before["exposure"]) == ("0.00",) * 2
    assert (account["overdue_amount"], account["next_due"], account["c_from"]) == ("0.00", None, None)
    (cleared,) = await office.events("OverdueCleared")
    assert cleared.data["position"]["version"] == before["version"]
    await office.pass_days(40)
    assert (await office.account(customer))["grade"] == "B"
    assert await office.books_agree()


async def test_never_more_is_allocated_than_is_left_of_a_payment(office: "Office") -> None:
    customer, other = await office.customer(), await office.customer()
    first, second = [await office.invoice(await office.ship(customer, ("1.000", "60.00"))) for _ in range(2)]
    foreign = await office.invoice(await office.ship(other, ("1.000", "60.00")))
    payment = await office.pay(customer, "100.00", allocations=[(first, "20.00")])
    path = f"/payments/{payment['id']}/allocations"
    for parts in (
        [(first, "40.01")],
        [(first, "40.00"), (second, "40.01")],
        [(first, "1.00"), (first, "1.00")],
        [(foreign, "1.00")],
    ):
        assert await office.refused("accountant", path, parts_of(*parts)) == (400, "allocation-does-not-fit")
    await office.done("accountant", path, parts_of((first, "40.00"), (second, "39.99")))
    assert await office.refused("accountant", path, parts_of((second, "0.02"))) == (400, "allocation-does-not-fit")
    last = await office.done("finance", path, parts_of((second, "0.01")))
    assert last["allocated"] == "100.00"
    assert await office.open_amounts(customer) == {first["number"]: "0.00", second["number"]: "20.00"}
    assert (await office.account(customer))["receivable"] == "20.00"
    # taken back, everything that it paid, at once or later, is open again
    await office.done("accountant", f"/payments/{payment['id']}/reversal", {"reason": "退票"})
    assert await office.open_amounts(customer) == {first["number"]: "60.00", second["number"]: "60.00"}
    assert await office.refused("accountant", path, parts_of((first, "1.00"))) == (409, "wrong-state")
    prepaid = await office.pay(customer, "25.00", purpose="prepayment")
    prepaid_path = f"/payments/{prepaid['id']}/allocations"
    refused = await office.refused("accountant", prepaid_path, parts_of((first, "1.00")))
    assert refused == (400, "allocation-does-not-fit")
    absent = f"/payments/{uuid4()}/allocations"
    assert await office.refused("accountant", absent, parts_of((first, "1.00"))) == (404, "payment-not-found")
    assert await office.books_agree()


async def test_a_payment_is_offered_to_invoices_as_long_as_something_of_it_is_left(office: "Office") -> None:
    customer = await office.customer()
    invoice = await office.invoice(await office.ship(customer, ("1.000", "60.00")))
    payment = await office.pay(customer, "10.00", allocations=[(invoice, "9.99")])
    assert payment["actions"] == ["allocate", "reallocate", "convert", "move", "reverse"]
    last = {"allocations": [{"invoice_id": invoice["id"], "amount": "0.01"}]}
    used_up = await office.done("accountant", f"/payments/{payment['id']}/allocations", last)
    assert used_up["actions"] == ["reallocate", "move", "reverse"]
    earmarked = await office.pay(customer, "10.00", purpose="prepayment")
    assert earmarked["actions"] == ["convert", "move", "reverse"]


async def test_a_payment_allocated_and_taken_back_at_once_keeps_the_invoices(office: "Office") -> None:
    customer = await office.customer()
    invoice = await office.invoice(await office.ship(customer, ("1.000", "100.00")))
    payment = await office.pay(customer, "60.00")
    path = f"/payments/{payment['id']}/allocations"
    calls = [office.svc.post(path, parts_of((invoice, "20.00")), as_=office.as_("accountant")) for _ in range(5)]
    answers = await asyncio.gather(*calls)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 400, 400]
    assert await office.open_amounts(customer) == {invoice["number"]: "40.00"}
    reversal = office.svc.post(f"/payments/{payment['id']}/reversal", {"reason": "退票"}, as_=office.as_("accountant"))
    again = office.svc.post(path, parts_of((invoice, "0.01")), as_=office.as_("accountant"))
    taken_back, refused = await asyncio.gather(reversal, again)
    assert taken_back.status_code == 200
    assert refused.status_code in (400, 409)
    assert await office.open_amounts(customer) == {invoice["number"]: "100.00"}


async def test_twenty_payments_at_once_lose_nothing(office: "Office") -> None:
    customer = await office.customer()
    invoice = await office.invoice(await office.ship(customer, ("1.000", "100.00")))
    bodies = [body_of(customer, "6.00", (invoice["id"], "6.00")) for _ in range(20)]
    answers = await asyncio.gather(
        *(office.svc.post("/payments", body, as_=office.as_("accountant")) for body in bodies)
    )
    # sixteen fit into the hundred, four find too little open
    assert sorted(answer.status_code for answer in answers) == [*[201] * 16, *[400] * 4]
    account = await office.account(customer)
    assert (account["receivable"], account["exposure"]) == ("4.00", "4.00")
    assert await office.open_amounts(customer) == {invoice["number"]: "4.00"}
    versions = [event.data["position"]["version"] for event in await office.events("PaymentReceived")]
    assert versions == list(range(3, 19))
    assert account["version"] == 18
    assert await office.books_agree()


async def test_payments_invoices_and_reversals_at_once_keep_the_books(office: "Office") -> None:
    customer = await office.customer()
    notes = [await office.ship(customer, ("1.000", "60.00")) for _ in range(6)]
    payments = [await office.pay(customer, "1.00") for _ in range(6)]
    await asyncio.gather(
        *(office.invoice(note) for note in notes),
        *(office.done("accountant", f"/payments/{one['id']}/reversal", {"reason": "x"}) for one in payments),
        *(office.pay(customer, "2.00") for _ in range(6)),
    )
    account = await office.account(customer)
    assert (account["receivable"], account["settled_total"], account["exposure"]) == ("348.00", "360.00", "348.00")
    assert await office.books_agree()


async def test_payments_are_listed_and_paged(office: "Office") -> None:
    customer, other = await office.customer(), await office.customer()
    made = [await office.pay(other if n == 4 else customer, "1.00") for n in range(5)]
    ids = [one["id"] for one in made]
    assert [row["id"] for row in await office.all_pages("/payments", limit=2)] == ids[::-1]
    references = [row["reference"] for row in await office.all_pages("/payments", limit=2, sort="-reference")]
    assert references == sorted((one["reference"] for one in made), reverse=True)
    assert [row["id"] for row in await office.all_pages("/payments", customer_id=other["id"])] == ids[4:]


async def test_no_money_was_received_on_a_day_to_come(office: "Office") -> None:
    customer = await office.customer()
    body = {"customer_id": customer["id"], "reference": "HK1", "amount": "1.00", "purpose": "receivable"}
    late = {**body, "received_on": "2026-03-03"}
    assert await office.refused("accountant", "/payments", late) == (400, "received-in-the-future")
    assert (await office.done("accountant", "/payments", {**body, "received_on": "2026-03-02"}))["amount"] == "1.00"

"""2-5.3.1-C with its note: overdue, the grace, grade C by itself, and the timer that steps date by date."""

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from customer_svc.grading.store import CreditInForce

if TYPE_CHECKING:
    from conftest import Office


async def owing(office: "Office", due: str = "2026-03-02", grade: str = "B") -> tuple[dict[str, Any], dict[str, Any]]:
    """A customer with one invoice of 60.00 due on `due`; both."""
    customer = await office.graded(grade, "1000.00" if grade == "B" else None)
    note = await office.ship(customer, ("1.000", "60.00"))
    return customer, await office.invoice(note, due_on=due)


async def grace(office: "Office", days: int, since: str) -> None:
    body = {"value": days, "effective_from": since}
    await office.done("gm", "/policies/credit.downgrade_grace_days/versions", body)


async def state(office: "Office", customer: dict[str, Any]) -> tuple[str, str | None, str, str | None]:
    account = await office.account(customer)
    return account["grade"], account["limit"], account["overdue_amount"], account["c_from"]


async def test_2_5_3_1_c_on_the_due_date_nothing_and_the_day_after_payment_overdue(office: "Office") -> None:
    customer, _ = await owing(office, "2026-03-03")
    await office.pass_days(1)
    assert await office.events("PaymentOverdue") == []
    assert await state(office, customer) == ("B", "1000.00", "0.00", "2026-04-03")
    await office.pass_days(1)
    (event,) = await office.events("PaymentOverdue")
    assert (event.data["amount"], event.data["since"]) == ("60.00", "2026-03-03")
    position = event.data["position"]
    assert (position["overdue_amount"], position["overdue_since"]) == ("60.00", "2026-03-03")
    assert (position["next_due"], position["c_from"]) == ("2026-03-03", "2026-04-03")
    assert (position["grade"], position["version"]) == ("B", (await office.account(customer))["version"])
    (task,) = await office.tasks("manager", "overdue_downgrade")
    assert task["amount"] == "60.00"
    assert "60.00" not in task["title"]
    assert "2026-04-03" in task["title"]


async def test_2_5_3_1_c_paid_in_time_is_never_overdue_and_paid_late_is_cleared(office: "Office") -> None:
    prompt, invoice = await owing(office)
    await office.pay(prompt, "60.00", allocations=[(invoice, "60.00")])
    late, invoice = await owing(office)
    await office.pass_days(1)
    assert [event.data["account_id"] for event in await office.events("PaymentOverdue")] == [late["account_id"]]
    await office.pay(late, "59.99", allocations=[(invoice, "59.99")])
    assert await office.events("OverdueCleared") == []
    assert len(await office.tasks("manager", "overdue_downgrade")) == 1
    await office.pay(late, "0.01", allocations=[(invoice, "0.01")])
    (cleared,) = await office.events("OverdueCleared")
    position = cleared.data["position"]
    assert (position["overdue_amount"], position["next_due"], position["c_from"]) == ("0.00", None, None)
    assert (await office.account(late))["version"] == position["version"]
    assert await office.tasks("manager", "overdue_downgrade") == []
    await office.pass_days(40)
    assert (await state(office, late))[0] == "B"


@pytest.mark.parametrize("grade", ["A", "B"])
async def test_2_5_3_1_c_thirty_days_overdue_is_still_good_and_the_day_after_is_c(office: "Office", grade: str) -> None:
    customer, invoice = await owing(office, grade=grade)
    limit = "1000.00" if grade == "B" else None
    await office.pass_days(30)
    assert await state(office, customer) == (grade, limit, "60.00", "2026-04-02")
    await office.pass_days(1)
    assert await state(office, customer) == ("C", "0.00", "60.00", None)
    (event,) = await office.events("CustomerGradeChanged")
    assert (event.data["grade"], event.data["clause"]) == ("C", "2-5.3.1-C")
    position = event.data["position"]
    assert (position["grade"], position["limit"], position["overdue_amount"]) == ("C", "0.00", "60.00")
    assert position["version"] == (await office.account(customer))["version"]
    assert len(await office.events("PaymentOverdue")) == 1
    assert await office.tasks("manager", "overdue_downgrade") == []
    await office.pay(customer, "60.00", allocations=[(invoice, "60.00")])
    assert len(await office.events("OverdueCleared")) == 1
    await office.pass_days(3)
    assert await state(office, customer) == ("C", "0.00", "0.00", None)
    assert len(await office.events("CustomerGradeChanged")) == 1


async def test_2_5_3_1_c_the_grade_shown_is_todays_also_before_the_night_has_run(office: "Office") -> None:
    customer, _ = await owing(office)
    office.clock.advance(days=30)
    for days, grade, limit in ((0, "B", "1000.00"), (1, "C", "0.00")):
        office.clock.advance(days=days)
        assert (await state(office, customer))[:2] == (grade, limit)
        shown = await office.read(f"/customers/{customer['id']}")
        assert (shown["grade"], shown["limit"]) == (grade, limit)
        for path, key in (("/customers", "id"), ("/credit-master", "customer_id")):
            (row,) = (await office.read(path, grade=grade))["items"]
            assert (row[key], row["grade"], row["limit"]) == (customer["id"], grade, limit)
            assert (await office.read(path, grade="B" if grade == "C" else "C"))["items"] == []
    # what is applied for is held against the grade of the day: what the customer had is more than he has
    application = await office.approved(customer, "B", "1000.00", by=("manager", "finance", "gm"))
    assert application["approval"]["content"]["now"]["grade"] == "C"
    assert application["status"] == "approved"


async def test_2_5_3_1_c_grace_0_is_the_literal_reading(office: "Office") -> None:
    await grace(office, 0, "2026-03-02")
    customer, _ = await owing(office)
    await office.night()
    assert (await state(office, customer))[0] == "B"
    await office.pass_days(1)
    assert (await state(office, customer))[:3] == ("C", "0.00", "60.00")
    assert len(await office.events("PaymentOverdue")) == len(await office.events("CustomerGradeChanged")) == 1


async def test_2_5_3_1_c_a_shorter_grace_counts_from_its_date(office: "Office") -> None:
    customer, _ = await owing(office)
    await grace(office, 5, "2026-03-12")
    await office.pass_days(9)
    assert await state(office, customer) == ("B", "1000.00", "60.00", "2026-04-02")
    await office.pass_days(1)
    assert (await state(office, customer))[0] == "C"


async def test_2_5_3_1_c_a_longer_grace_is_told_to_shipping_and_holds_on_the_last_old_day(office: "Office") -> None:
    customer, _ = await owing(office)
    await grace(office, 40, "2026-04-02")
    await office.pass_days(30)
    assert await office.events("PositionRestated") == []
    await office.pass_days(1)
    assert await state(office, customer) == ("B", "1000.00", "60.00", "2026-04-12")
    (event,) = await office.events("PositionRestated")
    assert event.data["position"]["c_from"] == "2026-04-12"
    await office.pass_days(9)
    assert (await state(office, customer))[0] == "B"
    await office.pass_days(1)
    assert (await state(office, customer))[0] == "C"
    assert len(await office.events("PositionRestated")) == 1


async def test_the_timer_that_slept_steps_date_by_date_and_tells_everything_once(office: "Office") -> None:
    await office.night()
    first, _ = await owing(office, "2026-03-02")
    second, _ = await owing(office, "2026-03-04")
    await grace(office, 3, "2026-03-02")
    await grace(office, 100, "2026-03-07")
    office.clock.advance(days=10)
    assert await office.night() == 10
    overdue = [(event.data["account_id"], event.data["since"]) for event in await office.events("PaymentOverdue")]
    assert overdue == [(first["account_id"], "2026-03-02"), (second["account_id"], "2026-03-04")]
    # the grace that held on 6 March made the first one C; the one of 7 March keeps the second
    assert (await state(office, first))[0] == "C"
    assert await state(office, second) == ("B", "1000.00", "60.00", "2026-06-13")
    (event,) = await office.events("CustomerGradeChanged")
    assert event.data["account_id"] == first["account_id"]
    async with office.svc.database.reader() as reader:
        since = await reader.scalar(select(CreditInForce.since).where(CreditInForce.clause == "2-5.3.1-C"))
    assert str(since) == "2026-03-06"


async def test_the_timer_twice_does_nothing_twice(office: "Office") -> None:
    customer, _ = await owing(office)
    await office.pass_days(31)
    before = await office.account(customer), len(await office.svc.published())
    assert await office.night() == 1
    assert (await office.account(customer), len(await office.svc.published())) == before


async def test_a_late_timer_takes_nothing_back_that_today_has_shown(office: "Office") -> None:
    await office.night()
    customer, _ = await owing(office, "2026-03-03")
    note = await office.ship(customer, ("1.000", "40.00"))
    await office.invoice(note, due_on="2026-03-05")
    office.clock.advance(days=5)
    await office.pay(customer, "1.00")
    assert [event.data["amount"] for event in await office.events("PaymentOverdue")] == ["99.00"]
    version = (await office.account(customer))["version"]
    assert await office.night() == 5
    assert len(await office.events("PaymentOverdue")) == 1
    account = await office.account(customer)
    assert (account["overdue_amount"], account["version"]) == ("99.00", version)


async def test_more_falling_due_is_told_again(office: "Office") -> None:
    customer, _ = await owing(office, "2026-03-02")
    note = await office.ship(customer, ("1.000", "0.01"))
    await office.invoice(note, due_on="2026-03-03")
    await office.pass_days(3)
    assert [(event.data["amount"], event.data["since"]) for event in await office.events("PaymentOverdue")] == [
        ("60.00", "2026-03-02"),
        ("60.01", "2026-03-02"),
    ]
    assert len(await office.tasks("manager", "overdue_downgrade")) == 1


async def test_an_account_with_nothing_open_is_never_touched(office: "Office") -> None:
    customer = await office.graded()
    await office.ship(customer, ("1.000", "60.00"))
    paid, invoice = await owing(office)
    await office.pay(paid, "60.00", allocations=[(invoice, "60.00")])
    before = [await office.account(one) for one in (customer, paid)], len(await office.svc.published())
    await office.pass_days(60)
    assert ([await office.account(one) for one in (customer, paid)], len(await office.svc.published())) == before


async def test_a_bounced_payment_makes_the_old_invoice_overdue_at_once(office: "Office") -> None:
    customer, invoice = await owing(office)
    payment = await office.pay(customer, "60.00", allocations=[(invoice, "60.00")])
    office.clock.advance(days=2)
    await office.night()
    await office.done("accountant", f"/payments/{payment['id']}/reversal", {"reason": "退票"})
    (event,) = await office.events("PaymentOverdue")
    assert (event.data["amount"], event.data["since"]) == ("60.00", "2026-03-02")
    assert len(await office.tasks("manager", "overdue_downgrade")) == 1
    assert (await state(office, customer))[3] == "2026-04-02"


async def test_2_5_3_2_overdue_of_a_customer_without_credit_opens_no_downgrade(office: "Office") -> None:
    customer = await office.customer()
    await office.invoice(await office.ship(customer, ("1.000", "60.00")), due_on="2026-03-02")
    await office.pass_days(40)
    assert len(await office.events("PaymentOverdue")) == 1
    assert await state(office, customer) == ("ungraded", "0.00", "60.00", None)
    assert await office.tasks("manager", "overdue_downgrade") == []


@pytest.mark.parametrize("decided", [False, True])
async def test_2_5_3_1_c_a_grade_that_fell_voids_what_was_applied_for_before(office: "Office", decided: bool) -> None:
    customer, invoice = await owing(office)
    by = ("manager", "finance", "gm") if decided else ("manager",)
    application = await office.approved(customer, "A", None, by=by)
    assert application["status"] == ("approved" if decided else "in_approval")
    await office.pass_days(30)
    assert (await office.read(f"/credit-applications/{application['id']}"))["status"] == application["status"]
    await office.pass_days(1)
    lapsed = await office.read(f"/credit-applications/{application['id']}")
    assert lapsed["status"] == "lapsed"
    assert lapsed["approval"]["status"] == ("approved" if decided else "returned")
    assert lapsed["approval"]["waiting_for"] is None
    assert await office.tasks("accountant", "enter_credit") == []
    assert await office.tasks("finance", "approve.credit_application") == []
    assert [row["id"] for row in await office.all_pages("/credit-applications", status="lapsed")] == [lapsed["id"]]
    await office.pay(customer, "60.00", allocations=[(invoice, "60.00")])
    answer = await office.svc.post(f"/credit-applications/{application['id']}/entry", as_=office.as_("accountant"))
    assert (answer.status_code, answer.json()["slug"]) == (409, "wrong-state")
    assert "等级已自动下降" in answer.json()["title"]
    (told,) = await office.tasks("rep1", "lapsed.credit_application")
    assert told["document"] == f"credit-application/{application['id']}"
    assert (await office.history("credit-applications", application))[-1]["action"] == "lapse"
    assert (await state(office, customer))[:2] == ("C", "0.00")
    yes = {"decision": "approve", "seen_hash": application["approval"]["hash"]}
    path = f"/credit-applications/{application['id']}/decisions"
    assert await office.refused("finance", path, yes) == (409, "wrong-state")
    # a new application, with what happened in its evidence, is the way back
    again = await office.approved(customer, "B", "1000.00", by=("manager", "finance", "gm"))
    await office.done("accountant", f"/credit-applications/{again['id']}/entry")
    assert (await state(office, customer))[:2] == ("B", "1000.00")


async def test_2_5_3_1_c_an_account_that_cannot_be_reviewed_does_not_stop_the_others(office: "Office") -> None:
    first, second, third = [(await owing(office))[0] for _ in range(3)]
    bad = second["account_id"]
    async with office.svc.database.transaction() as tx:
        await tx.execute(
            text(
                "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'broken' USING ERRCODE = 'P0001'; END $$"
            )
        )
        await tx.execute(
            text(
                "CREATE TRIGGER broken BEFORE UPDATE ON credit_accounts FOR EACH ROW "
                f"WHEN (NEW.id = '{bad}') EXECUTE FUNCTION broken()"
            )
        )
    await office.pass_days(2)
    told = {event.data["account_id"] for event in await office.events("PaymentOverdue")}
    assert told == {first["account_id"], third["account_id"]}
    assert (await state(office, second))[2] == "0.00"
    (task,) = await office.tasks("admin", "credit_review_failed")
    assert bad in task["title"]
    async with office.svc.database.transaction() as tx:
        await tx.execute(text("DROP TRIGGER broken ON credit_accounts"))
    await office.pass_days(1)
    assert (await state(office, second))[2] == "60.00"
    assert await office.tasks("admin", "credit_review_failed") == []

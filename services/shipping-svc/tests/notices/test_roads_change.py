"""What happens between the review and the release: grades fall, money is taken by another, many do it at once."""

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Yard


def slugs(notice: dict[str, Any]) -> list[str]:
    return [reason["slug"] for reason in notice["verdict"]["reasons"]]


async def finance_tasks(yard: "Yard", notice: dict[str, Any]) -> int:
    tasks = (await yard.svc.get("/tasks", as_=yard.accountant)).json()["items"]
    return [task["document"] for task in tasks].count(f"notice/{notice['id']}")


@pytest.mark.parametrize(
    ("grade", "owes", "road", "slug"),
    [("C", "0.00", "cash_only", "grade-cash-only"), ("D", "0.01", "debt_first", "debt-first")],
)
async def test_5_2_5_3_2_a_grade_that_fell_is_not_covered_by_the_gms_yes_to_the_amount(
    yard: "Yard", grade: str, owes: str, road: str, slug: str
) -> None:
    account = await yard.customer(limit="0.01", receivable="0.01")
    order = await yard.order(account)
    notice = await yard.approve(await yard.review(await yard.notice(order)), yard.manager)
    await yard.position(account, grade=grade, limit="0.00", receivable=owes)
    notice = await yard.approve(notice, yard.gm)
    assert (notice["status"], notice["road"], slugs(notice)) == ("finance_review", road, [slug])
    assert "总经理书面特批" in notice["verdict"]["would_pass"][0]
    assert await finance_tasks(yard, notice) == 1
    exception = {"customer_id": str(account), "ceiling": "60.01", "valid_until": "2026-03-02", "reason": "急单"}
    await yard.done("/credit-exceptions", exception, yard.gm)
    released = await yard.review(notice)
    assert (released["status"], slugs(released)) == ("released", [slug, "gm-ceiling"])


async def test_2_5_3_2_an_exception_ends_after_its_last_day(yard: "Yard") -> None:
    account = await yard.customer(grade="C", limit="0.00")
    order = await yard.order(account)
    body = {"customer_id": str(account), "ceiling": "60.00", "valid_until": "2026-03-02", "reason": "急单"}
    await yard.done("/credit-exceptions", body, yard.gm)
    notice = await yard.notice(order)
    yard.clock.advance(days=1)
    late = await yard.review(notice)
    assert (late["status"], late["road"]) == ("refused", "cash_only")
    listed = await yard.svc.get("/credit-exceptions", as_=yard.gm, valid_on="2026-03-03")
    assert listed.json()["items"] == []


async def test_5_4_2_1_c_over_and_overdue_takes_the_reason_and_the_gm(yard: "Yard") -> None:
    account = await yard.customer(limit="60.00", receivable="0.01", next_due="2026-03-01", overdue_amount="0.01")
    notice = await yard.review(await yard.notice(await yard.order(account)))
    assert (notice["status"], notice["road"], slugs(notice)) == ("reason_needed", "over", ["over-limit", "overdue"])
    notice = await yard.step(notice, "overdue-reason", yard.rep, {"reason": "汇票在途"})
    notice = await yard.approve(notice, yard.manager)
    assert notice["approval"]["waiting_for"] == "general_manager"
    assert (await yard.approve(notice, yard.gm))["status"] == "released"


async def test_5_4_2_1_c_a_refused_notice_gives_its_order_line_back(yard: "Yard") -> None:
    order = await yard.order(await yard.customer(), tons="1.000")
    for decision, status in (("reject", "rejected"), ("return", "returned")):
        notice = await yard.review(await yard.notice(order))
        body = {"decision": decision, "seen_hash": notice["approval"]["hash"], "comment": "先收款"}
        assert (await yard.step(notice, "decisions", yard.manager, body))["status"] == status
    assert (await yard.released(order))["status"] == "released"


async def test_5_4_2_1_c_what_the_decider_saw_is_bound(yard: "Yard") -> None:
    account = await yard.customer(limit="60.00")
    notice = await yard.review(await yard.notice(await yard.order(account)))
    body = {"decision": "approve", "seen_hash": "0" * 64}
    assert await yard.refused(f"/notices/{notice['id']}/decisions", body, yard.manager) == (409, "figures-changed")
    assert (await yard.account(account))["released"] == "0.00"


async def test_5_4_2_2_b_two_notices_reviewed_at_once_take_one_prepayment_once(yard: "Yard") -> None:
    account = await yard.customer(grade="C", limit="0.00", prepaid_total="60.00")
    order = await yard.order(account)
    notices = [await yard.notice(order, kind="prepaid") for _ in range(6)]
    reviewed = await asyncio.gather(*[yard.review(notice) for notice in notices])
    assert [notice["status"] for notice in reviewed].count("released") == 1
    assert (await yard.account(account))["prepaid_used_total"] == "60.00"
    for notice in reviewed:
        # who looked before the money was gone and came second is back on finance's desk
        if notice["status"] != "released":
            assert slugs(notice) == ["prepayment-missing"]
            assert await finance_tasks(yard, notice) == (notice["status"] == "finance_review")


async def test_refused_reviews_and_cancellations_of_one_order_never_deadlock(yard: "Yard") -> None:
    """An exception that is not enough locks the account; then the refusal gives the order's lines back."""
    account = await yard.customer(limit="6000.00")
    order = await yard.order(account)
    held = [await yard.released(order) for _ in range(6)]
    waiting = [await yard.notice(order) for _ in range(6)]
    await yard.position(account, grade="C", limit="0.00")
    exception = {"customer_id": str(account), "ceiling": "1.00", "valid_until": "2026-03-02", "reason": "急单"}
    await yard.done("/credit-exceptions", exception, yard.gm)
    answers = await asyncio.gather(
        *[yard.review(notice) for notice in waiting],
        *[yard.step(notice, "cancellation", yard.rep) for notice in held],
    )
    assert [answer["status"] for answer in answers] == ["refused"] * 6 + ["cancelled"] * 6
    assert (await yard.account(account))["exposure"] == "0.00"


async def test_4_orders_notices_filed_at_once_never_take_more_than_the_order_has(yard: "Yard") -> None:
    order = await yard.order(await yard.customer(), tons="3.000")
    body = {
        "order_id": str(order[0]),
        "kind": "regular",
        "ship_on": "2026-03-05",
        "lines": [{"order_line_id": str(order[1]), "tons": "1.000"}],
    }
    answers = await asyncio.gather(*[yard.svc.post("/notices", body, as_=yard.rep) for _ in range(8)])
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 5


async def test_a_task_says_what_is_asked_why_and_what_may_be_done_as_the_notice_itself_does(yard: "Yard") -> None:
    account = await yard.customer(limit="0.01", receivable="0.01")
    notice = await yard.approve(await yard.review(await yard.notice(await yard.order(account))), yard.manager)
    await yard.position(account, grade="C", limit="0.00", receivable="0.00")
    sent_back = await yard.approve(notice, yard.gm)
    (task,) = (await yard.svc.get("/tasks", as_=yard.accountant)).json()["items"]
    detail = (await yard.svc.get(f"/notices/{notice['id']}", as_=yard.accountant)).json()
    assert (task["number"], task["customer_name"]) == (notice["number"], detail["customer_name"])
    assert (task["amount"], task["actions"]) == (detail["value"], detail["actions"])
    assert (task["actions"], task["failing_clause"]) == (["review"], sent_back["verdict"]["clauses"][0])
    assert task["would_pass"] == sent_back["verdict"]["would_pass"]
    assert detail["value"] not in task["title"]

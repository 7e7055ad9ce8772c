"""From the notice to the release: the roads of 5-4.2.1-C, and what happens when they change on the way."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from shipping_svc.notices.store import Release


async def test_5_4_2_1_c_exposure_equal_to_the_limit_is_within_and_the_manager_releases(yard: Any) -> None:
    account = await yard.customer(limit="60.00")
    order = await yard.order(account)
    notice = await yard.review(await yard.notice(order))
    assert notice["road"] == "within"
    assert notice["approval"]["waiting_for"] == "sales_manager"
    released = await yard.approve(notice, yard.manager)
    assert released["status"] == "released"
    assert yard.inputs(released)["exposure_after"] == "60.00"
    (event,) = await yard.svc.published("shipping.ShipmentReleased.v1")
    assert event.data["position"]["released"] == "60.00"
    assert event.data["verdict_hash"] == released["verdict"]["hash"]
    assert (await yard.account(account))["exposure"] == "60.00"


async def test_5_4_2_1_c_one_cent_over_the_limit_goes_to_the_gm(yard: Any) -> None:
    account = await yard.customer(limit="59.99")
    notice = await yard.review(await yard.notice(await yard.order(account)))
    assert notice["road"] == "over"
    assert notice["verdict"]["would_pass"]
    notice = await yard.approve(notice, yard.manager)
    assert notice["approval"]["waiting_for"] == "general_manager"
    assert (await yard.approve(notice, yard.gm))["status"] == "released"


async def test_5_4_2_1_c_the_gms_yes_covers_the_exposure_he_saw_and_no_more(yard: Any) -> None:
    account = await yard.customer(limit="0.01")
    notice = await yard.approve(await yard.review(await yard.notice(await yard.order(account))), yard.manager)
    await yard.position(account, limit="0.01", receivable="0.01")
    notice = await yard.approve(notice, yard.gm)
    assert notice["status"] == "finance_review"
    assert not notice["verdict"]["allowed"]
    assert "gm-ceiling-exceeded" in [reason["slug"] for reason in notice["verdict"]["reasons"]]


async def test_5_4_2_1_c_overdue_within_the_limit_needs_the_reps_reason_and_the_manager(yard: Any) -> None:
    account = await yard.customer(next_due="2026-03-01", receivable="10.00", overdue_amount="10.00")
    notice = await yard.review(await yard.notice(await yard.order(account)))
    assert (notice["status"], notice["road"]) == ("reason_needed", "overdue")
    notice = await yard.step(notice, "overdue-reason", yard.rep, {"reason": "客户月底统一付款"})
    assert notice["approval"]["content"]["overdue_reason"] == "客户月底统一付款"
    assert (await yard.approve(notice, yard.manager))["status"] == "released"


async def test_5_4_2_1_b_on_the_due_date_itself_nothing_is_overdue(yard: Any) -> None:
    account = await yard.customer(next_due="2026-03-02", receivable="10.00")
    assert (await yard.review(await yard.notice(await yard.order(account))))["road"] == "within"


async def test_an_item_that_falls_due_before_the_release_sends_the_notice_back(yard: Any) -> None:
    account = await yard.customer(next_due="2026-03-02", receivable="10.00")
    notice = await yard.review(await yard.notice(await yard.order(account)))
    yard.clock.advance(days=1)
    notice = await yard.approve(notice, yard.manager)
    assert (notice["status"], notice["road"]) == ("finance_review", "overdue")


async def test_2_5_3_1_c_a_grade_that_ran_out_is_c_even_if_nobody_has_said_so(yard: Any) -> None:
    account = await yard.customer(c_from="2026-03-03")
    order = await yard.order(account)
    assert (await yard.notice(order))["status"] == "finance_review"
    yard.clock.advance(days=1)
    refused = await yard.notice(order, ship_on="2026-03-10")
    assert (refused["status"], refused["road"]) == ("refused", "cash_only")
    assert "款到发货" in refused["verdict"]["would_pass"][0]


async def test_2_5_3_1_d_a_customer_is_d_on_his_day_and_ships_nothing_while_he_owes(yard: Any) -> None:
    account = await yard.customer(
        grade="C", limit="0.00", d_from="2026-03-03", receivable="0.01", prepaid_total="60.00"
    )
    order = await yard.order(account)
    assert (await yard.notice(order, kind="prepaid"))["status"] == "finance_review"
    yard.clock.advance(days=1)
    refused = await yard.notice(order, kind="prepaid", ship_on="2026-03-10")
    assert (refused["status"], refused["road"]) == ("refused", "debt_first")


async def test_2_5_3_2_c_ships_on_the_gms_written_exception_up_to_its_ceiling(yard: Any) -> None:
    account = await yard.customer(grade="C", limit="0.00")
    order = await yard.order(account)
    assert (await yard.notice(order))["status"] == "refused"
    body = {"customer_id": str(account), "ceiling": "60.00", "valid_until": "2026-03-02", "reason": "老客户急单"}
    assert (await yard.svc.post("/credit-exceptions", body, as_=yard.manager)).status_code == 403
    assert (await yard.svc.post("/credit-exceptions", body, as_=yard.gm)).status_code == 201
    assert (await yard.review(await yard.notice(order)))["status"] == "released"
    assert (await yard.review(await yard.notice(order)))["status"] == "refused"


async def test_5_4_2_2_b_prepaid_goods_use_no_credit_and_each_yuan_once(yard: Any) -> None:
    account = await yard.customer(grade="C", limit="0.00", prepaid_total="60.00")
    order = await yard.order(account)
    first = await yard.review(await yard.notice(order, kind="prepaid"))
    assert (first["status"], first["road"]) == ("released", "prepaid")
    assert (await yard.account(account))["exposure"] == "0.00"
    second = await yard.review(await yard.notice(order, kind="prepaid"))
    assert second["status"] == "refused"
    assert second["verdict"]["reasons"][0]["slug"] == "prepayment-missing"


async def test_5_2_5_3_2_d_with_debt_ships_nothing_not_even_prepaid(yard: Any) -> None:
    account = await yard.customer(grade="D", limit="0.00", receivable="0.01", prepaid_total="60.00")
    refused = await yard.notice(await yard.order(account), kind="prepaid")
    assert (refused["status"], refused["road"]) == ("refused", "debt_first")


async def test_2_5_1_a_customer_without_a_position_is_on_hold(yard: Any) -> None:
    account = await yard.customer()
    await yard.svc.deliver(
        "customer.PositionRestated.v1",
        b"not json",
        key=str(account),
        document=f"credit-account/{account}",
        position="1.2",
    )
    order = await yard.order(account)
    held = await yard.review(await yard.notice(order))
    assert (held["status"], held["road"]) == ("refused", "hold")
    # what is newer does not end the hold; only the writer's own answer does
    await yard.position(account)
    assert (await yard.review(await yard.notice(order)))["road"] == "hold"
    (wanted,) = await yard.svc.published("shipping.PositionWanted.v1")
    await yard.position(account, answers=wanted.data["question"])
    assert (await yard.review(await yard.notice(order)))["road"] == "within"


async def test_5_4_2_1_a_exactly_three_days_ahead_is_in_time_and_less_needs_a_reason(yard: Any) -> None:
    order = await yard.order(await yard.customer())
    assert not (await yard.notice(order, ship_on="2026-03-05"))["short_notice"]
    late = await yard.notice(order, ship_on="2026-03-04")
    assert (late["status"], late["road"], late["verdict"]["outcome"]) == ("refused", None, "short_notice")
    reasoned = await yard.notice(order, ship_on="2026-03-04", short_notice_reason="客户停机待料")
    assert (reasoned["status"], reasoned["short_notice"]) == ("finance_review", True)


@pytest.mark.parametrize("terms", ["prepaid", "cash_on_delivery"])
async def test_5_4_1_a_notice_may_be_stricter_than_the_terms_and_never_looser(yard: Any, terms: str) -> None:
    order = await yard.order(await yard.customer(prepaid_total="60.00"), terms=terms)
    looser = await yard.notice(order)
    assert (looser["status"], looser["verdict"]["reasons"][0]["slug"]) == ("refused", "looser-than-terms")
    assert (await yard.review(await yard.notice(order, kind="prepaid")))["status"] == "released"


async def test_a_cancelled_release_gives_the_reservation_and_the_order_back(yard: Any) -> None:
    account = await yard.customer(limit="60.00")
    order = await yard.order(account, tons="1.000")
    notice = await yard.released(order)
    cancelled = await yard.step(notice, "cancellation", yard.rep)
    assert cancelled["status"] == "cancelled"
    assert (await yard.account(account))["exposure"] == "0.00"
    assert (await yard.released(order))["status"] == "released"


async def test_4_orders_a_notice_never_takes_more_than_the_order_has(yard: Any) -> None:
    order = await yard.order(await yard.customer(), tons="1.000")
    body = {
        "order_id": str(order[0]),
        "kind": "regular",
        "ship_on": "2026-03-05",
        "lines": [{"order_line_id": str(order[1]), "tons": "1.001"}],
    }
    answer = await yard.svc.post("/notices", body, as_=yard.rep)
    assert (answer.status_code, answer.json()["slug"]) == (409, "order-line-exceeded")
    assert answer.json()["clause"] == "4-orders"


async def test_fifty_concurrent_releases_release_exactly_one(yard: Any) -> None:
    """Limit 100.00, fifty releases of 60.00 at once: one goes, the others name the road, other customers go on."""
    hot, calm = await yard.customer(limit="100.00"), await yard.customer(limit="6000.00")
    hot_order, calm_order = await yard.order(hot), await yard.order(calm)
    notices = [await yard.review(await yard.notice(hot_order)) for _ in range(50)]
    others = [await yard.review(await yard.notice(calm_order)) for _ in range(10)]

    async def decide(notice: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        body = {"decision": "approve", "seen_hash": notice["approval"]["hash"]}
        answer = await yard.svc.post(f"/notices/{notice['id']}/decisions", body, as_=yard.manager)
        return answer.status_code, answer.json()

    answers = await asyncio.gather(*[decide(notice) for notice in [*notices, *others]])
    assert {status for status, _ in answers} == {200}
    hot_answers = [body for _, body in answers[:50]]
    assert [body["status"] for body in hot_answers].count("released") == 1
    refused = [body for body in hot_answers if body["status"] != "released"]
    assert {body["verdict"]["outcome"] for body in refused} == {"over"}
    assert all(not body["verdict"]["allowed"] and body["verdict"]["would_pass"] for body in refused)
    assert {body["status"] for _, body in answers[50:]} == {"released"}
    assert (await yard.account(hot))["exposure"] == "60.00"
    async with yard.svc.database.reader() as reader:
        rows = (await reader.execute(select(Release.exposure_after, Release.ceiling))).all()
    assert len(rows) == 11
    assert all(after <= ceiling for after, ceiling in rows)
    assert sum((after for after, _ in rows), Decimal(0)) > 0

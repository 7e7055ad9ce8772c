"""1-3: what needs two people is never done by one; and exceptions, routes and sentences of the notices."""

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from fangxing.errors import DomainError
from fangxing.policies import check_value
from fangxing.roles import Role
from shipping_svc.notices.policies import NOTICE_ROUTES

if TYPE_CHECKING:
    from conftest import Yard

M, G = "sales_manager", "general_manager"


async def test_1_3_nobody_reviews_what_he_filed(yard: "Yard") -> None:
    """I9: no approval by the initiator; of prepaid goods the review is the release."""
    both = yard.as_("rep1", Role.SALES_REP, Role.ACCOUNTANT)
    order = await yard.order(await yard.customer(prepaid_total="60.00"))
    for kind in ("regular", "prepaid"):
        notice = await yard.notice(order, kind=kind)
        assert await yard.refused(f"/notices/{notice['id']}/finance-review", {}, both) == (403, "incompatible-hands")
        await yard.review(notice)
        history = (await yard.svc.get(f"/notices/{notice['id']}/history", as_=yard.rep)).json()
        assert [(entry["action"], entry["actor"]) for entry in history] == [("file", "rep1"), ("review", "accountant")]


async def test_1_3_nobody_reviews_prepaid_goods_against_money_he_entered(yard: "Yard") -> None:
    """I9: who entered a receipt still open in the prepayments releases nothing against them."""
    entered, other = yard.as_("cashier", Role.ACCOUNTANT), yard.as_("second", Role.ACCOUNTANT)
    account = await yard.customer(prepaid_total="120.00", prepaid_by=["cashier", "second"])
    order = await yard.order(account)
    prepaid, regular = await yard.notice(order, kind="prepaid"), await yard.notice(order)
    path = f"/notices/{prepaid['id']}/finance-review"
    for reviewer in (entered, other):
        assert await yard.refused(path, {}, reviewer) == (403, "own-prepayment")
    problem = (await yard.svc.post(path, {}, as_=entered)).json()
    assert problem["clause"] == "1-3"
    assert (await yard.account(account))["prepaid_used_total"] == "0.00"
    # on credit the money is nothing to the review
    assert (await yard.step(regular, "finance-review", entered))["road"] == "within"
    # his receipt is used up or refunded: he is free again
    await yard.position(account, prepaid_total="120.00", prepaid_by=["second"])
    assert await yard.refused(path, {}, other) == (403, "own-prepayment")
    assert (await yard.step(prepaid, "finance-review", entered))["status"] == "released"


async def test_1_3_nobody_decides_on_what_he_reviewed_or_gave_the_reason_for(yard: "Yard") -> None:
    """I9: no approval by whoever had a hand in the notice."""
    reviewer = yard.as_("accountant", Role.ACCOUNTANT, Role.SALES_MANAGER)
    account = await yard.customer(next_due="2026-03-01", receivable="10.00", overdue_amount="10.00")
    notice = await yard.review(await yard.notice(await yard.order(account)))
    colleague = yard.as_("deputy", Role.SALES_MANAGER, Role.SALES_REP)
    reason, path = {"reason": "月底付款"}, f"/notices/{notice['id']}/overdue-reason"
    assert await yard.refused(path, reason, colleague) == (404, "notice-not-found")
    await yard.hand_over(account, "deputy")
    notice = await yard.step(notice, "overdue-reason", colleague, reason)
    body = {"decision": "approve", "seen_hash": notice["approval"]["hash"]}
    for took_part in (reviewer, colleague):
        assert await yard.refused(f"/notices/{notice['id']}/decisions", body, took_part) == (403, "own-case")
    assert (await yard.approve(notice, yard.manager))["status"] == "released"


async def test_5_4_2_1_c_the_gms_yes_to_the_amount_is_no_reason_for_what_fell_due_since(yard: "Yard") -> None:
    """5-4.2.1-C: over and overdue: reason and GM."""
    account = await yard.customer(limit="59.99")
    notice = await yard.approve(await yard.review(await yard.notice(await yard.order(account))), yard.manager)
    await yard.position(account, limit="59.99", next_due="2026-03-01")
    notice = await yard.approve(notice, yard.gm)
    slugs = [reason["slug"] for reason in notice["verdict"]["reasons"]]
    assert (notice["status"], slugs) == ("finance_review", ["over-limit", "overdue"])
    notice = await yard.review(notice)
    assert notice["status"] == "reason_needed"
    notice = await yard.step(notice, "overdue-reason", yard.rep, {"reason": "汇票在途"})
    assert (await yard.approve(await yard.approve(notice, yard.manager), yard.gm))["status"] == "released"


async def test_2_5_3_2_d_with_debt_ships_prepaid_goods_on_the_gms_written_exception(yard: "Yard") -> None:
    """2-5.3.2: D with debt: refused unless the GM's written exception."""
    account = await yard.customer(grade="D", limit="0.00", receivable="0.01", prepaid_total="60.00")
    order = await yard.order(account)
    assert (await yard.notice(order, kind="prepaid"))["road"] == "debt_first"
    body = {"customer_id": str(account), "ceiling": "0.01", "valid_until": "2026-03-02", "reason": "急单"}
    await yard.done("/credit-exceptions", body, yard.gm)
    released = await yard.review(await yard.notice(order, kind="prepaid"))
    assert (released["status"], released["reserved_prepaid"]) == ("released", "60.00")
    unpaid = await yard.review(await yard.notice(order, kind="prepaid"))
    slugs = [reason["slug"] for reason in unpaid["verdict"]["reasons"]]
    assert (unpaid["status"], slugs[:2]) == ("refused", ["debt-first", "prepayment-missing"])


async def test_2_5_3_2_the_newest_exception_counts_and_the_gm_can_revoke_it(yard: "Yard") -> None:
    account = await yard.customer(grade="C", limit="0.00")
    order = await yard.order(account)
    body = {"customer_id": str(account), "ceiling": "600.00", "valid_until": "2026-03-09", "reason": "急单"}
    await yard.done("/credit-exceptions", body, yard.gm)
    newer = await yard.done("/credit-exceptions", {**body, "ceiling": "60.00"}, yard.gm)
    assert (await yard.review(await yard.notice(order)))["status"] == "released"
    assert (await yard.review(await yard.notice(order)))["status"] == "refused"
    path = f"/credit-exceptions/{newer['id']}/revocation"
    revoked = await yard.done(path, {"reason": "改为现款"}, yard.gm)
    assert (revoked["status"], revoked["ended_because"]) == ("revoked", "改为现款")
    history = (await yard.svc.get(f"/credit-exceptions/{newer['id']}/history", as_=yard.accountant)).json()
    assert [(entry["action"], entry["actor"]) for entry in history] == [("grant", "gm"), ("revoke", "gm")]
    assert await yard.refused(path, {"reason": "x"}, yard.gm) == (409, "wrong-state")
    assert (await yard.notice(order))["road"] == "cash_only"
    listed = await yard.svc.get("/credit-exceptions", as_=yard.gm, valid_on="2026-03-02")
    assert listed.json()["items"] == []


async def test_2_5_3_2_an_exception_never_ends_before_it_begins(yard: "Yard") -> None:
    account = await yard.customer(grade="C", limit="0.00")
    body = {"customer_id": str(account), "ceiling": "60.00", "valid_until": "2026-03-01", "reason": "急单"}
    assert await yard.refused("/credit-exceptions", body, yard.gm) == (400, "valid-until-past")
    await yard.done("/credit-exceptions", {**body, "valid_until": "2026-03-02"}, yard.gm)


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"within": [M], "overdue": [M]},
        {"within": [], "overdue": [M], "over": [M, G]},
        {"within": ["accountant"], "overdue": [M], "over": [M, G]},
        {"within": [M, M], "overdue": [M], "over": [M, G]},
        {"within": [M], "overdue": [M], "over": [M]},
        {"within": [M], "overdue": [M], "over": [G, M]},
        # the sales manager looks at every notice
        {"within": [G], "overdue": [M], "over": [M, G]},
        {"within": [M], "overdue": [G], "over": [M, G]},
        {"within": [M], "overdue": [M], "over": [G]},
        {"within": [M], "overdue": [M], "over": [M, G], "else": [M]},
    ],
)
def test_1_3_10_a_route_no_notice_could_go_is_refused(value: dict[str, list[str]]) -> None:
    with pytest.raises(DomainError, match="policy-value-invalid"):
        check_value(NOTICE_ROUTES, value)


def test_1_3_10_a_stricter_route_is_taken() -> None:
    value = {"within": [M, G], "overdue": [M, G], "over": [M, G]}
    assert check_value(NOTICE_ROUTES, value) == value


async def test_a_notice_in_approval_can_be_cancelled_and_its_case_is_returned(yard: "Yard") -> None:
    order = await yard.order(await yard.customer(), tons="1.000")
    notice = await yard.step(await yard.review(await yard.notice(order)), "cancellation", yard.rep)
    assert (notice["status"], notice["approval"]["status"]) == ("cancelled", "returned")
    assert (await yard.svc.get("/tasks", as_=yard.manager)).json()["items"] == []
    assert (await yard.released(order))["status"] == "released"


async def test_5_4_1_a_chinese_sentence_has_chinese_words_and_an_english_one_english(yard: "Yard") -> None:
    order = await yard.order(await yard.customer(), terms="cash_on_delivery")
    refused = await yard.notice(order)
    assert refused["verdict"]["reasons"][0]["text"] == "合同的付款条件是“货到收款”，不能按常规发货"
    path = f"/notices/{refused['id']}/cancellation"
    answers = [await yard.svc.post(path, {}, as_={**yard.rep, "Accept-Language": tag}) for tag in ("zh", "en")]
    assert [answer.json()["title"] for answer in answers] == [
        "发货通知单现为“已拒绝”，不能取消。现在可以：无",
        "The notice is 'refused': not to cancel now. Possible: nothing",
    ]


async def test_5_4_2_1_a_without_the_policy_the_refusal_says_that_it_is_missing(yard: "Yard") -> None:
    async with yard.svc.runtime.unit_of_work() as work:
        await work.tx.execute(text("DELETE FROM policies WHERE key = 'notice.lead_days'"))
    order = await yard.order(await yard.customer())
    refused: dict[str, Any] = await yard.notice(order, ship_on="2026-12-31")
    assert [reason["slug"] for reason in refused["verdict"]["reasons"]] == ["lead-days-unset"]
    assert (await yard.notice(order, short_notice_reason="客户停机待料"))["status"] == "finance_review"


async def test_the_reason_is_asked_of_whoever_looks_after_the_customer_by_then(yard: "Yard") -> None:
    account = await yard.customer(overdue_amount="10.00", next_due="2026-02-20", overdue_since="2026-02-20")
    notice = await yard.notice(await yard.order(account))
    await yard.hand_over(account, "rep2")
    notice = await yard.review(notice)
    assert notice["status"] == "reason_needed"
    assert (await tasks_of(yard, "rep1"), await tasks_of(yard, "rep2")) == ([], ["overdue_reason"])
    colleague = yard.as_("rep2", Role.SALES_REP)
    notice = await yard.step(notice, "overdue-reason", colleague, {"reason": "月底付款"})
    assert await tasks_of(yard, "rep2") == []
    body = {"decision": "reject", "seen_hash": notice["approval"]["hash"]}
    await yard.step(notice, "decisions", yard.manager, body)
    assert (await tasks_of(yard, "rep1"), await tasks_of(yard, "rep2")) == ([], ["rejected.shipping_notice"])


async def tasks_of(yard: "Yard", rep: str) -> list[str]:
    answer = await yard.svc.get("/tasks", as_=yard.as_(rep, Role.SALES_REP))
    return [task["kind"] for task in answer.json()["items"]]


async def test_1_3_a_deputy_decides_a_notice_for_the_sick_manager_and_not_what_he_reviewed(yard: "Yard") -> None:
    """I9: principal and deputy are one person wherever two are needed; both are named in what leaves us."""
    today = date(2026, 3, 2)
    await yard.svc.staff("manager", Role.SALES_MANAGER)
    for person in ("accountant", "second"):
        await yard.svc.staff(person, Role.ACCOUNTANT)
        await yard.svc.lend(Role.SALES_MANAGER, "manager", person, since=today, until=today)
    order = await yard.order(await yard.customer())
    notice = await yard.review(await yard.notice(order))
    body = {"decision": "approve", "seen_hash": notice["approval"]["hash"]}
    path = f"/notices/{notice['id']}"
    assert await yard.refused(f"{path}/decisions", body, yard.accountant) == (403, "own-case")
    released = await yard.step(notice, "decisions", yard.as_("second", Role.ACCOUNTANT), body)
    assert released["status"] == "released"
    step = released["approval"]["steps"][0]
    assert (step["decided_by"], step["on_behalf_of"]) == ("second", "manager")
    async with yard.svc.database.reader() as reader:
        hands = (await reader.execute(text("SELECT hands FROM notices"))).scalar_one()
        assert hands["notice.decide"] == ["manager", "second"]
        content = (await reader.execute(text("SELECT content FROM verdicts ORDER BY id DESC LIMIT 1"))).scalar_one()
    assert (content["actor"], content["on_behalf_of"]) == ("second", "manager")


async def test_1_3_a_reps_deputy_files_for_his_customers_while_it_lasts(yard: "Yard") -> None:
    today = date(2026, 3, 2)
    order = await yard.order(await yard.customer())
    for person, role in (("rep1", Role.SALES_REP), ("rep2", Role.SALES_REP)):
        await yard.svc.staff(person, role)
    other = yard.as_("rep2", Role.SALES_REP)
    await yard.svc.lend(Role.SALES_REP, "rep1", "rep2", since=today, until=today)
    notice = await yard.notice(order, as_=other)
    assert (await yard.svc.get(f"/notices/{notice['id']}", as_=other)).status_code == 200
    yard.clock.advance(days=1)
    assert (await yard.svc.get(f"/notices/{notice['id']}", as_=other)).status_code == 404

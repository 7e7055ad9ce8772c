"""Deputies: a role is lent for some days; principal and deputy are one person wherever two are needed (1-3)."""

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from customer_svc.organisation.rules import confirmer, delegated_days_fit
from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import Office

REP, MANAGER, GM, FINANCE = Role.SALES_REP, Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.FINANCE_MANAGER
WEEK = ("2026-03-02", "2026-03-08")


def loan(role: Role, deputy: str, since: str = WEEK[0], until: str = WEEK[1], **more: Any) -> dict[str, Any]:
    return {"role": role, "deputy": deputy, "since": since, "until": until, "reason": "住院", **more}


async def staffed(office: "Office") -> None:
    """Everybody of the tests has a record."""
    for person, role in (("rep1", REP), ("rep2", REP), ("manager", MANAGER), ("gm", GM), ("finance", FINANCE)):
        await office.staff(person, role, name=f"{person} 先生")
    await office.staff("accountant", Role.ACCOUNTANT, name="孙倩")
    await office.staff("admin", Role.ADMINISTRATOR)


async def test_1_3_a_deputy_decides_for_the_sick_manager_and_both_are_named(office: "Office") -> None:
    await staffed(office)
    await office.lend("manager", "accountant", MANAGER, *WEEK)
    (told,) = await office.tasks("accountant", "stand_in")
    assert (told["assignee_name"], told["title"]) == (
        "孙倩",
        "您在 2026-03-02 至 2026-03-08 代理 manager 先生 的销售经理岗位",
    )
    application = await office.apply(await office.customer())
    (task,) = await office.tasks("accountant", "approve.credit_application")
    assert task["document"] == f"credit-application/{application['id']}"
    decided = await office.decide(application, "accountant")
    step = decided["approval"]["steps"][0]
    assert (step["decided_by"], step["on_behalf_of"]) == ("accountant", "manager")
    history = (await office.history("credit-applications", application))[-1]
    assert (history["actor"], history["on_behalf_of"], history["on_behalf_of_name"]) == (
        "accountant",
        "manager",
        "manager 先生",
    )
    # the manager, back again, is the same person as his deputy
    both = office.as_("manager", MANAGER, GM)
    await office.staff("boss", GM)
    body = {"decision": "approve", "seen_hash": decided["approval"]["hash"]}
    path = f"/credit-applications/{application['id']}"
    await office.lend("gm", "manager", GM, *WEEK)
    answer = await office.svc.post(f"{path}/decisions", body, as_=both)
    assert (answer.status_code, answer.json()["slug"]) == (403, "two-steps")
    await office.decide(application, "gm")
    # who decided for the manager enters it in the master as the accountant he is: it is not a step of the case
    await office.done("accountant", f"{path}/entry")


async def test_1_3_a_deputy_does_not_decide_what_he_or_whom_he_stands_in_for_began(office: "Office") -> None:
    await staffed(office)
    # the rep's deputy files for him; then neither the rep nor the deputy is another person
    await office.lend("rep1", "accountant", REP, *WEEK)
    await office.lend("gm", "rep1", GM, *WEEK)
    customer = await office.customer("rep1")
    body = {"customer_id": customer["id"], "grade": "B", "limit": "1000.00", "reasons": "用量稳定"}
    application = await office.done("accountant", "/credit-applications", body)
    filed = (await office.history("credit-applications", application))[0]
    assert (filed["actor"], filed["on_behalf_of"]) == ("accountant", "rep1")
    await office.decide(application, "manager")
    path = f"/credit-applications/{application['id']}"
    approve = {"decision": "approve", "seen_hash": application["approval"]["hash"]}
    assert await office.refused("rep1", f"{path}/decisions", approve) == (403, "own-case")
    await office.decide(application, "gm")
    assert await office.refused("accountant", f"{path}/entry") == (403, "incompatible-hands")
    await office.done("finance", f"{path}/entry")


async def test_1_3_a_reps_deputy_sees_and_acts_for_his_customers_while_it_lasts(office: "Office") -> None:
    await staffed(office)
    his, other = await office.customer("rep1"), await office.customer("rep2")
    await office.lend("rep1", "gm", REP, *WEEK)
    await office.lend("rep2", "rep1", REP, "2026-03-05", "2026-03-06")

    async def seen(person: str) -> set[str]:
        return {row["id"] for row in (await office.read("/customers", person))["items"]}

    assert await seen("rep1") == {his["id"]}
    # opened by the deputy, a customer is the rep's
    opened = await office.customer("gm")
    assert opened["rep"] == "rep1"
    await office.pass_days(3)
    assert await seen("rep1") == {his["id"], opened["id"], other["id"]}
    await office.pass_days(2)
    assert await seen("rep1") == {his["id"], opened["id"]}


async def test_1_3_a_deputy_who_holds_the_role_himself_acts_for_himself(office: "Office") -> None:
    await staffed(office)
    await office.staff("manager2", MANAGER)
    await office.lend("manager", "manager2", MANAGER, *WEEK)
    application = await office.apply(await office.customer())
    step = (await office.decide(application, "manager2"))["approval"]["steps"][0]
    assert (step["decided_by"], step["on_behalf_of"]) == ("manager2", None)


async def test_1_3_it_lapses_by_itself_or_is_withdrawn_and_is_over_at_once(office: "Office") -> None:
    await staffed(office)
    made = await office.lend("manager", "accountant", MANAGER, "2026-03-02", "2026-03-03")
    again = await office.lend("manager", "accountant", MANAGER, "2026-03-04", "2026-03-31")
    await office.pass_days(2)
    statuses = {one["id"]: one["status"] for one in await office.all_pages("/delegations", "manager")}
    assert statuses == {made["id"]: "lapsed", again["id"]: "in_force"}
    application = await office.apply(await office.customer())
    path = f"/delegations/{again['id']}/withdrawal"
    assert await office.refused("rep2", path) == (403, "delegation-not-yours")
    ended = await office.done("accountant", path)
    assert (ended["status"], ended["actions"]) == ("withdrawn", [])
    await office.come_around()
    approve = {"decision": "approve", "seen_hash": application["approval"]["hash"]}
    decisions = f"/credit-applications/{application['id']}/decisions"
    assert await office.refused("accountant", decisions, approve) == (403, "role-required")
    told = [one for one in await office.svc.published("customer.DelegationChanged.v1")]
    assert [(one.version, one.data["in_force"]) for one in told] == [(1, True), (1, True), (2, False), (2, False)]


async def test_1_3_for_who_cannot_say_so_the_administrator_proposes_and_the_gm_confirms(office: "Office") -> None:
    await staffed(office)
    made = await office.done("admin", "/delegations/proposals", loan(MANAGER, "accountant", holder="manager"))
    path = f"/delegations/{made['id']}"
    assert made["status"] == "proposed"
    assert await office.svc.published("customer.DelegationChanged.v1") == []
    (task,) = await office.tasks("gm", "confirm_delegation")
    assert "孙倩" in task["title"]
    assert await office.refused("finance", f"{path}/confirmation") == (403, "delegation-not-yours-to-confirm")
    confirmed = await office.done("gm", f"{path}/confirmation")
    assert confirmed["status"] == "in_force"
    assert await office.tasks("gm", "confirm_delegation") == []
    assert len(await office.svc.published("customer.DelegationChanged.v1")) == 1


async def test_1_3_for_the_gms_own_role_the_finance_manager_confirms(office: "Office") -> None:
    await staffed(office)
    made = await office.done("admin", "/delegations/proposals", loan(GM, "manager", holder="gm"))
    path = f"/delegations/{made['id']}"
    assert await office.refused("gm", f"{path}/confirmation") == (403, "delegation-not-yours-to-confirm")
    assert len(await office.tasks("finance", "confirm_delegation")) == 1
    refused = await office.done("finance", f"{path}/refusal")
    assert refused["status"] == "refused"
    assert len(await office.tasks("admin", "refused.delegation")) == 1
    # nobody confirms himself into a role
    himself = await office.done("admin", "/delegations/proposals", loan(GM, "finance", holder="gm"))
    refusal = await office.refused("finance", f"/delegations/{himself['id']}/confirmation")
    assert refusal == (403, "delegation-not-yours-to-confirm")
    admin_too = office.as_("admin", Role.ADMINISTRATOR, GM)
    own = await office.done("admin", "/delegations/proposals", loan(MANAGER, "accountant", holder="manager"))
    answer = await office.svc.post(f"/delegations/{own['id']}/confirmation", as_=admin_too)
    assert answer.status_code == 403


async def test_1_3_what_cannot_be_lent(office: "Office") -> None:
    await staffed(office)
    own = loan(MANAGER, "accountant")
    assert await office.refused("rep1", "/delegations", own) == (403, "delegation-role-not-held")
    for body in (loan(MANAGER, "manager"), loan(MANAGER, "nobody")):
        assert await office.refused("manager", "/delegations", body) == (409, "delegation-deputy-unfit")
    for since, until in (("2026-03-01", "2026-03-05"), ("2026-03-05", "2026-03-04"), ("2026-03-02", "2027-03-03")):
        body = loan(MANAGER, "accountant", since, until)
        assert await office.refused("manager", "/delegations", body) == (400, "delegation-days")
    await office.lend("manager", "accountant", MANAGER, *WEEK)
    # no chains: what is lent to him is not his to lend
    assert await office.refused("accountant", "/delegations", loan(MANAGER, "rep2")) == (
        403,
        "delegation-role-not-held",
    )
    await office.staff("manager2", MANAGER)
    taken = loan(MANAGER, "accountant", "2026-03-08", "2026-03-09")
    assert await office.refused("manager2", "/delegations", taken) == (409, "delegation-deputy-taken")
    await office.lend("manager2", "accountant", MANAGER, "2026-03-09", "2026-03-10")


async def test_a_delegation_is_seen_by_whom_it_concerns(office: "Office") -> None:
    await staffed(office)
    made = await office.lend("manager", "accountant", MANAGER, *WEEK)
    for person, found in (("manager", 1), ("accountant", 1), ("audit", 1), ("rep1", 0)):
        assert len(await office.all_pages("/delegations", person)) == found, person
    assert (await office.svc.get(f"/delegations/{made['id']}", as_=office.as_("rep1"))).status_code == 404


@pytest.mark.parametrize(
    ("since", "until", "fits"),
    [(2, 2, True), (1, 5, False), (3, 2, False), (2, 2 + 365, True), (2, 2 + 366, False)],
)
def test_1_3_the_days_of_a_delegation(since: int, until: int, fits: bool) -> None:
    today = date(2026, 3, 2)
    first, last = (date.fromordinal(today.toordinal() + day - 2) for day in (since, until))
    assert delegated_days_fit(first, last, today) is fits


def test_1_3_another_one_than_the_gm_confirms_his_deputy() -> None:
    assert {role: confirmer(role) for role in (GM, FINANCE, REP)} == {GM: FINANCE, FINANCE: GM, REP: GM}

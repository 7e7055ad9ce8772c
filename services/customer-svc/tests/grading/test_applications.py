"""2-5.4.1, 2-5.4.2, 2-5.4.4: an application on its way, and when its credit acts."""

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import Office


def decisions(application: dict[str, Any]) -> str:
    return f"/credit-applications/{application['id']}/decisions"


async def credit(office: "Office", customer: dict[str, Any]) -> tuple[str, str | None]:
    account = await office.account(customer)
    return account["grade"], account["limit"]


async def test_2_5_4_1_a_new_customers_limit_goes_to_the_sales_manager_and_the_gm(office: "Office") -> None:
    application = await office.apply(await office.customer())
    assert (application["status"], application["approval"]["band"]) == ("in_approval", "new")
    assert [step["role"] for step in application["approval"]["steps"]] == ["sales_manager", "general_manager"]
    assert application["approval"]["content"]["now"]["grade"] == "ungraded"
    yes = {"decision": "approve", "seen_hash": application["approval"]["hash"]}
    assert await office.refused("gm", decisions(application), yes) == (403, "role-required")
    assert len(await office.tasks("manager", "approve.credit_application")) == 1
    application = await office.decide(application, "manager")
    assert (application["status"], application["approval"]["waiting_for"]) == ("in_approval", "general_manager")
    assert await office.tasks("manager", "approve.credit_application") == []
    application = await office.decide(application, "gm")
    assert (application["status"], application["decided_on"]) == ("approved", "2026-03-02")
    assert await office.refused("gm", decisions(application), yes) == (409, "wrong-state")


async def test_2_5_4_2_an_existing_customers_limit_goes_to_the_finance_manager_too(office: "Office") -> None:
    customer = await office.graded()
    await office.ship(customer, ("1.000", "60.00"))
    application = await office.apply(customer, limit="2000.00")
    assert application["approval"]["band"] == "existing"
    now = application["approval"]["content"]["now"]
    assert (now["grade"], now["limit"], now["exposure"]) == ("B", "1000.00", "60.00")
    for person, role in (("manager", "sales_manager"), ("finance", "finance_manager"), ("gm", "general_manager")):
        assert application["approval"]["waiting_for"] == role
        application = await office.decide(application, person)
    assert application["status"] == "approved"


async def test_1_3_nobody_approves_two_steps_or_his_own_application(office: "Office") -> None:
    application = await office.apply(await office.customer())
    both = office.as_("manager", Role.SALES_MANAGER, Role.GENERAL_MANAGER)
    yes = {"decision": "approve", "seen_hash": application["approval"]["hash"]}
    assert (await office.svc.post(decisions(application), yes, as_=both)).status_code == 200
    again = await office.svc.post(decisions(application), yes, as_=both)
    assert (again.status_code, again.json()["slug"]) == (403, "two-steps")
    own = await office.apply(await office.customer())
    yes = {"decision": "approve", "seen_hash": own["approval"]["hash"]}
    answer = await office.svc.post(decisions(own), yes, as_=office.as_("rep1", Role.SALES_REP, Role.SALES_MANAGER))
    assert (answer.status_code, answer.json()["slug"]) == (403, "own-case")


async def test_a_decision_binds_the_hash_of_what_was_seen(office: "Office") -> None:
    application, other = await office.apply(await office.customer()), await office.apply(await office.customer())
    for seen in ("0" * 64, other["approval"]["hash"]):
        body = {"decision": "approve", "seen_hash": seen}
        assert await office.refused("manager", decisions(application), body) == (409, "figures-changed")
    read = await office.read(f"/credit-applications/{application['id']}", "manager")
    assert read["approval"] == application["approval"]


@pytest.mark.parametrize(("decision", "status"), [("reject", "rejected"), ("return", "returned")])
async def test_a_no_ends_the_application_and_another_may_follow(office: "Office", decision: str, status: str) -> None:
    customer = await office.customer()
    application = await office.decide(await office.apply(customer), "manager")
    application = await office.decide(application, "gm", decision)
    assert (application["status"], application["approval"]["status"]) == (status, status)
    entry = f"/credit-applications/{application['id']}/entry"
    assert await office.refused("accountant", entry) == (409, "wrong-state")
    assert await credit(office, customer) == ("ungraded", "0.00")
    assert await office.tasks("accountant", "enter_credit") == []
    assert (await office.apply(customer))["status"] == "in_approval"


async def test_2_5_3_1_b_a_limit_of_a_cent_goes_with_b_and_b_with_a_limit(office: "Office") -> None:
    customer = await office.customer()
    for grade, limit in (("B", None), ("A", "0.01"), ("C", "0.01"), ("D", "0.01"), ("ungraded", "0.01")):
        body = {"customer_id": customer["id"], "grade": grade, "limit": limit, "reasons": "用量"}
        answer = await office.svc.post("/credit-applications", body, as_=office.as_("rep1"))
        problem = answer.json()
        assert (answer.status_code, problem["slug"]) == (400, "limit-does-not-fit-grade"), (grade, limit)
        assert (problem["field"], problem["clause"]) == ("limit", "2-5.3.1-B")
    for limit in ("0.00", "-0.01"):
        body = {"customer_id": customer["id"], "grade": "B", "limit": limit, "reasons": "用量"}
        assert await office.refused("rep1", "/credit-applications", body) == (400, "input-invalid")
    for grade, limit in (("B", "0.01"), ("A", None), ("C", None), ("D", None), ("ungraded", None)):
        assert (await office.apply(await office.customer(), grade, limit))["limit"] == limit


async def test_2_5_4_4_more_credit_acts_when_finance_enters_it_and_not_before(office: "Office") -> None:
    customer = await office.customer()
    application = await office.approved(customer, "B", "500000.00")
    assert await credit(office, customer) == ("ungraded", "0.00")
    assert await office.events("CreditLimitChanged") == []
    (task,) = await office.tasks("accountant", "enter_credit")
    assert task["due_on"] == "2026-03-03"
    await office.ship(customer, ("1.000", "60.00"))
    entered = await office.done("accountant", f"/credit-applications/{application['id']}/entry")
    assert (entered["status"], entered["entered_on"]) == ("in_force", "2026-03-02")
    last = (await office.history("credit-applications", application))[-1]
    assert (last["action"], last["actor"]) == ("enter", "accountant")
    assert await credit(office, customer) == ("B", "500000.00")
    (event,) = await office.events("CreditLimitChanged")
    account = await office.account(customer)
    assert event.data["application_id"] == application["id"]
    position = event.data["position"]
    assert (position["grade"], position["limit"], position["version"]) == ("B", "500000.00", account["version"])
    assert position["seen"] == {"epoch": 1, "version": 1}
    assert await office.tasks("accountant", "enter_credit") == []
    again = f"/credit-applications/{application['id']}/entry"
    assert await office.refused("accountant", again) == (409, "not-to-enter")


async def test_2_5_4_4_less_credit_acts_at_once_and_finance_confirms(office: "Office") -> None:
    customer = await office.graded(limit="1000.00")
    application = await office.approved(customer, "B", "999.99")
    assert (application["status"], application["entered_on"]) == ("in_force", None)
    assert await credit(office, customer) == ("B", "999.99")
    assert [event.data["position"]["limit"] for event in await office.events("CreditLimitChanged")] == [
        "1000.00",
        "999.99",
    ]
    assert len(await office.tasks("accountant", "enter_credit")) == 1
    entered = await office.done("accountant", f"/credit-applications/{application['id']}/entry")
    assert entered["entered_on"] == "2026-03-02"
    assert len(await office.events("CreditLimitChanged")) == 2
    assert await office.tasks("accountant", "enter_credit") == []
    c = await office.approved(customer, "C", None)
    assert (c["status"], await credit(office, customer)) == ("in_force", ("C", "0.00"))
    a = await office.approved(customer, "A", None)
    assert (a["status"], await credit(office, customer)) == ("approved", ("C", "0.00"))
    await office.done("accountant", f"/credit-applications/{a['id']}/entry")
    assert await credit(office, customer) == ("A", None)
    assert (await office.read(f"/customers/{customer['id']}"))["limit"] is None


async def test_2_5_4_4_finance_has_one_working_day_also_across_shifted_holidays(office: "Office") -> None:
    for approved, due in (
        ((2026, 3, 6), "2026-03-09"),  # a Friday
        ((2026, 9, 30), "2026-10-08"),  # National Day
        ((2026, 10, 9), "2026-10-10"),  # a Saturday worked for it
    ):
        office.clock.set(datetime(*approved, 1, tzinfo=UTC))
        await office.approved(await office.customer())
        assert (await office.tasks("accountant", "enter_credit"))[0]["due_on"] == due


async def test_a_second_application_waits_for_the_first_also_at_the_same_moment(office: "Office") -> None:
    customer = await office.customer()
    body = {"customer_id": customer["id"], "grade": "B", "limit": "1.00", "reasons": "x"}
    answers = await asyncio.gather(
        *(office.svc.post("/credit-applications", body, as_=office.as_("rep1")) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    (application,) = [answer.json() for answer in answers if answer.status_code == 201]
    for person in ("manager", "gm"):
        assert await office.refused("rep1", "/credit-applications", body) == (409, "application-pending")
        application = await office.decide(application, person)
    assert await office.refused("rep1", "/credit-applications", body) == (409, "application-pending")
    await office.done("accountant", f"/credit-applications/{application['id']}/entry")
    assert (await office.apply(customer))["status"] == "in_approval"


async def test_two_entries_at_the_same_moment_are_one(office: "Office") -> None:
    application = await office.approved(await office.customer())
    path = f"/credit-applications/{application['id']}/entry"
    answers = await asyncio.gather(*(office.svc.post(path, as_=office.as_("accountant")) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert len(await office.events("CreditLimitChanged")) == 1


async def test_applications_are_listed_filtered_and_paged(office: "Office") -> None:
    customers = [await office.customer() for _ in range(5)]
    made = []
    for customer in customers:
        office.clock.advance(minutes=1)
        made.append(await office.apply(customer))
    await office.decide(made[0], "manager", "reject")
    ids = [one["id"] for one in made]
    rows = await office.all_pages("/credit-applications", limit=2)
    assert [row["id"] for row in rows] == ids[::-1]
    assert rows[0]["limit"] == "1000.00"
    assert [row["id"] for row in await office.all_pages("/credit-applications", limit=2, sort="created_at")] == ids
    assert [row["id"] for row in await office.all_pages("/credit-applications", status="rejected")] == ids[:1]
    mine = await office.all_pages("/credit-applications", customer_id=customers[2]["id"])
    assert [row["id"] for row in mine] == [ids[2]]


async def test_absent_applications_are_404(office: "Office") -> None:
    absent = {"id": str(uuid4())}
    body = {"decision": "approve", "seen_hash": "0" * 64}
    assert await office.refused("manager", decisions(absent), body) == (404, "credit-application-not-found")
    entry = f"/credit-applications/{absent['id']}/entry"
    assert await office.refused("accountant", entry) == (404, "credit-application-not-found")
    answer = await office.svc.get(f"/credit-applications/{absent['id']}", as_=office.as_("manager"))
    assert (answer.status_code, answer.json()["slug"]) == (404, "credit-application-not-found")


async def test_1_3_6_the_gm_sets_the_route_and_nobody_else_can_stand_in_it(office: "Office") -> None:
    path = "/policies/route.credit_application/versions"
    sales, finance, gm = "sales_manager", "finance_manager", "general_manager"
    body = {"value": {"new": [sales, finance, gm], "existing": [finance, sales, gm]}, "effective_from": "2026-03-02"}
    await office.done("gm", path, body)
    application = await office.apply(await office.customer())
    assert application["approval"]["policy"] == {"key": "route.credit_application", "version": 2}
    application = await office.decide(await office.decide(application, "manager"), "finance")
    assert (await office.decide(application, "gm"))["status"] == "approved"
    new, existing = [sales, gm], [sales, finance, gm]
    values: list[dict[str, list[str]]] = [
        {"new": ["gate_guard"]},
        {"new": []},
        {"old": new},
        {"new": new},
        {"new": ["gate_guard", *new], "existing": existing},
        {"new": [], "existing": existing},
        # 2-5.4.1 and 2-5.4.2: nobody whom the manual names is left out
        {"new": [gm], "existing": existing},
        {"new": new, "existing": [sales, gm]},
        # the general manager has the last word on both
        {"new": [gm, sales], "existing": existing},
        {"new": new, "existing": [sales, gm, finance]},
    ]
    for value in values:
        refused = {"value": value, "effective_from": "2026-03-02"}
        assert await office.refused("gm", path, refused) == (400, "policy-value-invalid")


async def test_2_5_4_4_the_master_shows_what_is_decided_and_what_shipping_has_in_force(office: "Office") -> None:
    graded, plain = await office.graded(name="华纶"), await office.customer("rep2", name="百宏")
    (line,) = (await office.read("/credit-master", grade="B"))["items"]
    assert (line["customer_id"], line["limit"], line["in_force_at_shipping"]) == (graded["id"], "1000.00", False)
    version = line["version"]
    for seen, in_force in ((version - 1, False), (version, True), (version + 1, True)):
        await office.shipping_position(graded["account_id"], seen={"epoch": 1, "version": seen})
        (line,) = (await office.read("/credit-master", grade="B"))["items"]
        assert line["in_force_at_shipping"] is in_force, seen
    assert [row["customer_id"] for row in (await office.read("/credit-master", search="百"))["items"]] == [plain["id"]]
    by_number = await office.read("/credit-master", search=graded["number"])
    assert [row["customer_id"] for row in by_number["items"]] == [graded["id"]]
    note = await office.ship(plain, ("1.000", "60.00"))
    await office.invoice(note, due_on="2026-03-02")
    await office.pass_days(1)
    late = await office.read("/credit-master", overdue=True)
    assert [(row["customer_id"], row["overdue_amount"]) for row in late["items"]] == [(plain["id"], "60.00")]
    assert [row["customer_id"] for row in (await office.read("/credit-master", overdue=False))["items"]] == [
        graded["id"]
    ]
    for sort in ("exposure", "-customer_name", "customer_number", "id"):
        assert len(await office.all_pages("/credit-master", limit=1, sort=sort)) == 2

"""Nobody finishes alone what needs two; a decision binds what the decider saw."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fangxing import approvals
from fangxing.approvals import ApprovalCase, Decision
from fangxing.auth import Principal
from fangxing.errors import DomainError
from fangxing.ids import new_id
from fangxing.roles import Role
from fangxing.tasks import TaskRow
from fangxing.text import Text
from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.toy.service import ROUTE

STEPS = (Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.GENERAL_MANAGER)


def person(name: str, *roles: Role) -> Principal:
    return Principal(name, name.title(), frozenset(roles))


REP = person("rep", Role.SALES_REP)
SALES = person("sales", Role.SALES_MANAGER)
FINANCE = person("finance", Role.FINANCE_MANAGER)
BOSS = person("boss", Role.GENERAL_MANAGER)


async def submit(writer: ServiceUnderTest, who: Principal = REP, document: str | None = None) -> ApprovalCase:
    async with writer.runtime.unit_of_work(who) as unit:
        return approvals.submit(
            unit,
            matter="note",
            document=document or f"note/{new_id()}",
            content={"amount": "10.00"},
            route=await approvals.route_of(unit, ROUTE, "large"),
            title=Text("审批便条", "Approve a note"),
        )


async def decide(
    writer: ServiceUnderTest, case: ApprovalCase, who: Principal, decision: Decision = Decision.APPROVE, seen: str = ""
) -> str:
    """The case's status afterwards, or the slug of the error."""
    try:
        async with writer.runtime.unit_of_work(who) as unit:
            locked = await approvals.open_case(unit, case.document)
            decided = await approvals.decide(unit, locked, decision, seen_hash=seen or locked.hash)
            return decided.status
    except DomainError as error:
        return error.type.slug


async def open_tasks(writer: ServiceUnderTest, case: ApprovalCase) -> list[str]:
    async with writer.database.reader() as reader:
        rows = await reader.execute(
            select(TaskRow.role).where(TaskRow.document == case.document, TaskRow.status == "open")
        )
        return list(rows.scalars())


async def test_a_case_goes_through_its_steps_one_task_at_a_time(writer: ServiceUnderTest) -> None:
    case = await submit(writer)
    for who, status in ((SALES, "open"), (FINANCE, "open"), (BOSS, "approved")):
        assert await open_tasks(writer, case) == sorted(who.roles)
        assert await decide(writer, case, who) == status
    assert await open_tasks(writer, case) == []
    assert await decide(writer, case, BOSS) == "approval-not-found"


async def test_only_the_role_of_the_step_decides_it(writer: ServiceUnderTest) -> None:
    case = await submit(writer)
    for who in (REP, FINANCE, BOSS, person("nobody"), person("admin", Role.ADMINISTRATOR)):
        assert await decide(writer, case, who) == "role-required"
    assert await open_tasks(writer, case) == [Role.SALES_MANAGER]


async def test_nobody_decides_his_own_case_whatever_roles_he_holds(writer: ServiceUnderTest) -> None:
    owner = person("owner", *STEPS)
    case = await submit(writer, owner)
    for decision in Decision:
        assert await decide(writer, case, owner, decision) == "own-case"


async def test_nobody_decides_two_steps_of_one_case(writer: ServiceUnderTest) -> None:
    many = person("many", *STEPS)
    case = await submit(writer)
    assert [await decide(writer, case, who) for who in (many, many, FINANCE, many)] == [
        "open",
        "two-steps",
        "open",
        "two-steps",
    ]


async def test_a_decision_on_other_figures_is_refused(writer: ServiceUnderTest) -> None:
    case = await submit(writer)
    assert await decide(writer, case, SALES, seen="0" * 64) == "figures-changed"
    assert await decide(writer, case, SALES) == "open"


@pytest.mark.parametrize(("decision", "status"), [(Decision.REJECT, "rejected"), (Decision.RETURN, "returned")])
async def test_a_rejected_or_returned_case_is_closed_with_its_task_and_may_be_submitted_again(
    writer: ServiceUnderTest, decision: Decision, status: str
) -> None:
    case = await submit(writer)
    await decide(writer, case, SALES)
    assert await decide(writer, case, FINANCE, decision) == status
    assert await open_tasks(writer, case) == []
    assert await decide(writer, case, BOSS) == "approval-not-found"
    again = await submit(writer, document=case.document)
    assert await decide(writer, again, SALES) == "open"


async def test_a_decision_is_judged_by_what_stands_in_the_database_under_the_lock(writer: ServiceUnderTest) -> None:
    case = await submit(writer)
    async with writer.runtime.unit_of_work(person("sales-2", Role.SALES_MANAGER)) as late:
        seen = (await late.tx.scalars(select(ApprovalCase).where(ApprovalCase.id == case.id))).one()
        assert seen.current is not None
        assert await decide(writer, case, SALES) == "open"
        locked = await approvals.open_case(late, case.document)
        with pytest.raises(DomainError) as refused:
            await approvals.decide(late, locked, Decision.APPROVE, seen_hash=locked.hash)
    assert refused.value.type.slug == "role-required"


async def test_a_band_without_a_route_is_refused(writer: ServiceUnderTest) -> None:
    async with writer.runtime.unit_of_work(REP) as unit:
        with pytest.raises(DomainError) as refused:
            await approvals.route_of(unit, ROUTE, "unheard-of")
    assert refused.value.type.slug == "route-unset"


PEOPLE = [
    person("a", Role.SALES_MANAGER),
    person("b", Role.SALES_MANAGER, Role.FINANCE_MANAGER),
    person("c", *STEPS),
    person("d", Role.GENERAL_MANAGER, Role.FINANCE_MANAGER),
    REP,
]


@given(
    initiator=st.sampled_from(PEOPLE),
    attempts=st.lists(st.tuples(st.sampled_from(PEOPLE), st.booleans()), max_size=10),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_the_order_of_attempts_a_case_is_approved_only_by_distinct_others_who_hold_the_roles(
    writer: ServiceUnderTest, initiator: Principal, attempts: Sequence[tuple[Principal, bool]]
) -> None:
    case = await submit(writer, initiator)
    for who, fresh in attempts:
        await decide(writer, case, who, seen="" if fresh else "0" * 64)
    async with writer.runtime.unit_of_work() as unit:
        stored = (await unit.tx.scalars(select(ApprovalCase).where(ApprovalCase.id == case.id))).one()
        deciders = [step.decided_by for step in stored.steps if step.decision]
        assert (stored.status == "approved") is (len(deciders) == len(STEPS))
        assert len(set(deciders)) == len(deciders)
        assert initiator.id not in deciders
        roles = {somebody.id: somebody.roles for somebody in PEOPLE}
        assert all(step.role in roles[step.decided_by] for step in stored.steps if step.decided_by)
    if stored.status == "open":
        assert await open_tasks(writer, case) == [STEPS[len(deciders)]]

"""Nobody finishes alone what needs two; a decision binds what the decider saw."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from fangxing import approvals
from fangxing.approvals import ApprovalCase, CaseStatus, Decide, Decision
from fangxing.auth import Principal
from fangxing.errors import DomainError
from fangxing.policies import PolicyRow
from fangxing.roles import Role
from fangxing.tasks import TaskRow
from fangxing.verdicts import content_hash
from fangxing.work import Work
from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.toy.papers import deciding, filing
from fangxing_testing.toy.papers.policies import ROUTES
from fangxing_testing.toy.papers.shapes import FilePaper
from fangxing_testing.toy.papers.store import Paper

STEPS = (Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.GENERAL_MANAGER)


def person(name: str, *roles: Role) -> Principal:
    return Principal(name, name.title(), frozenset(roles))


REP = person("rep", Role.SALES_REP)
SALES = person("sales", Role.SALES_MANAGER)
FINANCE = person("finance", Role.FINANCE_MANAGER)
BOSS = person("boss", Role.GENERAL_MANAGER)


async def submit(writer: ServiceUnderTest, who: Principal = REP, band: str = "large") -> Paper:
    async with writer.runtime.unit_of_work(who) as unit:
        return await filing.file_paper(unit, FilePaper.model_validate({"title": "便条", "band": band}))


async def decide(
    writer: ServiceUnderTest, paper: Paper, who: Principal, decision: Decision = Decision.APPROVE, seen: str = ""
) -> str:
    """The case's status afterwards, or the slug of the error."""
    try:
        async with writer.runtime.unit_of_work(who) as unit:
            case = await case_of(unit, paper)
            comment = None if decision is Decision.APPROVE else "too dear"
            body = Decide(decision=decision, seen_hash=seen or case.hash, comment=comment)
            decided = await deciding.decide_paper(unit, paper.id, body)
            await unit.tx.flush()
            return (await case_of(unit, decided)).status
    except DomainError as error:
        return error.type.slug


async def case_of(unit: Work, paper: Paper) -> ApprovalCase:
    newest = select(ApprovalCase).where(ApprovalCase.document == paper.document).order_by(ApprovalCase.id.desc())
    return (await unit.tx.scalars(newest.limit(1))).one()


async def open_tasks(writer: ServiceUnderTest, case: Paper) -> list[str]:
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
    assert await decide(writer, case, BOSS) == "wrong-state"


async def test_only_the_role_of_the_step_decides_it(writer: ServiceUnderTest) -> None:
    case = await submit(writer)
    for who in (FINANCE, BOSS, person("nobody"), person("rep-2", Role.SALES_REP), person("admin", Role.ADMINISTRATOR)):
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


async def test_whoever_signed_a_step_may_still_stop_the_case_at_another(writer: ServiceUnderTest) -> None:
    boss = person("boss", Role.SALES_MANAGER, Role.GENERAL_MANAGER)
    case = await submit(writer)
    assert [await decide(writer, case, who) for who in (boss, FINANCE, boss)] == ["open", "open", "two-steps"]
    assert await decide(writer, case, boss, Decision.RETURN) == "returned"


async def test_what_somebody_else_passes_on_loses_no_step_by_his_roles(writer: ServiceUnderTest) -> None:
    async with writer.runtime.unit_of_work(SALES) as unit:
        own = await approvals.route_of(unit, ROUTES, "large", author="sales")
        passed_on = await approvals.route_of(unit, ROUTES, "large", author="rep")
    assert (own.roles, passed_on.roles) == (STEPS[1:], STEPS)


async def test_a_decision_on_other_figures_is_refused(writer: ServiceUnderTest) -> None:
    case = await submit(writer)
    assert await decide(writer, case, SALES, seen="0" * 64) == "figures-changed"
    assert await decide(writer, case, SALES) == "open"


async def test_who_may_not_see_the_content_cannot_guess_it_from_the_hash(writer: ServiceUnderTest) -> None:
    """Everybody who sees the case is told its hash, hidden amounts are not told: it takes a secret to make it."""
    paper = await submit(writer)
    async with writer.runtime.unit_of_work() as unit:
        first = await case_of(unit, paper)
    await decide(writer, paper, SALES, Decision.RETURN)
    async with writer.runtime.unit_of_work(REP) as unit:
        await filing.revise_paper(unit, paper.id, FilePaper.model_validate({"title": "便条", "band": "small"}))
    async with writer.runtime.unit_of_work() as unit:
        again = await case_of(unit, paper)
    assert first.content == again.content
    assert len({first.hash, again.hash, content_hash(first.content)}) == 3
    seen = await writer.get(f"/papers/{paper.id}", as_=writer.identities.headers("rep", Role.SALES_REP))
    assert seen.json()["approval"]["hash"] == again.hash
    assert again.nonce.hex() not in seen.text
    assert await decide(writer, paper, SALES, seen=first.hash) == "figures-changed"
    assert await decide(writer, paper, SALES) == "approved"


@pytest.mark.parametrize(("decision", "status"), [(Decision.REJECT, "rejected"), (Decision.RETURN, "returned")])
async def test_a_rejected_or_returned_paper_is_its_authors_task_and_nobody_elses(
    writer: ServiceUnderTest, decision: Decision, status: str
) -> None:
    paper = await submit(writer)
    await decide(writer, paper, SALES)
    assert await decide(writer, paper, FINANCE, decision) == status
    assert await decide(writer, paper, BOSS) == "wrong-state"
    listed = (await writer.get("/tasks", as_=writer.identities.headers("rep", Role.SALES_REP))).json()["items"]
    assert [(task["kind"], task["assignee"], task["to_note"]) for task in listed] == [(f"{status}.paper", "rep", True)]
    others = (await writer.get("/tasks", as_=writer.identities.headers("rep-2", Role.SALES_REP))).json()["items"]
    assert others == []
    english = {**writer.identities.headers("rep", Role.SALES_REP), "Accept-Language": "en"}
    (task,) = (await writer.get("/tasks", as_=english)).json()["items"]
    assert task["title"].startswith(("Not approved: too dear (", "Returned: too dear ("))


async def test_a_task_that_only_tells_something_is_closed_by_who_has_read_it(writer: ServiceUnderTest) -> None:
    rep, other = (writer.identities.headers(name, Role.SALES_REP) for name in ("rep", "rep-2"))
    paper = await submit(writer, band="small")
    await decide(writer, paper, SALES, Decision.REJECT)
    (task,) = (await writer.get("/tasks", as_=rep)).json()["items"]
    path = f"/tasks/{task['id']}/noting"
    assert (await writer.post(path, as_=other)).json()["slug"] == "task-not-found"
    assert (await writer.post(path, as_=rep)).json()["status"] == "done"
    assert (await writer.post(path, as_=rep)).json()["slug"] == "task-not-found"
    await submit(writer, band="small")
    manager = writer.identities.headers("sales", Role.SALES_MANAGER)
    (to_decide,) = (await writer.get("/tasks", as_=manager)).json()["items"]
    refused = await writer.post(f"/tasks/{to_decide['id']}/noting", as_=manager)
    assert (refused.status_code, refused.json()["slug"]) == (409, "task-not-to-note")


async def test_a_returned_paper_that_is_withdrawn_asks_nobody_for_anything_and_only_its_author_withdraws_it(
    writer: ServiceUnderTest,
) -> None:
    paper = await submit(writer)
    await decide(writer, paper, SALES, Decision.RETURN)
    path = f"/papers/{paper.id}/withdrawal"
    refused = await writer.post(path, as_=writer.identities.headers("rep-2", Role.SALES_REP))
    assert (refused.status_code, refused.json()["slug"]) == (403, "not-your-paper")
    withdrawn = await writer.post(path, as_=writer.identities.headers("rep", Role.SALES_REP))
    assert withdrawn.json()["status"] == "withdrawn"
    assert await open_tasks(writer, paper) == []
    seen = await writer.get(f"/papers/{paper.id}", as_=writer.identities.headers("guard", Role.GATE_GUARD))
    assert (seen.json()["actions"], seen.json()["approval"]["status"]) == ([], "returned")


async def test_a_returned_paper_is_revised_and_goes_through_its_route_anew(writer: ServiceUnderTest) -> None:
    paper = await submit(writer)
    await decide(writer, paper, SALES)
    await decide(writer, paper, FINANCE, Decision.RETURN)
    async with writer.runtime.unit_of_work(REP) as unit:
        await filing.revise_paper(unit, paper.id, FilePaper.model_validate({"title": "又一稿", "band": "small"}))
    assert await open_tasks(writer, paper) == [Role.SALES_MANAGER]
    assert await decide(writer, paper, person("sales-2", Role.SALES_MANAGER)) == "approved"


async def test_a_decision_is_judged_by_what_stands_in_the_database_under_the_lock(writer: ServiceUnderTest) -> None:
    paper = await submit(writer)
    async with writer.runtime.unit_of_work(person("sales-2", Role.SALES_MANAGER)) as late:
        seen = await case_of(late, paper)
        assert seen.current is not None
        assert await decide(writer, paper, SALES) == "open"
        with pytest.raises(DomainError) as refused:
            await deciding.decide_paper(late, paper.id, Decide(decision=Decision.APPROVE, seen_hash=seen.hash))
    assert refused.value.type.slug == "role-required"


async def test_a_reviewers_own_step_is_dropped_and_never_the_last_one(writer: ServiceUnderTest) -> None:
    """1-3.1: where one person would be both initiator and reviewer, the review is dropped, never self-signed."""
    for author, steps in (
        (REP, list(STEPS)),
        (SALES, [Role.FINANCE_MANAGER, Role.GENERAL_MANAGER]),
        (person("both", Role.SALES_REP, Role.SALES_MANAGER, Role.FINANCE_MANAGER), [Role.GENERAL_MANAGER]),
        (person("all", *STEPS), [Role.GENERAL_MANAGER]),
    ):
        # acting as a rep, whatever else he is
        paper = await submit(writer, author.acting_as(frozenset({Role.SALES_REP})))
        async with writer.runtime.unit_of_work() as unit:
            assert [step.role for step in (await case_of(unit, paper)).steps] == steps
    paper = await submit(writer, SALES, band="small")
    assert await open_tasks(writer, paper) == [Role.SALES_MANAGER]
    assert await decide(writer, paper, SALES) == "own-case"


SALES_FINANCE_GM = [str(role) for role in STEPS]


@pytest.mark.parametrize(
    ("routes", "slug"),
    [
        ({"large": ["finance_manager", "sales_manager", "general_manager"], "small": ["sales_manager"]}, None),
        ({"large": SALES_FINANCE_GM, "small": ["finance_manager", "sales_manager"]}, None),
        ({"large": ["sales_manager", "general_manager"], "small": ["sales_manager"]}, "large 缺少 财务部经理"),
        ({"large": SALES_FINANCE_GM[::-1], "small": ["sales_manager"]}, "最后一步须为 总经理"),
        ({"large": SALES_FINANCE_GM, "small": []}, "small 缺少 销售经理"),
        ({"large": SALES_FINANCE_GM, "small": ["sales_manager", "general_manager"]}, "最后一步须为 销售经理"),
        ({"large": SALES_FINANCE_GM}, "各栏须为 large, small"),
        ({"large": ["production", *SALES_FINANCE_GM], "small": ["sales_manager"]}, "岗位限于"),
        ({"large": ["sales_manager", *SALES_FINANCE_GM], "small": ["sales_manager"]}, "不得重复"),
    ],
)
async def test_a_route_keeps_whom_the_manual_names_and_ends_where_it_says(
    writer: ServiceUnderTest, routes: dict[str, list[str]], slug: str | None
) -> None:
    body = {"value": routes, "effective_from": "2026-03-02"}
    boss = writer.identities.headers("boss", Role.GENERAL_MANAGER)
    answer = await writer.post("/policies/route.paper/versions", body, as_=boss)
    if slug is None:
        assert (answer.status_code, answer.json()["status"]) == (201, "in_force")
    else:
        assert (answer.status_code, answer.json()["slug"]) == (400, "policy-value-invalid")
        assert slug in answer.json()["title"]


async def test_deputy_and_principal_are_one_person(writer: ServiceUnderTest) -> None:
    deputy = Principal("deputy", "Deputy", frozenset(STEPS), on_behalf_of="rep")
    paper = await submit(writer)
    assert await decide(writer, paper, deputy) == "own-case"
    for_sales = Principal("deputy", "Deputy", frozenset(STEPS), on_behalf_of="sales")
    assert await decide(writer, paper, for_sales) == "open"
    assert await decide(writer, paper, person("sales", *STEPS)) == "two-steps"


async def test_a_band_without_a_route_is_refused(writer: ServiceUnderTest) -> None:
    async with writer.runtime.unit_of_work(REP) as unit:
        with pytest.raises(DomainError) as refused:
            await approvals.route_of(unit, ROUTES, "unheard-of")
    assert refused.value.type.slug == "route-unset"


async def test_a_stored_route_that_this_release_no_longer_takes_counts_as_none(writer: ServiceUnderTest) -> None:
    """A reviewer whom a later release calls for is not missing for ever where a shorter route was set before."""
    shorter = {"large": [Role.GENERAL_MANAGER], "small": [Role.SALES_MANAGER]}
    async with writer.runtime.unit_of_work() as unit:
        await unit.tx.execute(update(PolicyRow).where(PolicyRow.key == ROUTES.key).values(value=shorter))
    rep = writer.identities.headers("rep", Role.SALES_REP)
    answer = await writer.post("/papers", {"title": "便条", "band": "large"}, as_=rep)
    assert (answer.status_code, answer.json()["slug"]) == (409, "route-unset")


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
        stored = await case_of(unit, case)
        deciders = [step.decided_by for step in stored.steps if step.decision]
        assert (stored.status is CaseStatus.APPROVED) is (len(deciders) == len(stored.steps))
        assert len(set(deciders)) == len(deciders)
        assert initiator.id not in deciders
        roles = {somebody.id: somebody.roles for somebody in PEOPLE}
        assert all(step.role in roles[step.decided_by] for step in stored.steps if step.decided_by)
    if stored.status is CaseStatus.OPEN:
        assert await open_tasks(writer, case) == [stored.steps[len(deciders)].role]

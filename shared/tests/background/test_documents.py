"""Documents: states and who may leave them, hands along a chain, pairs of actions no person does both of, history."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangxing.auth import Principal
from fangxing.documents import act, born, incompatible_actions, lock_to_judge
from fangxing.errors import DomainError
from fangxing.history import timeline
from fangxing.ids import new_id
from fangxing.moves import NEW, TIMER, Move, dead_ends, reachable
from fangxing.offers import actions
from fangxing.roles import Role
from fangxing_testing.harness import FixedClock, ServiceUnderTest
from fangxing_testing.toy.papers import filing
from fangxing_testing.toy.papers.policies import PAIRS
from fangxing_testing.toy.papers.rules import FINAL, MOVES, Action, Status
from fangxing_testing.toy.papers.shapes import FilePaper
from fangxing_testing.toy.papers.store import Paper

REP = Principal("rep", "Rep", frozenset({Role.SALES_REP}))


async def paper_of(writer: ServiceUnderTest, who: Principal = REP) -> Paper:
    async with writer.runtime.unit_of_work(who) as unit:
        return await filing.file_paper(unit, FilePaper(title="便条"))


def test_every_state_of_a_paper_leads_on() -> None:
    assert dead_ends(MOVES, FINAL) == set()
    assert reachable(MOVES) == set(Status)


def test_a_state_nothing_leads_out_of_is_found() -> None:
    moves = {
        Action.FILE: Move(NEW, {Status.IN_APPROVAL}, {Role.SALES_REP}),
        Action.REVISE: Move({Status.IN_APPROVAL}, {Status.IN_APPROVAL}, {Role.SALES_REP}),
        Action.WITHDRAW: Move({Status.RETURNED}, {Status.WITHDRAWN}, TIMER),
    }
    assert dead_ends(moves, {Status.WITHDRAWN}) == {Status.IN_APPROVAL}
    assert reachable(moves) == {Status.IN_APPROVAL}


async def test_an_action_in_the_wrong_state_says_the_state_and_what_is_possible_by_whom(
    writer: ServiceUnderTest,
) -> None:
    paper = await paper_of(writer)
    rep = writer.identities.headers("rep", Role.SALES_REP)
    said = {
        "zh": "文件现为“审批中”，不能修改。现在可以：审批（审批人）；撤回（销售经理、销售专员）",
        "en": "The paper is 'in approval': not to revise now. Possible: "
        "decide (the deciders); withdraw (sales manager, sales rep)",
    }
    for language, title in said.items():
        answer = await writer.post(
            f"/papers/{paper.id}/revision", {"title": "x"}, as_={**rep, "Accept-Language": language}
        )
        assert (answer.status_code, answer.json()["slug"], answer.json()["title"]) == (409, "wrong-state", title)


async def test_a_document_that_is_not_there_is_named_in_the_error(writer: ServiceUnderTest) -> None:
    rep = writer.identities.headers("rep", Role.SALES_REP)
    nowhere = new_id()
    answer = await writer.post(f"/papers/{nowhere}/withdrawal", as_=rep)
    assert (answer.status_code, answer.json()["slug"]) == (404, "paper-not-found")
    assert answer.json()["title"] == f"没有文件 {nowhere}"


async def test_hands_go_from_parent_to_child_and_the_history_names_each_action(writer: ServiceUnderTest) -> None:
    async with writer.runtime.unit_of_work(REP) as unit:
        paper = Paper(id=new_id(), title="x", status=Status.IN_APPROVAL, author="rep")
        unit.tx.add(paper)
        await born(unit, paper, Action.FILE, {"contract.draft": ["wang"]}, {"contract.draft": ["li"], "x.y": ["wang"]})
        await act(unit, paper, Action.WITHDRAW)
        assert paper.hands == {
            "contract.draft": ["li", "wang"],
            "x.y": ["wang"],
            "paper.file": ["rep"],
            "paper.withdraw": ["rep"],
        }
    async with writer.database.reader() as reader:
        entries = await timeline(reader, Paper, paper.id)
    assert [(entry.action, entry.text.zh, entry.actor, entry.on_behalf_of) for entry in entries] == [
        ("file", "提交", "rep", None),
        ("withdraw", "撤回", "rep", None),
    ]


async def test_what_a_rule_refuses_leaves_no_hand_and_no_history(writer: ServiceUnderTest) -> None:
    paper = await paper_of(writer)
    async with writer.runtime.unit_of_work(REP) as unit:
        judged = await lock_to_judge(unit, Paper, paper.id, Action.WITHDRAW)
        assert judged.hands == {"paper.file": ["rep"]}
        with pytest.raises(DomainError, match="wrong-state"):
            await lock_to_judge(unit, Paper, paper.id, Action.REVISE)
    async with writer.database.reader() as reader:
        assert [entry.action for entry in await timeline(reader, Paper, paper.id)] == ["file"]


async def test_what_the_system_does_is_nobodys_hand(writer: ServiceUnderTest) -> None:
    async with writer.runtime.unit_of_work() as unit:
        paper = Paper(id=new_id(), title="x", status=Status.APPROVED, author="rep")
        unit.tx.add(paper)
        await born(unit, paper, Action.FILE)
        await filing.file_away(unit, paper)
        assert paper.hands == {}


async def attempt(writer: ServiceUnderTest, who: Principal, paper_id: UUID, action: Action) -> str:
    """The slug of the error, or "ok"."""
    try:
        async with writer.runtime.unit_of_work(who) as unit:
            paper = await unit.tx.get_one(Paper, paper_id)
            await act(unit, paper, action)
    except DomainError as error:
        return error.type.slug
    return "ok"


def loosened(first: str, then: str, until: str = "2026-03-09") -> dict[str, Any]:
    """A pair that one person may do both of until then."""
    return {"pair": [first, then], "since": "2026-03-02", "until": until}


async def change_pairs(writer: ServiceUnderTest, **changes: Sequence[Any]) -> None:
    body = {"value": changes, "effective_from": "2026-03-02"}
    answer = await writer.post(
        "/policies/hands.incompatible/versions", body, as_=writer.identities.headers("fm", Role.FINANCE_MANAGER)
    )
    assert (answer.status_code, answer.json()["status"]) == (201, "proposed")
    version = answer.json()["version"]
    path = f"/policies/hands.incompatible/versions/{version}/confirmation"
    confirmed = await writer.post(path, as_=writer.identities.headers("gm", Role.GENERAL_MANAGER))
    assert confirmed.status_code == 200


async def test_nobody_does_both_of_a_pair_in_either_order_and_a_deputy_counts_as_his_principal(
    writer: ServiceUnderTest,
) -> None:
    await change_pairs(writer, added=[("paper.file", "paper.withdraw"), ("order.call_off", "paper.withdraw")])
    paper = await paper_of(writer)
    deputy = Principal("deputy", "Deputy", frozenset(), on_behalf_of="rep")
    stranger = Principal("stranger", "Stranger", frozenset())
    assert await attempt(writer, REP, paper.id, Action.WITHDRAW) == "incompatible-hands"
    assert await attempt(writer, deputy, paper.id, Action.WITHDRAW) == "incompatible-hands"
    assert await attempt(writer, stranger, paper.id, Action.WITHDRAW) == "ok"


async def test_the_pairs_are_loosened_by_two_people_and_are_not_in_force_before(writer: ServiceUnderTest) -> None:
    paper = await paper_of(writer)
    assert await attempt(writer, REP, paper.id, Action.DECIDE) == "own-case"
    await change_pairs(writer, loosened=[loosened("paper.decide", "paper.file")])
    assert await attempt(writer, REP, paper.id, Action.DECIDE) == "ok"


async def test_pairs_that_a_later_release_brings_are_in_force_in_a_database_that_has_the_policy(
    writer: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the factory loosened stays loosened, what it added stays added, and what it never saw holds."""
    await change_pairs(
        writer, loosened=[loosened("paper.file", "paper.decide")], added=[("order.call_off", "paper.withdraw")]
    )
    paper = await paper_of(writer)
    assert await attempt(writer, REP, paper.id, Action.WITHDRAW) == "ok"
    later = incompatible_actions(__name__, *PAIRS.pairs, ("paper.file", "paper.withdraw"))
    monkeypatch.setitem(writer.service.policies.by_key, later.key, later)
    paper = await paper_of(writer)
    assert await attempt(writer, REP, paper.id, Action.DECIDE) == "ok"
    assert await attempt(writer, REP, paper.id, Action.WITHDRAW) == "incompatible-hands"
    called_off = Principal("li", "Li", frozenset())
    async with writer.runtime.unit_of_work(REP) as unit:
        stored = await unit.tx.get_one(Paper, paper.id)
        stored.hands = {**stored.hands, "order.call_off": ["li"]}
    assert await attempt(writer, called_off, paper.id, Action.WITHDRAW) == "incompatible-hands"


async def test_an_answer_offers_what_the_caller_may_try(writer: ServiceUnderTest) -> None:
    paper = await paper_of(writer)
    everything = frozenset(Role)
    async with writer.runtime.unit_of_work() as unit:
        book = await unit.policies()
        stored = await unit.tx.get_one(Paper, paper.id)
        offered = {
            who: await actions(unit.tx, stored, principal, book)
            for who, principal in {
                "author": Principal("rep", "", everything),
                "author, acting as another": Principal("rep", "", everything).acting_as(frozenset({Role.QUALITY})),
                "manager": Principal("m", "", frozenset({Role.SALES_MANAGER})),
                "guard": Principal("g", "", frozenset({Role.GATE_GUARD})),
            }.items()
        }
    assert offered == {
        "author": ["withdraw"],
        "author, acting as another": ["withdraw"],
        "manager": ["decide"],
        "guard": [],
    }


@given(
    st.dictionaries(
        st.sampled_from(list(Action)),
        st.builds(
            lambda from_, to: Move(from_, to, TIMER),
            st.sets(st.sampled_from(list(Status)), max_size=3),
            st.sets(st.sampled_from(list(Status)), min_size=1, max_size=3),
        ),
    )
)
def test_a_dead_end_is_a_state_one_can_come_to_and_not_leave(moves: dict[Action, Move[Status]]) -> None:
    for state in dead_ends(moves, FINAL):
        assert state in reachable(moves)
        assert not any(state in move.from_ and set(move.to) != {state} for move in moves.values())


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"added": [["paper", "paper.decide"]]}, "须为 单据.动作"),
        ({"added": [["paper.file"]]}, ""),
        ({"added": [["paper.file", "paper.decide", "paper.revise"]]}, ""),
        ({"added": [["paper.file", "paper.decidee"]]}, "没有动作 paper.decidee"),
        ({"added": [["leaflet.file", "paper.decide"]]}, "没有动作 leaflet.file"),
        ({"added": [["order.call_off", "order.call_off"]]}, "都不是本服务的动作"),
        ({"loosened": [loosened("paper.file", "paper.withdraw")]}, "没有“paper.file × paper.withdraw”这一对可放宽"),
        ({"loosened": [["paper.file", "paper.decide"]]}, ""),
        ({"loosened": [loosened("paper.file", "paper.decide", "2026-03-01")]}, "起止日期颠倒"),
        ({"less": []}, ""),
        ([["paper.file", "paper.decide"]], ""),
        ("x", ""),
    ],
)
async def test_a_pair_names_two_actions_there_are(writer: ServiceUnderTest, value: object, why: str) -> None:
    body = {"value": value, "effective_from": "2026-03-02"}
    answer = await writer.post(
        "/policies/hands.incompatible/versions", body, as_=writer.identities.headers("fm", Role.FINANCE_MANAGER)
    )
    assert (answer.status_code, answer.json()["slug"]) == (400, "policy-value-invalid")
    assert why in answer.json()["title"]


async def test_1_3_a_loosened_pair_counts_from_day_to_day_and_each_use_of_it_is_listed(
    writer: ServiceUnderTest, clock: FixedClock
) -> None:
    await change_pairs(writer, loosened=[loosened("paper.file", "paper.decide", "2026-03-03")])
    papers = [await paper_of(writer) for _ in range(3)]
    stranger = Principal("stranger", "Stranger", frozenset())
    assert await attempt(writer, REP, papers[0].id, Action.DECIDE) == "ok"
    assert await attempt(writer, stranger, papers[1].id, Action.DECIDE) == "ok"
    clock.advance(days=1)
    assert await attempt(writer, REP, papers[1].id, Action.DECIDE) == "ok"
    clock.advance(days=1)
    assert await attempt(writer, REP, papers[2].id, Action.DECIDE) == "own-case"
    auditor = writer.identities.headers("qian", Role.AUDIT_MANAGER)
    uses = (await writer.get("/hands/uses", as_=auditor)).json()["items"]
    assert [(use["document"], use["first"], use["then"], use["person"], use["policy_version"]) for use in uses] == [
        (paper.document, "paper.file", "paper.decide", "rep", 2) for paper in (papers[1], papers[0])
    ]


async def test_1_3_whose_roles_finish_alone_what_needs_two_is_listed(writer: ServiceUnderTest) -> None:
    async def listed() -> dict[str, list[tuple[str, bool, list[tuple[str, str | None]]]]]:
        auditor = writer.identities.headers("qian", Role.AUDIT_MANAGER)
        found: dict[str, list[tuple[str, bool, list[tuple[str, str | None]]]]] = {}
        for one in (await writer.get("/hands/conflicts", as_=auditor)).json():
            roles = [(role["role"], role["on_behalf_of"]) for role in one["roles"]]
            found.setdefault(one["person"], []).append((one["what"], one["loosened"], roles))
        return found

    day = date(2026, 3, 2)
    await writer.staff("rep", Role.SALES_REP)
    await writer.staff("chen", Role.SALES_MANAGER)
    await writer.staff("zhao", Role.FINANCE_MANAGER, Role.GENERAL_MANAGER)
    await writer.staff("left", Role.SALES_REP, Role.GENERAL_MANAGER, active=False)
    await writer.staff("past", Role.SALES_REP)
    await writer.staff("past2", Role.GENERAL_MANAGER, until=day - timedelta(days=1))
    assert await listed() == {}
    await writer.lend(Role.GENERAL_MANAGER, "zhao", "rep", since=day, until=day)
    both = [("general_manager", "zhao"), ("sales_rep", None)]
    assert await listed() == {
        "rep": [
            ("文件·提交 × 文件·审批", False, both),
            ("文件·修改 × 文件·审批", False, both),
            ("电话授权·登记 × 电话授权·本人确认", False, both),
            ("电话授权·登记 × 电话授权·否认", False, both),
        ],
    }
    await writer.lend(Role.SALES_MANAGER, "chen", "zhao", since=day, until=day)
    every_step = [("finance_manager", None), ("general_manager", None), ("sales_manager", "chen")]
    assert ("文件审批路线：large", False, every_step) in (await listed())["zhao"]
    await change_pairs(writer, loosened=[loosened("paper.file", "paper.decide")])
    assert ("文件·提交 × 文件·审批", True, both) in (await listed())["rep"]
    # one role does both: where the pair is loosened nobody stops him
    assert (await listed())["chen"] == [("文件·提交 × 文件·审批", True, [("sales_manager", None)])]

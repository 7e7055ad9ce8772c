"""Any life of a breach, whoever tries whatever: nobody does two of its steps, and a fine is the clause's or none."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from fangxing.auth import Principal
from fangxing.breaches import deciding, opening
from fangxing.breaches.access import fits
from fangxing.breaches.rules import FINAL, MOVES, AppealOutcome, BreachAction, BreachKind, BreachStatus, Finding
from fangxing.breaches.shapes import Appeal, DecideBreach, Judge, OpenBreach, PassOn, WithdrawBreach
from fangxing.breaches.store import Breach
from fangxing.errors import DomainError
from fangxing.ids import new_id
from fangxing.moves import possible
from fangxing.roles import Role
from fangxing.text import Text
from fangxing.work import Work
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities
from fangxing_testing.toy import WRITER
from fangxing_testing.toy.breaches import CARELESS, PAPERS_MISSED

SALES, GM, AUDIT, FINANCE = Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.AUDIT_MANAGER, Role.FINANCE_MANAGER
PEOPLE = [
    Principal("wang", "Wang", frozenset({Role.SALES_REP})),
    Principal("manager", "M", frozenset({SALES})),
    Principal("both", "B", frozenset({SALES, GM})),
    Principal("gm", "G", frozenset({GM})),
    Principal("audit", "A", frozenset({AUDIT, FINANCE})),
    Principal("deputy", "D", frozenset({GM, FINANCE}), on_behalf_of="manager"),
    Principal("finance", "F", frozenset({FINANCE})),
]
WHY = "看过了"
T = TypeVar("T")
LONG_LIFE = (BreachAction.DECIDE, BreachAction.APPEAL, BreachAction.JUDGE) * 4
AMOUNTS = ["19.99", "20.00", "80.00", "100.00"]


class Life(RuleBasedStateMachine):
    """One breach, and what anybody tries with it."""

    service: ServiceUnderTest
    runner: asyncio.Runner

    @initialize(
        kind=st.sampled_from([CARELESS, CARELESS, PAPERS_MISSED]),
        person=st.sampled_from(PEOPLE),
        by_hand=st.sampled_from([None, *(one for one in PEOPLE if one.has(SALES, GM, AUDIT, FINANCE))]),
        data=st.data(),
    )
    def open(self, kind: BreachKind, person: Principal, by_hand: Principal | None, data: st.DataObject) -> None:
        acted_as = data.draw(st.sampled_from(sorted(person.roles)))
        about = f"note/{new_id()}"
        if by_hand is None or person.id in by_hand.persons:
            system = partial(opening.open_breach, about=about, person=person.id, acted_as=acted_as)
            self.breach = self._do(None, lambda work: system(work, kind, evidence=Text(WHY, WHY)))
        else:
            body = OpenBreach(kind=kind.slug, about=about, person=person.id, acted_as=acted_as, evidence=WHY)
            kinds = [CARELESS, PAPERS_MISSED]
            self.breach = self._do(by_hand, lambda work: opening.enter_breach(work, kinds, body))
        self.steps: dict[str, Principal] = {} if self.breach.author == "system" else {"open": by_hand or person}

    @rule(
        finding=st.sampled_from([Finding.FINE, *Finding]),
        judgement=st.sampled_from(AppealOutcome),
        amount=st.sampled_from(AMOUNTS),
        data=st.data(),
    )
    def attempt(self, finding: Finding, judgement: AppealOutcome, amount: str, data: st.DataObject) -> None:
        before, fine, id = self.breach, Decimal(amount), self.breach.id
        actions = [action for action in [*LONG_LIFE, *BreachAction] if action in possible(MOVES, before.status)]
        action = data.draw(st.sampled_from(actions or [BreachAction.APPEAL]))
        # most attempts by those who may, or few lives would get far
        willing = [one for one in PEOPLE if fits(before, one, action)]
        who = data.draw(st.sampled_from([*willing, *willing, *PEOPLE]))
        decided = DecideBreach(finding=finding, fine=fine if finding is Finding.FINE else None, because=WHY)
        judged = Judge(judgement=judgement, fine=fine if judgement is AppealOutcome.UPHOLD else None, because=WHY)
        tries = {
            BreachAction.PASS_ON: lambda work: deciding.pass_on(work, id, PassOn(because=WHY)),
            BreachAction.DECIDE: lambda work: deciding.decide(work, id, decided),
            BreachAction.APPEAL: lambda work: deciding.appeal(work, id, Appeal(because=WHY)),
            BreachAction.JUDGE: lambda work: deciding.judge(work, id, judged),
            BreachAction.WITHDRAW: lambda work: deciding.withdraw(work, id, WithdrawBreach(because=WHY)),
        }
        with suppress(DomainError):
            self._do(who, tries[action])
        self.breach = self._read()
        if self.breach.status is before.status:
            assert self.breach.fine == before.fine, "what is refused changes nothing"
            return
        assert before.status not in FINAL
        assert (before.person in who.persons) is (action is BreachAction.APPEAL), "who concerns it only appeals"
        for earlier, then in (("open", "decide"), ("open", "judge"), ("decide", "judge")):
            if action == then and earlier in self.steps:
                assert self.steps[earlier].persons.isdisjoint(who.persons), f"{earlier} and {then} by one person"
        self.steps[action] = who

    @invariant()
    def a_fine_is_the_clauses(self) -> None:
        fine, fines = self.breach.fine, self.breach.fines
        assert fine is None or (fines is not None and fines.least <= fine <= fines.most)
        if self.breach.status is BreachStatus.FINED:
            assert fine is not None

    def _do(self, who: Principal | None, use_case: Callable[[Work], Awaitable[T]]) -> T:
        async def done() -> T:
            async with self.service.runtime.unit_of_work(who) as unit:
                return await use_case(unit)

        return self.runner.run(done())

    def _read(self) -> Breach:
        id = self.breach.id
        return self._do(None, lambda work: work.tx.get_one(Breach, id))


def test_1_3_any_life_of_a_breach(postgres: PostgresServer, tmp_path: Path) -> None:
    identities = Identities(tmp_path)
    with asyncio.Runner() as runner:
        running = service_under_test(WRITER, postgres, identities)
        Life.service, Life.runner = runner.run(running.__aenter__()), runner
        try:
            run_state_machine_as_test(Life, settings=QUICK)
        finally:
            runner.run(running.__aexit__(None, None, None))


QUICK = settings(
    max_examples=40,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # a life is short enough to be read as it was found
    phases=(Phase.generate,),
)

"""I9 and I14 on the real engine: whatever roles, dates and deputies, nobody finishes alone what needs two."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from customer_svc.customers.opening import open_customer
from customer_svc.customers.shapes import OpenCustomer, TermsIn
from customer_svc.grading import applying, deciding
from customer_svc.grading.rules import MOVES, ApplicationAction, ApplicationStatus
from customer_svc.grading.shapes import ApplyForCredit
from customer_svc.main import SERVICE
from fangxing.approvals import ApprovalCase, CaseStatus, Decide, Decision
from fangxing.auth import Principal
from fangxing.errors import DomainError
from fangxing.organisation.people import Loan, RoleTerm, Standing
from fangxing.positions import Grade
from fangxing.roles import Role
from fangxing.running.service import Runtime
from fangxing.terms import TermsKind
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import FixedClock, service_under_test
from fangxing_testing.identity import Identities

PEOPLE = ("an", "bo", "chen", "dan")
ROLES = (Role.SALES_REP, Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.GENERAL_MANAGER, Role.ACCOUNTANT)
DAYS = [date(2026, 3, day) for day in range(2, 6)]
NOTHING = Decimal("0.00")

days = st.sampled_from(DAYS)


def lasting(role: Role) -> RoleTerm:
    """A role from the first day on, for good."""
    return RoleTerm(role=role, since=DAYS[0])


def held(*roles: Role) -> tuple[RoleTerm, ...]:
    """Roles from the first day on, for good."""
    return tuple(lasting(role) for role in roles)


terms = st.builds(RoleTerm, role=st.sampled_from(ROLES), since=st.just(DAYS[0]) | days, until=st.none() | days)
records: st.SearchStrategy[dict[str, tuple[RoleTerm, ...]]] = st.fixed_dictionaries(
    {person: st.lists(terms, min_size=3, max_size=7).map(tuple) for person in PEOPLE}
)
Attempt = tuple[str, date, ApplicationAction]
attempts = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        days,
        st.sampled_from([ApplicationAction.DECIDE, ApplicationAction.DECIDE, ApplicationAction.ENTER]),
    ),
    max_size=8,
)
amounts = st.integers(1, 900).map(lambda thousands: Decimal(f"{thousands}000.00"))


@dataclass
class Staff:
    """Who may what on which day; every token names every role, so that the records alone decide."""

    records: dict[str, tuple[RoleTerm, ...]]
    loans: list[tuple[RoleTerm, str, str]]

    def on(self, day: date, person: str, action: ApplicationAction) -> Principal:
        """`person` on `day`, acting in the roles that open the route of `action`."""
        lent = tuple(
            Loan(term, holder, self.records[holder])
            for term, holder, deputy in self.loans
            if deputy == person and holder != person
        )
        standing = Standing(True, self.records[person], lent, administered=True, days_ahead=0)
        principal = standing.principal(Principal(person, person, frozenset(Role)), day, required=True)
        return principal.acting_as(MOVES[action].roles)


@dataclass
class Finished:
    """What came into force, and whose hands did what."""

    largest_alone: Decimal = NOTHING
    in_force: int = 0
    by_deputies: int = 0
    signed: list[tuple[ApplicationAction, str, frozenset[str]]] = field(default_factory=list)

    def sign(self, action: ApplicationAction, actor: Principal, signing: frozenset[str]) -> None:
        """Somebody did `action`, and was let."""
        self.signed.append((action, actor.id, signing))
        self.by_deputies += len(signing) > 1


@st.composite
def staffs(draw: st.DrawFn) -> Staff:
    """Anybody with any roles, and what some of them lend to others, on days that fit or not."""
    found = draw(records)
    some = [(term, holder) for holder, terms_of in found.items() for term in terms_of]
    lent = draw(st.lists(st.tuples(st.sampled_from(some), st.sampled_from(PEOPLE), terms), min_size=1, max_size=8))
    return Staff(
        found,
        [(days_of.model_copy(update={"role": term.role}), holder, deputy) for (term, holder), deputy, days_of in lent],
    )


@asynccontextmanager
async def one_service(postgres: PostgresServer, directory: Path) -> AsyncIterator[Runtime]:
    """customer-svc for every example."""
    async with service_under_test(SERVICE, postgres, Identities(directory), system_clock=FixedClock()) as svc:
        yield svc.runtime


async def customer_of(runtime: Runtime, rep: str) -> UUID:
    """A customer of `rep`."""
    terms_of_sale = TermsIn(kind=TermsKind.CREDIT, days=30)
    body = OpenCustomer(number=uuid4().hex, name="华纶", address="-", contact="-", terms=terms_of_sale)
    async with runtime.unit_of_work(Principal(rep, rep, frozenset({Role.SALES_REP}))) as work:
        return (await open_customer(work, body)).id


async def applied(runtime: Runtime, actor: Principal, customer: UUID, limit: Decimal) -> UUID | None:
    """The application that `actor` makes, if he is let."""
    if not actor.roles:
        return None
    body = ApplyForCredit(customer_id=customer, grade=Grade.B, limit=limit, reasons="用量稳定")
    try:
        async with runtime.unit_of_work(actor) as work:
            return (await applying.apply(work, body)).id
    except DomainError:
        return None


async def tried(
    runtime: Runtime, actor: Principal, application: UUID, action: ApplicationAction
) -> tuple[ApplicationStatus, frozenset[str]] | None:
    """What became of the application by what `actor` tried, and in whose name; None where he was refused."""
    if not actor.roles:
        return None
    try:
        async with runtime.unit_of_work(actor) as work:
            if action is ApplicationAction.ENTER:
                row = await deciding.enter(work, application)
            else:
                document = f"credit-application/{application}"
                open_case = select(ApprovalCase.hash).where(
                    ApprovalCase.document == document, ApprovalCase.status == CaseStatus.OPEN
                )
                seen = await work.tx.scalar(open_case)
                body = Decide(decision=Decision.APPROVE, seen_hash=seen or "0" * 64)
                row = await deciding.decide(work, application, body)
            return row.status, work.actor.signing
    except DomainError:
        return None


def check(finished: Finished, limit: Decimal) -> None:
    """What came into force took two people, of whom none stood in for the other."""
    decided = [one for one in finished.signed if one[0] is not ApplicationAction.ENTER]
    (entered,) = [one for one in finished.signed if one[0] is ApplicationAction.ENTER]
    for (_, first, first_hands), (_, second, second_hands) in combinations(decided, 2):
        assert first != second
        assert first_hands.isdisjoint(second_hands)
    assert decided[0][2].isdisjoint(entered[2]), "who applied entered it"
    alone = {person for _, person, _ in decided}
    if len(alone) == 1:
        finished.largest_alone = max(finished.largest_alone, limit)


def everybody(day: date) -> list[Attempt]:
    """Everybody tries, three times over, and whoever can enters it."""
    rounds = [ApplicationAction.DECIDE] * 3 + [ApplicationAction.ENTER]
    return [(person, day, action) for action in rounds for person in PEOPLE]


def test_1_3_nobody_finishes_alone_what_needs_two(postgres: PostgresServer, tmp_path: Path) -> None:
    total = Finished()
    with asyncio.Runner() as runner:
        opened = one_service(postgres, tmp_path)
        runtime = runner.run(opened.__aenter__())

        async def example(staff: Staff, begun: tuple[str, date], limit: Decimal, then: list[Attempt]) -> None:
            finished = Finished()
            able = [staff.on(begun[1], person, ApplicationAction.APPLY) for person in PEOPLE]
            author = max(able, key=lambda one: (bool(one.roles), one.id == begun[0]))
            customer = await customer_of(runtime, author.on_behalf_of or author.id)
            application = await applied(runtime, author, customer, limit)
            if application is None:
                return
            finished.sign(ApplicationAction.APPLY, author, author.signing)
            for person, day, action in [*then, *everybody(begun[1])]:
                actor = staff.on(day, person, action)
                came = await tried(runtime, actor, application, action)
                if came is not None:
                    finished.sign(action, actor, came[1])
                    if came[0] is ApplicationStatus.IN_FORCE:
                        check(finished, limit)
                        total.in_force += 1
                        total.by_deputies += finished.by_deputies
                        total.largest_alone = max(total.largest_alone, finished.largest_alone)
                        return

        @settings(max_examples=70, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            staff=staffs(),
            begun=st.tuples(st.sampled_from(PEOPLE), days),
            limit=amounts,
            then=attempts,
        )
        def any_staff(staff: Staff, begun: tuple[str, date], limit: Decimal, then: list[Attempt]) -> None:
            runner.run(example(staff, begun, limit, then))

        try:
            any_staff()
            runner.run(example(*KNOWN))
        finally:
            runner.run(opened.__aexit__(None, None, None))
    print(f"in force: {total.in_force}, by deputies: {total.by_deputies}, moved alone at most: {total.largest_alone}")
    assert total.largest_alone == NOTHING
    assert total.in_force > 0
    assert total.by_deputies > 0


KNOWN = (
    Staff(
        {
            "an": held(Role.SALES_REP),
            "bo": held(Role.SALES_MANAGER, Role.GENERAL_MANAGER),
            "chen": held(Role.ACCOUNTANT),
            "dan": held(Role.GENERAL_MANAGER),
        },
        [(lasting(Role.SALES_MANAGER), "bo", "chen"), (lasting(Role.GENERAL_MANAGER), "dan", "an")],
    ),
    ("an", DAYS[0]),
    Decimal("900000.00"),
    [
        (person, DAYS[1], action)
        for person, action in (
            ("chen", ApplicationAction.DECIDE),
            # the author as the general manager's deputy, the deputy again, and whom he stood in for
            ("an", ApplicationAction.DECIDE),
            ("chen", ApplicationAction.DECIDE),
            ("bo", ApplicationAction.DECIDE),
            ("dan", ApplicationAction.DECIDE),
            ("chen", ApplicationAction.ENTER),
        )
    ],
)
"""The manager is away: his deputy signs for him, and it still takes another one than these to finish."""

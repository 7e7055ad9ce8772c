"""Who is let in, and in which roles: what the token says, what the staff record does not deny, what is lent."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from fangxing.auth import Principal
from fangxing.errors import DomainError
from fangxing.organisation.people import SWITCHED_OFF, Loan, RoleTerm, Standing
from fangxing.roles import Role
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import FixedClock, ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities
from fangxing_testing.toy import WRITER
from fangxing_testing.waiting import eventually

REP, MANAGER, GM = Role.SALES_REP, Role.SALES_MANAGER, Role.GENERAL_MANAGER
TODAY = date(2026, 3, 2)
NOTE = {"text": "a", "amount": "1.00"}


@pytest_asyncio.fixture
async def strict(
    postgres: PostgresServer, identities: Identities, clock: FixedClock
) -> AsyncIterator[ServiceUnderTest]:
    """The toy writer where whoever has no staff record holds no role."""
    async with service_under_test(WRITER, postgres, identities, system_clock=clock, staff_required=True) as service:
        yield service


async def writes(service: ServiceUnderTest, person: str, *roles: Role) -> tuple[int, str | None]:
    """What becomes of a note that somebody writes whose token names `roles`."""
    answer = await service.post("/notes", NOTE, as_=service.identities.headers(person, *roles))
    return answer.status_code, answer.json().get("slug")


async def me(service: ServiceUnderTest, person: str, *roles: Role, status: int = 200) -> dict[str, Any]:
    answer = await service.get("/me", as_=service.identities.headers(person, *roles))
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def test_1_3_whoever_has_no_record_holds_what_his_token_says_unless_a_record_is_required(
    writer: ServiceUnderTest, strict: ServiceUnderTest
) -> None:
    assert await writes(writer, "wang", REP) == (201, None)
    assert await writes(strict, "wang", REP) == (403, "staff-unknown")
    assert await writes(strict, "wang") == (403, "staff-unknown")
    (role,) = (await me(strict, "wang", REP))["roles"]
    assert (role["role"], role["holds"], role["why_not"]) == ("sales_rep", False, "no_record")
    await strict.staff("wang", REP)
    assert await writes(strict, "wang", REP) == (201, None)


async def test_1_3_a_role_holds_where_token_and_record_both_say_so(writer: ServiceUnderTest) -> None:
    await writer.staff("wang", MANAGER)
    assert await writes(writer, "wang", REP) == (403, "role-required")
    assert await writes(writer, "wang") == (403, "role-required")
    assert await writes(writer, "wang", REP, MANAGER) == (201, None)
    said = {role["role"]: role["why_not"] for role in (await me(writer, "wang", REP))["roles"]}
    assert said == {"sales_rep": "not_on_record", "sales_manager": "not_in_token"}


@pytest.mark.parametrize(
    ("since", "until", "answer", "why"),
    [
        (0, 0, 201, None),
        (-1, 0, 201, None),
        (0, None, 201, None),
        (1, None, 403, "not_yet"),
        (-9, -1, 403, "over"),
    ],
)
async def test_1_3_the_first_and_the_last_day_count(
    writer: ServiceUnderTest, since: int, until: int | None, answer: int, why: str | None
) -> None:
    last = None if until is None else TODAY + timedelta(days=until)
    await writer.staff("wang", REP, since=TODAY + timedelta(days=since), until=last)
    assert (await writes(writer, "wang", REP))[0] == answer
    (role,) = (await me(writer, "wang", REP))["roles"]
    assert role["why_not"] == why


async def test_1_3_whoever_is_switched_off_is_told_so_on_every_route(writer: ServiceUnderTest) -> None:
    await writer.staff("wang", REP, active=False)
    assert await writes(writer, "wang", REP) == (403, "staff-switched-off")
    assert (await me(writer, "wang", REP, status=403))["slug"] == "staff-switched-off"
    await writer.staff("wang", REP)
    assert await writes(writer, "wang", REP) == (201, None)


async def test_1_3_the_first_administrator_is_let_in_until_there_is_one_on_record(strict: ServiceUnderTest) -> None:
    async def policies(person: str) -> httpx.Response:
        headers = strict.identities.headers(person, Role.ADMINISTRATOR, GM)
        return await strict.get("/policies", as_=headers)

    assert (await policies("root")).status_code == 200
    roles = {role["role"]: role["holds"] for role in (await me(strict, "root", Role.ADMINISTRATOR, GM))["roles"]}
    assert roles == {"administrator": True, "general_manager": False}
    await strict.staff("tang", Role.ADMINISTRATOR, since=TODAY, until=TODAY)
    assert (await policies("root")).json()["slug"] == "staff-unknown"
    await strict.staff("tang", Role.ADMINISTRATOR, since=TODAY - timedelta(days=9), until=TODAY - timedelta(days=1))
    assert (await policies("root")).status_code == 200
    # a record denies, also the only administrator
    await strict.staff("root", GM)
    assert (await me(strict, "root", Role.ADMINISTRATOR))["roles"][0]["holds"] is False


async def test_1_3_a_deputy_has_the_role_from_the_first_to_the_last_day_as_long_as_its_holder_has_it(
    writer: ServiceUnderTest, clock: FixedClock
) -> None:
    await writer.staff("chen", MANAGER)
    await writer.staff("wu", Role.ACCOUNTANT)
    await writer.lend(MANAGER, "chen", "wu", since=date(2026, 3, 3), until=date(2026, 3, 4))
    assert (await writes(writer, "wu", Role.ACCOUNTANT))[0] == 403
    clock.advance(days=1)
    assert (await writes(writer, "wu", Role.ACCOUNTANT))[0] == 201
    told = await me(writer, "wu", Role.ACCOUNTANT)
    assert [(one["role"], one["holds"], one["on_behalf_of_name"]) for one in told["roles"]] == [
        ("accountant", True, None),
        ("sales_manager", True, "chen"),
    ]
    deputies = (await me(writer, "chen", MANAGER))["deputies"]
    assert [(one["role"], one["deputy"], one["until"]) for one in deputies] == [("sales_manager", "wu", "2026-03-04")]
    await writer.staff("chen", MANAGER, active=False)
    assert (await writes(writer, "wu", Role.ACCOUNTANT))[0] == 403
    await writer.staff("chen", MANAGER)
    clock.advance(days=1)
    assert (await writes(writer, "wu", Role.ACCOUNTANT))[0] == 201
    clock.advance(days=1)
    assert (await writes(writer, "wu", Role.ACCOUNTANT))[0] == 403


async def test_what_is_on_record_is_asked_once_in_so_many_seconds_and_then_again(
    postgres: PostgresServer, identities: Identities
) -> None:
    async with service_under_test(WRITER, postgres, identities, staff_seconds=0.5) as service:
        assert await writes(service, "wang", REP) == (201, None)
        await service.staff("wang", REP, active=False)
        assert await writes(service, "wang", REP) == (201, None), "asked again at once"

        async def out() -> bool:
            return (await writes(service, "wang", REP)) == (403, "staff-switched-off")

        await eventually(out)


async def test_nobody_is_let_in_while_nobody_can_be_looked_up(writer: ServiceUnderTest) -> None:
    async with writer.database.transaction() as tx:
        await tx.execute(text("ALTER TABLE people RENAME TO gone"))
    assert (await writes(writer, "wang", REP))[0] == 503


PEOPLE = ["a", "b"]
days = st.dates(date(2026, 1, 1), date(2026, 1, 9))
roles = st.sampled_from([REP, MANAGER, GM, Role.ADMINISTRATOR])
terms = st.builds(RoleTerm, role=roles, since=days, until=st.none() | days)
loans = st.builds(Loan, term=terms, holder=st.sampled_from(PEOPLE), terms=st.lists(terms, max_size=3).map(tuple))
standings = st.builds(
    Standing,
    active=st.sampled_from([True, False, None]),
    terms=st.lists(terms, max_size=4).map(tuple),
    loans=st.lists(loans, max_size=3).map(tuple),
    administered=st.booleans(),
    days_ahead=st.just(0),
)


@given(standing=standings, token=st.frozensets(roles), day=days, required=st.booleans())
def test_1_3_nobody_holds_a_role_that_neither_his_record_and_token_nor_a_loan_gives_him(
    standing: Standing, token: frozenset[Role], day: date, required: bool
) -> None:
    caller = Principal("a", "a", token)
    if standing.active is False:
        with pytest.raises(DomainError) as refused:
            standing.principal(caller, day, required=required)
        assert refused.value.type is SWITCHED_OFF
        return
    found = standing.principal(caller, day, required=required)
    assert found.own <= token
    for role in found.held:
        on_record = any(term.role is role and term.holds(day) for term in standing.terms)
        is_lent = any(loan.term.role is role and loan.holds(day) for loan in standing.loans)
        first = role is Role.ADMINISTRATOR and not standing.administered
        unknown = standing.active is None and (not required or first)
        assert is_lent or (role in token and (on_record or unknown))
    for role in found.held - found.own:
        acting = found.acting_as(frozenset({role}))
        assert acting.on_behalf_of in {one.holder for one in found.lent if one.role is role}
        assert acting.signing <= acting.persons
    for role in found.own:
        assert found.acting_as(frozenset({role})).on_behalf_of is None

"""Who am I: what everybody may ask of every service about himself."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import BaseModel
from sqlalchemy import or_, select

from fangxing.auth import Principal
from fangxing.organisation.people import Deputy, Person, RoleTerm
from fangxing.roles import ROLE_NAMES, Role
from fangxing.text import Language, Text
from fangxing.web.access import signed_in
from fangxing.web.edge import CurrentLook
from fangxing.web.edge import router as edge_router

router = edge_router("me", "/me")


class WhyNot(StrEnum):
    """Why somebody does not hold a role."""

    NO_RECORD = "no_record"
    NOT_ON_RECORD = "not_on_record"
    NOT_IN_TOKEN = "not_in_token"
    NOT_YET = "not_yet"
    OVER = "over"


_SAID = {
    WhyNot.NO_RECORD: Text("没有员工档案，请管理员建档", "there is no staff record: ask the administrator for one"),
    WhyNot.NOT_ON_RECORD: Text("员工档案没有这个岗位", "the staff record does not have it"),
    WhyNot.NOT_IN_TOKEN: Text(
        "登录系统没有给这个岗位，或要重新登录", "the login does not give it: sign in again, or ask"
    ),
    WhyNot.NOT_YET: Text("任期还没开始", "it has not begun yet"),
    WhyNot.OVER: Text("任期已过", "it is over"),
}


class MyRole(BaseModel):
    """A role, whether it is held today, and why it is not; as a deputy, on whose behalf."""

    role: Role
    name: str
    holds: bool
    why_not: WhyNot | None
    text: str | None
    since: date | None
    until: date | None
    on_behalf_of: str | None
    on_behalf_of_name: str | None


class MyDeputy(BaseModel):
    """Who stands in for the caller, in which role, from the first day to the last."""

    role: Role
    deputy: str
    deputy_name: str | None
    since: date
    until: date


class MeOut(BaseModel):
    """Who somebody is to this service; `name` is as on record, else as the token has it."""

    person: str
    name: str
    department: str | None
    place: str | None
    superior: str | None
    superior_name: str | None
    roles: list[MyRole]
    deputies: list[MyDeputy]


@router.get("")
@signed_in()
async def read_me(look: CurrentLook) -> MeOut:
    """Who I am here: my roles today and why one is not held, my place, my deputies, and for whom I stand in."""
    caller = look.caller
    found = await look.reader.execute(select(Person.__table__).where(Person.subject == caller.id))
    record = found.mappings().first()
    rows = await look.reader.execute(
        select(Deputy.__table__)
        .where(Deputy.in_force, Deputy.until >= look.today, or_(Deputy.deputy == caller.id, Deputy.holder == caller.id))
        .order_by(Deputy.since, Deputy.id)
    )
    delegations = rows.mappings().all()
    others = {record["superior"]} if record else set()
    others.update(row[side] for row in delegations for side in ("holder", "deputy"))
    named = await look.reader.execute(select(Person.subject, Person.name).where(Person.subject.in_(others - {None})))
    names = {subject: name for subject, name in named}
    terms = [RoleTerm.model_validate(term) for term in record["roles"]] if record else None
    return MeOut(
        person=caller.id,
        name=record["name"] if record else caller.name,
        department=record["department"] if record else None,
        place=record["place"] if record else None,
        superior=record["superior"] if record else None,
        superior_name=names.get(record["superior"]) if record else None,
        roles=[
            *_own_roles(caller, terms, look.today, look.language),
            *_lent_roles(caller, delegations, names, look.today, look.language),
        ],
        deputies=[
            MyDeputy(deputy_name=names.get(row["deputy"]), **{key: row[key] for key in ("role", "deputy", *_DAYS)})
            for row in delegations
            if row["holder"] == caller.id
        ],
    )


_DAYS = ("since", "until")


def _own_roles(
    caller: Principal, terms: Sequence[RoleTerm] | None, today: date, language: Language
) -> Iterator[MyRole]:
    """Each role that his token or his record names."""
    on_record = {term.role: term for term in sorted(terms or (), key=lambda term: (term.holds(today), term.since))}
    for role in sorted(caller.claimed | on_record.keys()):
        term = on_record.get(role)
        why = None if role in caller.own else _why_not(role, caller, terms, term, today)
        yield _my_role(role, why, term, None, None, language)


def _why_not(
    role: Role, caller: Principal, terms: Sequence[RoleTerm] | None, term: RoleTerm | None, today: date
) -> WhyNot:
    if terms is None:
        return WhyNot.NO_RECORD
    if term is None:
        return WhyNot.NOT_ON_RECORD
    if not term.holds(today):
        return WhyNot.NOT_YET if today < term.since else WhyNot.OVER
    return WhyNot.NOT_IN_TOKEN


def _lent_roles(
    caller: Principal, delegations: Sequence[Any], names: dict[str, str], today: date, language: Language
) -> Iterator[MyRole]:
    """Each role that is lent to him, or will be."""
    lent = {(one.role, one.holder) for one in caller.lent}
    for row in delegations:
        if row["deputy"] != caller.id:
            continue
        role, holder = row["role"], row["holder"]
        term = RoleTerm(role=role, since=row["since"], until=row["until"])
        why = WhyNot.NOT_YET if today < term.since else WhyNot.OVER
        yield _my_role(role, None if (role, holder) in lent else why, term, holder, names.get(holder), language)


def _my_role(
    role: Role,
    why: WhyNot | None,
    term: RoleTerm | None,
    holder: str | None,
    holder_name: str | None,
    language: Language,
) -> MyRole:
    return MyRole(
        role=role,
        name=Text(*ROLE_NAMES[role]).say(language),
        holds=why is None,
        why_not=why,
        text=_SAID[why].say(language) if why else None,
        since=term.since if term else None,
        until=term.until if term else None,
        on_behalf_of=holder,
        on_behalf_of_name=holder_name,
    )

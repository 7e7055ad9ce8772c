"""Two people: who holds roles that finish alone what needs two, and each use of a loosened pair."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, select
from sqlalchemy.engine import RowMapping

from fangxing.auth import Principal
from fangxing.decision_log import VerdictRow
from fangxing.documents import kinds
from fangxing.hands import pairs_of
from fangxing.loosening import USE
from fangxing.organisation.conflicts import Conflict, Needed, conflicts, holders_on
from fangxing.organisation.people import Person
from fangxing.policies import PolicyBook
from fangxing.roles import Role
from fangxing.routes import RoutePolicy
from fangxing.text import Language, Search, Text
from fangxing.web.access import allow
from fangxing.web.edge import CurrentLook, CurrentPolicies
from fangxing.web.edge import router as edge_router
from fangxing.web.listing import By, File, Is, Listing, ListQuery, Page
from fangxing.work import Look

router = edge_router("hands", "/hands")

WATCHERS = (Role.ADMINISTRATOR, Role.GENERAL_MANAGER, Role.FINANCE_MANAGER, Role.AUDIT_MANAGER)


class ConflictRole(BaseModel):
    """One of the roles; `on_behalf_of` where it is held as somebody's deputy."""

    role: Role
    on_behalf_of: str | None


class ConflictOut(BaseModel):
    """Somebody whose roles finish alone what needs two; `loosened`: today he may, otherwise each document stops him."""

    person: str
    name: str
    department: str | None
    what: str
    roles: list[ConflictRole]
    loosened: bool

    @classmethod
    def show(cls, conflict: Conflict, language: Language) -> "ConflictOut":
        """The conflict in the caller's language."""
        holder = conflict.holder
        lent = {one.role: one.holder for one in sorted(holder.lent) if one.role not in holder.own}
        return cls(
            person=holder.person,
            name=holder.name,
            department=holder.department,
            what=conflict.needed.text.say(language),
            roles=[ConflictRole(role=role, on_behalf_of=lent.get(role)) for role in sorted(conflict.roles)],
            loosened=conflict.needed.loosened,
        )


class LoosenedUse(BaseModel):
    """What somebody did because a pair was loosened."""

    id: UUID
    document: Annotated[str, Text("单据", "document")]
    first: Annotated[str, Text("先办理", "first")]
    then: Annotated[str, Text("后办理", "then")]
    person: Annotated[str, Text("经手人", "person")]
    name: Annotated[str | None, Text("姓名", "name")]
    at: Annotated[datetime, Text("时间", "at")]
    policy_version: Annotated[int, Text("政策版本", "policy version")]


class UseQuery(ListQuery):
    """What the uses of loosened pairs can be asked."""

    sort: Annotated[str, By(VerdictRow.decided_at)] = "-id"
    document: Annotated[Search | None, Is(VerdictRow.document)] = None
    person: Annotated[Search | None, Is(VerdictRow.decided_by)] = None


def _uses(caller: Principal) -> ColumnElement[bool]:
    return VerdictRow.kind == USE


async def _shown(look: Look, rows: Sequence[RowMapping]) -> list[LoosenedUse]:
    return [
        LoosenedUse(
            id=row["id"],
            document=row["document"],
            first=row["content"]["inputs"]["loosened_first"],
            then=row["content"]["inputs"]["loosened_then"],
            person=row["decided_by"],
            name=row["name"],
            at=row["decided_at"],
            policy_version=row["content"]["policy_versions"]["hands.incompatible"],
        )
        for row in rows
    ]


USES = Listing(
    LoosenedUse,
    UseQuery,
    select(VerdictRow.__table__, Person.name).outerjoin_from(
        VerdictRow, Person, Person.subject == VerdictRow.decided_by
    ),
    id=VerdictRow.id,
    scope=_uses,
    shape=_shown,
    name="loosened_uses",
)


@router.get("/conflicts")
@allow(*WATCHERS)
async def list_conflicts(look: CurrentLook, book: CurrentPolicies) -> list[ConflictOut]:
    """Who holds roles today, his own or as a deputy, that together finish alone what needs two in this service."""
    found = conflicts(await holders_on(look.reader, look.today), list(_needed(book)))
    return [ConflictOut.show(one, look.language) for one in found]


@router.get("/uses")
@allow(*WATCHERS)
async def list_uses(look: CurrentLook, query: Annotated[UseQuery, Query()]) -> Page[LoosenedUse] | File:
    """Each use of a pair of actions that finance manager and general manager have loosened, newest first."""
    return await USES.page(look, query)


def _needed(book: PolicyBook) -> Iterator[Needed]:
    """What needs two people in this service today: its pairs of actions, and its routes with more than one step."""
    makers: Mapping[str, Collection[Role]] = {
        f"{kind.document_kind}.{action}": move.roles for kind in kinds() for action, move in kind.moves.items()
    }
    if policy := pairs_of(book.registry):
        changes, own = book.get(policy), policy.own()
        in_force = policy.in_force(changes, book.day)
        for pair in (*policy.pairs, *(changes.added if changes else ())):
            if all(name in own for name in pair):
                parts = tuple(frozenset(makers[name]) for name in pair)
                yield Needed(policy.said(pair), parts, loosened=pair not in in_force)
    for route in book.registry.by_key.values():
        if isinstance(route, RoutePolicy):
            for band, roles in (book.get(route) or {}).items():
                if len(roles) > 1:
                    said = Text(f"{route.text.zh}：{band}", f"{route.text.en}: {band}")
                    yield Needed(said, tuple(frozenset({role}) for role in roles))

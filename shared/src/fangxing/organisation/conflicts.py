"""Who holds roles, his own or lent to him, that together finish alone what needs two people (1-3).

The pairs in force and the engine of approvals stop him at each single document; this is the list for those who give
roles away.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fangxing.auth import Lent
from fangxing.clauses import clause
from fangxing.database import Reader
from fangxing.organisation.people import Deputy, Person, RoleTerm, held
from fangxing.roles import Role
from fangxing.text import Text


@dataclass(frozen=True, slots=True)
class Holder:
    """A person with the roles he holds on a day, himself or as somebody's deputy."""

    person: str
    name: str
    department: str | None
    own: frozenset[Role]
    lent: frozenset[Lent]

    @property
    def roles(self) -> frozenset[Role]:
        """All of his roles."""
        return self.own | {one.role for one in self.lent}


@dataclass(frozen=True, slots=True)
class Needed:
    """What takes two people: the roles that may do each part of it, as people say it; `loosened` for these days."""

    text: Text
    parts: tuple[frozenset[Role], ...]
    loosened: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """What a holder could finish alone, by which of his roles."""

    holder: Holder
    needed: Needed
    roles: frozenset[Role]


def conflicts(holders: Sequence[Holder], needed: Sequence[Needed]) -> Iterator[Conflict]:
    """Each holder with what his roles finish alone."""
    for holder in holders:
        for one in needed:
            if roles := finishing(holder.roles, one):
                yield Conflict(holder, one, roles)


@clause("1-3")
def finishing(roles: frozenset[Role], needed: Needed) -> frozenset[Role]:
    """Those of `roles` that finish together what is needed; none where they do not, or where one role does all of it.

    What one role does all of, the manual gives to two people of that role; where it is loosened, it counts as well.
    """
    parts = [part & roles for part in needed.parts]
    if not all(parts):
        return frozenset()
    alone = frozenset.intersection(*parts)
    return frozenset() if alone and not needed.loosened else frozenset().union(*parts)


async def holders_on(reader: Reader, day: date) -> list[Holder]:
    """Everybody who is with us and holds a role on `day`."""
    people = {row.subject: row for row in await reader.execute(select(Person.__table__).where(Person.active))}
    own = {subject: held([RoleTerm.model_validate(term) for term in row.roles], day) for subject, row in people.items()}
    lent: dict[str, set[Lent]] = {}
    in_force = select(Deputy.__table__).where(Deputy.in_force, Deputy.since <= day, Deputy.until >= day)
    for row in await reader.execute(in_force):
        if row.role in own.get(row.holder, ()):
            lent.setdefault(row.deputy, set()).add(Lent(row.role, row.holder))
    return [
        Holder(subject, row.name, row.department, own[subject], frozenset(lent.get(subject, ())))
        for subject, row in sorted(people.items())
        if own[subject] or subject in lent
    ]

"""Superiors 上级: who answers for a person's work when he is late with it, and who does it when he has left."""

from datetime import date

from sqlalchemy import CTE, Date, Select, String, and_, column, func, select, true
from sqlalchemy.orm import aliased

from fangxing.organisation.people import Person


def successors() -> CTE:
    """For each `subject` who has left, the nearest superior who has not, as `successor`; null where there is none."""
    above, successor = aliased(Person), aliased(Person)
    way = (
        select(Person.subject, Person.superior.label("reached"))
        .where(Person.active.is_(False))
        .cte("way_up", recursive=True)
    )
    # a union of distinct rows, so that two who are each other's superior end it
    way = way.union(
        select(way.c.subject, above.superior).where(above.subject == way.c.reached, above.active.is_(False))
    )
    stays = and_(successor.subject == way.c.reached, successor.active)
    return (
        select(way.c.subject, func.max(successor.subject).label("successor"))
        .outerjoin_from(way, successor, stays)
        .group_by(way.c.subject)
        .cte("successors")
    )


def roles_below(superiors: frozenset[str], today: date) -> Select[tuple[str]]:
    """The roles that those hold `today` whose superior is one of `superiors`."""
    # an alias, since a query around this one may be about people too
    below = aliased(Person)
    term = (
        func.jsonb_to_recordset(below.roles)
        .table_valued(column("role", String), column("since", Date), column("until", Date))
        .render_derived(name="term", with_types=True)
    )
    holds = func.daterange(term.c.since, term.c.until, "[]").op("@>")(today)
    held = select(term.c.role).select_from(below).join(term, true())
    return held.where(below.superior.in_(superiors), below.active, holds)

"""The rules of the organisation: its calendar, its people, and who stands in for whom."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum

from fangxing.clauses import clause
from fangxing.moves import NEW, TIMER, Move, Moves
from fangxing.roles import Role

YEARS_AHEAD = 2
"""How far ahead of this year the calendar can be entered."""


@clause("1-3")
def days_not_to_change(days: Collection[date], today: date) -> Sequence[date]:
    """The days that cannot be entered any more, or not yet: what has passed stays as people worked by it."""
    return sorted(day for day in days if day < today or day.year > today.year + YEARS_AHEAD)


@clause("1-3")
def year_to_enter(today: date, days_ahead: int) -> int | None:
    """The year whose calendar has to be entered by now: the next one, from `days_ahead` days before it begins."""
    first = date(today.year + 1, 1, 1)
    return first.year if (first - today).days <= days_ahead else None


class StaffStatus(StrEnum):
    """Whether somebody is one of us; whoever is `off` can do nothing any more, whatever his token says."""

    ACTIVE = "active"
    OFF = "off"


class StaffAction(StrEnum):
    """What can be done with a staff record."""

    ENTER = "enter"
    CHANGE = "change"
    SWITCH_OFF = "switch_off"
    SWITCH_ON = "switch_on"


STAFF_MOVES: Moves[StaffAction, StaffStatus] = {
    StaffAction.ENTER: Move(NEW, {StaffStatus.ACTIVE}, {Role.ADMINISTRATOR}),
    StaffAction.CHANGE: Move({StaffStatus.ACTIVE}, {StaffStatus.ACTIVE}, {Role.ADMINISTRATOR}),
    StaffAction.SWITCH_OFF: Move({StaffStatus.ACTIVE}, {StaffStatus.OFF}, {Role.ADMINISTRATOR}),
    StaffAction.SWITCH_ON: Move({StaffStatus.OFF}, {StaffStatus.ACTIVE}, {Role.ADMINISTRATOR}),
}


class DelegationStatus(StrEnum):
    """The life of a delegation: made or confirmed it is in force from its first day to its last."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class DelegationAction(StrEnum):
    """What can be done with a delegation."""

    LEND = "lend"
    PROPOSE = "propose"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


CONFIRMERS = (Role.GENERAL_MANAGER, Role.FINANCE_MANAGER)
"""Who may confirm what the administrator proposes; whose word it takes says `confirmer`."""
OPEN = (DelegationStatus.PROPOSED, DelegationStatus.IN_FORCE)

DELEGATION_MOVES: Moves[DelegationAction, DelegationStatus] = {
    DelegationAction.LEND: Move(NEW, {DelegationStatus.IN_FORCE}, tuple(Role)),
    DelegationAction.PROPOSE: Move(NEW, {DelegationStatus.PROPOSED}, {Role.ADMINISTRATOR}),
    DelegationAction.CONFIRM: Move({DelegationStatus.PROPOSED}, {DelegationStatus.IN_FORCE}, CONFIRMERS),
    DelegationAction.REFUSE: Move({DelegationStatus.PROPOSED}, {DelegationStatus.REFUSED}, CONFIRMERS),
    DelegationAction.WITHDRAW: Move(OPEN, {DelegationStatus.WITHDRAWN}, tuple(Role)),
    DelegationAction.LAPSE: Move(OPEN, {DelegationStatus.LAPSED}, TIMER),
}
DELEGATION_FINAL = frozenset({DelegationStatus.REFUSED, DelegationStatus.WITHDRAWN, DelegationStatus.LAPSED})
MOST_DELEGATED_DAYS = 366


@clause("1-3")
def confirmer(role: Role) -> Role:
    """Who confirms that the administrator gives `role` a deputy.

    The general manager; of his own role the finance manager: the general manager and his deputy are one person, and
    beside the general manager it is the finance manager whose signature the manual asks for.
    """
    return Role.FINANCE_MANAGER if role is Role.GENERAL_MANAGER else Role.GENERAL_MANAGER


@clause("1-3")
def delegated_days_fit(since: date, until: date, today: date) -> bool:
    """A delegation begins today or later, ends on its last day or later than it begins, and is not for good."""
    return today <= since <= until and (until - since).days < MOST_DELEGATED_DAYS


Term = tuple[Role, date, date | None]
"""A role with the first and the last day on which it is held; for good where the last is null."""


@clause("1-3")
def terms_clash(terms: Sequence[Term]) -> Role | None:
    """A role whose days end before they begin, or overlap with other days of the same role."""
    for number, (role, since, until) in enumerate(terms):
        if until is not None and until < since:
            return role
        for other, begins, ends in terms[:number]:
            if other is role and begins <= (until or date.max) and since <= (ends or date.max):
                return role
    return None


@clause("1-3")
def gained(before: Sequence[Term], after: Sequence[Term]) -> frozenset[Role]:
    """The roles that `after` gives on some day on which `before` does not give them within one term."""
    return frozenset(
        role
        for role, since, until in after
        if not any(
            role is held and begins <= since and (until or date.max) <= (ends or date.max)
            for held, begins, ends in before
        )
    )


@clause("1-3")
def is_below_himself(person: str, superior: str | None, superiors: Mapping[str, str | None]) -> bool:
    """Whether `person` would stand above his own `superior`, whose superiors are `superiors`."""
    seen: set[str] = set()
    while superior is not None and superior not in seen:
        if superior == person:
            return True
        seen.add(superior)
        superior = superiors.get(superior)
    return False

"""The rules of grades and limits, and the life of an application for them (2-5.3.1, 2-5.4)."""

from decimal import Decimal
from enum import StrEnum

from customer_svc.accounts.rules import FINANCE
from fangxing.clauses import clause
from fangxing.moves import NEW, ROUTE, TIMER, Move, Moves
from fangxing.positions import Grade
from fangxing.roles import Role

DECIDERS = (Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.GENERAL_MANAGER)
"""Who may stand in a route of credit applications (1-3.6)."""


class ApplicationStatus(StrEnum):
    """The life of an application.

    `approved` waits for finance; `in_force` acts, for less credit also before finance confirms it; `lapsed`: the grade
    fell by itself before it acted. After one that came to nothing another may be made.
    """

    IN_APPROVAL = "in_approval"
    REJECTED = "rejected"
    RETURNED = "returned"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    LAPSED = "lapsed"


class RouteBand(StrEnum):
    """Which route an application takes: of a customer who was never shipped to, or of one who was (1-3.6)."""

    NEW = "new"
    EXISTING = "existing"


class ApplicationAction(StrEnum):
    """What can be done with an application."""

    APPLY = "apply"
    DECIDE = "decide"
    ENTER = "enter"
    LAPSE = "lapse"


UNDER_WAY = (ApplicationStatus.IN_APPROVAL, ApplicationStatus.APPROVED)
"""An application that has not acted yet."""

MOVES: Moves[ApplicationAction, ApplicationStatus] = {
    ApplicationAction.APPLY: Move(NEW, {ApplicationStatus.IN_APPROVAL}, {Role.SALES_REP}),
    ApplicationAction.DECIDE: Move(
        {ApplicationStatus.IN_APPROVAL},
        {
            ApplicationStatus.IN_APPROVAL,
            ApplicationStatus.APPROVED,
            ApplicationStatus.IN_FORCE,
            ApplicationStatus.REJECTED,
            ApplicationStatus.RETURNED,
        },
        ROUTE,
        deciders=DECIDERS,
    ),
    ApplicationAction.ENTER: Move(
        {ApplicationStatus.APPROVED, ApplicationStatus.IN_FORCE}, {ApplicationStatus.IN_FORCE}, FINANCE
    ),
    ApplicationAction.LAPSE: Move(UNDER_WAY, {ApplicationStatus.LAPSED}, TIMER),
}
FINAL = frozenset(
    {ApplicationStatus.IN_FORCE, ApplicationStatus.REJECTED, ApplicationStatus.RETURNED, ApplicationStatus.LAPSED}
)


@clause("2-5.3.1-B")
def limit_fits_grade(grade: Grade, limit: Decimal | None) -> bool:
    """B needs a limit greater than 0; every other grade has none of its own."""
    return limit is not None and limit > 0 if grade is Grade.B else limit is None

"""The states of a paper and what moves it."""

from enum import StrEnum

from fangxing.moves import EVENT, NEW, ROUTE, Move, Moves
from fangxing.roles import Role


class Status(StrEnum):
    """The state of a paper."""

    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    FILED_AWAY = "filed_away"


class Action(StrEnum):
    """What can be done with a paper."""

    FILE = "file"
    REVISE = "revise"
    DECIDE = "decide"
    WITHDRAW = "withdraw"
    FILE_AWAY = "file_away"


DECIDERS = (Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.GENERAL_MANAGER)

MOVES: Moves[Action, Status] = {
    Action.FILE: Move(NEW, {Status.IN_APPROVAL}, {Role.SALES_REP, Role.SALES_MANAGER}),
    Action.REVISE: Move({Status.RETURNED}, {Status.IN_APPROVAL}, {Role.SALES_REP, Role.SALES_MANAGER}),
    Action.DECIDE: Move(
        {Status.IN_APPROVAL},
        {Status.IN_APPROVAL, Status.APPROVED, Status.RETURNED, Status.REJECTED},
        ROUTE,
        deciders=DECIDERS,
    ),
    Action.WITHDRAW: Move(
        {Status.IN_APPROVAL, Status.RETURNED}, {Status.WITHDRAWN}, {Role.SALES_REP, Role.SALES_MANAGER}
    ),
    Action.FILE_AWAY: Move({Status.APPROVED}, {Status.FILED_AWAY}, EVENT),
}
FINAL = frozenset({Status.REJECTED, Status.WITHDRAWN, Status.FILED_AWAY})

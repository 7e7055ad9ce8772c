"""The rules on taking complaints in and sorting them. Pure: no I/O, no clock, no settings."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from fangxing.clauses import clause
from fangxing.moves import NEW, ROUTE, Move, Moves
from fangxing.roles import Role


class ComplaintKind(StrEnum):
    """What a customer comes with (6-4)."""

    GRUMBLE = "grumble"
    COMPLAINT = "complaint"
    RETURN = "return"
    CLAIM = "claim"


class Channel(StrEnum):
    """By which way it came (6-5.1.1)."""

    LETTER = "letter"
    PHONE = "phone"
    FAX = "fax"
    VISIT = "visit"
    SERVICE = "service"
    RETURN = "return"


class Road(StrEnum):
    """Whose matter a complaint is (6-5.1.2)."""

    QUALITY = "quality"
    TECHNIQUE = "technique"
    SALES = "sales"
    USAGE = "usage"
    CARRIER = "carrier"


class ComplaintStatus(StrEnum):
    """The state of a complaint."""

    REGISTERED = "registered"
    ROUTED = "routed"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    CLOSED = "closed"


class ComplaintAction(StrEnum):
    """What can be done with a complaint."""

    REGISTER = "register"
    ROUTE = "route"
    SIGN = "sign"
    DECIDE = "decide"
    CLOSE = "close"


class ComplaintTask(StrEnum):
    """What a complaint asks somebody to do."""

    ROUTE = "route_complaint"
    HANDLE = "handle_complaint"
    CLOSE = "close_complaint"


_RESPONSIBLE = {
    Road.QUALITY: Role.QUALITY,
    Road.TECHNIQUE: Role.PRODUCTION,
    Road.SALES: Role.SALES_MANAGER,
    Road.USAGE: Role.SALES_REP,
    Road.CARRIER: Role.SALES_REP,
}

DECIDERS = (
    Role.SALES_MANAGER,
    Role.PRODUCTION,
    Role.QUALITY,
    Role.DEPARTMENT_MANAGER,
    Role.GENERAL_MANAGER,
)
"""Who may take part in deciding a complaint's handling (1-3.12)."""

MOVES: Moves[ComplaintAction, ComplaintStatus] = {
    ComplaintAction.REGISTER: Move(NEW, {ComplaintStatus.REGISTERED}, frozenset(Role)),
    ComplaintAction.ROUTE: Move(
        {ComplaintStatus.REGISTERED, ComplaintStatus.ROUTED}, {ComplaintStatus.ROUTED}, {Role.SALES_REP}
    ),
    ComplaintAction.SIGN: Move(
        {ComplaintStatus.ROUTED}, {ComplaintStatus.IN_APPROVAL}, frozenset(_RESPONSIBLE.values())
    ),
    ComplaintAction.DECIDE: Move(
        {ComplaintStatus.IN_APPROVAL},
        {ComplaintStatus.IN_APPROVAL, ComplaintStatus.APPROVED, ComplaintStatus.ROUTED},
        ROUTE,
        deciders=DECIDERS,
    ),
    ComplaintAction.CLOSE: Move({ComplaintStatus.APPROVED}, {ComplaintStatus.CLOSED}, {Role.SALES_REP}),
}
FINAL = frozenset({ComplaintStatus.CLOSED})


@clause("6-5.1.1")
def register_number(year: int, sequence: int) -> str:
    """The number of an entry of the register 客户反馈处理记录."""
    return f"KF-{year}-{sequence:05d}"


@clause("6-5.2.3")
def answer_due(created_on: date, named: date | None, answer_days: int | None) -> date:
    """The last day for the answer: the customer's own date, else by policy, else (unset) the same day."""
    return named or created_on + timedelta(days=answer_days or 0)


@clause("6-5.1.2")
def responsible_role(road: Road) -> Role:
    """Who is responsible on a road: quality; production for technique; the sales manager; the rep himself."""
    return _RESPONSIBLE[road]


@clause("6-5.1.2")
def may_block_lot(road: Road, lot: str | None) -> bool:
    """Whether the lot may be blocked: only one that the complaint names, and only on the road to quality."""
    return road is Road.QUALITY and lot is not None


def product_meant(products: Collection[UUID]) -> UUID | None:
    """The product whose lot is meant; None where none is known, or where several share the lot's number."""
    return next(iter(products)) if len(products) == 1 else None

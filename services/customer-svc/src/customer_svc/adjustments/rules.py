"""The rules of adjustments: what each may change, whose decision it is, and the life of one."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from customer_svc.accounts.rules import FINANCE, Side
from customer_svc.adjustments import errors
from fangxing.clauses import clause
from fangxing.money import ZERO
from fangxing.moves import NEW, ROUTE, Move, Moves
from fangxing.roles import Role

DECIDERS = (Role.FINANCE_MANAGER, Role.GENERAL_MANAGER)
"""Who may stand in a route of adjustments."""


class AdjustmentKind(StrEnum):
    """What an adjustment does: give money back, give a debt up, or let go what is too little to ask for."""

    REFUND = "refund"
    WRITE_OFF = "write_off"
    ROUNDING = "rounding"


class RouteBand(StrEnum):
    """Which route an adjustment takes: its kind's, or that of a large refund."""

    REFUND = "refund"
    LARGE_REFUND = "large_refund"
    WRITE_OFF = "write_off"
    ROUNDING = "rounding"


class AdjustmentStatus(StrEnum):
    """The life of an adjustment: decided by its route it is done, and one that was wrong is cancelled."""

    IN_APPROVAL = "in_approval"
    REJECTED = "rejected"
    RETURNED = "returned"
    DONE = "done"
    CANCELLED = "cancelled"


class AdjustmentAction(StrEnum):
    """What can be done with an adjustment."""

    FILE = "file"
    DECIDE = "decide"
    CANCEL = "cancel"


MOVES: Moves[AdjustmentAction, AdjustmentStatus] = {
    AdjustmentAction.FILE: Move(NEW, {AdjustmentStatus.IN_APPROVAL}, FINANCE),
    AdjustmentAction.DECIDE: Move(
        {AdjustmentStatus.IN_APPROVAL},
        {
            AdjustmentStatus.IN_APPROVAL,
            AdjustmentStatus.DONE,
            AdjustmentStatus.REJECTED,
            AdjustmentStatus.RETURNED,
        },
        ROUTE,
        deciders=DECIDERS,
    ),
    AdjustmentAction.CANCEL: Move(
        {AdjustmentStatus.DONE}, {AdjustmentStatus.CANCELLED}, {Role.FINANCE_MANAGER, Role.GENERAL_MANAGER}
    ),
}
FINAL = frozenset({AdjustmentStatus.REJECTED, AdjustmentStatus.RETURNED, AdjustmentStatus.CANCELLED})


@clause("1-3", "5-4.2.1-B")
def band_of(kind: AdjustmentKind, amount: Decimal, gm_above: Decimal | None) -> RouteBand:
    """The route of an adjustment of `amount` yuan; a refund above the policy's amount, or without one, is the GM's."""
    if kind is AdjustmentKind.REFUND and (gm_above is None or amount > gm_above):
        return RouteBand.LARGE_REFUND
    return RouteBand(kind)


@clause("5-4.2.1-B", "5-4.2.2-B")
def check(
    kind: AdjustmentKind,
    side: Side,
    amount: Decimal,
    *,
    open_amount: Decimal,
    prepaid_free: Decimal | None,
    rounding_max: Decimal | None,
) -> None:
    """Whether an item of which `open_amount` yuan are open can be adjusted by `amount`.

    A refund gives a credit back, a write-off gives a debt up, a rounding difference is either and small. Of a
    prepayment only `prepaid_free` can be given back, what shipping has released goods against cannot. Raises
    `wrong-side`, `not-open-to-adjust`, `prepayment-behind-goods` or `more-than-rounding`.
    """
    wanted = {AdjustmentKind.REFUND: Side.CREDIT, AdjustmentKind.WRITE_OFF: Side.DEBIT}.get(kind, side)
    if side is not wanted:
        raise errors.WRONG_SIDE()
    if amount > open_amount:
        raise errors.NOT_OPEN_TO_ADJUST(open=open_amount)
    if prepaid_free is not None and amount > prepaid_free:
        raise errors.PREPAYMENT_BEHIND_GOODS(free=max(ZERO, prepaid_free))
    if kind is AdjustmentKind.ROUNDING and amount > (rounding_max or ZERO):
        raise errors.MORE_THAN_ROUNDING(most=rounding_max or ZERO)


@dataclass(frozen=True, slots=True)
class Effect:
    """What an adjustment changes in the figures of the account, in yuan."""

    receivable: Decimal
    written_off: Decimal
    prepaid: Decimal

    def __neg__(self) -> "Effect":
        """What its cancellation changes."""
        return Effect(-self.receivable, -self.written_off, -self.prepaid)


def effect(kind: AdjustmentKind, side: Side, amount: Decimal, *, earmarked: bool) -> Effect:
    """The effect of an adjustment by `amount` yuan; what is written off still counts in the exposure."""
    if earmarked:
        return Effect(ZERO, ZERO, -amount)
    written_off = amount if kind is AdjustmentKind.WRITE_OFF else ZERO
    return Effect(amount if side is Side.CREDIT else -amount, written_off, ZERO)

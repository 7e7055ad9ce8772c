"""The GM's written exceptions 总经理书面特批 (2-5.3.2): of an account the newest granted counts, until it ends."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from fangxing import decision_log
from fangxing.clauses import clause
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.verdicts import Scalar, Verdict
from fangxing.work import Work
from shipping_svc.credit.store import CreditException
from shipping_svc.orders.store import Customer

CUSTOMER_NOT_FOUND = ErrorType(
    "customer-not-found", Kind.NOT_FOUND, "没有客户 {customer}", "There is no customer {customer}", field="customer_id"
)
VALID_UNTIL_PAST = ErrorType(
    "valid-until-past",
    Kind.INVALID,
    "有效期 {valid_until} 已过",
    "{valid_until} is past: the exception would never be in force",
    clause="2-5.3.2",
    field="valid_until",
)
EXCEPTION_NOT_FOUND = ErrorType(
    "credit-exception-not-found", Kind.NOT_FOUND, "没有书面特批 {exception}", "There is no exception {exception}"
)
EXCEPTION_ENDED = ErrorType(
    "credit-exception-ended",
    Kind.CONFLICT,
    "该书面特批已被撤销或被新的特批取代",
    "The exception is revoked, or a newer one has replaced it",
)


@clause("2-5.3.2")
async def grant(work: Work, *, customer_id: UUID, ceiling: Decimal, valid_until: date, reason: str) -> CreditException:
    """The GM agrees in writing to an exposure of up to `ceiling` yuan, until a date; it replaces the one before.

    Raises `customer-not-found` or `valid-until-past`.
    """
    customer = await work.tx.get(Customer, customer_id)
    if customer is None:
        raise CUSTOMER_NOT_FOUND(customer=customer_id)
    if valid_until < work.today:
        raise VALID_UNTIL_PAST(valid_until=valid_until)
    before = select(CreditException).where(
        CreditException.account_id == customer.account_id, CreditException.ended_at.is_(None)
    )
    for replaced in await work.tx.scalars(before.with_for_update()):
        replaced.ended_by, replaced.ended_at = work.actor.id, work.now
    exception = CreditException(
        id=new_id(),
        account_id=customer.account_id,
        customer_id=customer.id,
        ceiling=ceiling,
        valid_until=valid_until,
        reason=reason,
        granted_by=work.actor.id,
        granted_at=work.now,
    )
    work.tx.add(exception)
    _keep(work, exception, "exception", reason)
    return exception


@clause("2-5.3.2")
async def revoke(work: Work, exception_id: UUID, reason: str) -> CreditException:
    """The GM takes an exception back; what was released on it stays released.

    Raises `credit-exception-not-found` or `credit-exception-ended`.
    """
    exception = await work.tx.get(CreditException, exception_id, with_for_update=True)
    if exception is None:
        raise EXCEPTION_NOT_FOUND(exception=exception_id)
    if exception.ended_at is not None:
        raise EXCEPTION_ENDED()
    exception.ended_by, exception.ended_at, exception.ended_because = work.actor.id, work.now, reason
    _keep(work, exception, "revoked", reason)
    return exception


def _keep(work: Work, exception: CreditException, road: str, reason: str) -> None:
    inputs: dict[str, Scalar] = {
        "exception": exception.id,
        "ceiling": exception.ceiling,
        "valid_until": exception.valid_until,
        "reason": reason,
    }
    document = f"credit-account/{exception.account_id}"
    decision_log.keep(work, "credit_exception", document, Verdict(True, road, (), inputs))


async def in_force(work: Work, account_id: UUID) -> CreditException | None:
    """The exception in force today; where two were granted at the same moment, the newer one."""
    return (
        await work.tx.scalars(
            select(CreditException)
            .where(
                CreditException.account_id == account_id,
                CreditException.ended_at.is_(None),
                CreditException.valid_until >= work.today,
            )
            .order_by(CreditException.id.desc())
            .limit(1)
        )
    ).first()

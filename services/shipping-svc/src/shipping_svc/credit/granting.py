"""The GM's written exceptions 总经理书面特批 (2-5.3.2): of an account the newest granted counts, until it ends."""

from uuid import UUID

from sqlalchemy import select

from fangxing import decision_log
from fangxing.clauses import clause
from fangxing.documents import act, born, lock_for
from fangxing.ids import new_id
from fangxing.verdicts import Scalar, Verdict
from fangxing.work import Work
from shipping_svc.credit.errors import CUSTOMER_NOT_FOUND, VALID_UNTIL_PAST
from shipping_svc.credit.rules import ExceptionAction, ExceptionStatus
from shipping_svc.credit.shapes import GrantException, RevokeException
from shipping_svc.credit.store import CreditException
from shipping_svc.reference.store import Customer


@clause("2-5.3.2")
async def grant_exception(work: Work, body: GrantException) -> CreditException:
    """The GM agrees in writing to an exposure of up to `ceiling` yuan, until a date; it replaces the one before.

    Raises `customer-not-found` or `valid-until-past`.
    """
    customer = await work.tx.get(Customer, body.customer_id)
    if customer is None:
        raise CUSTOMER_NOT_FOUND(customer=body.customer_id)
    if body.valid_until < work.today:
        raise VALID_UNTIL_PAST(valid_until=body.valid_until)
    before = select(CreditException).where(
        CreditException.account_id == customer.account_id, CreditException.status == ExceptionStatus.GRANTED
    )
    for replaced in await work.tx.scalars(before.with_for_update()):
        await act(work, replaced, ExceptionAction.REPLACE)
        replaced.status = ExceptionStatus.REPLACED
    exception = CreditException(
        id=new_id(),
        account_id=customer.account_id,
        customer_id=customer.id,
        ceiling=body.ceiling,
        valid_until=body.valid_until,
        reason=body.reason,
        status=ExceptionStatus.GRANTED,
        author=work.actor.id,
        created_at=work.now,
    )
    await born(work, exception, ExceptionAction.GRANT)
    work.tx.add(exception)
    _keep(work, exception, "exception", body.reason)
    return exception


@clause("2-5.3.2")
async def revoke_exception(work: Work, exception_id: UUID, body: RevokeException) -> CreditException:
    """The GM takes an exception back; what was released on it stays released.

    Raises `credit-exception-not-found` or `wrong-state`.
    """
    exception = await lock_for(work, CreditException, exception_id, ExceptionAction.REVOKE)
    exception.status, exception.ended_because = ExceptionStatus.REVOKED, body.reason
    _keep(work, exception, "revoked", body.reason)
    return exception


def _keep(work: Work, exception: CreditException, outcome: str, reason: str) -> None:
    inputs: dict[str, Scalar] = {
        "exception": exception.id,
        "ceiling": exception.ceiling,
        "valid_until": exception.valid_until,
        "reason": reason,
    }
    decision_log.keep(work, "credit_exception", exception.document, Verdict(True, outcome, (), inputs))

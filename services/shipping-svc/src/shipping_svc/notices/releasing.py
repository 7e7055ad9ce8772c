"""The release of a notice: reservation, verdict and event in one transaction, the account's row last."""

from collections.abc import Mapping

from fangxing import decision_log
from fangxing.documents import clash
from fangxing.ids import new_id
from fangxing.positions import exposure
from fangxing.roles import Role
from fangxing.tasks import open_task
from fangxing.verdicts import Verdict
from fangxing.work import Work
from shipping_svc.credit.rules import Approval, Reservation, Road, ceiling_given, judge_release
from shipping_svc.credit.store import CreditException, exception_in_force, reserve
from shipping_svc.notices.events import ShipmentReleased, publish
from shipping_svc.notices.reasons import to_review_again
from shipping_svc.notices.rules import NoticeStatus, NoticeTask
from shipping_svc.notices.store import Notice, Release


async def release(
    work: Work, notice: Notice, approval: Approval, policy_versions: Mapping[str, int] | None = None
) -> Verdict:
    """Release the locked `notice` if the account allows it now; the verdict says so or names the road.

    Everything that can be done before the account's row is done before it; after it there is one flush and COMMIT.
    """
    await work.tx.flush()
    reservation = await reserve(work.tx, notice.account_id, notice.amounts, approval, work.today)
    verdict = judge_release(reservation, notice.amounts, approval, work.today, notice.inputs, policy_versions or {})
    kept = decision_log.keep(work, "release", notice.document, verdict)
    notice.road, notice.verdict = Road(verdict.outcome), kept.content
    if reservation.made:
        _record(work, notice, approval, reservation, road=notice.road, verdict_hash=kept.hash)
    return verdict


def _record(
    work: Work, notice: Notice, approval: Approval, reservation: Reservation, *, road: Road, verdict_hash: str
) -> None:
    """What was reserved: on the notice, in the release record, and for the others."""
    amounts, after = notice.amounts, reservation.after
    notice.status = NoticeStatus.RELEASED
    notice.reserved_credit, notice.reserved_prepaid = amounts.on_credit, amounts.on_prepayment
    work.tx.add(
        Release(
            id=new_id(),
            notice_id=notice.id,
            account_id=notice.account_id,
            position_epoch=after.epoch,
            position_version=after.version,
            road=road,
            on_credit=amounts.on_credit,
            on_prepayment=amounts.on_prepayment,
            exposure_after=exposure(after),
            ceiling=ceiling_given(after, amounts, approval, work.today),
            verdict_hash=verdict_hash,
            released_by=work.actor.id,
            released_at=work.now,
        )
    )
    event = ShipmentReleased.of(
        notice,
        after,
        road=road,
        on_credit=amounts.on_credit,
        on_prepayment=amounts.on_prepayment,
        verdict_hash=verdict_hash,
    )
    publish(work, notice, event)


async def exception_for(work: Work, notice: Notice) -> CreditException | None:
    """The GM's written exception that counts for the notice: none that whoever filed or reviews it granted himself."""
    exception = await exception_in_force(work.tx, notice.account_id, work.today)
    return None if exception is None or await clash(work, notice, exception) else exception


async def send_back(work: Work, notice: Notice) -> None:
    """Send a notice whose road changed before its release back to finance."""
    notice.status = NoticeStatus.FINANCE_REVIEW
    await open_task(
        work,
        kind=NoticeTask.FINANCE_REVIEW,
        role=Role.ACCOUNTANT,
        document=notice.document,
        clause="5-4.2.1-C",
        title=to_review_again(notice.number),
    )

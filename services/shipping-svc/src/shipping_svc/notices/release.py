"""The release of a notice: the verdict, the reservation and the event in one transaction, the account row last."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from fangxing import decision_log
from fangxing.ids import new_id
from fangxing.money import ZERO
from fangxing.outbox import record_fact
from fangxing.verdicts import Reason, Scalar, Verdict
from fangxing.work import Work
from shipping_svc.credit import release as account_release
from shipping_svc.credit import rules
from shipping_svc.credit.position import Snapshot
from shipping_svc.credit.rules import Approval, Figures
from shipping_svc.notices.events import NoticeEvent, ReleaseCancelled, ReleasedLine, ShipmentReleased
from shipping_svc.notices.store import Notice, Release


def amounts(notice: Notice) -> tuple[Decimal, Decimal]:
    """What the notice asks for in yuan: on credit, and against prepayment."""
    return (ZERO, notice.value) if notice.kind == "prepaid" else (notice.value, ZERO)


def inputs(figures: Figures, snapshot: Snapshot | None, notice: Notice, work: Work) -> dict[str, Scalar]:
    """Everything the verdict looked at."""
    return {
        "notice": notice.id,
        "kind": notice.kind,
        "value": notice.value,
        "today": work.today,
        "exposure": rules.exposure(figures),
        "limit": rules.effective_limit(figures, work.today),
        "grade": rules.effective_grade(figures, work.today),
        "next_due": figures.next_due,
        "overdue_amount": snapshot.overdue_amount if snapshot else None,
        "receivable": figures.receivable,
        "written_off": figures.written_off,
        "released": figures.released,
        "shipped_total": figures.shipped_total,
        "settled_total": figures.settled_total,
        "prepaid_total": figures.prepaid_total,
        "prepaid_used_total": figures.prepaid_used_total,
        "hold": figures.hold,
        "customer_position": f"{snapshot.customer_epoch}.{snapshot.customer_version}" if snapshot else None,
    }


def nothing_known() -> Figures:
    """The figures of an account nobody has told of: on hold, which closes every road."""
    return Figures(ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, "ungraded", ZERO, None, None, True)


def judge(notice: Notice, figures: Figures, snapshot: Snapshot | None, work: Work) -> Verdict:
    """The verdict on the notice's road with `figures` as they stand; allowed means that no exception is needed."""
    on_credit, on_prepayment = amounts(notice)
    if on_prepayment > 0:
        road = rules.prepaid_road(figures, on_prepayment)
    else:
        road = rules.road(figures, on_credit, work.today)
    return Verdict(
        allowed=road in ("within", "overdue", "prepaid"),
        outcome=road,
        reasons=rules.reasons(figures, on_credit, on_prepayment, work.today),
        inputs={**inputs(figures, snapshot, notice, work), "exposure_after": rules.exposure(figures) + on_credit},
    )


async def release(
    work: Work, notice: Notice, approval: Approval, policy_versions: Mapping[str, int] | None = None
) -> Verdict:
    """Release the locked `notice` if the account allows it now; the verdict says so or names the road.

    Everything that can be done before the account row is done before it; after it there is one flush and COMMIT.
    """
    on_credit, on_prepayment = amounts(notice)
    await work.tx.flush()
    outcome = await account_release.release(
        work,
        notice.account_id,
        on_credit=on_credit,
        on_prepayment=on_prepayment,
        approval=approval,
        today=work.today,
    )
    verdict = _verdict(work, notice, approval, outcome, policy_versions or {})
    kept = decision_log.keep(work, "release", notice.document, verdict)
    notice.road, notice.verdict, notice.verdict_hash = verdict.outcome, kept.content, kept.hash
    if outcome is not None and outcome.moved:
        _reserve(work, notice, approval, outcome.snapshot, verdict, kept.hash)
    return verdict


def _verdict(
    work: Work,
    notice: Notice,
    approval: Approval,
    outcome: account_release.Outcome | None,
    policy_versions: Mapping[str, int],
) -> Verdict:
    on_credit, on_prepayment = amounts(notice)
    if outcome is None:
        judged = judge(notice, nothing_known(), None, work)
    else:
        taken = {"released": on_credit, "prepaid_used": on_prepayment} if outcome.moved else {}
        judged = judge(notice, outcome.snapshot.figures(**taken), outcome.snapshot, work)
    moved = outcome is not None and outcome.moved
    return Verdict(
        allowed=moved,
        outcome=judged.outcome,
        reasons=(*judged.reasons, *_ceiling_reason(approval, judged, moved=moved)),
        inputs={**judged.inputs, "approved_road": approval.road, "ceiling": approval.ceiling},
        policy_versions=policy_versions,
    )


def _ceiling_reason(approval: Approval, judged: Verdict, *, moved: bool) -> tuple[Reason, ...]:
    after = judged.inputs["exposure_after"]
    if approval.ceiling is None or judged.allowed or judged.outcome == "hold" or not isinstance(after, Decimal):
        return ()
    if approval.reaches(after):
        return (rules.GM_CEILING(ceiling=approval.ceiling),) if moved else ()
    return (rules.GM_CEILING_EXCEEDED(exposure_after=after, ceiling=approval.ceiling),)


def _reserve(
    work: Work, notice: Notice, approval: Approval, snapshot: Snapshot, verdict: Verdict, verdict_hash: str
) -> None:
    on_credit, on_prepayment = amounts(notice)
    notice.status = "released"
    notice.reserved_credit, notice.reserved_prepaid = on_credit, on_prepayment
    limit = rules.effective_limit(snapshot.figures(), work.today)
    ceiling = None if on_prepayment > 0 or limit is None else max(limit, approval.ceiling or ZERO)
    work.tx.add(
        Release(
            id=new_id(),
            notice_id=notice.id,
            account_id=notice.account_id,
            position_epoch=snapshot.epoch,
            position_version=snapshot.version,
            road=verdict.outcome,
            on_credit=on_credit,
            on_prepayment=on_prepayment,
            exposure_after=snapshot.exposure,
            ceiling=ceiling,
            verdict_hash=verdict_hash,
            released_by=work.actor.id,
            released_at=work.now,
        )
    )
    event = ShipmentReleased(
        **notice_fields(notice),
        position=snapshot.position(),
        road=verdict.outcome,
        on_credit=on_credit,
        on_prepayment=on_prepayment,
        verdict_hash=verdict_hash,
    )
    publish(work, notice, event, snapshot)


async def give_reservation_back(work: Work, notice: Notice) -> None:
    """Give what the locked notice still reserves back to its account, and say that its release has ended.

    The order's lines are given back before, so that the account's row is the last one locked.
    """
    credit, prepaid = notice.reserved_credit, notice.reserved_prepaid
    notice.reserved_credit = notice.reserved_prepaid = ZERO
    await work.tx.flush()
    snapshot = await account_release.move(work, notice.account_id, released=-credit, prepaid_used=-prepaid)
    publish(work, notice, ReleaseCancelled(**notice_fields(notice), position=snapshot.position()), snapshot)


def notice_fields(notice: Notice) -> dict[str, Any]:
    """The notice's terms as its events carry them."""
    names = ("number", "customer_id", "account_id", "contract_id", "order_id", "kind", "value", "ship_on")
    return {
        "notice_id": notice.id,
        **{name: getattr(notice, name) for name in names},
        "lines": [ReleasedLine.model_validate(line, from_attributes=True) for line in notice.lines],
    }


def publish(work: Work, notice: Notice, event: NoticeEvent, snapshot: Snapshot) -> None:
    """Record an event about the locked notice with shipping's position."""
    record_fact(
        work,
        event,
        about=notice,
        document=notice.document,
        key=str(notice.account_id),
        position=snapshot.position_version,
    )

"""The keeper compares the truck in the yard with its transport notice and starts to load it."""

from sqlalchemy import select

from fangxing import decision_log
from fangxing.decision_log import VerdictRow
from fangxing.documents import act, born, lock_to_judge
from fangxing.ids import new_id
from fangxing.verdicts import Outcome, Scalar, Verdict
from fangxing.work import Work
from shipping_svc.loading.rules import LoadingAction, LoadingStatus, Truck, compare_truck
from shipping_svc.loading.shapes import StartLoading
from shipping_svc.loading.store import Loading, TransportNotice
from shipping_svc.notices.access import notices_of
from shipping_svc.notices.rules import NoticeAction
from shipping_svc.notices.store import Notice


async def start_loading(work: Work, body: StartLoading) -> tuple[Loading | None, VerdictRow]:
    """Compare the truck in the yard with the transport notices and start loading it (5-4.2.1-D); the verdict is kept.

    A difference stops it and says what differs. The same truck again goes on with its open loading, at whichever
    warehouse it stands now. Raises
    `notice-not-found` or `wrong-state`.
    """
    notice = await lock_to_judge(work, Notice, body.notice_id, NoticeAction.LOAD, notices_of(work.actor))
    announced = await work.tx.scalars(select(TransportNotice).where(TransportNotice.notice_id == notice.id))
    trucks = {row.vehicle: row for row in announced}
    expected = {name: Truck(row.vehicle, row.driver) for name, row in trucks.items()}
    faults = compare_truck(expected, Truck(body.vehicle, body.driver))
    inputs: dict[str, Scalar] = {
        "vehicle": body.vehicle,
        "driver": body.driver,
        "warehouse": body.warehouse,
        "announced": "; ".join(f"{truck.vehicle} {truck.driver}" for _, truck in sorted(expected.items())),
    }
    verdict = Verdict(not faults, Outcome.STOP if faults else NoticeAction.LOAD, faults, inputs)
    kept = decision_log.keep(work, "loading", notice.document, verdict)
    if faults:
        return None, kept
    await act(work, notice, NoticeAction.LOAD)
    loading = await _open_loading(work, notice, body.vehicle)
    # the transport notice may have been issued again for another driver since
    loading.driver, loading.carrier = body.driver, trucks[body.vehicle].carrier
    loading.warehouse = body.warehouse
    return loading, kept


async def _open_loading(work: Work, notice: Notice, vehicle: str) -> Loading:
    """The truck's open loading, a new one where there is none."""
    under_way = select(Loading).where(
        Loading.notice_id == notice.id, Loading.vehicle == vehicle, Loading.status == LoadingStatus.OPEN
    )
    loading = (await work.tx.scalars(under_way)).first()
    if loading is not None:
        await act(work, loading, LoadingAction.RESUME)
        return loading
    loading = Loading(
        id=new_id(),
        notice_id=notice.id,
        vehicle=vehicle,
        status=LoadingStatus.OPEN,
        author=work.actor.id,
        created_at=work.now,
    )
    await born(work, loading, LoadingAction.START, notice.hands)
    work.tx.add(loading)
    return loading

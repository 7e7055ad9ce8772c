"""HTTP of loading: quality, devices, trucks, scans, and the end of a notice."""

from uuid import UUID

from fangxing.roles import Role
from fangxing.running import devices
from fangxing.text import Code
from fangxing.web.access import allow
from fangxing.web.access import devices as by_device
from fangxing.web.edge import CallerLanguage, CallingDevice, CurrentWork
from fangxing.web.edge import router as edge_router
from shipping_svc.loading import announcing, cancelling, closing, inspecting, scanning, starting
from shipping_svc.loading.rules import BLOCK_MOVES, LOADING_MOVES, BlockAction, DeviceKind, LoadingAction
from shipping_svc.loading.shapes import (
    AnnounceTruck,
    CloseNotice,
    EnrolDevice,
    EnrolledDevice,
    LiftedOut,
    LoadingOut,
    PostScan,
    ReportOut,
    ReportQuality,
    ScanBatch,
    ScanOut,
    ScanResults,
    StartLoading,
    TruckOut,
)
from shipping_svc.notices.reading import read_notice
from shipping_svc.notices.rules import MOVES as NOTICE_MOVES
from shipping_svc.notices.rules import NoticeAction
from shipping_svc.notices.shapes import NoticeOut

router = edge_router("loading")


@router.post("/quality-reports", status_code=201)
@allow(Role.QUALITY, Role.QUALITY_SUPERVISOR)
async def report_quality(body: ReportQuality, work: CurrentWork) -> ReportOut:
    """Report on a lot; the newest report counts (5-3)."""
    return ReportOut.show(inspecting.report_quality(work, body))


@router.post("/lots/{lot}/unblocking")
@allow(BLOCK_MOVES[BlockAction.LIFT])
async def lift_blocks(lot: Code, work: CurrentWork) -> LiftedOut:
    """Let a blocked lot go again; how many blocks were lifted."""
    return LiftedOut(lifted=len(await inspecting.lift_blocks(work, lot)))


@router.post("/devices", status_code=201)
@allow(Role.ADMINISTRATOR, idempotent=False)
async def enrol_device(body: EnrolDevice, work: CurrentWork) -> EnrolledDevice:
    """Enrol a device, or enrol it anew; the key is shown this once.

    Without an idempotency key: a stored answer would store the secret, and enrolling once more is harmless.
    """
    device, key = await devices.enrol(
        work.tx, device=body.device, kind=body.kind, place=body.place, by=work.actor.id, now=work.system_now
    )
    return EnrolledDevice.show(device, key)


@router.post("/notices/{notice_id}/transport-notice", status_code=201)
@allow(NOTICE_MOVES[NoticeAction.ANNOUNCE])
async def announce_truck(notice_id: UUID, body: AnnounceTruck, work: CurrentWork) -> TruckOut:
    """Issue the transport notice of a truck (5-4.2.1-D)."""
    await announcing.announce_truck(work, notice_id, body)
    return TruckOut(notice_id=notice_id, **dict(body))


@router.post("/loadings", status_code=201)
@allow(LOADING_MOVES[LoadingAction.START])
async def start_loading(body: StartLoading, work: CurrentWork, language: CallerLanguage) -> LoadingOut:
    """Compare the truck with its transport notice and start loading it; a difference stops it."""
    loading, verdict = await starting.start_loading(work, body)
    return LoadingOut.show(loading, verdict, language)


@router.post("/scans")
@by_device(DeviceKind.SCANNER)
async def post_scan(body: PostScan, device: CallingDevice, work: CurrentWork, language: CallerLanguage) -> ScanOut:
    """One loading scan by a device; the same scan again gets the same answer."""
    (result,) = await scanning.take_scans(work, device, [body])
    return ScanOut.show(result, language)


@router.post("/scans/batch")
@by_device(DeviceKind.SCANNER)
async def post_scans(
    body: ScanBatch, device: CallingDevice, work: CurrentWork, language: CallerLanguage
) -> ScanResults:
    """Scans a device kept while the radio was away; each gets its own answer."""
    results = await scanning.take_scans(work, device, body.scans)
    return ScanResults(results=[ScanOut.show(result, language) for result in results])


@router.post("/notices/{notice_id}/closing")
@allow(NOTICE_MOVES[NoticeAction.CLOSE])
async def close_notice(notice_id: UUID, body: CloseNotice, work: CurrentWork, language: CallerLanguage) -> NoticeOut:
    """Close a released notice that no further truck comes for; the rest of its reservation is given back."""
    return await read_notice(work, await closing.close_notice(work, notice_id, body), language)


@router.post("/notices/{notice_id}/cancellation")
@allow(NOTICE_MOVES[NoticeAction.CANCEL])
async def cancel_notice(notice_id: UUID, work: CurrentWork, language: CallerLanguage) -> NoticeOut:
    """Cancel a notice nothing was loaded on."""
    return await read_notice(work, await cancelling.cancel_notice(work, notice_id), language)

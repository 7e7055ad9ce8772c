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
from shipping_svc.loading.rules import DeviceKind
from shipping_svc.loading.shapes import (
    AnnounceTruck,
    ClosedNotice,
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
from shipping_svc.notices.shapes import NoticeOut
from shipping_svc.notices.store import approval_of

router = edge_router("loading")


@router.post("/quality-reports", status_code=201)
@allow(Role.QUALITY, Role.QUALITY_SUPERVISOR)
async def report_quality(body: ReportQuality, work: CurrentWork) -> ReportOut:
    """Report on a lot; the newest report counts (5-3)."""
    return ReportOut.show(inspecting.report_quality(work, body))


@router.post("/lots/{lot}/unblocking")
@allow(Role.QUALITY, Role.QUALITY_SUPERVISOR)
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
@allow(Role.SALES_REP)
async def announce_truck(notice_id: UUID, body: AnnounceTruck, work: CurrentWork) -> TruckOut:
    """Issue the transport notice of a truck (5-4.2.1-D)."""
    await announcing.announce_truck(work, notice_id, body)
    return TruckOut(notice_id=notice_id, **dict(body))


@router.post("/loadings", status_code=201)
@allow(Role.WAREHOUSE_KEEPER)
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
@allow(Role.WAREHOUSE_SUPERVISOR, Role.SALES_MANAGER)
async def close_notice(notice_id: UUID, body: CloseNotice, work: CurrentWork) -> ClosedNotice:
    """Close a released notice that no further truck comes for; the rest of its reservation is given back."""
    return ClosedNotice.show(await closing.close_notice(work, notice_id, body))


@router.post("/notices/{notice_id}/cancellation")
@allow(Role.SALES_REP, Role.SALES_MANAGER)
async def cancel_notice(notice_id: UUID, work: CurrentWork, language: CallerLanguage) -> NoticeOut:
    """Cancel a notice nothing was loaded on."""
    notice = await cancelling.cancel_notice(work, notice_id)
    return NoticeOut.show(notice, await approval_of(work.tx, notice), language)

"""HTTP of loading: quality, devices, trucks, scans, and the end of a notice."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import select

from fangxing.answers import HistoryOut
from fangxing.offers import possible_actions
from fangxing.organisation.people import name_of
from fangxing.roles import Role
from fangxing.running.devices import DEVICE_NOT_FOUND, DeviceRow
from fangxing.running.service import Runtime
from fangxing.scope import everyone
from fangxing.text import Code, Line
from fangxing.web.access import allow
from fangxing.web.access import devices as by_device
from fangxing.web.edge import (
    CallerLanguage,
    CallingDevice,
    CurrentLook,
    CurrentPolicies,
    CurrentRuntime,
    CurrentWork,
)
from fangxing.web.edge import router as edge_router
from fangxing.web.history import history_of
from fangxing.web.listing import By, File, Has, Is, Listing, ListQuery, Page
from shipping_svc.loading import announcing, cancelling, closing, enrolling, inspecting, scanning, starting
from shipping_svc.loading.access import BLOCK_READERS, DEVICE_KEEPERS, LOADING_READERS
from shipping_svc.loading.rules import (
    BLOCK_MOVES,
    LOADING_MOVES,
    BlockAction,
    BlockStatus,
    DeviceKind,
    LoadingAction,
    LoadingStatus,
    Trust,
)
from shipping_svc.loading.shapes import (
    AnnounceTruck,
    BlockDetail,
    BlockRow,
    CloseNotice,
    DeviceOut,
    EnrolDevice,
    EnrolledDevice,
    LiftedOut,
    LoadingDetail,
    LoadingOut,
    LoadingRow,
    PostScan,
    ReportOut,
    ReportQuality,
    ScanBatch,
    ScanOut,
    ScanResults,
    StartLoading,
    SwitchOff,
    TruckOut,
    Vehicle,
)
from shipping_svc.loading.store import Loading, LotBlock
from shipping_svc.notices.reading import read_notice
from shipping_svc.notices.rules import MOVES as NOTICE_MOVES
from shipping_svc.notices.rules import NoticeAction
from shipping_svc.notices.shapes import NoticeOut
from shipping_svc.notices.store import Notice
from shipping_svc.reference.access import CUSTOMERS
from shipping_svc.reference.store import Customer
from shipping_svc.settings import Settings

router = edge_router("loading")


class LoadingQuery(ListQuery):
    """What the list of loadings can be asked; `search` is for their notices."""

    sort: Annotated[str, By(Loading.created_at)] = "-id"
    notice_id: Annotated[UUID | None, Is(Loading.notice_id)] = None
    status: Annotated[LoadingStatus | None, Is(Loading.status)] = None
    vehicle: Annotated[Vehicle | None, Is(Loading.vehicle)] = None
    search: Annotated[Line | None, Has(number=Notice.number, customer=Notice.customer_id)] = None


class BlockQuery(ListQuery):
    """What the list of blocked lots can be asked."""

    sort: Annotated[str, By(LotBlock.lot)] = "-id"
    lot: Annotated[Code | None, Is(LotBlock.lot)] = None
    status: Annotated[BlockStatus | None, Is(LotBlock.status)] = None


LOADINGS = Listing(
    LoadingRow,
    LoadingQuery,
    select(
        Loading.__table__,
        Notice.number.label("notice_number"),
        Notice.customer_id,
        Customer.name.label("customer_name"),
        name_of(Loading.author).label("author_name"),
    )
    .join_from(Loading, Notice)
    .join(Customer, Customer.id == Notice.customer_id),
    id=Loading.id,
    scope=CUSTOMERS,
)
BLOCKS = Listing(BlockRow, BlockQuery, select(LotBlock.__table__), id=LotBlock.id, scope=everyone)


@router.post("/quality-reports", status_code=201)
@allow(Role.QUALITY, Role.QUALITY_SUPERVISOR)
async def report_quality(body: ReportQuality, work: CurrentWork) -> ReportOut:
    """Report on a lot; the newest report counts (5-3)."""
    return ReportOut.show(inspecting.report_quality(work, body))


@router.get("/lot-blocks")
@allow(*BLOCK_READERS)
async def list_blocks(look: CurrentLook, query: Annotated[BlockQuery, Query()]) -> Page[BlockRow] | File:
    """Blocked lots and those that were, newest first."""
    return await BLOCKS.page(look, query)


@router.get("/lot-blocks/{block_id}")
@allow(*BLOCK_READERS)
async def get_block(block_id: UUID, look: CurrentLook, book: CurrentPolicies) -> BlockDetail:
    """One block of a lot."""
    row = await BLOCKS.one(look, block_id, LotBlock.not_found(block_id))
    return BlockDetail.model_validate({**dict(row), "actions": await possible_actions(look, LotBlock, block_id, book)})


@router.get("/lot-blocks/{block_id}/history")
@allow(*BLOCK_READERS)
async def get_block_history(block_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """What was done with a block, by whom and when, oldest first."""
    return await history_of(look, BLOCKS, LotBlock, block_id)


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
    return EnrolledDevice.show(*await enrolling.enrol_device(work, body))


class DeviceQuery(ListQuery):
    """What the list of devices can be asked."""

    sort: Annotated[str, By(DeviceRow.enrolled_at)] = "id"
    kind: Annotated[DeviceKind | None, Is(DeviceRow.kind)] = None
    place: Annotated[Line | None, Is(DeviceRow.place)] = None
    active: Annotated[bool | None, Is(DeviceRow.active)] = None


DEVICES = Listing(
    DeviceOut,
    DeviceQuery,
    select(DeviceRow.id.label("device"), DeviceRow.__table__),
    id=DeviceRow.id,
    scope=everyone,
)


@router.get("/devices")
@allow(*DEVICE_KEEPERS)
async def list_devices(look: CurrentLook, query: Annotated[DeviceQuery, Query()]) -> Page[DeviceOut] | File:
    """The enrolled devices, with those switched off."""
    return await DEVICES.page(look, query)


@router.get("/devices/{device}")
@allow(*DEVICE_KEEPERS)
async def get_device(device: Code, look: CurrentLook) -> DeviceOut:
    """One device."""
    return await DEVICES.one(look, device, DEVICE_NOT_FOUND(device=device))


@router.post("/devices/{device}/switching-off")
@allow(*DEVICE_KEEPERS)
async def switch_device_off(device: Code, body: SwitchOff, work: CurrentWork, language: CallerLanguage) -> DeviceOut:
    """Refuse a device from its next request on, until it is enrolled anew."""
    await enrolling.switch_device_off(work, device, body)
    return await DEVICES.one(await work.look(language), device, DEVICE_NOT_FOUND(device=device))


def _trust(runtime: Runtime) -> Trust:
    settings: Settings = runtime.settings  # type: ignore[assignment]
    return Trust(
        settings.scan_jump, timedelta(hours=settings.scan_late_hours), timedelta(minutes=settings.scan_ahead_minutes)
    )


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


@router.get("/loadings")
@allow(*LOADING_READERS)
async def list_loadings(look: CurrentLook, query: Annotated[LoadingQuery, Query()]) -> Page[LoadingRow] | File:
    """Trucks being loaded and those that were, newest first; a rep sees those of his customers."""
    return await LOADINGS.page(look, query)


@router.get("/loadings/{loading_id}")
@allow(*LOADING_READERS)
async def get_loading(loading_id: UUID, look: CurrentLook, book: CurrentPolicies) -> LoadingDetail:
    """One loading; a rep sees those of his customers."""
    row = await LOADINGS.one(look, loading_id, Loading.not_found(loading_id))
    possible = await possible_actions(look, Loading, loading_id, book)
    return LoadingDetail.model_validate({**dict(row), "actions": possible})


@router.get("/loadings/{loading_id}/history")
@allow(*LOADING_READERS)
async def get_loading_history(loading_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """What was done with a loading, by whom and when, oldest first."""
    return await history_of(look, LOADINGS, Loading, loading_id)


@router.post("/scans")
@by_device(DeviceKind.SCANNER)
async def post_scan(
    body: PostScan, device: CallingDevice, work: CurrentWork, language: CallerLanguage, runtime: CurrentRuntime
) -> ScanOut:
    """One loading scan by a device; the same scan again gets the same answer."""
    (result,) = await scanning.take_scans(work, device, [body], _trust(runtime))
    return ScanOut.show(result, language)


@router.post("/scans/batch")
@by_device(DeviceKind.SCANNER)
async def post_scans(
    body: ScanBatch, device: CallingDevice, work: CurrentWork, language: CallerLanguage, runtime: CurrentRuntime
) -> ScanResults:
    """Scans a device kept while the radio was away; each gets its own answer."""
    results = await scanning.take_scans(work, device, body.scans, _trust(runtime))
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

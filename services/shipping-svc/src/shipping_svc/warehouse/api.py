"""HTTP of the warehouse."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fangxing.money import PositiveTons, Tons, Yuan
from fangxing.roles import Role
from fangxing.running import devices
from fangxing.text import Code, Language, Line, Paragraph
from fangxing.verdicts import localized
from fangxing.web.access import allow
from fangxing.web.access import devices as by_device
from fangxing.web.edge import Caller, CallerLanguage, CallingDevice, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from shipping_svc.gate.api import PassOut, Vehicle, shape_pass
from shipping_svc.gate.service import NOTE_NOT_FOUND
from shipping_svc.orders.store import Customer
from shipping_svc.warehouse import closing
from shipping_svc.warehouse import loading as loading_service
from shipping_svc.warehouse.scanning import ScanIn, ScanResult, take_scans
from shipping_svc.warehouse.signing import Signatures, sign
from shipping_svc.warehouse.store import DeliveryNote

router = edge_router("warehouse")

READERS = (
    Role.SALES_REP,
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
    Role.WAREHOUSE_KEEPER,
    Role.WAREHOUSE_SUPERVISOR,
    Role.QUALITY,
    Role.AUDIT_MANAGER,
)


PackageTons = Annotated[PositiveTons, Field(le=Decimal(1000))]
"""The weight of one package in tons: more than a thousand is a mistyped figure."""
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]
"""A moment with its time zone, by a clock that is not utterly wrong."""


class ReportQuality(BaseModel):
    """A quality report 质量检验报告 on a lot; `conceded` is quality's written concession 让步接收."""

    model_config = ConfigDict(extra="forbid")
    lot: Code
    product_id: UUID
    result: Literal["passing", "failing", "conceded"]
    findings: Paragraph


class ReportOut(BaseModel):
    """A quality report."""

    id: UUID
    lot: str
    product_id: UUID
    result: str
    findings: str
    reported_by: str
    reported_at: datetime


class EnrolDevice(BaseModel):
    """A scanner or a gate; `place` is the warehouse or gate it belongs to."""

    model_config = ConfigDict(extra="forbid")
    device: Code
    kind: Literal["scanner", "gate"]
    place: Code


class EnrolledDevice(BaseModel):
    """An enrolled device with its key, which is shown this once."""

    device: str
    kind: str
    place: str
    enrolment: int
    key: str


class AnnounceTruck(BaseModel):
    """A transport notice 运输通知单."""

    model_config = ConfigDict(extra="forbid")
    vehicle: Vehicle
    driver: Line
    carrier: Line


class TruckOut(BaseModel):
    """The truck a notice was announced with."""

    notice_id: UUID
    vehicle: str
    driver: str
    carrier: str


class StartLoading(BaseModel):
    """The truck as it stands in the yard."""

    model_config = ConfigDict(extra="forbid")
    notice_id: UUID
    vehicle: Vehicle
    driver: Line


class LoadingOut(BaseModel):
    """Whether the truck may be loaded; `id` is the loading, null where it was stopped."""

    id: UUID | None
    allowed: bool
    verdict: dict[str, Any]


class ScanBody(BaseModel):
    """One loading scan; `sequence` counts up on the device for ever."""

    model_config = ConfigDict(extra="forbid")
    sequence: int = Field(ge=1, le=2_147_483_647)
    loading_id: UUID
    order_line_id: UUID
    lot: Code
    package: Code
    tons: PackageTons
    scanned_at: Moment


class ScanBatch(BaseModel):
    """Scans in the order they were made."""

    model_config = ConfigDict(extra="forbid")
    scans: list[ScanBody] = Field(min_length=1, max_length=200)


class ScanOut(BaseModel):
    """The answer to one scan; `repeated` where the same scan was answered before."""

    sequence: int
    accepted: bool
    repeated: bool
    reasons: list[str]
    would_pass: list[str]


class ScanResults(BaseModel):
    """One answer a scan, in the order sent."""

    results: list[ScanOut]


class CloseNotice(BaseModel):
    """Why no further truck comes for the notice."""

    model_config = ConfigDict(extra="forbid")
    reason: Paragraph


class ClosedNotice(BaseModel):
    """A closed notice: `shipped` where something was loaded on it, else `cancelled`."""

    id: UUID
    number: str
    status: str


class SignLoading(BaseModel):
    """What the carrier signs on the keeper's device; the keeper signs by sending it.

    `last_truck` closes the notice: what was reserved and not loaded is given back.
    """

    model_config = ConfigDict(extra="forbid")
    carrier_name: Line
    carrier_signature: Paragraph
    freight_voucher: Code
    gate: Code
    last_truck: bool = True


class DeliveryNoteLineOut(BaseModel):
    """A line of a delivery note."""

    line: int
    order_line_id: UUID
    product_id: UUID
    product_name: str
    lot: str
    packages: int
    tons: Tons
    price_per_ton: Yuan
    value: Yuan


class DeliveryNoteRow(BaseModel):
    """A delivery note in a list."""

    id: UUID
    number: str
    notice_id: UUID
    customer_id: UUID
    vehicle: str
    driver: str
    tons: Tons
    value: Yuan
    shipped_on: date
    left_on: date | None


class DeliveryNoteOut(DeliveryNoteRow):
    """A delivery note 送货单 with its lines and signatures."""

    keeper: str
    keeper_name: str
    carrier_name: str
    freight_voucher: str
    signed_at: datetime
    lines: list[DeliveryNoteLineOut]


class Signed(BaseModel):
    """The delivery note and the exit pass of a signed loading; both null where it was stopped."""

    allowed: bool
    verdict: dict[str, Any]
    delivery_note: DeliveryNoteOut | None
    exit_pass: PassOut | None


@router.post("/quality-reports", status_code=201)
@allow(Role.QUALITY, Role.QUALITY_SUPERVISOR)
async def report_quality(body: ReportQuality, work: CurrentWork) -> ReportOut:
    """Report on a lot; the newest report counts (5-3)."""
    report = loading_service.report_quality(
        work, product_id=body.product_id, lot=body.lot, result=body.result, findings=body.findings
    )
    return ReportOut.model_validate(report, from_attributes=True)


@router.post("/lots/{lot}/unblocking")
@allow(Role.QUALITY, Role.QUALITY_SUPERVISOR)
async def lift_blocks(lot: Code, work: CurrentWork) -> dict[str, int]:
    """Let a blocked lot go again; how many blocks were lifted."""
    return {"lifted": len(await loading_service.lift_blocks(work, lot))}


@router.post("/devices", status_code=201)
@allow(Role.ADMINISTRATOR, idempotent=False)
async def enrol_device(body: EnrolDevice, work: CurrentWork) -> EnrolledDevice:
    """Enrol a device, or enrol it anew; the key is shown this once.

    Without an idempotency key: a stored answer would store the secret, and enrolling once more is harmless.
    """
    row, key = await devices.enrol(
        work.tx, device=body.device, kind=body.kind, place=body.place, by=work.actor.id, now=work.system_now
    )
    return EnrolledDevice(device=row.id, kind=row.kind, place=row.place, enrolment=row.enrolment, key=key)


@router.post("/notices/{notice_id}/transport-notice", status_code=201)
@allow(Role.SALES_REP)
async def announce_truck(notice_id: UUID, body: AnnounceTruck, work: CurrentWork) -> TruckOut:
    """Issue the transport notice of a truck (5-4.2.1-D)."""
    notice = await loading_service.announce_truck(
        work, notice_id, vehicle=body.vehicle, driver=body.driver, carrier=body.carrier
    )
    return TruckOut(notice_id=notice.id, vehicle=body.vehicle, driver=body.driver, carrier=body.carrier)


@router.post("/notices/{notice_id}/closing")
@allow(Role.WAREHOUSE_SUPERVISOR, Role.SALES_MANAGER)
async def close_notice(notice_id: UUID, body: CloseNotice, work: CurrentWork) -> ClosedNotice:
    """Close a released notice that no further truck comes for; the rest of its reservation is given back."""
    notice = await closing.close_notice(work, notice_id, body.reason)
    return ClosedNotice.model_validate(notice, from_attributes=True)


@router.post("/loadings", status_code=201)
@allow(Role.WAREHOUSE_KEEPER)
async def start_loading(body: StartLoading, work: CurrentWork, language: CallerLanguage) -> LoadingOut:
    """Compare the truck with its transport notice and start loading it; a difference stops it."""
    loading, verdict = await loading_service.start_loading(
        work, body.notice_id, vehicle=body.vehicle, driver=body.driver
    )
    return LoadingOut(
        id=loading.id if loading else None, allowed=verdict.allowed, verdict=localized(verdict.content(), language)
    )


def _scan(body: ScanBody) -> ScanIn:
    return ScanIn(**{name: getattr(body, name) for name in ScanBody.model_fields})


def _scan_out(result: ScanResult, language: Language) -> ScanOut:
    shown = localized({"reasons": result.reasons}, language)
    return ScanOut(
        sequence=result.sequence,
        accepted=result.accepted,
        repeated=result.repeated,
        reasons=[reason["text"] for reason in shown["reasons"]],  # type: ignore[attr-defined]
        would_pass=shown["would_pass"],
    )


@router.post("/scans")
@by_device("scanner")
async def post_scan(body: ScanBody, device: CallingDevice, work: CurrentWork, language: CallerLanguage) -> ScanOut:
    """One loading scan by a device; the same scan again gets the same answer."""
    (result,) = await take_scans(work, device, [_scan(body)])
    return _scan_out(result, language)


@router.post("/scans/batch")
@by_device("scanner")
async def post_scans(
    body: ScanBatch, device: CallingDevice, work: CurrentWork, language: CallerLanguage
) -> ScanResults:
    """Scans a device kept while the radio was away; each gets its own answer."""
    results = await take_scans(work, device, [_scan(scan) for scan in body.scans])
    return ScanResults(results=[_scan_out(result, language) for result in results])


@router.post("/loadings/{loading_id}/signatures", status_code=201)
@allow(Role.WAREHOUSE_KEEPER)
async def sign_loading(loading_id: UUID, body: SignLoading, work: CurrentWork, language: CallerLanguage) -> Signed:
    """Keeper and carrier sign: delivery note and exit pass (5-4.2.1-D, -E); a lot blocked since stops it (5-3)."""
    signatures = Signatures(body.carrier_name, body.carrier_signature, body.freight_voucher)
    verdict, papers = await sign(work, loading_id, signatures, gate=body.gate, last_truck=body.last_truck)
    return Signed(
        allowed=verdict.allowed,
        verdict=localized(verdict.content(), language),
        delivery_note=DeliveryNoteOut.model_validate(papers.note, from_attributes=True) if papers else None,
        exit_pass=shape_pass(papers.exit_pass, work.signing_key) if papers else None,
    )


@router.get("/delivery-notes")
@allow(*READERS)
async def list_delivery_notes(
    reader: CurrentReader,
    caller: Caller,
    customer_id: UUID | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[DeliveryNoteRow]:
    """Delivery notes, newest first; a rep sees those of his customers."""
    statement = select(DeliveryNote.__table__)
    if caller.only_own_customers:
        statement = statement.join(Customer, Customer.id == DeliveryNote.customer_id).where(Customer.rep == caller.id)
    if customer_id is not None:
        statement = statement.where(DeliveryNote.customer_id == customer_id)
    return await page(
        reader,
        statement,
        lambda row: DeliveryNoteRow.model_validate(dict(row)),
        sorts={"number": DeliveryNote.number},
        id=DeliveryNote.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.get("/delivery-notes/{note_id}")
@allow(*READERS)
async def get_delivery_note(note_id: UUID, caller: Caller, reader: CurrentReader) -> DeliveryNoteOut:
    """One delivery note."""
    async with AsyncSession(reader) as tx:
        note = await tx.get(DeliveryNote, note_id)
        customer = await tx.get(Customer, note.customer_id) if note else None
        if note is None or customer is None or (caller.only_own_customers and customer.rep != caller.id):
            raise NOTE_NOT_FOUND(note=note_id)
        return DeliveryNoteOut.model_validate(note, from_attributes=True)

"""What is asked and answered about lots, devices, trucks, loadings and scans."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from fangxing.answers import Judged, VerdictOut
from fangxing.decision_log import VerdictRow
from fangxing.money import PositiveTons
from fangxing.running.devices import DeviceRow
from fangxing.text import Code, Language, Line, Paragraph, Text
from fangxing.validation import Body
from fangxing.verdicts import content_hash, plain
from shipping_svc.loading.rules import BlockAction, BlockStatus, DeviceKind, LoadingAction, LoadingStatus, Result, plate
from shipping_svc.loading.store import Loading, QualityReport

PackageTons = Annotated[PositiveTons, Field(le=Decimal(1000))]
"""The weight of one package in tons: more than a thousand is a mistyped figure."""
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]
"""A moment with its time zone, by a clock that is not utterly wrong."""
Vehicle = Annotated[Line, AfterValidator(plate), Field(min_length=1, max_length=64)]
"""A number plate 车牌 as `rules.plate` writes it, 1 to 64 characters."""


class ReportQuality(Body):
    """A quality report 质量检验报告 on a lot; `conceded` is quality's written concession 让步接收."""

    lot: Code
    product_id: UUID
    result: Result
    findings: Paragraph


class ReportOut(BaseModel):
    """A quality report."""

    id: UUID
    lot: str
    product_id: UUID
    result: Result
    findings: str
    author: str
    created_at: datetime

    @classmethod
    def show(cls, report: QualityReport) -> "ReportOut":
        """The report as it was written."""
        return cls.model_validate(report, from_attributes=True)


class LiftedOut(BaseModel):
    """How many blocks of a lot were lifted."""

    lifted: int


class EnrolDevice(Body):
    """A scanner or a gate; `place` is the warehouse or gate it belongs to."""

    device: Code
    kind: DeviceKind
    place: Code


class EnrolledDevice(BaseModel):
    """An enrolled device with its key, which is shown this once."""

    device: str
    kind: DeviceKind
    place: str
    enrolment: int
    key: str

    @classmethod
    def show(cls, device: DeviceRow, key: str) -> "EnrolledDevice":
        """The device with the key it was just given."""
        return cls(
            device=device.id, kind=DeviceKind(device.kind), place=device.place, enrolment=device.enrolment, key=key
        )


class SwitchOff(Body):
    """Why a device is refused from now on: it is lost, say."""

    reason: Line


class DeviceOut(BaseModel):
    """A device; one that is not `active` is refused, since `switched_off_at`, until it is enrolled anew."""

    device: str
    kind: DeviceKind
    place: str
    enrolment: int
    active: bool
    enrolled_by: str
    enrolled_at: datetime
    switched_off_by: str | None
    switched_off_at: datetime | None
    switched_off_because: str | None


class AnnounceTruck(Body):
    """A transport notice 运输通知单."""

    vehicle: Vehicle
    driver: Line
    carrier: Line


class TruckOut(BaseModel):
    """The truck a notice was announced with."""

    notice_id: UUID
    vehicle: str
    driver: str
    carrier: str


class StartLoading(Body):
    """The truck as it stands in the yard, and the warehouse that loads it: scanners of another one do not count."""

    notice_id: UUID
    warehouse: Code
    vehicle: Vehicle
    driver: Line


class LoadingOut(Judged):
    """Whether the truck may be loaded; `id` is the loading, null where it was stopped."""

    id: UUID | None

    @classmethod
    def show(cls, loading: Loading | None, verdict: VerdictRow, language: Language) -> Self:
        """The answer to a truck in the yard."""
        return cls(
            allowed=verdict.allowed,
            verdict=VerdictOut.show(verdict.content, language),
            id=loading.id if loading else None,
        )


class LoadingRow(BaseModel):
    """A truck being loaded, or that was, for a notice."""

    id: UUID
    notice_id: UUID
    notice_number: Annotated[str, Text("发货通知单编号", "notice")]
    customer_id: UUID
    customer_name: Annotated[str, Text("客户", "customer")]
    vehicle: Annotated[str, Text("车牌", "vehicle")]
    driver: Annotated[str, Text("司机", "driver")]
    carrier: Annotated[str, Text("承运人", "carrier")]
    status: Annotated[LoadingStatus, Text("状态", "status")]
    author: Annotated[str, Text("仓管员", "keeper")]
    author_name: Annotated[str | None, Text("仓管员姓名", "keeper's name")]
    created_at: Annotated[datetime, Text("开始时间", "started at")]


class LoadingDetail(LoadingRow):
    """A loading, and what the caller may try with it."""

    actions: list[LoadingAction]


class BlockRow(BaseModel):
    """A lot that may not be loaded, of one product or, with `product_id` null, of all, and why."""

    id: UUID
    lot: Annotated[str, Text("批号", "lot")]
    product_id: UUID | None
    complaint_id: UUID
    reason: Annotated[str, Text("原因", "reason")]
    status: Annotated[BlockStatus, Text("状态", "status")]
    created_at: Annotated[datetime, Text("封存时间", "blocked at")]


class BlockDetail(BlockRow):
    """A block, and what the caller may try with it."""

    actions: list[BlockAction]


class PostScan(Body):
    """One loading scan; `sequence` counts up on the device for ever."""

    sequence: int = Field(ge=1)
    loading_id: UUID
    order_line_id: UUID
    lot: Code
    package: Code
    tons: PackageTons
    scanned_at: Moment

    @property
    def body_hash(self) -> str:
        """The hash that tells a repeat from another scan under the same number."""
        return content_hash([plain(getattr(self, name)) for name in PostScan.model_fields])


class ScanBatch(Body):
    """Scans in the order they were made."""

    scans: list[PostScan] = Field(min_length=1, max_length=200)


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The answer to one scan, before it is said in a language: the verdict that refuses it, or none.

    `repeated` where it was given before.
    """

    sequence: int
    repeated: bool
    verdict: Mapping[str, Any] | None


class ScanOut(BaseModel):
    """The answer to one scan; `repeated` where the same scan was answered before.

    Of a scan that is allowed there is no verdict: a scanner sends thousands, and the scan itself is the record.
    """

    allowed: bool
    verdict: VerdictOut | None
    sequence: int
    repeated: bool

    @classmethod
    def show(cls, result: ScanResult, language: Language) -> "ScanOut":
        """The answer in the device's language."""
        return cls(
            allowed=result.verdict is None,
            verdict=VerdictOut.show(result.verdict, language) if result.verdict is not None else None,
            sequence=result.sequence,
            repeated=result.repeated,
        )


class ScanResults(BaseModel):
    """One answer a scan, in the order sent."""

    results: list[ScanOut]


class CloseNotice(Body):
    """Why no further truck comes for the notice."""

    reason: Paragraph

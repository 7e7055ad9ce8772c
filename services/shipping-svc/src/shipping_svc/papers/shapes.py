"""What is asked and answered about delivery notes and exit passes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from fangxing.answers import Judged, VerdictOut
from fangxing.decision_log import VerdictRow
from fangxing.money import Tons, Yuan
from fangxing.sight import SeenBy
from fangxing.text import Code, Language, Line, Paragraph, Text
from fangxing.validation import Body
from shipping_svc.papers.access import GATE
from shipping_svc.papers.rules import NoteAction, NoteStatus, PassAction, PassStatus
from shipping_svc.papers.store import DeliveryNote, ExitPass
from shipping_svc.reference.access import MONEY


class SignLoading(Body):
    """What the carrier signs on the keeper's device; the keeper signs by sending it.

    `last_truck` closes the notice: what was reserved and not loaded is given back.
    """

    carrier_name: Line
    carrier_signature: Paragraph
    freight_voucher: Code
    gate: Code
    last_truck: bool = True


class Reissue(Body):
    """Another pass for a truck that has not left, and why: expired, lost, or another gate."""

    gate: Code
    reason: Paragraph


class DeliveryNoteLineOut(BaseModel):
    """A line of a delivery note."""

    model_config = ConfigDict(from_attributes=True)
    line: Annotated[int, Text("行", "line")]
    order_line_id: UUID
    product_id: UUID
    product_name: Annotated[str, Text("品名", "product")]
    lot: Annotated[str, Text("批号", "lot")]
    packages: Annotated[int, Text("件数", "packages")]
    tons: Annotated[Tons, Text("吨数", "tons")]
    price_per_ton: Annotated[Yuan | None, Text("单价（元/吨）", "yuan a ton"), SeenBy(MONEY)]
    value: Annotated[Yuan | None, Text("金额（元）", "value in yuan"), SeenBy(MONEY)]


class DeliveryNoteRow(BaseModel):
    """A delivery note in a list."""

    id: UUID
    number: Annotated[str, Text("送货单编号", "delivery note")]
    notice_id: UUID
    customer_id: UUID
    customer_name: Annotated[str, Text("客户", "customer")]
    status: NoteStatus
    vehicle: Annotated[str, Text("车牌", "vehicle")]
    driver: Annotated[str, Text("司机", "driver")]
    tons: Annotated[Tons, Text("吨数", "tons")]
    value: Annotated[Yuan | None, Text("货值", "value"), SeenBy(MONEY)]
    shipped_on: Annotated[date, Text("发货日期", "shipped on")]
    left_on: Annotated[date | None, Text("出门日期", "left on")]


class DeliveryNoteOut(DeliveryNoteRow):
    """A delivery note 送货单 with its lines and signatures, and what the caller may try with it."""

    keeper: str
    keeper_name: Annotated[str, Text("保管员", "keeper")]
    carrier_name: Annotated[str, Text("承运人", "carrier")]
    freight_voucher: Annotated[str, Text("运费凭证", "freight voucher")]
    signed_at: Annotated[datetime, Text("签收时间", "signed at")]
    lines: list[DeliveryNoteLineOut]
    actions: list[NoteAction]

    @classmethod
    def show(cls, note: DeliveryNote, actions: Sequence[str], customer_name: str) -> Self:
        """The delivery note as it was signed."""
        more = {"customer_name": customer_name, "actions": actions}
        return cls.model_validate(
            {**{name: getattr(note, name) for name in cls.model_fields.keys() - more.keys()}, **more}
        )


class PassOut(BaseModel):
    """An exit pass 出门证; `token` is what the QR code holds, `qr_svg` the code to print."""

    id: UUID
    short_number: str
    token: str
    qr_svg: str
    note_id: UUID
    note_number: str
    vehicle: str
    driver: str
    gate: str
    valid_until: datetime

    @classmethod
    def show(cls, exit_pass: ExitPass, *, token: str, qr_svg: str) -> "PassOut":
        """The pass with its code and the picture of it."""
        coded = {"token": token, "qr_svg": qr_svg}
        return cls(**coded, **{name: getattr(exit_pass, name) for name in cls.model_fields.keys() - coded.keys()})


class PassRow(BaseModel):
    """An exit pass in a list; its number is for the yard and the gate."""

    id: UUID
    short_number: Annotated[str | None, Text("短号", "short number"), SeenBy(GATE)]
    note_id: UUID
    note_number: Annotated[str, Text("送货单编号", "delivery note")]
    customer_id: UUID
    customer_name: Annotated[str, Text("客户", "customer")]
    vehicle: Annotated[str, Text("车牌", "vehicle")]
    driver: Annotated[str, Text("司机", "driver")]
    goods: Annotated[str, Text("货物", "goods")]
    tons: Annotated[Tons, Text("吨数", "tons")]
    gate: Annotated[str, Text("大门", "gate")]
    status: Annotated[PassStatus, Text("状态", "status")]
    author: Annotated[str, Text("签发人", "issued by")]
    author_name: Annotated[str | None, Text("签发人姓名", "issuer's name")]
    created_at: Annotated[datetime, Text("签发时间", "issued at")]
    valid_until: Annotated[datetime, Text("有效至", "valid until")]
    used_at: Annotated[datetime | None, Text("出门时间", "left at")]
    voided_at: Annotated[datetime | None, Text("作废时间", "made void at")]


class PassDetail(PassRow):
    """An exit pass, and what the caller may try with it."""

    actions: list[PassAction]


class Signed(Judged):
    """The delivery note and the exit pass of a signed loading; both null where it was stopped."""

    delivery_note: DeliveryNoteOut | None
    exit_pass: PassOut | None

    @classmethod
    def show(
        cls, verdict: VerdictRow, note: DeliveryNoteOut | None, exit_pass: PassOut | None, language: Language
    ) -> Self:
        """The answer to a signature."""
        return cls(
            allowed=verdict.allowed,
            verdict=VerdictOut.show(verdict.content, language),
            delivery_note=note,
            exit_pass=exit_pass,
        )


class DifferenceOut(BaseModel):
    """A stored figure that is not what the notices and delivery notes say."""

    account_id: UUID
    figure: str
    stored: Yuan
    documents: Yuan

"""What is asked and answered about delivery notes and exit passes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel

from fangxing.money import Tons, Yuan
from fangxing.text import Code, Language, Line, Paragraph
from fangxing.validation import Body
from fangxing.verdicts import Verdict, localized
from shipping_svc.papers.auditing import Difference
from shipping_svc.papers.encoding import encode, picture
from shipping_svc.papers.store import DeliveryNote, ExitPass


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

    @classmethod
    def show(cls, note: DeliveryNote) -> "DeliveryNoteOut":
        """The delivery note as it was signed."""
        return cls.model_validate(note, from_attributes=True)


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
    def show(cls, exit_pass: ExitPass, key: Ed25519PrivateKey) -> "PassOut":
        """The pass with its code, signed with `key`."""
        token = encode(exit_pass, key)
        coded = {"token": token, "qr_svg": picture(token)}
        return cls(**coded, **{name: getattr(exit_pass, name) for name in cls.model_fields.keys() - coded.keys()})


class Signed(BaseModel):
    """The delivery note and the exit pass of a signed loading; both null where it was stopped."""

    allowed: bool
    verdict: dict[str, Any]
    delivery_note: DeliveryNoteOut | None
    exit_pass: PassOut | None

    @classmethod
    def show(
        cls, verdict: Verdict, papers: tuple[DeliveryNote, ExitPass] | None, key: Ed25519PrivateKey, language: Language
    ) -> "Signed":
        """The answer to a signature."""
        note, exit_pass = papers or (None, None)
        return cls(
            allowed=verdict.allowed,
            verdict=localized(verdict.content(), language),
            delivery_note=DeliveryNoteOut.show(note) if note else None,
            exit_pass=PassOut.show(exit_pass, key) if exit_pass else None,
        )


class DifferenceOut(BaseModel):
    """A stored figure that is not what the notices and delivery notes say."""

    account_id: UUID
    figure: str
    stored: Yuan
    documents: Yuan

    @classmethod
    def show(cls, difference: Difference) -> "DifferenceOut":
        """The difference as it was found."""
        return cls.model_validate(difference, from_attributes=True)

"""Returns as people read them."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, select

from complaint_svc.returns.store import Return
from fangxing.database import Tx
from fangxing.money import Tons, YuanOrZero


class ReturnLineOut(BaseModel):
    """One line: tons and yuan approved (or proposed), received and accepted; null until that step."""

    model_config = ConfigDict(from_attributes=True)
    line: int
    product_id: UUID
    product_name: str
    lot: str
    tons: Tons
    price_per_ton: YuanOrZero
    value: YuanOrZero
    received_tons: Tons | None
    accepted_tons: Tons | None
    accepted_value: YuanOrZero | None


class ReturnOut(BaseModel):
    """A return; `result` is the inspection's, `accepted_value` in yuan is what the exposure falls by."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    number: str
    complaint_id: UUID
    customer_id: UUID
    account_id: UUID
    delivery_note_id: UUID
    status: str
    value: YuanOrZero
    approved_on: date | None
    received_on: date | None
    received_by: str | None
    receipt_note: str | None
    inspected_on: date | None
    inspected_by: str | None
    result: str | None
    findings: str | None
    accepted_value: YuanOrZero | None
    cancelled_on: date | None
    cancelled_by: str | None
    cancel_reason: str | None
    lines: list[ReturnLineOut]


def shape(returned: Return) -> ReturnOut:
    """`returned` with its lines."""
    return ReturnOut.model_validate(returned)


async def returns_where(session: Tx, condition: ColumnElement[bool]) -> list[ReturnOut]:
    """The returns that meet `condition`, oldest first."""
    found = await session.scalars(select(Return).where(condition).order_by(Return.id))
    return [shape(returned) for returned in found]

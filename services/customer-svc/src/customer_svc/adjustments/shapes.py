"""What is asked and answered about adjustments."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel

from customer_svc.accounts.rules import ItemKind, Side
from customer_svc.adjustments.rules import AdjustmentAction, AdjustmentKind, AdjustmentStatus
from fangxing.answers import ApprovalOut
from fangxing.money import PositiveYuan, Yuan, YuanOrZero
from fangxing.text import Paragraph, Text
from fangxing.validation import Body


class ItemOut(BaseModel):
    """An open item: what a document made the customer owe, or has given him, and what of it is open, in yuan."""

    id: UUID
    document_id: UUID
    kind: Annotated[ItemKind, Text("种类", "kind")]
    side: Annotated[Side, Text("借贷", "side")]
    customer_id: UUID
    customer_name: Annotated[str, Text("客户", "customer")]
    account_id: UUID
    amount: Annotated[Yuan, Text("金额（元）", "amount (yuan)")]
    open_amount: Annotated[YuanOrZero, Text("未清（元）", "open (yuan)")]
    disputed: Annotated[YuanOrZero, Text("争议（元）", "disputed (yuan)")]
    earmarked: Annotated[bool, Text("预收", "prepaid")]
    due_on: Annotated[date | None, Text("到期日", "due on")]
    entered_on: Annotated[date, Text("登记日", "entered on")]
    value_on: Annotated[date, Text("起算日", "value date")]


class FileAdjustment(Body):
    """An adjustment of a part of one open item, with its reason."""

    kind: AdjustmentKind
    item_id: UUID
    amount: PositiveYuan
    reason: Paragraph


class CancelAdjustment(Body):
    """Why an adjustment is taken back."""

    reason: Paragraph


class AdjustmentLine(BaseModel):
    """An adjustment in a list."""

    id: UUID
    kind: Annotated[AdjustmentKind, Text("种类", "kind")]
    status: Annotated[AdjustmentStatus, Text("状态", "status")]
    customer_id: UUID
    customer_name: Annotated[str, Text("客户", "customer")]
    account_id: UUID
    item_id: UUID
    amount: Annotated[Yuan, Text("金额（元）", "amount (yuan)")]
    reason: Annotated[str, Text("原因", "reason")]
    author: Annotated[str, Text("提出人", "author")]
    author_name: Annotated[str | None, Text("提出人姓名", "author's name")]
    filed_on: Annotated[date, Text("提出日", "filed on")]
    done_on: Annotated[date | None, Text("完成日", "done on")]


class AdjustmentOut(AdjustmentLine):
    """An adjustment with its approval, and what the caller may try with it."""

    approval: ApprovalOut
    actions: list[AdjustmentAction]

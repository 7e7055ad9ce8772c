"""What is answered about credit accounts."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from customer_svc.accounts.rules import Credit, credit_on
from fangxing.money import Yuan
from fangxing.positions import Grade, Version
from fangxing.text import Text


def shown_credit(row: RowMapping, day: date) -> Credit:
    """The credit in force on `day` of the account in `row`."""
    return credit_on(day, **{name: row[name] for name in ("grade", "limit", "c_from", "d_from")})


class AccountOut(BaseModel):
    """A credit account: exposure 欠款额度 and everything it is made of, in yuan; `limit` null means no cap.

    `in_force_at_shipping` tells whether shipping has seen this position: decided and in force are one.
    `shipping_unreadable`: shipping's figures are stale, its newest could not be read.
    """

    id: UUID
    grade: Annotated[Grade, Text("等级", "grade")] = Field(description="today's grade")
    limit: Annotated[Yuan | None, Text("信用额度（元）", "limit (yuan)")]
    c_from: Annotated[date | None, Text("自动降级日", "grade C from")] = Field(
        description="from this day on the grade is at best C if nothing more is paid"
    )
    exposure: Annotated[Yuan, Text("欠款额度（元）", "exposure (yuan)")]
    receivable: Annotated[Yuan, Text("应收款（元）", "receivable (yuan)")]
    written_off: Annotated[Yuan, Text("已核销坏账（元）", "written off (yuan)")]
    settled_total: Annotated[Yuan, Text("累计已结发货（元）", "settled deliveries, total (yuan)")]
    prepaid_total: Annotated[Yuan, Text("累计预收（元）", "prepayments, total (yuan)")]
    released: Annotated[Yuan, Text("已放行未发货（元）", "released, not shipped (yuan)")]
    shipped_total: Annotated[Yuan, Text("累计赊销发货（元）", "shipped on credit, total (yuan)")]
    prepaid_used_total: Annotated[Yuan, Text("累计已用预收（元）", "prepayments used, total (yuan)")]
    next_due: Annotated[date | None, Text("最早到期日", "next due")]
    overdue_amount: Annotated[Yuan, Text("逾期金额（元）", "overdue (yuan)")]
    overdue_since: Annotated[date | None, Text("逾期起始日", "overdue since")]
    epoch: int
    version: Annotated[int, Text("版本", "version")]
    in_force_at_shipping: Annotated[bool, Text("仓储已生效", "in force at shipping")]
    shipping_unreadable: Annotated[bool, Text("仓储数据不可读", "shipping unreadable")]

    @classmethod
    def show(cls, row: RowMapping, day: date) -> Self:
        """The account in `row` as it stands on `day`."""
        seen = Version(row["shipping_seen_epoch"], row["shipping_seen_version"])
        in_force = seen >= Version(row["epoch"], row["version"])
        return cls.model_validate({**row, **shown_credit(row, day)._asdict(), "in_force_at_shipping": in_force})

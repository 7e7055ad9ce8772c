"""What is answered about credit accounts."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from customer_svc.accounts.rules import Credit, credit_on
from fangxing.money import Yuan
from fangxing.positions import Grade, Version


def shown_credit(row: RowMapping, day: date) -> Credit:
    """The credit in force on `day` of the account in `row`."""
    return credit_on(day, **{name: row[name] for name in ("grade", "limit", "c_from", "d_from")})


class AccountOut(BaseModel):
    """A credit account: exposure 欠款额度 and everything it is made of, in yuan; `limit` null means no cap.

    `in_force_at_shipping` tells whether shipping has seen this position: decided and in force are one.
    `shipping_unreadable`: shipping's figures are stale, its newest could not be read.
    """

    id: UUID
    grade: Grade = Field(description="today's grade")
    limit: Yuan | None
    c_from: date | None = Field(description="from this day on the grade is at best C if nothing more is paid")
    exposure: Yuan
    receivable: Yuan
    written_off: Yuan
    settled_total: Yuan
    prepaid_total: Yuan
    released: Yuan
    shipped_total: Yuan
    prepaid_used_total: Yuan
    next_due: date | None
    overdue_amount: Yuan
    overdue_since: date | None
    epoch: int
    version: int
    in_force_at_shipping: bool
    shipping_unreadable: bool

    @classmethod
    def show(cls, row: RowMapping, day: date) -> Self:
        """The account in `row` as it stands on `day`."""
        seen = Version(row["shipping_seen_epoch"], row["shipping_seen_version"])
        in_force = seen >= Version(row["epoch"], row["version"])
        return cls.model_validate({**row, **shown_credit(row, day)._asdict(), "in_force_at_shipping": in_force})

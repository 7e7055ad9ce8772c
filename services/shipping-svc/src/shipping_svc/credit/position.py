"""The two positions of a credit account: shipping's own, published whole, and the copy of customer-svc's."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlalchemy import tuple_, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from fangxing.inbox import Poison
from fangxing.money import ZERO, Yuan
from fangxing.work import Work
from shipping_svc.credit.rules import Figures
from shipping_svc.credit.store import CreditAccount


class Seen(BaseModel):
    """The newest customer position known when this one was written."""

    epoch: int
    version: int


class ShippingPosition(BaseModel):
    """shipping-svc's figures of one credit account, in yuan. The totals are cumulative."""

    account_id: UUID
    epoch: int
    version: int
    released: Yuan
    shipped_total: Yuan
    prepaid_used_total: Yuan
    seen: Seen


class Snapshot(BaseModel):
    """A credit account's row as one statement returned it."""

    id: UUID
    epoch: int
    version: int
    released: Decimal
    shipped_total: Decimal
    prepaid_used_total: Decimal
    customer_epoch: int
    customer_version: int
    receivable: Decimal
    written_off: Decimal
    settled_total: Decimal
    prepaid_total: Decimal
    grade: str
    limit: Decimal | None
    grade_until: date | None
    next_due: date | None
    overdue_amount: Decimal
    overdue_since: date | None
    hold: bool
    exposure: Decimal

    def figures(self, *, released: Decimal = ZERO, prepaid_used: Decimal = ZERO) -> Figures:
        """The figures as the rules take them, less what the statement itself has just added."""
        return Figures(
            receivable=self.receivable,
            written_off=self.written_off,
            settled_total=self.settled_total,
            prepaid_total=self.prepaid_total,
            released=self.released - released,
            shipped_total=self.shipped_total,
            prepaid_used_total=self.prepaid_used_total - prepaid_used,
            grade=self.grade,
            limit=self.limit,
            grade_until=self.grade_until,
            next_due=self.next_due,
            hold=self.hold,
        )

    def position(self) -> ShippingPosition:
        """This side's position, for an event."""
        return ShippingPosition(
            account_id=self.id,
            epoch=self.epoch,
            version=self.version,
            released=self.released,
            shipped_total=self.shipped_total,
            prepaid_used_total=self.prepaid_used_total,
            seen=Seen(epoch=self.customer_epoch, version=self.customer_version),
        )

    @property
    def position_version(self) -> str:
        """The position's version as the envelope carries it."""
        return f"{self.epoch}.{self.version}"


SNAPSHOT = [getattr(CreditAccount, name).label(name) for name in Snapshot.model_fields]
"""The columns of a `Snapshot`."""


class CustomerPosition(BaseModel):
    """customer-svc's figures of one credit account, as far as this service needs them."""

    account_id: UUID
    epoch: int
    version: int
    receivable: Yuan
    written_off: Yuan
    settled_total: Yuan
    prepaid_total: Yuan
    grade: Literal["A", "B", "C", "D", "ungraded"]
    limit: Yuan | None
    grade_until: date | None
    next_due: date | None
    overdue_amount: Yuan
    overdue_since: date | None


_OWN_ZERO: dict[str, object] = {
    "epoch": 1,
    "version": 0,
    "released": ZERO,
    "shipped_total": ZERO,
    "prepaid_used_total": ZERO,
}
_NOTHING_KNOWN: dict[str, object] = {
    "customer_epoch": 0,
    "customer_version": 0,
    "receivable": ZERO,
    "written_off": ZERO,
    "settled_total": ZERO,
    "prepaid_total": ZERO,
    "grade": "ungraded",
    "limit": ZERO,
    "overdue_amount": ZERO,
    "hold": True,
}


async def keep_customer_position(work: Work, data: dict[str, Any]) -> None:
    """Overwrite the copy of customer-svc's position where `data` is newer; raises `Poison` where it cannot be read."""
    try:
        position = CustomerPosition.model_validate(data)
    except ValidationError as error:
        raise Poison(str(error)) from error
    copied: dict[str, object] = {
        "customer_epoch": position.epoch,
        "customer_version": position.version,
        "hold": False,
        **position.model_dump(exclude={"account_id", "epoch", "version"}),
    }
    insert = pg_insert(CreditAccount).values(id=position.account_id, **_OWN_ZERO, **copied)
    newer = tuple_(CreditAccount.customer_epoch, CreditAccount.customer_version) < tuple_(
        position.epoch, position.version
    )
    changes: dict[str, object] = {
        ("limit_amount" if name == "limit" else name): value for name, value in copied.items()
    }
    changes["hold"] = tuple_(CreditAccount.unreadable_epoch, CreditAccount.unreadable_version) > tuple_(
        position.epoch, position.version
    )
    await work.tx.execute(insert.on_conflict_do_update(index_elements=["id"], set_=changes, where=newer))


async def hold_account(work: Work, account: str, version: tuple[int, int]) -> None:
    """Put the account on hold until the unreadable position is repaired or a newer one comes."""
    try:
        account_id = UUID(account)
    except ValueError:
        # no account can have this key, so there is none to hold; the inbox has said so in the log
        return
    insert = pg_insert(CreditAccount).values(id=account_id, **_OWN_ZERO, **_NOTHING_KNOWN)
    await work.tx.execute(insert.on_conflict_do_nothing())
    await work.tx.execute(
        update(CreditAccount)
        .where(
            CreditAccount.id == account_id,
            tuple_(CreditAccount.customer_epoch, CreditAccount.customer_version) < tuple_(*version),
            tuple_(CreditAccount.unreadable_epoch, CreditAccount.unreadable_version) < tuple_(*version),
        )
        .values(hold=True, unreadable_epoch=version[0], unreadable_version=version[1])
        .execution_options(synchronize_session=False)
    )

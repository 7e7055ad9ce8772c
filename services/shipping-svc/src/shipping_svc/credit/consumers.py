"""The copy of customer-svc's position: whole, overwritten by what is newer; and who wants shipping's restated."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from fangxing.bus.copies import UNKNOWN, Copies, Copy
from fangxing.inbox import Consumers, Incoming
from fangxing.money import Yuan
from fangxing.positions import Grade, Version, older_than, version_of
from fangxing.work import Work
from shipping_svc.credit import answering
from shipping_svc.credit.events import PositionWanted
from shipping_svc.credit.store import CreditAccount, open_account


class CustomerPosition(Incoming):
    """customer-svc's figures of one credit account, as far as this service needs them."""

    account_id: UUID
    epoch: int
    version: int
    receivable: Yuan
    written_off: Yuan
    settled_total: Yuan
    prepaid_total: Yuan
    grade: Grade
    limit: Yuan | None
    c_from: date | None
    d_from: date | None
    stopped: bool
    next_due: date | None
    overdue_amount: Yuan
    overdue_since: date | None
    prepaid_by: list[str]


class Wanted(Incoming):
    """A reader could not read a position of `writer`, and asks for it anew."""

    question: UUID
    account_id: UUID
    writer: str


async def customer_position_known(work: Work, account_id: UUID) -> Copy:
    """The number of the copy of customer-svc's position."""
    account = CreditAccount
    columns = select(account.customer_epoch, account.customer_version, account.hold)
    row = (await work.tx.execute(columns.where(account.id == account_id))).one_or_none()
    return UNKNOWN if row is None else Copy(Version(row.customer_epoch, row.customer_version), row.hold)


async def keep_customer_position(work: Work, data: dict[str, Any], held: bool) -> None:
    """Overwrite the copy of customer-svc's position where `data` is newer; raises ValidationError for no position."""
    position = CustomerPosition.model_validate(data)
    account = CreditAccount
    copied: dict[str, Any] = {
        "customer_epoch": position.epoch,
        "customer_version": position.version,
        "hold": held,
        **position.model_dump(exclude={"account_id", "epoch", "version"}),
    }
    await work.tx.execute(
        pg_insert(account)
        .values(id=position.account_id, **copied)
        .on_conflict_do_update(
            index_elements=["id"],
            set_=copied,
            where=older_than(version_of(position), account.customer_epoch, account.customer_version),
        )
    )


async def hold_account(work: Work, account_id: UUID, held: bool) -> None:
    """Put the account on hold until customer-svc has restated its position, or end the hold."""
    await open_account(work.tx, account_id)
    await work.tx.execute(
        update(CreditAccount)
        .where(CreditAccount.id == account_id)
        .values(hold=held)
        .execution_options(synchronize_session=False)
    )


async def answer(work: Work, event: Wanted) -> None:
    """Restate the position for a reader that could not read it; raises `credit-account-not-found`."""
    if event.writer == "shipping":
        await answering.answer(work, event.account_id, event.question)


consumers = Consumers()
consumers.keep_positions(
    "customer",
    Copies(known=customer_position_known, keep=keep_customer_position, hold=hold_account, wanted=PositionWanted),
)
consumers.on("customer.PositionWanted.v1", Wanted, answer)

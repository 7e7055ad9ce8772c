"""What the accounts take in: shipping's position, of which the newest counts, and who wants this service's restated."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from customer_svc.accounts import answering
from customer_svc.accounts.events import PositionWanted
from customer_svc.accounts.store import CreditAccount
from fangxing.bus.copies import Copies, Copy
from fangxing.inbox import Consumers, Incoming
from fangxing.money import Yuan
from fangxing.positions import Seen, Version, older_than, version_of
from fangxing.work import Work


class ShippingPosition(Incoming):
    """Shipping's figures of one credit account, as far as this service needs them; amounts in yuan."""

    account_id: UUID
    epoch: int
    version: int
    released: Yuan
    shipped_total: Yuan
    prepaid_used_total: Yuan
    seen: Seen


class Wanted(Incoming):
    """A reader could not read a position of `writer`, and asks for it anew."""

    question: UUID
    account_id: UUID
    writer: str


async def shipping_position_known(work: Work, account_id: UUID) -> Copy | None:
    """The number of the copy of shipping's position; None for an account there is not."""
    account = CreditAccount
    columns = select(account.shipping_epoch, account.shipping_version, account.shipping_unreadable)
    row = (await work.tx.execute(columns.where(account.id == account_id))).one_or_none()
    return None if row is None else Copy(Version(row.shipping_epoch, row.shipping_version), row.shipping_unreadable)


async def keep_shipping_position(work: Work, data: dict[str, Any], held: bool) -> None:
    """Overwrite the copy of shipping's position where `data` is newer."""
    position = ShippingPosition.model_validate(data)
    account = CreditAccount
    await work.tx.execute(
        update(account)
        .where(
            account.id == position.account_id,
            older_than(version_of(position), account.shipping_epoch, account.shipping_version),
        )
        .values(
            shipping_epoch=position.epoch,
            shipping_version=position.version,
            released=position.released,
            shipped_total=position.shipped_total,
            prepaid_used_total=position.prepaid_used_total,
            shipping_seen_epoch=position.seen.epoch,
            shipping_seen_version=position.seen.version,
            shipping_unreadable=held,
        )
        .execution_options(synchronize_session=False)
    )


async def mark_shipping_unreadable(work: Work, account_id: UUID, held: bool) -> None:
    """Say whether the copy is stale until shipping has restated its position; the figures stay what they were."""
    await work.tx.execute(
        update(CreditAccount)
        .where(CreditAccount.id == account_id)
        .values(shipping_unreadable=held)
        .execution_options(synchronize_session=False)
    )


async def answer(work: Work, event: Wanted) -> None:
    """Restate the position for a reader that could not read it; raises `credit-account-not-found`."""
    if event.writer == "customer":
        await answering.answer(work, event.account_id, event.question)


consumers = Consumers()
consumers.keep_positions(
    "shipping",
    Copies(
        known=shipping_position_known, keep=keep_shipping_position, hold=mark_shipping_unreadable, wanted=PositionWanted
    ),
)
consumers.on("shipping.PositionWanted.v1", Wanted, answer)
consumers.on("contract.PositionWanted.v1", Wanted, answer)

"""What the accounts take in: shipping's position, of which the newest counts."""

from typing import Any
from uuid import UUID

from sqlalchemy import update

from customer_svc.accounts.store import CreditAccount
from fangxing.inbox import Consumers, Incoming
from fangxing.money import Yuan
from fangxing.positions import Seen, Version, account_id, older_than, version_of
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


async def keep_shipping_position(work: Work, data: dict[str, Any]) -> None:
    """Overwrite the copy of shipping's position where `data` is newer."""
    position = ShippingPosition.model_validate(data)
    await _overwrite(
        work,
        position.account_id,
        version_of(position),
        shipping_epoch=position.epoch,
        shipping_version=position.version,
        released=position.released,
        shipped_total=position.shipped_total,
        prepaid_used_total=position.prepaid_used_total,
        shipping_seen_epoch=position.seen.epoch,
        shipping_seen_version=position.seen.version,
        shipping_unreadable=False,
    )


async def mark_shipping_unreadable(work: Work, key: str, version: tuple[int, int]) -> None:
    """Say that the copy is stale until a newer position comes; the figures stay what they were."""
    account = account_id(key)
    # a key that names no account marks none, and must not stop what comes behind it
    if account is not None:
        await _overwrite(work, account, Version(*version), shipping_unreadable=True)


async def _overwrite(work: Work, account: UUID, number: Version, **values: object) -> None:
    """Set `values` where the copy is older than the position `number`."""
    await work.tx.execute(
        update(CreditAccount)
        .where(
            CreditAccount.id == account,
            older_than(number, CreditAccount.shipping_epoch, CreditAccount.shipping_version),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )


consumers = Consumers()
consumers.keep_positions("shipping", keep_shipping_position, mark_shipping_unreadable)

"""The copy of customer-svc's position: whole, overwritten by what is newer."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import not_, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from fangxing import positions
from fangxing.inbox import Consumers, Incoming
from fangxing.money import Yuan
from fangxing.positions import Grade, Version, older_than
from fangxing.work import Work
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


async def keep_customer_position(work: Work, data: dict[str, Any]) -> None:
    """Overwrite the copy of customer-svc's position where `data` is newer; raises ValidationError for no position."""
    position = CustomerPosition.model_validate(data)
    account = CreditAccount
    number = Version(position.epoch, position.version)
    copied: dict[str, Any] = {
        "customer_epoch": position.epoch,
        "customer_version": position.version,
        "hold": False,
        **position.model_dump(exclude={"account_id", "epoch", "version"}),
    }
    following = number._replace(version=number.version + 1)
    # an unreadable one that is newer than this one still holds; this one itself, repaired, does not
    held = not_(older_than(following, account.unreadable_epoch, account.unreadable_version))
    await work.tx.execute(
        pg_insert(account)
        .values(id=position.account_id, **copied)
        .on_conflict_do_update(
            index_elements=["id"],
            set_={**copied, "hold": held},
            where=older_than(number, account.customer_epoch, account.customer_version),
        )
    )


async def hold_account(work: Work, key: str, version: tuple[int, int]) -> None:
    """Put the account on hold until the unreadable position is repaired or a newer one comes."""
    account_id = positions.account_id(key)
    if account_id is None:
        # no account can have this key, so there is none to hold; the inbox has said so in the log
        return
    await open_account(work.tx, account_id)
    account, number = CreditAccount, Version(*version)
    await work.tx.execute(
        update(account)
        .where(
            account.id == account_id,
            older_than(number, account.customer_epoch, account.customer_version),
            older_than(number, account.unreadable_epoch, account.unreadable_version),
        )
        .values(hold=True, unreadable_epoch=number.epoch, unreadable_version=number.version)
        .execution_options(synchronize_session=False)
    )


consumers = Consumers()
consumers.keep_positions("customer", keep_customer_position, hold_account)

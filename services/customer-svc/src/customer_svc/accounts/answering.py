"""A reader that could not read a position is answered: the position as it stands, under its next version."""

from uuid import UUID

from customer_svc.accounts.advancing import publish, take_next_position
from customer_svc.accounts.events import PositionRestated
from customer_svc.accounts.store import lock_account
from fangxing.work import Work


async def answer(work: Work, account_id: UUID, question: UUID) -> None:
    """Restate the account's position for whoever asked; raises `credit-account-not-found`."""
    account = await lock_account(work.tx, account_id)
    position = take_next_position(account)
    publish(work, PositionRestated(account_id=account.id, position=position, answers=question))

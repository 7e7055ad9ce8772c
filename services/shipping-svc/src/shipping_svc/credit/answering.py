"""A reader that could not read a position is answered: the position as it stands, under its next version."""

from uuid import UUID

from sqlalchemy import select

from fangxing.outbox import record
from fangxing.positions import account_document
from fangxing.work import Work
from shipping_svc.credit.errors import ACCOUNT_NOT_FOUND
from shipping_svc.credit.events import PositionRestated, position_of
from shipping_svc.credit.store import CreditAccount, advance


async def answer(work: Work, account_id: UUID, question: UUID) -> None:
    """Restate the account's position for whoever asked; raises `credit-account-not-found`."""
    if await work.tx.scalar(select(CreditAccount.id).where(CreditAccount.id == account_id)) is None:
        raise ACCOUNT_NOT_FOUND(account=account_id)
    position = position_of(await advance(work.tx, account_id))
    event = PositionRestated(account_id=account_id, position=position, answers=question)
    document = account_document(account_id)
    record(work, event, key=str(account_id), document=document, version=None, position=str(position.number))

"""Who sees a word by phone, and who may do what about it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, true

from fangxing.auth import Principal, role_required
from fangxing.breaches.rules import OPENERS
from fangxing.database import Tx
from fangxing.errors import DomainError
from fangxing.offers import Fits, fitting
from fangxing.phone.errors import NOT_ITS_CALLER, NOT_ITS_SUPERIOR, USED_ALREADY
from fangxing.phone.rules import WordAction
from fangxing.phone.store import PhoneWord
from fangxing.policies import PolicyBook


def visible(caller: Principal) -> ColumnElement[bool]:
    """The words `caller` sees: managers, audit and the GM all, everybody those he acted on, gave or answers for."""
    if caller.has(*OPENERS):
        return true()
    concerned = (PhoneWord.author, PhoneWord.superior, PhoneWord.liable)
    return or_(*(column.in_(caller.persons) for column in concerned))


def refusal(word: PhoneWord, actor: Principal, action: WordAction) -> DomainError | None:
    """Why `actor` may not take `action`; the superior confirms or denies in person, no deputy of his."""
    match action:
        case WordAction.CONFIRM | WordAction.DENY:
            if actor.id != word.superior or actor.on_behalf_of is not None:
                return NOT_ITS_SUPERIOR()
            return None if actor.has(word.superior_role) else role_required(word.superior_role)
        case WordAction.WITHDRAW:
            if word.author not in actor.persons:
                return NOT_ITS_CALLER()
            return USED_ALREADY() if word.uses else None
        case _:
            return NOT_ITS_CALLER() if actor.persons.isdisjoint({word.author, word.liable}) else None


def fits(word: PhoneWord, actor: Principal, action: WordAction) -> bool:
    """Whether `actor` may take `action`."""
    return refusal(word, actor, action) is None


@fitting(PhoneWord)
async def fits_words(tx: Tx, words: Sequence[PhoneWord], book: PolicyBook) -> Fits:
    """What fits words."""
    return fits

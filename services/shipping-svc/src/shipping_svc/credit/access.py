"""Who reads credit accounts and exceptions in writing."""

from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from fangxing.auth import Principal
from fangxing.database import Reader
from fangxing.roles import Role
from shipping_svc.credit.errors import ACCOUNT_NOT_FOUND
from shipping_svc.credit.rules import Figures
from shipping_svc.credit.store import FIGURES, CreditAccount
from shipping_svc.reference.access import CUSTOMERS, MONEY
from shipping_svc.reference.store import Customer

ACCOUNT_READERS = tuple(sorted(MONEY.roles))
EXCEPTION_READERS = tuple(sorted(MONEY.roles - {Role.SALES_REP}))


def accounts_of(caller: Principal) -> ColumnElement[bool]:
    """A rep sees the accounts of his own customers; the others see also one whose customer is not known yet."""
    if caller.has(*EXCEPTION_READERS):
        return true()
    return select(Customer.id).where(Customer.account_id == CreditAccount.id, CUSTOMERS(caller)).exists()


async def account_seen_by(reader: Reader, caller: Principal, account_id: UUID) -> Figures:
    """The account, where the caller sees it; raises `credit-account-not-found`."""
    statement = select(*FIGURES).where(CreditAccount.id == account_id, accounts_of(caller))
    row = (await reader.execute(statement)).mappings().first()
    if row is None:
        raise ACCOUNT_NOT_FOUND(account=account_id)
    return Figures(**row)

"""Who reads credit accounts and exceptions in writing."""

from uuid import UUID

from sqlalchemy import select

from fangxing.auth import Principal
from fangxing.database import Reader
from fangxing.roles import Role
from shipping_svc.credit.errors import ACCOUNT_NOT_FOUND
from shipping_svc.credit.rules import Figures
from shipping_svc.credit.store import FIGURES, CreditAccount
from shipping_svc.reference.store import Customer

EXCEPTION_READERS = (
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
    Role.AUDIT_MANAGER,
    Role.ADMINISTRATOR,
)
ACCOUNT_READERS = (Role.SALES_REP, *EXCEPTION_READERS)


async def account_seen_by(reader: Reader, caller: Principal, account_id: UUID) -> Figures:
    """The account, where the caller sees it: a rep sees those of his customers. Raises `credit-account-not-found`."""
    statement = select(*FIGURES).where(CreditAccount.id == account_id)
    if caller.only_own_customers:
        own = select(Customer.id).where(Customer.account_id == account_id, Customer.rep == caller.id)
        statement = statement.where(own.exists())
    row = (await reader.execute(statement)).mappings().first()
    if row is None:
        raise ACCOUNT_NOT_FOUND(account=account_id)
    return Figures(**row)

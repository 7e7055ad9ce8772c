"""Who sees contracts (1-3.9)."""

from uuid import UUID

from sqlalchemy import ColumnElement, select

from contract_svc.contracts.store import Contract
from contract_svc.reference.access import customers_of
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.roles import Role

READERS = (
    Role.SALES_REP,
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
    Role.PRODUCTION,
    Role.AUDIT_MANAGER,
    Role.ADMINISTRATOR,
)
"""A rep sees the contracts with his own customers; the others see all."""


def contracts_of(actor: Principal) -> ColumnElement[bool]:
    """The condition under which a contract exists for `actor`."""
    return Contract.customer_id.in_(customers_of(actor))


async def contract_for(tx: Tx, contract_id: UUID, actor: Principal, *, lock: bool = False) -> Contract:
    """The contract, its row locked on request, if `actor` may see it.

    Raises `contract-not-found`, also for a contract with a colleague's customer.
    """
    statement = select(Contract).where(Contract.id == contract_id, contracts_of(actor))
    if lock:
        # what the session read before it had the lock may be out of date
        statement = statement.with_for_update().execution_options(populate_existing=True)
    contract = await tx.scalar(statement)
    if contract is None:
        raise Contract.not_found(contract_id)
    return contract

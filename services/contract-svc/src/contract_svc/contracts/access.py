"""Who sees contracts, and what of them (1-3.9)."""

from uuid import UUID

from sqlalchemy import ColumnElement, select

from contract_svc.contracts.store import Contract
from contract_svc.reference.access import CUSTOMERS, customers_of
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.offers import fitting
from fangxing.roles import MONEY_ROLES, Role
from fangxing.sight import Group

MONEY = Group("money", MONEY_ROLES)
"""Who sees prices, totals and what was judged by them."""

READERS = (*MONEY.roles, Role.PRODUCTION)
"""A rep sees the contracts with his own customers; the others see all, production without the money."""

fitting(Contract)(CUSTOMERS.fits)


def contracts_of(actor: Principal) -> ColumnElement[bool]:
    """The condition under which a contract exists for `actor`."""
    return Contract.customer_id.in_(customers_of(actor))


async def locked_contract(tx: Tx, contract_id: UUID, actor: Principal) -> Contract:
    """The contract, its row locked, for what is done on it without moving it.

    Raises `contract-not-found`, also for a contract with a colleague's customer.
    """
    contract = await tx.scalar(
        select(Contract)
        .where(Contract.id == contract_id, contracts_of(actor))
        .with_for_update()
        # what the session read before it had the lock may be out of date
        .execution_options(populate_existing=True)
    )
    if contract is None:
        raise Contract.not_found(contract_id)
    return contract

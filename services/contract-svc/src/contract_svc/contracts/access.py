"""Who sees contracts (1-3.9)."""

from uuid import UUID

from contract_svc.contracts.errors import CONTRACT_NOT_FOUND
from contract_svc.contracts.store import Contract
from contract_svc.reference.access import sees
from contract_svc.reference.store import Customer
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


async def contract_for(tx: Tx, contract_id: UUID, actor: Principal, *, lock: bool = False) -> Contract:
    """The contract, its row locked on request, if `actor` may see it.

    Raises `contract-not-found`, also for a contract with a colleague's customer.
    """
    # populate_existing: what was read before the lock may be out of date by now.
    contract = await tx.get(Contract, contract_id, with_for_update=lock or None, populate_existing=lock)
    if contract is None or not sees(actor, await tx.get_one(Customer, contract.customer_id)):
        raise CONTRACT_NOT_FOUND(contract=contract_id)
    return contract

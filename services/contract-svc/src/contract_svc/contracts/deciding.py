"""Deciding about a contract: each step of its route signs, rejects or returns it."""

from uuid import UUID

from contract_svc.contracts.access import contracts_of
from contract_svc.contracts.events import ContractApproved
from contract_svc.contracts.rules import ContractAction, ContractStatus
from contract_svc.contracts.store import Contract
from contract_svc.reference.store import Customer
from fangxing import approvals
from fangxing.approvals import CaseStatus, Decide
from fangxing.documents import lock_for
from fangxing.outbox import record_fact
from fangxing.work import Work


async def decide_contract(work: Work, contract_id: UUID, body: Decide) -> Contract:
    """Decide the current step; with the last yes the contract is in force and published (4-4.2.1).

    Raises `contract-not-found`, `wrong-state`, `own-case`, `role-required`, `two-steps` or `figures-changed`.
    """
    contract = await lock_for(work, Contract, contract_id, ContractAction.DECIDE, contracts_of(work.actor))
    case = await approvals.decide_on(work, contract, body)
    if case.status is not CaseStatus.OPEN:
        contract.status = ContractStatus(case.status)
    if contract.status is ContractStatus.APPROVED:
        contract.approved_on = work.today
        await _publish(work, contract)
    return contract


async def _publish(work: Work, contract: Contract) -> None:
    customer = await work.tx.get_one(Customer, contract.customer_id)
    record_fact(work, ContractApproved.of(contract, customer), about=contract, key=str(customer.account_id))

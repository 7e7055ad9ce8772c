"""Deciding about a contract: each step of its route signs, rejects or returns it."""

from uuid import UUID

from contract_svc.contracts.access import contract_for
from contract_svc.contracts.events import ContractApproved
from contract_svc.contracts.rules import Status
from contract_svc.contracts.store import Contract
from contract_svc.reference.store import Customer
from fangxing import approvals
from fangxing.approvals import Decision
from fangxing.outbox import record_fact
from fangxing.work import Work


async def decide_contract(
    work: Work, contract_id: UUID, decision: Decision, *, seen_hash: str, comment: str | None
) -> Contract:
    """Decide the current step; with the last yes the contract is in force and published (4-4.2.1).

    Raises `contract-not-found`, `approval-not-found`, `role-required`, `own-case`, `two-steps` or `figures-changed`.
    """
    contract = await contract_for(work.tx, contract_id, work.actor, lock=True)
    case = await approvals.open_case(work, contract.document)
    await approvals.decide(work, case, decision, seen_hash=seen_hash, comment=comment)
    if case.status != "open":
        contract.status = Status(case.status)
    if contract.status is Status.APPROVED:
        contract.approved_on = work.today
        await _publish(work, contract)
    return contract


async def _publish(work: Work, contract: Contract) -> None:
    customer = await work.tx.get_one(Customer, contract.customer_id)
    event = ContractApproved.of(contract, customer)
    record_fact(work, event, about=contract, document=contract.document, key=str(customer.account_id))

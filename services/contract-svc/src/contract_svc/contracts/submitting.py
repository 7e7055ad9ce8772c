"""Submitting a contract: it goes on its route, or stays a draft and says what would make it pass."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from contract_svc.contracts.access import contracts_of
from contract_svc.contracts.assessing import Assessment, assess
from contract_svc.contracts.reasons import not_submitted, to_sign
from contract_svc.contracts.rules import ContractAction, ContractStatus
from contract_svc.contracts.store import Contract
from contract_svc.reference.store import Customer
from contract_svc.routing.policies import ROUTES
from fangxing import approvals, decision_log
from fangxing.decision_log import VerdictRow
from fangxing.documents import act, lock_to_judge, tell_author
from fangxing.tasks import close_tasks
from fangxing.verdicts import plain
from fangxing.work import Work


async def submit_contract(work: Work, contract_id: UUID) -> tuple[Contract, VerdictRow]:
    """Send a contract on the route that follows from it (4-4.3), or refuse it (4-4.2.2); the verdict is kept.

    Raises `contract-not-found`, `wrong-state` or `route-unset`.
    """
    contract = await lock_to_judge(work, Contract, contract_id, ContractAction.SUBMIT, contracts_of(work.actor))
    customer = await work.tx.get_one(Customer, contract.customer_id)
    assessment = await assess(work.tx, await work.policies(), work.today, contract, customer, work.actor)
    verdict = assessment.verdict()
    kept = decision_log.keep(work, "contract.routing", contract.document, verdict)
    contract.verdict = kept.content
    if verdict.allowed:
        await _start(work, contract, assessment)
    else:
        await _refuse(work, contract, customer)
    return contract, kept


async def _start(work: Work, contract: Contract, assessment: Assessment) -> None:
    """Freeze what the contract was judged by, and open its approval."""
    await act(work, contract, ContractAction.SUBMIT)
    route = await approvals.route_of(work, ROUTES, assessment.signatures.band)
    contract.status, contract.submitted_at = ContractStatus.IN_APPROVAL, work.now
    contract.assessment = assessment.content()
    for line in assessment.lines:
        line.line.price_level = line.level
        line.line.product_name = line.product.name if line.product else None
    await approvals.submit(
        work,
        contract,
        matter="contract",
        content=_signed_content(contract, assessment),
        route=route,
        title=to_sign(contract.number, assessment.customer.name),
    )


async def _refuse(work: Work, contract: Contract, customer: Customer) -> None:
    """Make the contract, which stays a draft, its author's task in place of what he was told before."""
    await close_tasks(work, contract.document)
    title = not_submitted(contract.number, customer.name)
    await tell_author(work, contract, kind="refused.contract", clause="4-4.2.2", title=title)


def _signed_content(contract: Contract, assessment: Assessment) -> dict[str, Any]:
    """What the deciders see and sign: the contract, the customer's standing, and what each of them looks at (4-3)."""
    customer, credit = assessment.customer, assessment.credit
    judged = assessment.content()
    lines = [
        {
            "product": str(line.product_id),
            "tons": plain(line.tons),
            "price_per_ton": plain(line.price_per_ton),
            "value": plain(line.value),
            **content,
        }
        for line, content in zip(contract.lines, judged["lines"], strict=True)
    ]
    return {
        "contract": str(contract.id),
        "number": contract.number,
        "version": contract.version,
        "customer": {
            "id": str(customer.id),
            "number": customer.number,
            "name": customer.name,
            "rep": customer.rep,
            "terms": asdict(customer.terms),
            "grade": credit.grade if credit else None,
            "limit": plain(credit.limit_amount) if credit else None,
        },
        "starts_on": plain(contract.starts_on),
        "ends_on": plain(contract.ends_on),
        "terms": asdict(contract.terms),
        "total": plain(contract.total),
        **judged,
        "lines": lines,
    }

"""Submitting a contract: it goes on its route, or stays a draft and says what would make it pass."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from contract_svc.contracts.access import contract_for
from contract_svc.contracts.assessing import Assessment, assess
from contract_svc.contracts.errors import NOT_A_DRAFT
from contract_svc.contracts.reasons import STATUS_NAMES, TO_SIGN
from contract_svc.contracts.rules import Status
from contract_svc.contracts.store import Contract
from contract_svc.reference.access import customer_for
from contract_svc.reference.reasons import filled
from contract_svc.routing.policies import ROUTES
from fangxing import approvals, decision_log
from fangxing.verdicts import plain
from fangxing.work import Work


async def submit_contract(work: Work, contract_id: UUID) -> Contract:
    """Send a contract on the route that follows from it (4-4.3), or refuse it (4-4.2.2); the verdict is kept.

    Raises `contract-not-found`, `contract-not-draft` or `route-unset`.
    """
    contract = await contract_for(work.tx, contract_id, work.actor, lock=True)
    if contract.status is not Status.DRAFT:
        raise NOT_A_DRAFT(status=STATUS_NAMES[contract.status])
    customer = await customer_for(work.tx, contract.customer_id, work.actor)
    assessment = await assess(work.tx, await work.policies(), work.today, contract, customer)
    verdict = assessment.verdict()
    kept = decision_log.keep(work, "contract.routing", contract.document, verdict)
    contract.verdict = {**kept.content, "hash": kept.hash}
    if verdict.allowed:
        await _start(work, contract, assessment)
    return contract


async def _start(work: Work, contract: Contract, assessment: Assessment) -> None:
    """Freeze what the contract was judged by, and open its approval."""
    route = await approvals.route_of(work, ROUTES, assessment.signatures.band)
    contract.status, contract.submitted_at = Status.IN_APPROVAL, work.now
    contract.assessment = assessment.content()
    for line in assessment.lines:
        line.line.price_level = line.level
        line.line.product_name = line.product.name if line.product else None
    approvals.submit(
        work,
        matter="contract",
        document=contract.document,
        content=_signed_content(contract, assessment),
        route=route,
        title=filled(TO_SIGN, number=contract.number, customer=assessment.customer.name, total=contract.total),
    )


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

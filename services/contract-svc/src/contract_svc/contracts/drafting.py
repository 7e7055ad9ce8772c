"""Drafting a contract, and revising it while nobody is deciding about it and nobody has signed it."""

from decimal import Decimal
from uuid import UUID

from contract_svc.contracts.access import contracts_of
from contract_svc.contracts.errors import DATES_REVERSED, NUMBER_TAKEN, TOTAL_TOO_LARGE
from contract_svc.contracts.rules import ContractAction, ContractStatus, duration, total_of
from contract_svc.contracts.shapes import DraftContract, ReviseContract
from contract_svc.contracts.store import Contract, ContractLine
from contract_svc.reference.access import customer_for
from fangxing.database import flush_unique
from fangxing.documents import born, lock_for
from fangxing.ids import new_id
from fangxing.money import value_of
from fangxing.work import Work

_TOTAL_BOUND = Decimal("1000000000000")


async def draft_contract(work: Work, body: DraftContract) -> Contract:
    """Draft a contract for one of the acting rep's customers (4-4.3).

    Raises `customer-not-found`, `contract-number-taken`, `contract-dates-reversed` or `contract-total-too-large`.
    """
    customer = await customer_for(work.tx, body.customer_id, work.actor)
    contract = Contract(
        id=new_id(),
        number=body.number,
        customer_id=customer.id,
        version=1,
        status=ContractStatus.DRAFT,
        author=work.actor.id,
        created_at=work.now,
        lines=[],
    )
    _write(contract, body)
    await born(work, contract, ContractAction.DRAFT)
    work.tx.add(contract)
    await flush_unique(work.tx, {"uq_contracts_number": NUMBER_TAKEN(number=body.number)})
    return contract


async def revise_contract(work: Work, contract_id: UUID, body: ReviseContract) -> Contract:
    """Put a new version in the place of a draft, or of a contract that was rejected or returned.

    Raises `contract-not-found`, `wrong-state`, `contract-dates-reversed` or `contract-total-too-large`.
    """
    contract = await lock_for(work, Contract, contract_id, ContractAction.REVISE, contracts_of(work.actor))
    contract.lines = []
    # Lines are told apart by their number, so the old ones go before the new ones come.
    await work.tx.flush()
    contract.version += 1
    contract.status = ContractStatus.DRAFT
    contract.submitted_at = contract.assessment = contract.verdict = None
    _write(contract, body)
    await work.tx.flush()
    return contract


def _write(contract: Contract, body: ReviseContract) -> None:
    if body.ends_on < body.starts_on:
        raise DATES_REVERSED()
    total = total_of((line.tons, line.price_per_ton) for line in body.lines)
    if total >= _TOTAL_BOUND:
        raise TOTAL_TOO_LARGE(bound=_TOTAL_BOUND)
    contract.starts_on, contract.ends_on = body.starts_on, body.ends_on
    contract.term = duration(body.starts_on, body.ends_on)
    contract.terms = body.terms.agreed
    contract.total = total
    contract.lines = [
        ContractLine(
            id=new_id(),
            number=number,
            product_id=line.product_id,
            tons=line.tons,
            price_per_ton=line.price_per_ton,
            value=value_of(line.tons, line.price_per_ton),
        )
        for number, line in enumerate(body.lines, 1)
    ]

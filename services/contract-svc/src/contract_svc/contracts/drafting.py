"""Drafting a contract, and revising it while nobody is deciding about it and nobody has signed it."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from contract_svc.contracts.access import contract_for
from contract_svc.contracts.errors import DATES_REVERSED, NOT_REVISABLE, NUMBER_TAKEN, TOTAL_TOO_LARGE
from contract_svc.contracts.reasons import STATUS_NAMES
from contract_svc.contracts.rules import REVISABLE, Status, duration, total_of
from contract_svc.contracts.shapes import DraftContract, ReviseContract
from contract_svc.contracts.store import Contract, ContractLine
from contract_svc.reference.access import customer_for
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
        facts=0,
        status=Status.DRAFT,
        author=work.actor.id,
        created_at=work.now,
        lines=[],
    )
    _write(contract, body)
    work.tx.add(contract)
    try:
        await work.tx.flush()
    except IntegrityError as error:
        if "uq_contracts_number" not in str(error.orig):
            raise
        raise NUMBER_TAKEN(number=body.number) from error
    return contract


async def revise_contract(work: Work, contract_id: UUID, body: ReviseContract) -> Contract:
    """Put a new version in the place of a draft, or of a contract that was rejected or returned.

    Raises `contract-not-found`, `contract-not-revisable`, `contract-dates-reversed` or `contract-total-too-large`.
    """
    contract = await contract_for(work.tx, contract_id, work.actor, lock=True)
    if contract.status not in REVISABLE:
        raise NOT_REVISABLE(status=STATUS_NAMES[contract.status])
    contract.lines = []
    # Lines are told apart by their number, so the old ones go before the new ones come.
    await work.tx.flush()
    contract.version += 1
    contract.status = Status.DRAFT
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

"""HTTP of the contracts feature."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query

from contract_svc.contracts import deciding, drafting, submitting
from contract_svc.contracts.access import READERS
from contract_svc.contracts.reading import read_contract
from contract_svc.contracts.rules import MOVES, ContractAction, ContractStatus, Duration
from contract_svc.contracts.shapes import ContractOut, ContractRow, DraftContract, ReviseContract, SubmissionOut
from contract_svc.contracts.store import CONTRACT_ROWS, Contract
from contract_svc.reference.access import CUSTOMERS
from contract_svc.reference.store import Customer
from fangxing.answers import HistoryOut, VerdictOut
from fangxing.approvals import Decide
from fangxing.text import Code, Language, Line
from fangxing.web.access import allow
from fangxing.web.edge import CallerLanguage, CurrentLook, CurrentPolicies, CurrentRuntime, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.history import history_of
from fangxing.web.listing import By, Called, File, Has, Is, Listing, ListQuery, Page, Where
from fangxing.work import Work

router = edge_router("contracts", "/contracts")


class ContractQuery(ListQuery):
    """What the list of contracts can be asked; `valid_on` lies within the contract's dates."""

    sort: Annotated[str, By(Contract.number, Contract.total, Contract.starts_on, Contract.ends_on)] = "-id"
    status: Annotated[ContractStatus | None, Is(Contract.status)] = None
    number: Annotated[Code | None, Called(Contract.number)] = None
    customer_id: Annotated[UUID | None, Is(Contract.customer_id)] = None
    rep: Annotated[Code | None, Is(Customer.rep)] = None
    term: Annotated[Duration | None, Is(Contract.term)] = None
    valid_on: Annotated[date | None, Where(lambda day: (Contract.starts_on <= day) & (Contract.ends_on >= day))] = None
    search: Annotated[Line | None, Has(number=Contract.number, customer=Contract.customer_id)] = None


CONTRACTS = Listing(ContractRow, ContractQuery, CONTRACT_ROWS, id=Contract.id, scope=CUSTOMERS)


async def _show(work: Work, contract: Contract, language: Language) -> ContractOut:
    look = await work.look(language)
    row = await CONTRACTS.one(look, contract.id, Contract.not_found(contract.id))
    return await read_contract(look, row, await work.policies(), work.today)


@router.post("", status_code=201)
@allow(MOVES[ContractAction.DRAFT])
async def draft_contract(body: DraftContract, work: CurrentWork, language: CallerLanguage) -> ContractOut:
    """Draft a contract for one's own customer; the answer foresees the route with the reason of each step (4-4.3)."""
    return await _show(work, await drafting.draft_contract(work, body), language)


@router.get("")
@allow(*READERS)
async def list_contracts(look: CurrentLook, query: Annotated[ContractQuery, Query()]) -> Page[ContractRow] | File:
    """Contracts, newest first; a rep sees those with his own customers."""
    return await CONTRACTS.page(look, query)


@router.get("/{contract_id}")
@allow(*READERS)
async def get_contract(
    contract_id: UUID, look: CurrentLook, book: CurrentPolicies, runtime: CurrentRuntime
) -> ContractOut:
    """One contract; a colleague's contract does not exist for a rep."""
    row = await CONTRACTS.one(look, contract_id, Contract.not_found(contract_id))
    return await read_contract(look, row, book, (await runtime.clock.time(look.reader)).today)


@router.get("/{contract_id}/history")
@allow(*READERS)
async def get_contract_history(contract_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """What was done with a contract, by whom and when, oldest first."""
    return await history_of(look, CONTRACTS, Contract, contract_id)


@router.put("/{contract_id}")
@allow(MOVES[ContractAction.REVISE])
async def revise_contract(
    contract_id: UUID, body: ReviseContract, work: CurrentWork, language: CallerLanguage
) -> ContractOut:
    """Put a new version in the place of a draft, or of a contract that was returned or rejected."""
    return await _show(work, await drafting.revise_contract(work, contract_id, body), language)


@router.post("/{contract_id}/submission")
@allow(MOVES[ContractAction.SUBMIT])
async def submit_contract(contract_id: UUID, work: CurrentWork, language: CallerLanguage) -> SubmissionOut:
    """Send the draft on its route; `verdict` says which, or why it stays a draft and what would make it pass."""
    contract, verdict = await submitting.submit_contract(work, contract_id)
    return SubmissionOut(
        allowed=verdict.allowed,
        verdict=VerdictOut.show(verdict.content, language),
        contract=await _show(work, contract, language),
    )


@router.post("/{contract_id}/decisions")
@allow(MOVES[ContractAction.DECIDE])
async def decide_contract(contract_id: UUID, body: Decide, work: CurrentWork, language: CallerLanguage) -> ContractOut:
    """Approve, reject or return the contract at the current step; the last yes puts it in force."""
    return await _show(work, await deciding.decide_contract(work, contract_id, body), language)

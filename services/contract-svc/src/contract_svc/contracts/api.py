"""HTTP of the contracts feature."""

from datetime import date
from uuid import UUID

from contract_svc.contracts import deciding, drafting, submitting
from contract_svc.contracts.access import READERS, contract_for
from contract_svc.contracts.rules import Duration, Status
from contract_svc.contracts.shapes import ContractOut, ContractRow, DraftContract, ReviseContract
from contract_svc.contracts.showing import show_contract
from contract_svc.contracts.store import CONTRACT_ROWS, Contract
from contract_svc.reference.access import seen_by
from contract_svc.reference.store import Customer
from contract_svc.routing.rules import DECIDERS
from fangxing import policies
from fangxing.database import reading
from fangxing.roles import Role
from fangxing.text import Code, Language
from fangxing.web.access import allow
from fangxing.web.deciding import Decide
from fangxing.web.edge import Caller, CallerLanguage, CurrentReader, CurrentRuntime, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from fangxing.work import Work

router = edge_router("contracts", "/contracts")

_SORTS = {
    "number": Contract.number,
    "total": Contract.total,
    "starts_on": Contract.starts_on,
    "ends_on": Contract.ends_on,
}


async def _show(work: Work, contract: Contract, language: Language) -> ContractOut:
    return await show_contract(work.tx, await work.policies(), work.today, contract, language)


@router.post("", status_code=201)
@allow(Role.SALES_REP)
async def draft_contract(body: DraftContract, work: CurrentWork, language: CallerLanguage) -> ContractOut:
    """Draft a contract for one's own customer; the answer foresees the route with the reason of each step (4-4.3)."""
    return await _show(work, await drafting.draft_contract(work, body), language)


@router.get("")
@allow(*READERS)
async def list_contracts(
    reader: CurrentReader,
    caller: Caller,
    status: Status | None = None,
    number: Code | None = None,
    customer_id: UUID | None = None,
    rep: Code | None = None,
    term: Duration | None = None,
    valid_on: date | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ContractRow]:
    """Contracts, newest first; a rep sees those with his own customers. `valid_on` lies within the contract's dates."""
    wanted = {
        Contract.status: status,
        Contract.number: number,
        Contract.customer_id: customer_id,
        Customer.rep: rep,
        Contract.term: term,
    }
    rows = seen_by(caller, CONTRACT_ROWS)
    rows = rows.where(*(column == value for column, value in wanted.items() if value is not None))
    if valid_on is not None:
        rows = rows.where(Contract.starts_on <= valid_on, Contract.ends_on >= valid_on)
    return await page(reader, rows, ContractRow.show, sorts=_SORTS, id=Contract.id, sort=sort, after=after, limit=limit)


@router.get("/{contract_id}")
@allow(*READERS)
async def get_contract(
    contract_id: UUID, reader: CurrentReader, caller: Caller, runtime: CurrentRuntime, language: CallerLanguage
) -> ContractOut:
    """One contract; a colleague's contract does not exist for a rep."""
    today = (await runtime.clock.time(reader)).today
    book = await policies.load(reader, runtime.service.policies, today)
    async with reading(reader) as tx:
        contract = await contract_for(tx, contract_id, caller)
        return await show_contract(tx, book, today, contract, language)


@router.put("/{contract_id}")
@allow(Role.SALES_REP)
async def revise_contract(
    contract_id: UUID, body: ReviseContract, work: CurrentWork, language: CallerLanguage
) -> ContractOut:
    """Put a new version in the place of a draft, or of a contract that was returned or rejected."""
    return await _show(work, await drafting.revise_contract(work, contract_id, body), language)


@router.post("/{contract_id}/submission")
@allow(Role.SALES_REP)
async def submit_contract(contract_id: UUID, work: CurrentWork, language: CallerLanguage) -> ContractOut:
    """Send the draft on its route; `verdict` says which, or why it stays a draft and what would make it pass."""
    return await _show(work, await submitting.submit_contract(work, contract_id), language)


@router.post("/{contract_id}/decisions")
@allow(*DECIDERS)
async def decide_contract(contract_id: UUID, body: Decide, work: CurrentWork, language: CallerLanguage) -> ContractOut:
    """Approve, reject or return the contract at the current step; the last yes puts it in force."""
    contract = await deciding.decide_contract(
        work, contract_id, body.decision, seen_hash=body.seen_hash, comment=body.comment
    )
    return await _show(work, contract, language)

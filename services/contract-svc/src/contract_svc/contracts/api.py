"""HTTP of the contracts feature."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import select

from contract_svc.access import CONTRACT_READERS
from contract_svc.contracts import rules, service
from contract_svc.contracts.output import ContractOut, ContractSummary, Status, contract_out, summary_of_row
from contract_svc.contracts.policies import DECIDERS
from contract_svc.contracts.store import Contract
from contract_svc.reference.store import Customer
from fangxing import policies
from fangxing.database import reading
from fangxing.money import Currency, PositiveTons, PositiveYuan
from fangxing.roles import Role
from fangxing.text import Code, Language, Text
from fangxing.validation import invalid
from fangxing.web.access import allow
from fangxing.web.deciding import Decide
from fangxing.web.edge import Caller, CallerLanguage, CurrentReader, CurrentRuntime, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from fangxing.work import Work

router = edge_router("contracts", "/contracts")

_Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


_DAYS_GO_WITH_CREDIT = Text("赊销须有天数，其他结算方式为 0 天", "days go with credit, and with credit alone")


class TermsIn(BaseModel):
    """Payment terms: credit of 1 to 180 days, payment before shipping, or cash on delivery."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["credit", "prepaid", "cash_on_delivery"]
    days: int = Field(default=0, ge=0, le=180)

    @model_validator(mode="after")
    def _days_go_with_credit(self) -> "TermsIn":
        if (self.kind == "credit") != (self.days > 0):
            raise invalid("days-and-kind", _DAYS_GO_WITH_CREDIT)
        return self


class LineIn(BaseModel):
    """A line: tons of a product at a price in yuan per ton incl. tax."""

    model_config = ConfigDict(extra="forbid")
    product_id: UUID
    tons: Annotated[PositiveTons, Field(le=Decimal("1000000.000"))]
    price_per_ton: Annotated[PositiveYuan, Field(le=Decimal("10000000.00"))]


class ContractRevision(BaseModel):
    """What a revision puts in the place of the version before."""

    model_config = ConfigDict(extra="forbid")
    starts_on: _Day
    ends_on: _Day
    terms: TermsIn
    currency: Currency = "CNY"
    lines: list[LineIn] = Field(min_length=1, max_length=100)

    def draft(self) -> service.Draft:
        """The revision as the use cases take it."""
        return service.Draft(
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            terms=rules.Terms(self.terms.kind, self.terms.days),
            lines=[service.DraftLine(line.product_id, line.tons, line.price_per_ton) for line in self.lines],
        )


class ContractDraft(ContractRevision):
    """A contract draft 合同草案. Type, price levels, total and route follow from it and are never typed."""

    number: Code
    customer_id: UUID


async def _out(work: Work, contract: Contract, language: Language) -> ContractOut:
    return await contract_out(work.tx, await work.policies(), work.today, contract, language)


@router.post("", status_code=201)
@allow(Role.SALES_REP)
async def draft_contract(body: ContractDraft, work: CurrentWork, language: CallerLanguage) -> ContractOut:
    """Draft a contract for one's own customer; the answer foresees the route with the reason of each step (4-4.3)."""
    contract = await service.draft_contract(work, number=body.number, customer_id=body.customer_id, draft=body.draft())
    return await _out(work, contract, language)


_ROWS = select(Contract.__table__, Customer.name.label("customer_name"), Customer.account_id, Customer.rep).join_from(
    Contract, Customer, Contract.customer_id == Customer.id
)


_SORTS = {
    "number": Contract.number,
    "total": Contract.total,
    "starts_on": Contract.starts_on,
    "ends_on": Contract.ends_on,
}


@router.get("")
@allow(*CONTRACT_READERS)
async def list_contracts(
    reader: CurrentReader,
    caller: Caller,
    status: Status | None = None,
    number: Code | None = None,
    customer_id: UUID | None = None,
    rep: Code | None = None,
    term: Literal["long", "short"] | None = None,
    valid_on: date | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ContractSummary]:
    """Contracts, newest first; a rep sees those with his own customers. `valid_on` lies within the contract's dates."""
    wanted = {
        Contract.status: status,
        Contract.number: number,
        Contract.customer_id: customer_id,
        Customer.rep: rep,
        Contract.long: None if term is None else term == "long",
    }
    statement = _ROWS.where(*(column == value for column, value in wanted.items() if value is not None))
    if caller.only_own_customers:
        statement = statement.where(Customer.rep == caller.id)
    if valid_on is not None:
        statement = statement.where(Contract.starts_on <= valid_on, Contract.ends_on >= valid_on)
    return await page(
        reader,
        statement,
        summary_of_row,
        sorts=_SORTS,
        id=Contract.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.get("/{contract_id}")
@allow(*CONTRACT_READERS)
async def get_contract(
    contract_id: UUID, reader: CurrentReader, caller: Caller, runtime: CurrentRuntime, language: CallerLanguage
) -> ContractOut:
    """One contract; a colleague's contract does not exist for a rep."""
    today = (await runtime.clock.time(reader)).today
    book = await policies.load(reader, runtime.service.policies, today)
    async with reading(reader) as tx:
        contract = await service.contract_for(tx, contract_id, caller)
        return await contract_out(tx, book, today, contract, language)


@router.put("/{contract_id}")
@allow(Role.SALES_REP)
async def revise_contract(
    contract_id: UUID, body: ContractRevision, work: CurrentWork, language: CallerLanguage
) -> ContractOut:
    """Put a new version in the place of a draft, or of a contract that was returned or rejected."""
    return await _out(work, await service.revise_contract(work, contract_id, body.draft()), language)


@router.post("/{contract_id}/submission")
@allow(Role.SALES_REP)
async def submit_contract(contract_id: UUID, work: CurrentWork, language: CallerLanguage) -> ContractOut:
    """Send the draft on its route; `verdict` says which, or why it stays a draft and what would make it pass."""
    return await _out(work, await service.submit_contract(work, contract_id), language)


@router.post("/{contract_id}/decisions")
@allow(*DECIDERS)
async def decide_contract(contract_id: UUID, body: Decide, work: CurrentWork, language: CallerLanguage) -> ContractOut:
    """Approve, reject or return the contract at the current step; the last yes puts it in force."""
    contract = await service.decide_contract(
        work, contract_id, body.decision, seen_hash=body.seen_hash, comment=body.comment
    )
    return await _out(work, contract, language)

"""Contracts as the API shows them: what was drafted, what follows from it, and how far it has come."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy.engine import RowMapping

from contract_svc.contracts.assessment import assess
from contract_svc.contracts.events import Terms
from contract_svc.contracts.store import Contract, ContractLine
from contract_svc.orders.policies import CALLOFF_TOLERANCE
from contract_svc.orders.progress import Progress, of_contract_lines
from contract_svc.orders.rules import left_of
from contract_svc.reference.store import Customer
from fangxing import approvals
from fangxing.database import Tx
from fangxing.money import Currency, Tons, Yuan
from fangxing.policies import PolicyBook
from fangxing.text import Language
from fangxing.verdicts import localized

Status = Literal["draft", "pending", "approved", "rejected", "returned"]


class ReasonOut(BaseModel):
    """A reason with its clause, in the caller's language."""

    slug: str
    clause: str
    text: str
    remedy: str | None = None
    params: dict[str, Any]


class PointOut(BaseModel):
    """One thing a reviewer must look at (4-3)."""

    point: str
    text: str


class StepOut(BaseModel):
    """One step of the route, with the reason it is there."""

    number: int
    role: str
    reasons: list[ReasonOut]
    look_at: list[PointOut]


class RouteOut(BaseModel):
    """The exact route (4-4.3): foreseen while the contract can still be revised, frozen from submission on."""

    frozen: bool
    band: str
    may_be_submitted: bool
    refusals: list[ReasonOut] = Field(
        description="why it cannot be submitted as it stands, and what would make it pass"
    )
    policy: dict[str, Any]
    steps: list[StepOut]


class LineOut(BaseModel):
    """A contract line, tons and yuan incl. tax. `released` is not yet shipped, `left` is what can be called off."""

    contract_line_id: UUID
    number: int
    product_id: UUID
    product_code: str | None
    product_name: str | None
    tons: Tons
    price_per_ton: Yuan
    value: Yuan
    lifecycle: str | None
    irregular: bool
    price_level: Literal["sales_rep", "sales_manager", "general_manager"]
    price_reason: ReasonOut
    base_price: Yuan | None
    price_version: int | None
    ordered: Tons
    released: Tons
    shipped: Tons
    returned: Tons
    left: Tons


class ContractSummary(BaseModel):
    """A contract in a list."""

    id: UUID
    number: str
    version: int
    status: Status
    customer_id: UUID
    customer_name: str
    account_id: UUID
    rep: str
    starts_on: date
    ends_on: date
    term: Literal["long", "short"]
    terms: Terms
    currency: Currency = "CNY"
    total: Yuan
    approved_on: date | None


class ContractOut(ContractSummary):
    """A contract with everything that follows from it. `verdict` is the answer to the last submission."""

    irregular: bool
    special_terms: bool
    lines: list[LineOut]
    route: RouteOut
    verdict: dict[str, Any] | None
    approval: dict[str, Any] | None


async def contract_out(tx: Tx, book: PolicyBook, day: date, contract: Contract, language: Language) -> ContractOut:
    """The whole of `contract`; what is not frozen yet is derived as of `day` by the policies of `book`."""
    await tx.flush()
    customer = await tx.get_one(Customer, contract.customer_id)
    frozen = contract.assessment is not None
    judged = contract.assessment or (await assess(tx, book, day, contract, customer)).content()
    progress = await of_contract_lines(tx, [line.id for line in contract.lines])
    tolerance = book.get(CALLOFF_TOLERANCE)
    return ContractOut(
        **summary(contract, customer),
        irregular=judged["irregular"],
        special_terms=judged["special_terms"],
        lines=[
            _line(line, found, progress[line.id], tolerance, language)
            for line, found in zip(contract.lines, judged["lines"], strict=True)
        ],
        route=_route(judged["route"], frozen, language),
        verdict=localized(contract.verdict, language) if contract.verdict else None,
        approval=await _approval(tx, contract),
    )


def summary(contract: Contract, customer: Customer) -> dict[str, Any]:
    """The fields of a `ContractSummary`."""
    return {
        "id": contract.id,
        "number": contract.number,
        "version": contract.version,
        "status": contract.status,
        "customer_id": customer.id,
        "customer_name": customer.name,
        "account_id": customer.account_id,
        "rep": customer.rep,
        "starts_on": contract.starts_on,
        "ends_on": contract.ends_on,
        "term": "long" if contract.long else "short",
        "terms": Terms.model_validate({"kind": contract.terms_kind, "days": contract.terms_days}),
        "total": contract.total,
        "approved_on": contract.approved_on,
    }


def summary_of_row(row: RowMapping) -> ContractSummary:
    """A row of the list as a `ContractSummary`."""
    plain = {name: row[name] for name in ContractSummary.model_fields if name not in ("term", "terms", "currency")}
    terms = Terms.model_validate({"kind": row["terms_kind"], "days": row["terms_days"]})
    return ContractSummary(**plain, term="long" if row["long"] else "short", terms=terms)


def _line(
    line: ContractLine, found: dict[str, Any], progress: Progress, tolerance: Decimal | None, language: Language
) -> LineOut:
    derived = {name: found[name] for name in ("product_code", "product_name", "lifecycle", "irregular")}
    price = {name: found[name] for name in ("price_level", "base_price", "price_version")}
    return LineOut(
        contract_line_id=line.id,
        number=line.number,
        product_id=line.product_id,
        tons=line.tons,
        price_per_ton=line.price_per_ton,
        value=line.value,
        **derived,
        **price,
        price_reason=_reason(found["price_reason"], language),
        ordered=progress.ordered,
        released=progress.released,
        shipped=progress.shipped,
        returned=progress.returned,
        left=left_of(line.tons, progress.ordered, tolerance),
    )


def _route(route: dict[str, Any], frozen: bool, language: Language) -> RouteOut:
    return RouteOut(
        frozen=frozen,
        band=route["band"],
        may_be_submitted=route["may_be_submitted"] and not frozen,
        refusals=[_reason(reason, language) for reason in route["refusals"]],
        policy=route["policy"],
        steps=[
            StepOut(
                number=step["number"],
                role=step["role"],
                reasons=[_reason(reason, language) for reason in step["reasons"]],
                look_at=[PointOut(point=point["point"], text=point["text"][language]) for point in step["look_at"]],
            )
            for step in route["steps"]
        ],
    )


def _reason(reason: dict[str, Any], language: Language) -> ReasonOut:
    remedy = reason.get("remedy")
    return ReasonOut(
        slug=reason["slug"],
        clause=reason["clause"],
        text=reason["text"][language],
        remedy=remedy[language] if remedy else None,
        params=reason["params"],
    )


async def _approval(tx: Tx, contract: Contract) -> dict[str, Any] | None:
    """The case of the contract as it stands; a revision starts without one."""
    if contract.submitted_at is None:
        return None
    return (await approvals.latest(tx, [contract.document])).get(contract.document)

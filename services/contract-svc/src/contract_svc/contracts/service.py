"""Use cases of the contracts feature: draft, revise, submit, decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from contract_svc.contracts import rules
from contract_svc.contracts.assessment import Assessment, assess
from contract_svc.contracts.events import ApprovedLine, ContractApproved, Terms
from contract_svc.contracts.policies import ROUTES
from contract_svc.contracts.store import Contract, ContractLine
from contract_svc.reference.lookup import customer_for
from contract_svc.reference.store import Customer
from fangxing import approvals, decision_log
from fangxing.approvals import Decision
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.money import value_of
from fangxing.outbox import record_fact
from fangxing.text import Text
from fangxing.verdicts import plain
from fangxing.work import Work

CONTRACT_NOT_FOUND = ErrorType(
    "contract-not-found", Kind.NOT_FOUND, "没有合同 {contract}", "There is no contract {contract}"
)
NUMBER_TAKEN = ErrorType(
    "contract-number-taken",
    Kind.CONFLICT,
    "合同编号 {number} 已被使用",
    "The contract number {number} is taken",
    field="number",
)
NOT_A_DRAFT = ErrorType(
    "contract-not-draft",
    Kind.CONFLICT,
    "合同状态为 {status}，只有草案可以提交；被退回或否决的请先修改",
    "The contract is {status}; only a draft is submitted: revise what was returned or rejected first",
    clause="4-4.3",
)
NOT_REVISABLE = ErrorType(
    "contract-not-revisable",
    Kind.CONFLICT,
    "合同状态为 {status}，不能修改",
    "The contract is {status} and cannot be revised",
    clause="4-4.3",
)
DATES_REVERSED = ErrorType(
    "contract-dates-reversed",
    Kind.INVALID,
    "合同结束日期早于开始日期",
    "The contract ends before it starts",
    field="ends_on",
)
TOTAL_TOO_LARGE = ErrorType(
    "contract-total-too-large",
    Kind.INVALID,
    "合同总价不得达到 {bound} 元",
    "The contract's total must stay below {bound} yuan",
    field="lines",
)

_REVISABLE = ("draft", "rejected", "returned")
_TOTAL_BOUND = Decimal("1000000000000")


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line as the rep drafts it: tons of a product at yuan per ton incl. tax."""

    product_id: UUID
    tons: Decimal
    price_per_ton: Decimal


@dataclass(frozen=True, slots=True)
class Draft:
    """What the rep may change with a revision."""

    starts_on: date
    ends_on: date
    terms: rules.Terms
    lines: Sequence[DraftLine]


async def draft_contract(work: Work, *, number: str, customer_id: UUID, draft: Draft) -> Contract:
    """Draft a contract for one of the acting rep's customers (4-4.3).

    Raises `customer-not-found`, `contract-number-taken`, `contract-dates-reversed` or `contract-total-too-large`.
    """
    customer = await customer_for(work.tx, customer_id, work.actor)
    contract = Contract(
        id=new_id(),
        number=number,
        customer_id=customer.id,
        version=1,
        facts=0,
        status="draft",
        drafted_by=work.actor.id,
        drafted_at=work.now,
        lines=[],
    )
    _write(contract, draft)
    work.tx.add(contract)
    try:
        await work.tx.flush()
    except IntegrityError as error:
        if "uq_contracts_number" not in str(error.orig):
            raise
        raise NUMBER_TAKEN(number=number) from error
    return contract


async def revise_contract(work: Work, contract_id: UUID, draft: Draft) -> Contract:
    """Put a new version in the place of a draft, or of a contract that was rejected or returned.

    Raises `contract-not-found`, `contract-not-revisable`, `contract-dates-reversed` or `contract-total-too-large`.
    """
    contract = await _locked(work, contract_id)
    if contract.status not in _REVISABLE:
        raise NOT_REVISABLE(status=contract.status)
    contract.lines = []
    # Lines are told apart by their number, so the old ones go before the new ones come.
    await work.tx.flush()
    contract.version += 1
    contract.status = "draft"
    contract.submitted_at = contract.assessment = contract.verdict = None
    _write(contract, draft)
    await work.tx.flush()
    return contract


def _write(contract: Contract, draft: Draft) -> None:
    if draft.ends_on < draft.starts_on:
        raise DATES_REVERSED()
    total = rules.total_of([(line.tons, line.price_per_ton) for line in draft.lines])
    if total >= _TOTAL_BOUND:
        raise TOTAL_TOO_LARGE(bound=_TOTAL_BOUND)
    contract.starts_on, contract.ends_on = draft.starts_on, draft.ends_on
    contract.long = rules.is_long(draft.starts_on, draft.ends_on)
    contract.terms_kind, contract.terms_days = draft.terms.kind, draft.terms.days
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
        for number, line in enumerate(draft.lines, 1)
    ]


async def contract_for(tx: Tx, contract_id: UUID, actor: Principal, *, lock: bool = False) -> Contract:
    """The contract, its row locked on request, if `actor` may see it.

    Raises `contract-not-found`, also for a contract with a colleague's customer.
    """
    # populate_existing: what was read before the lock may be out of date by now.
    contract = await tx.get(Contract, contract_id, with_for_update=lock or None, populate_existing=lock)
    customer = await tx.get_one(Customer, contract.customer_id) if contract else None
    if contract is None or customer is None or (actor.only_own_customers and customer.rep != actor.id):
        raise CONTRACT_NOT_FOUND(contract=contract_id)
    return contract


async def _locked(work: Work, contract_id: UUID) -> Contract:
    return await contract_for(work.tx, contract_id, work.actor, lock=True)


async def submit_contract(work: Work, contract_id: UUID) -> Contract:
    """Send a contract on the route that follows from it (4-4.3), or refuse it (4-4.2.2); the verdict is kept.

    Raises `contract-not-found`, `contract-not-draft` or `route-unset`.
    """
    contract = await _locked(work, contract_id)
    if contract.status != "draft":
        raise NOT_A_DRAFT(status=contract.status)
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
    customer = assessment.customer
    route = await approvals.route_of(work, ROUTES, assessment.signatures.band)
    contract.status, contract.submitted_at = "pending", work.now
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
        title=Text(
            f"销售合同 {contract.number}：{customer.name}，{contract.total} 元",
            f"Contract {contract.number}: {customer.name}, {contract.total} yuan",
        ),
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
            "terms": {"kind": customer.terms_kind, "days": customer.terms_days},
            "grade": credit.grade if credit else None,
            "limit": plain(credit.limit_amount) if credit else None,
        },
        "starts_on": plain(contract.starts_on),
        "ends_on": plain(contract.ends_on),
        "terms": {"kind": contract.terms_kind, "days": contract.terms_days},
        "total": plain(contract.total),
        **judged,
        "lines": lines,
    }


async def decide_contract(
    work: Work, contract_id: UUID, decision: Decision, *, seen_hash: str, comment: str | None
) -> Contract:
    """Decide the current step; with the last yes the contract is in force and published (4-4.2.1).

    Raises `contract-not-found`, `approval-not-found`, `role-required`, `own-case`, `two-steps` or `figures-changed`.
    """
    contract = await _locked(work, contract_id)
    case = await approvals.open_case(work, contract.document)
    await approvals.decide(work, case, decision, seen_hash=seen_hash, comment=comment)
    if case.status != "open":
        contract.status = case.status
    if contract.status == "approved":
        contract.approved_on = work.today
        customer = await work.tx.get_one(Customer, contract.customer_id)
        _publish_approved(work, contract, customer)
    return contract


def _publish_approved(work: Work, contract: Contract, customer: Customer) -> None:
    event = ContractApproved(
        contract_id=contract.id,
        number=contract.number,
        customer_id=customer.id,
        account_id=customer.account_id,
        rep=customer.rep,
        total=contract.total,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        terms=Terms.model_validate({"kind": contract.terms_kind, "days": contract.terms_days}),
        lines=[
            ApprovedLine.model_validate(
                {
                    "contract_line_id": line.id,
                    "product_id": line.product_id,
                    "product_name": line.product_name,
                    "tons": line.tons,
                    "price_per_ton": line.price_per_ton,
                    "price_level": line.price_level,
                }
            )
            for line in contract.lines
        ],
    )
    record_fact(work, event, about=contract, document=contract.document, key=str(customer.account_id))

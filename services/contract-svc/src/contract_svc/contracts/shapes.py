"""What is asked of contracts, and what is answered: what was drafted, what follows from it, and how far it has come."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from contract_svc.contracts.access import MONEY
from contract_svc.contracts.reasons import DAYS_GO_WITH_CREDIT
from contract_svc.contracts.rules import ContractAction, ContractStatus, Duration, are_whole
from contract_svc.contracts.store import ContractLine
from contract_svc.progress.rules import Progress
from contract_svc.progress.shapes import LineProgress
from contract_svc.reference.rules import Level, Lifecycle, Terms
from contract_svc.reference.shapes import TermsOut
from contract_svc.routing.rules import Band
from fangxing.answers import ApprovalOut, ApprovalPolicy, Figure, Judged, VerdictOut
from fangxing.money import Currency, PositiveTons, PositiveYuan, Tons, Yuan
from fangxing.roles import Role
from fangxing.sight import SeenBy
from fangxing.terms import TermsKind
from fangxing.text import Code, Language, Text
from fangxing.validation import Body, invalid

_Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


class TermsAsked(Body):
    """Payment terms: credit of 1 to 180 days, payment before shipping, or cash on delivery."""

    kind: TermsKind
    days: int = Field(default=0, ge=0, le=180)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not are_whole(self.agreed):
            raise invalid("days-and-kind", DAYS_GO_WITH_CREDIT)
        return self

    @property
    def agreed(self) -> Terms:
        """The terms once they are written into the contract."""
        return Terms(self.kind, self.days)


class LineAsked(Body):
    """A line: tons of a product at a price in yuan per ton incl. tax."""

    product_id: UUID
    tons: Annotated[PositiveTons, Field(le=Decimal("1000000.000"))]
    price_per_ton: Annotated[PositiveYuan, Field(le=Decimal("10000000.00"))]


class ReviseContract(Body):
    """What a revision puts in the place of the version before."""

    starts_on: _Day
    ends_on: _Day
    terms: TermsAsked
    currency: Currency = "CNY"
    lines: list[LineAsked] = Field(min_length=1, max_length=100)


class DraftContract(ReviseContract):
    """A contract draft 合同草案. Duration, price levels, total and route follow from it and are never typed."""

    number: Code
    customer_id: UUID


class ReasonOut(BaseModel):
    """A reason with its clause, in the caller's language."""

    slug: str
    clause: str
    text: str
    remedy: str | None = None
    params: dict[str, Figure]

    @classmethod
    def show(cls, reason: Mapping[str, Any], language: Language) -> Self:
        """A stored reason in one language."""
        remedy = reason.get("remedy")
        said = {"text": reason["text"][language], "remedy": remedy[language] if remedy else None}
        return cls.model_validate({**reason, **said})


class PointOut(BaseModel):
    """One thing a reviewer must look at (4-3)."""

    point: str
    text: str


class StepOut(BaseModel):
    """One step of the route, with the reason it is there."""

    number: int
    role: Role
    reasons: Annotated[list[ReasonOut] | None, SeenBy(MONEY)]
    look_at: list[PointOut]

    @classmethod
    def show(cls, step: Mapping[str, Any], language: Language) -> Self:
        """An assessed step in one language."""
        return cls(
            number=step["number"],
            role=step["role"],
            reasons=[ReasonOut.show(reason, language) for reason in step["reasons"]],
            look_at=[PointOut(point=point["point"], text=point["text"][language]) for point in step["look_at"]],
        )


class RouteOut(BaseModel):
    """The exact route (4-4.3): foreseen while the contract can still be revised, frozen from submission on."""

    frozen: bool
    band: Band
    may_be_submitted: bool
    refusals: list[ReasonOut] = Field(
        description="why it cannot be submitted as it stands, and what would make it pass"
    )
    policy: ApprovalPolicy
    steps: list[StepOut]

    @classmethod
    def show(cls, route: Mapping[str, Any], language: Language, *, frozen: bool) -> Self:
        """An assessed route in one language."""
        return cls(
            frozen=frozen,
            band=route["band"],
            may_be_submitted=route["may_be_submitted"] and not frozen,
            refusals=[ReasonOut.show(reason, language) for reason in route["refusals"]],
            policy=ApprovalPolicy.model_validate(route["policy"]),
            steps=[StepOut.show(step, language) for step in route["steps"]],
        )


class ContractLineOut(LineProgress):
    """A contract line, tons and yuan incl. tax; `left` is what can still be called off."""

    contract_line_id: UUID
    number: int
    product_id: UUID
    product_code: str | None
    product_name: str | None
    tons: Tons
    price_per_ton: Annotated[Yuan | None, SeenBy(MONEY)]
    value: Annotated[Yuan | None, SeenBy(MONEY)]
    lifecycle: Lifecycle | None
    irregular: bool
    price_level: Level
    price_reason: Annotated[ReasonOut | None, SeenBy(MONEY)]
    base_price: Annotated[Yuan | None, SeenBy(MONEY)]
    price_version: int | None
    left: Tons

    @classmethod
    def show(
        cls, line: ContractLine, judged: Mapping[str, Any], progress: Progress, left: Decimal, language: Language
    ) -> Self:
        """The line with what was `judged` of it and how far it has come."""
        return cls.model_validate(
            {
                **judged,
                "contract_line_id": line.id,
                "product_id": line.product_id,
                "tons": line.tons,
                "price_per_ton": line.price_per_ton,
                "value": line.value,
                "price_reason": ReasonOut.show(judged["price_reason"], language),
                **asdict(progress),
                "left": left,
            }
        )


class ContractRow(BaseModel):
    """A contract in a list; `total` in yuan incl. tax."""

    id: UUID
    number: Annotated[str, Text("合同编号", "contract")]
    version: int
    status: ContractStatus
    customer_id: UUID
    customer_name: Annotated[str, Text("客户", "customer")]
    account_id: UUID
    rep: str
    rep_name: str | None
    starts_on: date
    ends_on: date
    term: Duration
    terms: TermsOut
    currency: Currency = "CNY"
    total: Annotated[Yuan | None, SeenBy(MONEY)]
    approved_on: date | None


class ContractApproval(ApprovalOut):
    """The approval of a contract; what is signed is not shown to a decider who sees no prices."""

    content: Annotated[dict[str, Any] | None, SeenBy(MONEY)]  # type: ignore[assignment]


class ContractOut(ContractRow):
    """A contract with everything that follows from it, and what the caller may try with it.

    `verdict` is the answer to the last submission.
    """

    irregular: bool
    special_terms: bool
    lines: list[ContractLineOut]
    route: RouteOut
    verdict: Annotated[VerdictOut | None, SeenBy(MONEY)]
    approval: ContractApproval | None
    actions: list[ContractAction]

    @classmethod
    def show(cls, row: ContractRow, **more: Any) -> Self:
        """The contract of a list's `row` with `more` about it."""
        return cls.model_validate({**dict(row), **more})


class SubmissionOut(Judged):
    """The answer to a submission: the contract on its route, or still a draft with a verdict that says why."""

    contract: ContractOut

"""What follows from a contract as it stands: its type, its price levels, who signs and why. Nothing here is typed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from contract_svc.contracts import rules
from contract_svc.contracts.policies import GM_SIGNS_ALL_REGULAR, GM_SIGNS_IRREGULAR, MANAGER_LIMIT, ROUTES
from contract_svc.contracts.reasons import ROUTE_NAMES_ROLE
from contract_svc.contracts.review import points_for
from contract_svc.contracts.store import Contract, ContractLine
from contract_svc.reference import lookup
from contract_svc.reference.store import BasePrice, CreditPosition, Customer, PriceAuthority, Product
from fangxing.database import Tx
from fangxing.policies import PolicyBook
from fangxing.roles import Role
from fangxing.verdicts import Reason, Scalar, Verdict, plain


@dataclass(frozen=True, slots=True)
class LineAssessment:
    """One line with what the reference data said of its product that day."""

    line: ContractLine
    product: Product | None
    base: BasePrice | None
    authority: PriceAuthority | None
    level: rules.Level
    reason: Reason
    refusal: Reason | None

    @property
    def irregular(self) -> bool:
        """Whether this line makes the contract irregular."""
        return rules.is_irregular(self.product.lifecycle if self.product else None)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole contract, assessed on one day. `roles` is empty where the route policy has no value."""

    contract: Contract
    customer: Customer
    credit: CreditPosition | None
    lines: tuple[LineAssessment, ...]
    signatures: rules.Signatures
    roles: tuple[Role, ...]
    policy_versions: dict[str, int]
    special: bool

    @property
    def irregular(self) -> bool:
        """One irregular line makes the contract irregular (4-4.1.1-2)."""
        return any(line.irregular for line in self.lines)

    @property
    def refusals(self) -> tuple[Reason, ...]:
        """Why it cannot be submitted as it stands; empty where it can."""
        return tuple(line.refusal for line in self.lines if line.refusal)

    def reasons_of(self, role: Role) -> tuple[Reason, ...]:
        """Why `role` signs: by the rules of chapter 4, or because the route policy adds it."""
        known = self.signatures.by_role.get(role)
        return known or (ROUTE_NAMES_ROLE(policy=ROUTES.key, band=self.signatures.band),)

    def verdict(self) -> Verdict:
        """The answer to a submission: the route, or the refusal of 4-4.2.2."""
        refusals = self.refusals
        reasons = refusals or tuple(reason for role in self.roles for reason in self.reasons_of(role))
        prices = () if refusals else tuple(line.reason for line in self.lines)
        inputs: dict[str, Scalar] = {
            "version": self.contract.version,
            "total": self.contract.total,
            "long": self.contract.long,
            "irregular": self.irregular,
            "terms": f"{self.contract.terms_kind}/{self.contract.terms_days}",
            "settlement_terms": f"{self.customer.terms_kind}/{self.customer.terms_days}",
            "grade": self.credit.grade if self.credit else None,
            "credit_position": f"{self.credit.epoch}.{self.credit.version}" if self.credit else None,
        }
        for line in self.lines:
            inputs.update(_line_inputs(line))
        return Verdict(
            allowed=not refusals,
            outcome="new_product_pricing" if refusals else self.signatures.band,
            reasons=reasons + prices,
            inputs=inputs,
            policy_versions=self.policy_versions,
        )

    def content(self) -> dict[str, Any]:
        """The assessment in plain JSON, texts in both languages: what is shown, frozen at submission, and signed."""
        return {
            "term": "long" if self.contract.long else "short",
            "irregular": self.irregular,
            "special_terms": self.special,
            "lines": [_line_content(line) for line in self.lines],
            "route": {
                "band": self.signatures.band,
                "may_be_submitted": bool(self.roles) and not self.refusals,
                "refusals": [reason.content() for reason in self.refusals],
                "policy": {"key": ROUTES.key, "version": self.policy_versions[ROUTES.key]},
                "steps": [self._step(number, role) for number, role in enumerate(self.roles, 1)],
            },
        }

    def _step(self, number: int, role: Role) -> dict[str, Any]:
        return {
            "number": number,
            "role": role.value,
            "reasons": [reason.content() for reason in self.reasons_of(role)],
            "look_at": points_for(role),
        }


def _line_inputs(line: LineAssessment) -> dict[str, Scalar]:
    prefix = f"line.{line.line.number}."
    return {
        f"{prefix}tons": line.line.tons,
        f"{prefix}price": line.line.price_per_ton,
        f"{prefix}level": line.level,
        f"{prefix}lifecycle": line.product.lifecycle if line.product else None,
        f"{prefix}base_price": line.base.base_price if line.base else None,
        f"{prefix}price_version": line.base.price_version if line.base else None,
        f"{prefix}authority_version": line.authority.version if line.authority else None,
    }


def _line_content(line: LineAssessment) -> dict[str, Any]:
    return {
        "number": line.line.number,
        "product_code": line.product.code if line.product else None,
        "product_name": line.product.name if line.product else None,
        "lifecycle": line.product.lifecycle if line.product else None,
        "irregular": line.irregular,
        "price_level": line.level,
        "base_price": plain(line.base.base_price) if line.base else None,
        "price_version": line.base.price_version if line.base else None,
        "price_reason": line.reason.content(),
    }


async def assess(tx: Tx, book: PolicyBook, day: date, contract: Contract, customer: Customer) -> Assessment:
    """Assess `contract` on `day` by the policies of `book`."""
    ids = {line.product_id for line in contract.lines}
    known = await lookup.products(tx, ids)
    bases = await lookup.base_prices(tx, ids, day)
    tables = await lookup.authorities(tx, {product.family for product in known.values()}, day)
    lines = tuple(_assess_line(line, known, bases, tables) for line in contract.lines)
    credit = await lookup.position_of(tx, customer.account_id)
    special = rules.special_terms(
        rules.Terms(contract.terms_kind, contract.terms_days),
        rules.Terms(customer.terms_kind, customer.terms_days),
        rules.Credit(credit.grade, credit.limit_amount, credit.grade_until) if credit else None,
        day,
    )
    facts = rules.RouteFacts(
        total=contract.total,
        irregular=any(line.irregular for line in lines),
        beyond=[line.line.number for line in lines if line.level == "general_manager"],
        special=special,
        switches=rules.Switches(book.get(MANAGER_LIMIT), book.get(GM_SIGNS_ALL_REGULAR), book.get(GM_SIGNS_IRREGULAR)),
    )
    signatures = rules.signatures(facts)
    return Assessment(
        contract=contract,
        customer=customer,
        credit=credit,
        lines=lines,
        signatures=signatures,
        roles=tuple((book.get(ROUTES) or {}).get(signatures.band, ())),
        policy_versions=book.versions(ROUTES, MANAGER_LIMIT, GM_SIGNS_ALL_REGULAR, GM_SIGNS_IRREGULAR),
        special=bool(special),
    )


def _assess_line(
    line: ContractLine,
    known: dict[Any, Product],
    bases: dict[Any, BasePrice],
    tables: dict[str, PriceAuthority],
) -> LineAssessment:
    product, base = known.get(line.product_id), bases.get(line.product_id)
    table = tables.get(product.family) if product else None
    name = product.name if product else str(line.product_id)
    level, reason = rules.price_level(
        rules.PricedLine(
            number=line.number,
            product=name,
            price=line.price_per_ton,
            family=product.family if product else None,
            base=rules.Base(base.base_price, base.price_version, base.status == "initial") if base else None,
            bands=_bands(table) if table else None,
        )
    )
    refusal = rules.pricing_first(
        line.number, name, product.lifecycle if product else None, has_base_price=base is not None
    )
    return LineAssessment(line, product, base, table, level, reason, refusal)


def _bands(table: PriceAuthority) -> list[rules.FloatBand]:
    return [
        rules.FloatBand(band["role"], Decimal(band["percent_below"]), Decimal(band["percent_above"]))
        for band in table.bands
    ]

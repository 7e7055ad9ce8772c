"""Assessing a contract as it stands: its price levels, who signs and why, from what is known that day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from contract_svc.contracts.store import Contract, ContractLine
from contract_svc.reference import store as reference
from contract_svc.reference.rules import Level, PriceStatus
from contract_svc.reference.store import BasePrice, CreditPosition, Customer, PriceAuthority, Product
from contract_svc.routing import rules
from contract_svc.routing.policies import GM_SIGNS_ALL_REGULAR, GM_SIGNS_IRREGULAR, MANAGER_LIMIT, ROUTES
from contract_svc.routing.reasons import route_names_role
from fangxing.approvals import steps_for
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.policies import PolicyBook
from fangxing.positions import version_of
from fangxing.roles import Role
from fangxing.verdicts import Reason, Scalar, Verdict, plain


@dataclass(frozen=True, slots=True)
class LineAssessment:
    """One line with what the reference data said of its product that day."""

    line: ContractLine
    product: Product | None
    base: BasePrice | None
    authority: PriceAuthority | None
    level: Level
    reason: Reason
    refusal: Reason | None

    @property
    def irregular(self) -> bool:
        """Whether this line makes the contract irregular."""
        return rules.is_irregular(self.product.lifecycle if self.product else None)

    def inputs(self) -> dict[str, Scalar]:
        """What a verdict records of the line."""
        prefix = f"line.{self.line.number}."
        return {
            f"{prefix}tons": self.line.tons,
            f"{prefix}price": self.line.price_per_ton,
            f"{prefix}level": self.level,
            f"{prefix}lifecycle": self.product.lifecycle if self.product else None,
            f"{prefix}base_price": self.base.base_price if self.base else None,
            f"{prefix}price_version": self.base.price_version if self.base else None,
            f"{prefix}authority_version": self.authority.version if self.authority else None,
        }

    def content(self) -> dict[str, Any]:
        """The line's part of the assessment in plain JSON."""
        return {
            "number": self.line.number,
            "product_code": self.product.code if self.product else None,
            "product_name": self.product.name if self.product else None,
            "lifecycle": self.product.lifecycle if self.product else None,
            "irregular": self.irregular,
            "price_level": self.level,
            "base_price": plain(self.base.base_price) if self.base else None,
            "price_version": self.base.price_version if self.base else None,
            "price_reason": self.reason.content(),
        }


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole contract, assessed on `day`. `roles` is empty where the route policy has no value."""

    day: date
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
        band = self.signatures.band
        known = self.signatures.by_role.get(role)
        return known or (route_names_role(ROUTES.key, band, rules.NEEDED[band]),)

    def verdict(self) -> Verdict:
        """The answer to a submission: the route, or the refusal of 4-4.2.2."""
        refusals = self.refusals
        reasons = refusals or tuple(reason for role in self.roles for reason in self.reasons_of(role))
        prices = () if refusals else tuple(line.reason for line in self.lines)
        inputs: dict[str, Scalar] = {
            "contract_version": self.contract.version,
            "today": self.day,
            "total": self.contract.total,
            "term": self.contract.term,
            "irregular": self.irregular,
            "terms": str(self.contract.terms),
            "settlement_terms": str(self.customer.terms),
            **_credit_inputs(self.credit, self.day),
        }
        for line in self.lines:
            inputs.update(line.inputs())
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
            "term": self.contract.term,
            "irregular": self.irregular,
            "special_terms": self.special,
            "lines": [line.content() for line in self.lines],
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
            "role": role,
            "reasons": [reason.content() for reason in self.reasons_of(role)],
            "look_at": [point.content() for point in rules.points_for(role)],
        }


async def assess(
    tx: Tx, book: PolicyBook, day: date, contract: Contract, customer: Customer, asker: Principal
) -> Assessment:
    """Assess `contract` on `day` by the policies of `book`, with the route it takes when the customer's rep submits it.

    Where `asker` is that rep, his own reviews are left out of it, as they will be; nobody else's roles are known.
    """
    lines = await _assess_lines(tx, day, contract)
    credit = await reference.position_of(tx, customer.account_id)
    special = rules.special_terms(contract.terms, customer.terms, _credit(credit) if credit else None, day)
    facts = rules.RouteFacts(
        total=contract.total,
        irregular=any(line.irregular for line in lines),
        beyond=[line.line.number for line in lines if line.level is Level.GENERAL_MANAGER],
        special=special,
        switches=rules.Switches(book.get(MANAGER_LIMIT), book.get(GM_SIGNS_ALL_REGULAR), book.get(GM_SIGNS_IRREGULAR)),
    )
    signatures = rules.signatures(facts)
    return Assessment(
        day=day,
        contract=contract,
        customer=customer,
        credit=credit,
        lines=lines,
        signatures=signatures,
        roles=steps_for(ROUTES, signatures.band, book, held=asker.held if asker.id == customer.rep else ()),
        policy_versions=book.versions(ROUTES, MANAGER_LIMIT, GM_SIGNS_ALL_REGULAR, GM_SIGNS_IRREGULAR),
        special=bool(special),
    )


async def _assess_lines(tx: Tx, day: date, contract: Contract) -> tuple[LineAssessment, ...]:
    ids = {line.product_id for line in contract.lines}
    known = await reference.products(tx, ids)
    bases = await reference.base_prices(tx, ids, day)
    tables = await reference.authorities(tx, {product.family for product in known.values()}, day)
    return tuple(_assess_line(line, known, bases, tables) for line in contract.lines)


def _assess_line(
    line: ContractLine,
    known: Mapping[UUID, Product],
    bases: Mapping[UUID, BasePrice],
    tables: Mapping[str, PriceAuthority],
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
            base=_base(base) if base else None,
            bands=_bands(table) if table else None,
        )
    )
    refusal = rules.pricing_first(
        line.number, name, product.lifecycle if product else None, has_base_price=base is not None
    )
    return LineAssessment(line, product, base, table, level, reason, refusal)


def _credit(position: CreditPosition) -> rules.Credit:
    return rules.Credit(
        grade=position.grade, limit=position.limit_amount, c_from=position.c_from, d_from=position.d_from
    )


def _credit_inputs(position: CreditPosition | None, day: date) -> dict[str, Scalar]:
    """What a verdict records of a credit position; all null where none is known."""
    if position is None:
        return dict.fromkeys(("credit_position", "grade", "grade_today", "limit", "c_from", "d_from"))
    return {
        "credit_position": str(version_of(position)),
        "grade": position.grade,
        "grade_today": _credit(position).grade_on(day),
        "limit": position.limit_amount,
        "c_from": position.c_from,
        "d_from": position.d_from,
    }


def _base(price: BasePrice) -> rules.Base:
    return rules.Base(price.base_price, price.price_version, price.status is PriceStatus.INITIAL)


def _bands(table: PriceAuthority) -> list[rules.FloatBand]:
    return [
        rules.FloatBand(Level(band["role"]), Decimal(band["percent_below"]), Decimal(band["percent_above"]))
        for band in table.bands
    ]

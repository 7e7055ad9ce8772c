"""What the contracts feature publishes."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel

from contract_svc.contracts.store import Contract, ContractLine
from contract_svc.reference.rules import Level, Terms
from contract_svc.reference.store import Customer
from fangxing.documents import Hands
from fangxing.money import PositiveYuan, Tons, Yuan
from fangxing.outbox import Event


class ApprovedLine(BaseModel):
    """A line of an approved contract; the price is yuan per ton incl. tax."""

    contract_line_id: UUID
    product_id: UUID
    product_name: str
    tons: Tons
    price_per_ton: PositiveYuan
    price_level: Level

    @classmethod
    def of(cls, line: ContractLine) -> "ApprovedLine":
        """The line as it was signed."""
        columns = ("product_id", "product_name", "tons", "price_per_ton", "price_level")
        return cls.model_validate({"contract_line_id": line.id, **{name: getattr(line, name) for name in columns}})


class ContractApproved(Event):
    """The last signature is given: the contract is in force (4-4.2.1). `total` in yuan incl. tax.

    `hands` are the persons who did each action on it, so that nobody does later what does not go with his.
    """

    event_type: ClassVar[str] = "contract.ContractApproved.v1"
    contract_id: UUID
    number: str
    customer_id: UUID
    account_id: UUID
    rep: str
    total: Yuan
    starts_on: date
    ends_on: date
    terms: Terms
    hands: Hands
    lines: list[ApprovedLine]

    @classmethod
    def of(cls, contract: Contract, customer: Customer) -> "ContractApproved":
        """The contract as it was signed."""
        return cls(
            contract_id=contract.id,
            number=contract.number,
            customer_id=customer.id,
            account_id=customer.account_id,
            rep=customer.rep,
            total=contract.total,
            starts_on=contract.starts_on,
            ends_on=contract.ends_on,
            terms=contract.terms,
            hands=contract.hands,
            lines=[ApprovedLine.of(line) for line in contract.lines],
        )

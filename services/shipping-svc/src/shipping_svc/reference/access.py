"""Who sees what is about a customer: a rep what is about his own customers alone, everybody else all of it."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from fangxing.auth import Principal
from fangxing.database import Tx
from shipping_svc.reference.store import Customer


async def sees_customer(tx: Tx, caller: Principal, customer_id: UUID) -> bool:
    """Whether the caller sees what is about the customer; only for a rep it takes a look at the database."""
    if not caller.only_own_customers:
        return True
    customer = await tx.get(Customer, customer_id)
    return customer is not None and customer.rep == caller.id


def seen_by(caller: Principal, statement: Select[Any], customer_id: InstrumentedAttribute[UUID]) -> Select[Any]:
    """`statement` with those of its rows alone whose customer the caller sees."""
    if not caller.only_own_customers:
        return statement
    return statement.join(Customer, Customer.id == customer_id).where(Customer.rep == caller.id)

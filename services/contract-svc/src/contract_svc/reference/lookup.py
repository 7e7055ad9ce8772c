"""Reading the reference data as of a day."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from contract_svc.reference.store import BasePrice, CreditPosition, Customer, PriceAuthority, Product
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.errors import ErrorType, Kind

CUSTOMER_NOT_FOUND = ErrorType(
    "customer-not-found", Kind.NOT_FOUND, "没有客户 {customer}", "There is no customer {customer}"
)


async def customer_for(tx: Tx, customer_id: UUID, actor: Principal) -> Customer:
    """The customer, if `actor` may see him; raises `customer-not-found`, also for a colleague's customer."""
    customer = await tx.get(Customer, customer_id)
    if customer is None or (actor.only_own_customers and customer.rep != actor.id):
        raise CUSTOMER_NOT_FOUND(customer=customer_id)
    return customer


async def position_of(tx: Tx, account_id: UUID) -> CreditPosition | None:
    """The newest readable credit position of an account."""
    return await tx.scalar(
        select(CreditPosition).where(CreditPosition.account_id == account_id, CreditPosition.unreadable.is_(False))
    )


async def products(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Product]:
    """The products that are known, by id."""
    return {row.id: row for row in await tx.scalars(select(Product).where(Product.id.in_(ids)))}


async def base_prices(tx: Tx, ids: Collection[UUID], day: date) -> dict[UUID, BasePrice]:
    """The base prices in force on `day`: of each product the newest version whose date has come."""
    rows = await tx.scalars(
        select(BasePrice)
        .where(BasePrice.product_id.in_(ids), BasePrice.effective_from <= day)
        .ext(distinct_on(BasePrice.product_id))
        .order_by(BasePrice.product_id, BasePrice.price_version.desc())
    )
    return {row.product_id: row for row in rows}


async def authorities(tx: Tx, families: Collection[str], day: date) -> dict[str, PriceAuthority]:
    """The float authority in force on `day`: of each family the newest version whose date has come."""
    rows = await tx.scalars(
        select(PriceAuthority)
        .where(PriceAuthority.family.in_(families), PriceAuthority.effective_from <= day)
        .ext(distinct_on(PriceAuthority.family))
        .order_by(PriceAuthority.family, PriceAuthority.version.desc())
    )
    return {row.family: row for row in rows}

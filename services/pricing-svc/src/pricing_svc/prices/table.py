"""The base price table 基准价格表: read at any day, and written at one place, by an approved proposal alone."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from fangxing.clauses import clause
from fangxing.ids import new_id
from fangxing.outbox import record_fact
from fangxing.work import Work
from pricing_svc.prices import rules
from pricing_svc.prices.events import BasePriceChanged
from pricing_svc.prices.store import BasePrice, PriceProposal
from pricing_svc.products.store import Product


@clause("3-7.3.3", "3-7.1.2")
async def enter_base_price(
    work: Work, proposal: PriceProposal, product: Product, price: Decimal, status: rules.Status
) -> BasePrice:
    """Write the approved proposal into the table as the locked product's next version, and publish it.

    There is no other writer: the database refuses a row whose proposal the GM has not approved.
    """
    product.price_versions += 1
    entered = BasePrice(
        id=new_id(),
        product_id=product.id,
        version=product.price_versions,
        price=price,
        status=status,
        effective_from=rules.takes_effect(proposal.effective_from, work.today),
        proposal_id=proposal.id,
        approved_by=work.actor.id,
        approved_at=work.now,
    )
    proposal.status, proposal.price_version = "approved", entered.version
    # The database looks for the decided case when the row comes in.
    await work.tx.flush()
    work.tx.add(entered)
    event = BasePriceChanged(
        product_id=product.id,
        price_version=entered.version,
        base_price=entered.price,
        status=status,
        effective_from=entered.effective_from,
    )
    record_fact(work, event, about=product, document=product.document, key=str(product.id))
    return entered


async def latest_version(work: Work, product_id: UUID) -> rules.Version | None:
    """The newest version of a product's base price, in force or still to come."""
    return await _version(work, product_id, day=None)


async def version_in_force(work: Work, product_id: UUID, day: date) -> rules.Version | None:
    """The version of a product's base price in force on `day`."""
    return await _version(work, product_id, day)


async def _version(work: Work, product_id: UUID, day: date | None) -> rules.Version | None:
    statement = select(BasePrice).where(BasePrice.product_id == product_id)
    if day is not None:
        statement = statement.where(BasePrice.effective_from <= day)
    row = (await work.tx.scalars(statement.order_by(BasePrice.version.desc()).limit(1))).first()
    if row is None:
        return None
    return rules.Version(row.version, row.price, row.status, row.effective_from)  # type: ignore[arg-type]

"""What the reference data take in: customers and credit from customer-svc, products and prices from pricing-svc."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert as pg_insert

from contract_svc.reference.events import PositionWanted
from contract_svc.reference.rules import Level, Lifecycle, PriceStatus, Terms
from contract_svc.reference.store import BasePrice, CreditPosition, Customer, PriceAuthority, Product
from contract_svc.tables import Table
from fangxing.bus.copies import UNKNOWN, Copies, Copy
from fangxing.inbox import Consumers, Incoming
from fangxing.money import Percent, PositiveYuan, Yuan
from fangxing.positions import Grade, older_than, version_of
from fangxing.work import Work


class CustomerKnown(Incoming):
    """A customer was opened or changed; either event carries the whole of it."""

    customer_id: UUID
    account_id: UUID
    number: str
    name: str
    rep: str
    terms: Terms


class Position(Incoming):
    """The part of a customer position that payment terms are judged by."""

    account_id: UUID
    epoch: int
    version: int
    grade: Grade
    limit: Yuan | None
    c_from: date | None
    d_from: date | None


class ProductChanged(Incoming):
    """A product was entered or its lifecycle changed."""

    product_id: UUID
    code: str
    name: str
    family: str
    lifecycle: Lifecycle


class BasePriceChanged(Incoming):
    """A version of a product's base price was approved."""

    product_id: UUID
    price_version: int
    base_price: PositiveYuan
    status: PriceStatus
    effective_from: date


class AuthorityBand(BaseModel):
    """How many percent below and above the base price a role may sell at."""

    role: Literal[Level.SALES_REP, Level.SALES_MANAGER]
    percent_below: Percent
    percent_above: Percent


class PriceAuthorityChanged(Incoming):
    """A version of a family's float authority was approved."""

    family: str
    version: int
    effective_from: date
    bands: list[AuthorityBand]


async def _upsert(work: Work, table: type[Table], keys: list[str], values: dict[str, Any]) -> None:
    changed = {name: value for name, value in values.items() if name not in keys}
    await work.tx.execute(pg_insert(table).values(**values).on_conflict_do_update(index_elements=keys, set_=changed))


async def keep_customer(work: Work, event: CustomerKnown) -> None:
    """Keep the customer as he is now."""
    values = event.model_dump(exclude={"customer_id", "terms"})
    terms = {"terms_kind": event.terms.kind, "terms_days": event.terms.days}
    await _upsert(work, Customer, ["id"], {"id": event.customer_id, **values, **terms})


async def keep_product(work: Work, event: ProductChanged) -> None:
    """Keep the product as it is now."""
    await _upsert(work, Product, ["id"], {"id": event.product_id, **event.model_dump(exclude={"product_id"})})


async def keep_base_price(work: Work, event: BasePriceChanged) -> None:
    """Keep this version beside the earlier ones; the date says which is in force."""
    await _upsert(work, BasePrice, ["product_id", "price_version"], event.model_dump())


async def keep_authority(work: Work, event: PriceAuthorityChanged) -> None:
    """Keep this version beside the earlier ones; the date says which is in force."""
    bands = [band.model_dump(mode="json") for band in event.bands]
    await _upsert(work, PriceAuthority, ["family", "version"], {**event.model_dump(), "bands": bands})


async def position_known(work: Work, account_id: UUID) -> Copy:
    """The number of the copy of the account's position."""
    row = await work.tx.get(CreditPosition, account_id, populate_existing=True)
    return UNKNOWN if row is None else Copy(version_of(row), row.unreadable)


async def keep_position(work: Work, data: dict[str, Any], held: bool) -> None:
    """Overwrite grade and limit where `data` is newer."""
    position = Position.model_validate(data)
    values = {**position.model_dump(exclude={"limit"}), "limit_amount": position.limit, "unreadable": held}
    await work.tx.execute(
        pg_insert(CreditPosition)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["account_id"],
            set_=values,
            where=older_than(version_of(position), CreditPosition.epoch, CreditPosition.version),
        )
    )


async def hold_position(work: Work, account_id: UUID, held: bool) -> None:
    """Rely on no limit of the account until customer-svc has restated its position, or rely on it again."""
    nothing = {"epoch": 0, "version": 0, "grade": Grade.UNGRADED}
    await work.tx.execute(
        pg_insert(CreditPosition)
        .values(account_id=account_id, **nothing, unreadable=held)
        .on_conflict_do_update(index_elements=["account_id"], set_={"unreadable": held})
    )


consumers = Consumers()
consumers.on("customer.CustomerOpened.v1", CustomerKnown, keep_customer)
consumers.on("customer.CustomerChanged.v1", CustomerKnown, keep_customer)
consumers.on("pricing.ProductChanged.v1", ProductChanged, keep_product)
consumers.on("pricing.BasePriceChanged.v1", BasePriceChanged, keep_base_price)
consumers.on("pricing.PriceAuthorityChanged.v1", PriceAuthorityChanged, keep_authority)
consumers.keep_positions(
    "customer", Copies(known=position_known, keep=keep_position, hold=hold_position, wanted=PositionWanted)
)

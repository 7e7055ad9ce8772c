"""What the reference data take in: customers and credit from customer-svc, products and prices from pricing-svc."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert as pg_insert

from contract_svc.reference.rules import Level, Lifecycle, PriceStatus, Terms
from contract_svc.reference.store import BasePrice, CreditPosition, Customer, PriceAuthority, Product
from contract_svc.tables import Table
from fangxing.inbox import Consumers, Incoming
from fangxing.money import Percent, PositiveYuan, Yuan
from fangxing.positions import Grade, Version, account_id, older_than
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


async def keep_position(work: Work, data: dict[str, Any]) -> None:
    """Overwrite grade and limit where `data` is newer."""
    position = Position.model_validate(data)
    values = position.model_dump(exclude={"limit"})
    await _overwrite(work, {**values, "limit_amount": position.limit, "unreadable": False})


async def mark_unreadable(work: Work, key: str, version: tuple[int, int]) -> None:
    """Rely on no limit of the account that `key` names until a newer position comes; a key may name none."""
    if (account := account_id(key)) is None:
        return
    nothing = {"grade": Grade.UNGRADED, "limit_amount": None, "c_from": None, "d_from": None, "unreadable": True}
    await _overwrite(work, {"account_id": account, "epoch": version[0], "version": version[1], **nothing})


async def _overwrite(work: Work, values: dict[str, Any]) -> None:
    number = Version(values["epoch"], values["version"])
    await work.tx.execute(
        pg_insert(CreditPosition)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["account_id"],
            set_=values,
            where=older_than(number, CreditPosition.epoch, CreditPosition.version),
        )
    )


consumers = Consumers()
consumers.on("customer.CustomerOpened.v1", CustomerKnown, keep_customer)
consumers.on("customer.CustomerChanged.v1", CustomerKnown, keep_customer)
consumers.on("pricing.ProductChanged.v1", ProductChanged, keep_product)
consumers.on("pricing.BasePriceChanged.v1", BasePriceChanged, keep_base_price)
consumers.on("pricing.PriceAuthorityChanged.v1", PriceAuthorityChanged, keep_authority)
consumers.keep_positions("customer", keep_position, mark_unreadable)

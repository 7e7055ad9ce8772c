"""What the reference data take in: customers and credit from customer-svc, products and prices from pricing-svc."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import tuple_
from sqlalchemy.dialects.postgresql import insert as pg_insert

from contract_svc.reference.store import BasePrice, CreditPosition, Customer, PriceAuthority, Product
from contract_svc.tables import Table
from fangxing.inbox import Consumers, Incoming
from fangxing.money import Percent, PositiveYuan, Yuan
from fangxing.work import Work


class SettlementTerms(BaseModel):
    """A customer's settlement terms."""

    kind: Literal["credit", "prepaid", "cash_on_delivery"]
    days: int


class CustomerKnown(Incoming):
    """A customer was opened or changed; either event carries the whole of it."""

    customer_id: UUID
    account_id: UUID
    number: str
    name: str
    rep: str
    terms: SettlementTerms


class Position(Incoming):
    """The part of a customer position that payment terms are judged by."""

    account_id: UUID
    epoch: int
    version: int
    grade: Literal["A", "B", "C", "D", "ungraded"]
    limit: Yuan | None
    grade_until: date | None


class ProductChanged(Incoming):
    """A product was entered or its lifecycle changed."""

    product_id: UUID
    code: str
    name: str
    family: str
    lifecycle: Literal["new", "regular", "stopped"]


class BasePriceChanged(Incoming):
    """A version of a product's base price was approved."""

    product_id: UUID
    price_version: int
    base_price: PositiveYuan
    status: Literal["initial", "standard"]
    effective_from: date


class AuthorityBand(BaseModel):
    """How many percent below and above the base price a role may sell at."""

    role: Literal["sales_rep", "sales_manager"]
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


async def on_customer(work: Work, event: CustomerKnown) -> None:
    """Keep the customer as he is now."""
    values = event.model_dump(exclude={"customer_id", "terms"})
    terms = {"terms_kind": event.terms.kind, "terms_days": event.terms.days}
    await _upsert(work, Customer, ["id"], {"id": event.customer_id, **values, **terms})


async def on_product(work: Work, event: ProductChanged) -> None:
    """Keep the product as it is now."""
    await _upsert(work, Product, ["id"], {"id": event.product_id, **event.model_dump(exclude={"product_id"})})


async def on_base_price(work: Work, event: BasePriceChanged) -> None:
    """Keep this version beside the earlier ones; the date says which is in force."""
    await _upsert(work, BasePrice, ["product_id", "price_version"], event.model_dump())


async def on_authority(work: Work, event: PriceAuthorityChanged) -> None:
    """Keep this version beside the earlier ones; the date says which is in force."""
    bands = [band.model_dump(mode="json") for band in event.bands]
    await _upsert(work, PriceAuthority, ["family", "version"], {**event.model_dump(), "bands": bands})


async def keep_position(work: Work, data: dict[str, Any]) -> None:
    """Overwrite grade and limit where `data` is newer."""
    position = Position.model_validate(data)
    values = position.model_dump(exclude={"limit"})
    await _overwrite(work, {**values, "limit_amount": position.limit, "unreadable": False})


async def position_unreadable(work: Work, account: str, version: tuple[int, int]) -> None:
    """Rely on no limit of this account until a newer position comes."""
    try:
        account_id = UUID(account)
    except ValueError:
        # Not an account: there is nothing to distrust, and an exception here would hold up the whole partition.
        return
    nothing = {"grade": "ungraded", "limit_amount": None, "grade_until": None, "unreadable": True}
    await _overwrite(work, {"account_id": account_id, "epoch": version[0], "version": version[1], **nothing})


async def _overwrite(work: Work, values: dict[str, Any]) -> None:
    newer = tuple_(CreditPosition.epoch, CreditPosition.version) < tuple_(values["epoch"], values["version"])
    await work.tx.execute(
        pg_insert(CreditPosition)
        .values(**values)
        .on_conflict_do_update(index_elements=["account_id"], set_=values, where=newer)
    )


def register(consumers: Consumers) -> None:
    """Take these events in."""
    consumers.on("customer.CustomerOpened.v1", CustomerKnown, on_customer)
    consumers.on("customer.CustomerChanged.v1", CustomerKnown, on_customer)
    consumers.on("pricing.ProductChanged.v1", ProductChanged, on_product)
    consumers.on("pricing.BasePriceChanged.v1", BasePriceChanged, on_base_price)
    consumers.on("pricing.PriceAuthorityChanged.v1", PriceAuthorityChanged, on_authority)
    consumers.keep_positions("customer", keep_position, position_unreadable)

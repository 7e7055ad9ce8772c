"""What customer-svc and shipping-svc hold of each other's positions, compared with what the other one wrote.

A position is told by its number, so that the two databases need not be read at one moment: under the same number the
figures are the same, or somebody changed a copy, or a position without telling. A copy with an older number is on its
way, and one with a newer number than was ever written is a difference itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from customer_svc.accounts.store import CreditAccount as CustomerAccount
from fangxing.database import Database, Reader
from fangxing.positions import Version
from shipping_svc.credit.store import CreditAccount as ShippingAccount

CUSTOMER_FIGURES = (
    *("receivable", "written_off", "settled_total", "prepaid_total", "grade", "limit", "c_from", "d_from", "stopped"),
    *("next_due", "overdue_amount", "overdue_since", "prepaid_by"),
)
SHIPPING_FIGURES = ("released", "shipped_total", "prepaid_used_total")


@dataclass(frozen=True, slots=True)
class Difference:
    """A `figure` of an account, or the number of its position, that the reader holds otherwise than its writer."""

    account_id: UUID
    writer: str
    figure: str
    written: object
    copied: object


@dataclass(frozen=True, slots=True)
class _Position:
    number: Version
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found: differences, and how many copies wait for a newer position that is on its way."""

    differences: list[Difference]
    on_the_way: int


async def compare(customer: Database, shipping: Database) -> Comparison:
    """Compare both copies of all accounts; they are read first, so that none seems newer than what was written."""
    async with customer.reader() as at_customer, shipping.reader() as at_shipping:
        copy_at_shipping = await _read(at_shipping, ShippingAccount, "customer_", CUSTOMER_FIGURES)
        copy_at_customer = await _read(at_customer, CustomerAccount, "shipping_", SHIPPING_FIGURES)
        of_customer = await _read(at_customer, CustomerAccount, "", CUSTOMER_FIGURES)
        of_shipping = await _read(at_shipping, ShippingAccount, "", SHIPPING_FIGURES)
    found = [*_compare("customer", of_customer, copy_at_shipping), *_compare("shipping", of_shipping, copy_at_customer)]
    differences = [one for one in found if one is not None]
    return Comparison(differences, len(found) - len(differences))


async def _read(
    reader: Reader, account: type[CustomerAccount | ShippingAccount], prefix: str, figures: tuple[str, ...]
) -> dict[UUID, _Position]:
    """The positions in the rows of `account`: its own, or the copies whose number has a prefix."""
    columns: list[InstrumentedAttribute[Any]] = [getattr(account, name) for name in figures]
    number = [getattr(account, f"{prefix}{part}").label(f"{part}_") for part in ("epoch", "version")]
    rows = await reader.execute(select(account.id.label("id_"), *number, *columns))
    named = (dict(zip(("id", "epoch", "version", *figures), row, strict=True)) for row in rows)
    return {
        row["id"]: _Position(Version(row["epoch"], row["version"]), {name: row[name] for name in figures})
        for row in named
    }


def _compare(
    writer: str, written: Mapping[UUID, _Position], copies: Mapping[UUID, _Position]
) -> Iterator[Difference | None]:
    """What differs; None for a copy, or a missing one, that a newer position is on its way to."""
    nothing = _Position(Version(0, 0), {})
    for account in written.keys() | copies.keys():
        own, copy = written.get(account, nothing), copies.get(account, nothing)
        if copy.number > own.number:
            yield Difference(account, writer, "number", str(own.number), str(copy.number))
        elif copy.number < own.number:
            # an account nobody ever wrote a position of has none to tell
            if own.number.version > 0:
                yield None
        elif own.number.epoch > 0:
            for name, value in own.figures.items():
                if value != copy.figures[name]:
                    yield Difference(account, writer, name, value, copy.figures[name])

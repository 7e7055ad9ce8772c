"""What the service knows of the others: the newest position, the price and the authority in force on the day."""

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from contract_svc.reference.store import CreditPosition
from fangxing.bus.letters import DeadLetter

if TYPE_CHECKING:
    from conftest import World


def finance_signs(contract: dict[str, Any]) -> bool:
    return "finance_manager" in [step["role"] for step in contract["route"]["steps"]]


async def test_the_newest_position_wins(world: "World") -> None:
    """Positions may come in any order and twice; (epoch, version) says which is newer."""
    await world.authority()
    contract = await world.draft(await world.customer(grade=None), await world.product())
    account = contract["account_id"]
    assert finance_signs(contract)
    await world.position(account, 3, "B", "1.00")
    await world.position(account, 2, "D", "0.00")
    assert not finance_signs(await world.contract(contract["id"]))
    await world.position(account, 4, "C", "0.00")
    assert finance_signs(await world.contract(contract["id"]))
    await world.position(account, 5, "A", None)
    assert not finance_signs(await world.contract(contract["id"]))


@pytest.mark.parametrize(
    "position",
    [
        {"grade": "B", "limit": "lots", "c_from": None, "d_from": None},
        {"grade": "E", "limit": "1.00", "c_from": None, "d_from": None},
        {"grade": "B"},
        {"grade": "B", "limit": "500000.00"},
        None,
    ],
)
async def test_an_unreadable_position_is_no_limit(world: "World", position: dict[str, Any] | None) -> None:
    """4-4.2.4 fails closed: until customer-svc has restated it the customer counts as without a limit."""
    await world.authority()
    contract = await world.draft(await world.customer(), await world.product())
    account = contract["account_id"]
    body = {**position, "account_id": account, "epoch": 1, "version": 2} if position else None
    await world.service.deliver(
        "customer.CreditLimitChanged.v1",
        {"account_id": account, "position": body} if body else b"not json",
        key=account,
        document=f"credit-account/{account}",
        position="1.2",
    )
    assert finance_signs(await world.contract(contract["id"]))
    await world.position(account, 3, "B", "500000.00")
    assert finance_signs(await world.contract(contract["id"]))
    (wanted,) = await world.service.published("contract.PositionWanted.v1")
    assert (wanted.data["account_id"], wanted.data["writer"]) == (account, "customer")
    restated = {"account_id": account, "epoch": 1, "version": 4, "grade": "B", "limit": "500000.00"}
    await world.service.deliver(
        "customer.PositionRestated.v1",
        {"position": {**restated, "c_from": None, "d_from": None}, "answers": wanted.data["question"]},
        key=account,
        document=f"credit-account/{account}",
        position="1.4",
    )
    assert not finance_signs(await world.contract(contract["id"]))


async def test_a_position_of_nobody_holds_up_nothing(world: "World") -> None:
    """A key that is no account cannot be put on hold, and the events behind it go on."""
    await world.service.deliver(
        "customer.CreditLimitChanged.v1", b"not json", key="nobody", document="credit-account/nobody", position="1.1"
    )
    await world.customer()
    async with world.service.database.reader() as reader:
        assert await reader.scalar(select(func.count()).select_from(CreditPosition)) == 1


async def test_the_base_price_of_the_day_counts(world: "World") -> None:
    """A version with a later date does not count before it; on the day itself it does (3-7.1.2)."""
    await world.authority()
    product = await world.product()
    await world.base_price(product, 2, "20000.00", effective_from="2026-03-03")
    contract = await world.draft(await world.customer(), product)
    assert contract["lines"][0]["base_price"] == "10000.00"
    world.clock.advance(days=1)
    line = (await world.contract(contract["id"]))["lines"][0]
    assert (line["base_price"], line["price_version"], line["price_level"]) == ("20000.00", 2, "general_manager")


async def test_the_authority_of_the_day_counts(world: "World") -> None:
    """3-8.2-A: a new authority table takes effect on its date."""
    await world.authority()
    await world.authority(version=2, rep=("0.00", "0.00"), manager=("0.00", "0.00"), effective_from="2026-03-03")
    contract = await world.draft(await world.customer(), await world.product(), price="9999.99")
    assert contract["lines"][0]["price_level"] == "sales_rep"
    world.clock.advance(days=1)
    assert (await world.contract(contract["id"]))["lines"][0]["price_level"] == "general_manager"


async def test_a_product_that_was_stopped_turns_a_draft_irregular(world: "World") -> None:
    """4-4.1.1-2: the lifecycle comes from pricing's events."""
    await world.authority()
    product = await world.product(lifecycle="new", base=None)
    contract = await world.draft(await world.customer(), product)
    assert contract["irregular"]
    await world.lifecycle(product, "regular")
    assert not (await world.contract(contract["id"]))["irregular"]


async def test_an_event_out_of_range_parks_its_own_document_alone(world: "World") -> None:
    """Poison never blocks: a lifecycle nobody knows is a dead letter, another product goes on."""
    await world.lifecycle("0198c5d2-0000-7000-8000-000000000001", "resting")
    await world.authority()
    contract = await world.draft(await world.customer(), await world.product())
    assert contract["lines"][0]["lifecycle"] == "regular"
    async with world.service.database.reader() as reader:
        assert await reader.scalar(select(DeadLetter.status)) == "poison"

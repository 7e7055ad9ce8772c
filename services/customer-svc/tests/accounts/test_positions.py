"""Both positions of an account: what ours says, and shipping's as it arrives, of which the newest wins."""

import random
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from customer_svc.accounts.store import CreditAccount
from fangxing.bus.letters import DeadLetter
from fangxing.database import credit
from fangxing.ids import new_id
from fangxing.positions import Grade, Step, Version, exposure, grade_on, step

if TYPE_CHECKING:
    from conftest import Office


def position(account: str, epoch: int, version: int, **changes: Any) -> dict[str, Any]:
    """A position that can be told from every other one."""
    return {
        "account_id": account,
        "epoch": epoch,
        "version": version,
        "released": f"{epoch * 100 + version}.00",
        "shipped_total": "0.00",
        "prepaid_used_total": "0.00",
        "seen": {"epoch": 1, "version": version},
        **changes,
    }


async def test_the_newest_position_wins_in_any_order(office: "Office") -> None:
    told = [(1, 1), (1, 2), (1, 3), (1, 10), (2, 1), (2, 2), (1, 11)]
    for seed in range(8):
        account = (await office.customer())["account_id"]
        order = told * 2
        random.Random(seed).shuffle(order)
        newest = Version(0, 0)
        for epoch, version in order:
            await office.tell(position(account, epoch, version))
            if step(newest, Version(epoch, version), restated=True, answer=False) is Step.NEXT:
                newest = Version(epoch, version)
            stored = await office.read(f"/credit-accounts/{account}")
            assert stored["released"] == stored["exposure"] == f"{newest.epoch * 100 + newest.version}.00"


async def test_the_exposure_counts_both_positions(office: "Office") -> None:
    customer = await office.customer()
    await office.invoice(await office.ship(customer, ("1.000", "60.00")))
    await office.pay(customer, "7.00", purpose="prepayment")
    account = await office.account(customer)
    assert (account["receivable"], account["settled_total"], account["prepaid_total"]) == ("60.00", "60.00", "7.00")
    figures = {"released": "5.00", "shipped_total": "100.00", "prepaid_used_total": "6.99"}
    await office.shipping_position(customer["account_id"], **figures)
    assert str(await office.exposure(customer)) == "105.00"
    await office.shipping_position(customer["account_id"], prepaid_used_total="7.01")
    assert str(await office.exposure(customer)) == "105.01"


BROKEN = [
    b"not json",
    b"{}",
    b'{"position": null}',
    b'{"position": {"epoch": 1}}',
    b'{"position": {"account_id": "x"}}',
]


async def test_an_unreadable_position_marks_the_copy_until_shipping_has_restated_it(office: "Office") -> None:
    for broken in BROKEN:
        await marks_until_restated(office, broken)


async def marks_until_restated(office: "Office", broken: bytes) -> None:
    account = (await office.customer())["account_id"]
    await office.tell(position(account, 1, 2))

    async def unreadable(version: str) -> bool:
        await office.svc.deliver(
            "shipping.PositionRestated.v1",
            broken,
            key=account,
            document=f"credit-account/{account}",
            position=version,
        )
        stored = await office.read(f"/credit-accounts/{account}")
        assert stored["released"] == "102.00"
        return bool(stored["shipping_unreadable"])

    assert not await unreadable("1.1")
    assert not await unreadable("1.2")
    assert await unreadable("1.3")
    await office.tell(position(account, 1, 2))
    assert (await office.read(f"/credit-accounts/{account}"))["shipping_unreadable"]
    await office.tell(position(account, 1, 4))
    wanted = (await office.events("PositionWanted"))[-1].data
    assert (wanted["account_id"], wanted["writer"]) == (account, "shipping")
    assert (await office.read(f"/credit-accounts/{account}"))["shipping_unreadable"]
    await office.tell(position(account, 1, 5), answers=wanted["question"])
    stored = await office.read(f"/credit-accounts/{account}")
    assert (stored["shipping_unreadable"], stored["released"]) == (False, "105.00")


async def test_a_third_decimal_or_a_number_is_not_read_as_money(office: "Office") -> None:
    account = (await office.customer())["account_id"]
    for version, released in enumerate(("1.001", 1.5, None, "NaN"), 1):
        await office.tell(position(account, 1, version, released=released))
        stored = await office.read(f"/credit-accounts/{account}")
        assert (stored["released"], stored["shipping_unreadable"]) == ("0.00", True)


async def test_whoever_could_not_read_our_position_is_answered(office: "Office") -> None:
    account = (await office.customer())["account_id"]
    for reader in ("shipping", "contract"):
        wanted = {"question": str(new_id()), "account_id": account, "writer": "customer"}
        for writer in ("shipping", "customer"):
            await office.svc.deliver(
                f"{reader}.PositionWanted.v1",
                {**wanted, "writer": writer},
                key=account,
                document=f"credit-account/{account}",
            )
        (restated,) = [it.data for it in await office.events("PositionRestated") if it.data["answers"] is not None][-1:]
        assert restated["answers"] == wanted["question"]
        assert restated["position"]["account_id"] == account
    versions = [it.data["position"]["version"] for it in await office.events("PositionRestated")]
    assert versions == sorted(set(versions))
    assert len(versions) == 2


async def test_an_unreadable_position_under_no_account_holds_nobody_up(office: "Office") -> None:
    await office.svc.deliver(
        "shipping.PositionRestated.v1", b"?", key="nonsense", document="credit-account/nonsense", position="1.1"
    )
    account = (await office.customer())["account_id"]
    assert not (await office.read(f"/credit-accounts/{account}"))["shipping_unreadable"]


async def test_the_position_of_a_poisoned_fact_is_kept_all_the_same(office: "Office") -> None:
    customer = await office.customer()
    account = customer["account_id"]
    await office.svc.deliver(
        "shipping.ShipmentShipped.v1",
        {"position": position(account, 1, 1), "delivery_note_id": "?"},
        key=account,
        document="delivery-note/x",
        version=1,
        position="1.1",
    )
    assert (await office.account(customer))["released"] == "101.00"
    async with office.svc.database.reader() as reader:
        assert await reader.scalar(select(DeadLetter.status)) == "poison"


async def test_our_position_says_by_dates_what_happens_by_itself(office: "Office") -> None:
    customer = await office.graded()
    await office.invoice(await office.ship(customer, ("1.000", "60.00")), due_on="2026-03-05")
    (event,) = await office.events("InvoiceIssued")
    assert event.data["position"] == {
        "account_id": customer["account_id"],
        "epoch": 1,
        "version": 3,
        "receivable": "60.00",
        "written_off": "0.00",
        "settled_total": "60.00",
        "prepaid_total": "0.00",
        "grade": "B",
        "limit": "1000.00",
        "c_from": "2026-04-05",
        "d_from": None,
        "stopped": False,
        "next_due": "2026-03-05",
        "overdue_amount": "0.00",
        "overdue_since": None,
        "prepaid_by": [],
        "seen": {"epoch": 1, "version": 1},
    }


async def test_sql_and_python_agree_on_the_grade_of_a_day(office: "Office") -> None:
    day = date(2026, 3, 2)
    days = (None, day - timedelta(days=1), day, day + timedelta(days=1))
    async with office.svc.database.transaction() as tx:
        for grade, c_from, d_from in product(Grade, days, days):
            account = CreditAccount.opened()
            account.grade, account.c_from, account.d_from = grade, c_from, d_from
            tx.add(account)
        await tx.flush()
        rows = (await tx.execute(select(CreditAccount, credit.grade_on(CreditAccount, day)))).all()
    assert len(rows) == 80
    for account, in_sql in rows:
        assert in_sql == grade_on(account.grade, c_from=account.c_from, d_from=account.d_from, day=day)


YUAN = st.decimals(-999_999, 999_999, places=2)
FIGURES = (
    *("receivable", "written_off", "settled_total", "prepaid_total"),
    *("released", "shipped_total", "prepaid_used_total"),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(figures=st.fixed_dictionaries(dict.fromkeys(FIGURES, YUAN)))
async def test_5_4_2_1_b_sql_and_python_agree_on_the_exposure(office: "Office", figures: dict[str, Decimal]) -> None:
    async with office.svc.database.transaction() as tx:
        account = CreditAccount.opened()
        for name, amount in figures.items():
            setattr(account, name, amount)
        tx.add(account)
        await tx.flush()
        in_sql = await tx.scalar(select(CreditAccount.exposure).where(CreditAccount.id == account.id))
    assert in_sql == exposure(account)

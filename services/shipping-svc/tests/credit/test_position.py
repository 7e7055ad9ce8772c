"""The copy of customer-svc's position: the newest wins, in whatever order and however often they arrive."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from fangxing.ids import new_id
from fangxing.positions import Step, Version, exposure, step
from shipping_svc.credit import store
from shipping_svc.credit.rules import Amounts, Approval, Figures, Road

if TYPE_CHECKING:
    from conftest import Yard


def position(account: UUID, epoch: int, version: int, **changes: Any) -> dict[str, Any]:
    """A position whose receivable tells its version."""
    return {
        "account_id": str(account),
        "epoch": epoch,
        "version": version,
        "receivable": f"{epoch}{version:02}.00",
        "written_off": "0.00",
        "settled_total": "0.00",
        "prepaid_total": "0.00",
        "grade": "B",
        "limit": "500.00",
        "c_from": None,
        "d_from": None,
        "stopped": False,
        "next_due": None,
        "overdue_amount": "0.00",
        "overdue_since": None,
        "prepaid_by": [],
        "seen": {"epoch": 1, "version": 0},
        **changes,
    }


async def arrive(
    yard: "Yard",
    account: UUID,
    epoch: int,
    version: int,
    readable: bool = True,
    answers: str | None = None,
    **changes: Any,
) -> None:
    """A position from the bus; an unreadable one lacks half of its fields."""
    data = position(account, epoch, version, **changes) if readable else {"account_id": str(account)}
    await yard.svc.deliver(
        "customer.PositionRestated.v1",
        {"position": data, "answers": answers},
        key=str(account),
        document=f"credit-account/{account}",
        position=f"{epoch}.{version}",
    )


async def known(yard: "Yard", account: UUID) -> Figures:
    async with yard.svc.runtime.unit_of_work() as work:
        return await store.look(work.tx, account)


ARRIVALS = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 6), st.booleans()), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrivals=ARRIVALS)
async def test_the_newest_position_wins_and_an_untrustworthy_newer_one_holds(
    yard: "Yard", arrivals: list[tuple[int, int, bool]]
) -> None:
    """Reordered, repeated, of several epochs, some unreadable, none of them asked for."""
    account = new_id()
    newest, held = Version(0, 0), False
    for epoch, version, readable in arrivals:
        await arrive(yard, account, epoch, version, readable)
        arrived = Version(epoch, version)
        match step(newest, arrived, restated=True, answer=False):
            case Step.NEXT if readable:
                newest = arrived
            case Step.NEXT | Step.OUT_OF_LINE:
                held = True
    found = await known(yard, account)
    assert (found.customer_epoch, found.customer_version) == newest
    assert found.receivable == (Decimal(f"{newest.epoch}{newest.version:02}.00") if newest.epoch else 0)
    assert found.hold is held


async def test_5_4_2_1_b_an_older_position_of_the_same_epoch_changes_nothing(yard: "Yard") -> None:
    account = new_id()
    await arrive(yard, account, 1, 10, grade="C", limit="0.00")
    before = await known(yard, account)
    await arrive(yard, account, 1, 9, grade="A", limit=None)
    await arrive(yard, account, 1, 10, grade="A", limit=None)
    assert await known(yard, account) == before


async def test_a_restored_backup_of_customer_svc_bumps_the_epoch_and_wins(yard: "Yard") -> None:
    account = new_id()
    await arrive(yard, account, 1, 99)
    await arrive(yard, account, 2, 1, receivable="7.00")
    await arrive(yard, account, 1, 100)
    found = await known(yard, account)
    assert (found.customer_epoch, found.customer_version, found.receivable) == (2, 1, Decimal("7.00"))


async def test_2_5_1_a_position_of_an_unknown_account_makes_it(yard: "Yard") -> None:
    account = new_id()
    told: dict[str, Any] = {
        "c_from": "2027-01-01",
        "d_from": "2027-06-01",
        "next_due": "2026-04-01",
        "stopped": True,
        "prepaid_by": ["accountant", "deputy"],
    }
    await arrive(yard, account, 1, 3, **told)
    found = await known(yard, account)
    assert (found.epoch, found.version, found.hold) == (1, 0, False)
    assert (found.limit, found.next_due, found.overdue_since) == (Decimal(500), date(2026, 4, 1), None)
    assert (found.c_from, found.d_from) == (date(2027, 1, 1), date(2027, 6, 1))
    assert (found.stopped, found.prepaid_by) == (True, ["accountant", "deputy"])


async def test_2_5_1_an_unreadable_position_of_an_unknown_account_holds_it(yard: "Yard") -> None:
    account = new_id()
    await arrive(yard, account, 1, 3, readable=False)
    found = await known(yard, account)
    assert (found.hold, found.limit, found.grade, exposure(found)) == (True, Decimal(0), "ungraded", Decimal(0))
    async with yard.svc.runtime.unit_of_work() as work:
        asked, approval = Amounts(on_credit=Decimal("0.01")), Approval(Road.OVER, Decimal(1000), in_writing=True)
        reservation = await store.reserve(work.tx, account, asked, approval, work.today)
    assert not reservation.made


async def test_2_5_1_a_held_account_waits_for_the_answer_of_customer_svc(yard: "Yard") -> None:
    account = new_id()
    await arrive(yard, account, 1, 1)
    await arrive(yard, account, 1, 2147483647, readable=False)
    await arrive(yard, account, 1, 4)
    assert (await known(yard, account)).hold
    assert (await known(yard, account)).customer_version == 4
    (wanted,) = await yard.svc.published("shipping.PositionWanted.v1")
    assert (wanted.data["account_id"], wanted.data["writer"]) == (str(account), "customer")
    await arrive(yard, account, 1, 5, answers=wanted.data["question"])
    assert not (await known(yard, account)).hold


async def test_whoever_could_not_read_our_position_is_answered(yard: "Yard") -> None:
    account = await yard.customer(limit="60.00")
    wanted = {"question": str(new_id()), "account_id": str(account), "writer": "shipping"}
    for told in ({**wanted, "writer": "customer"}, wanted):
        await yard.svc.deliver(
            "customer.PositionWanted.v1", told, key=str(account), document=f"credit-account/{account}"
        )
    (restated,) = await yard.svc.published("shipping.PositionRestated.v1")
    assert (restated.data["answers"], restated.data["account_id"]) == (wanted["question"], str(account))
    assert (restated.data["position"]["epoch"], restated.data["position"]["version"]) == (1, 1)


async def test_figures_that_are_no_money_hold_the_account(yard: "Yard") -> None:
    wrong: list[dict[str, Any]] = [
        {"receivable": 1},
        {"receivable": "1.001"},
        {"receivable": "NaN"},
        {"grade": "E"},
        {"limit": "much"},
        {"next_due": "2026-02-30"},
        {"c_from": "soon"},
        {"d_from": "2026-13-01"},
        {"stopped": "perhaps"},
        {"prepaid_by": None},
        {"prepaid_by": "accountant"},
        {"receivable": "999999999999.99", "written_off": "999999999999.99"},
    ]
    for changes in wrong:
        account = new_id()
        await arrive(yard, account, 1, 1)
        await arrive(yard, account, 1, 2, **changes)
        assert (await known(yard, account)).hold, changes


async def test_a_position_under_a_key_that_is_no_account_stops_nobody(yard: "Yard") -> None:
    await yard.svc.deliver(
        "customer.PositionRestated.v1", b"{}", key="somebody", document="credit-account/x", position="1.1"
    )


async def test_a_position_of_customer_svc_with_less_than_its_final_fields_holds_the_account(yard: "Yard") -> None:
    for missing in ("c_from", "d_from", "stopped", "prepaid_by"):
        account = new_id()
        await arrive(yard, account, 1, 1)
        data = position(account, 1, 2)
        del data[missing]
        await yard.svc.deliver(
            "customer.PositionRestated.v1",
            {"position": data},
            key=str(account),
            document=f"credit-account/{account}",
            position="1.2",
        )
        assert (await known(yard, account)).hold, missing


async def test_own_figures_stay_when_a_position_arrives_and_seen_tells_what_was_known(yard: "Yard") -> None:
    account = await yard.customer(limit="60.00")
    await yard.released(await yard.order(account))
    await yard.position(account, receivable="5.00")
    found = await yard.account(account)
    assert (found["released"], found["receivable"], found["exposure"]) == ("60.00", "5.00", "65.00")
    (event,) = await yard.svc.published("shipping.ShipmentReleased.v1")
    assert event.data["position"]["seen"] == {"epoch": 1, "version": 1}
    assert (event.data["position"]["epoch"], event.data["position"]["version"]) == (1, 1)


async def test_i2_a_stored_figure_that_is_not_what_the_documents_say_is_listed(yard: "Yard") -> None:
    account = await yard.customer(limit="600.00")
    notice = await yard.released(await yard.order(account), "2.000")
    await yard.shipped(notice, "1.000", last_truck=False)
    assert (await yard.svc.get("/position/differences", as_=yard.accountant)).json() == []
    async with yard.svc.database.transaction() as tx:
        await tx.execute(text("UPDATE credit_accounts SET released = released + 0.01"))
    (found,) = (await yard.svc.get("/position/differences", as_=yard.accountant)).json()
    assert (found["figure"], found["stored"], found["documents"]) == ("released", "60.01", "60.00")

"""What happens around a worker that freezes, in the short form and in the long one of tests/faults."""

import signal
import subprocess
import time
from decimal import Decimal
from uuid import UUID

from business import Business
from processes import Workers, drained, stands_still, until
from sqlalchemy import func, select

from fangxing.bus.letters import DeadLetter
from fangxing.roles import Role


async def freeze_and_wake(firm: Business, started: Workers, *, seconds: float = 0.0) -> None:
    """A worker of customer-svc, its leader, freezes while it takes a delivery in, `seconds` at least; all goes on."""
    started.start("shipping")
    frozen = started.start("customer", "in-transaction")
    customer, account = await firm.open_customer(limit="1000.00")
    await until(lambda: drained(firm), "everything has arrived")
    order = await firm.order(customer, account)
    await _ship(firm, order)

    async def frozen_in_it() -> bool:
        return await stands_still(frozen)

    await until(frozen_in_it, "the worker has frozen while it takes the delivery in")
    began = time.monotonic()
    other = started.start("customer")
    # somebody else's events go through its outbox and to its inbox, and those of this account behind the held one
    await firm.open_customer(limit="500.00")
    await _ship(firm, order)
    await until(lambda: drained(firm), "another worker has taken over")
    assert await stands_still(frozen)
    await _agreed(firm, account, notes=2)

    async def long_enough() -> bool:
        return time.monotonic() - began >= seconds

    await until(long_enough, "it stays frozen", seconds=seconds + 10)
    frozen.send_signal(signal.SIGCONT)
    _end(other)
    await _ship(firm, order)
    await firm.set_limit(customer, "2000.00")
    await until(lambda: drained(firm), "the one that woke goes on alone")
    assert frozen.poll() is None
    await _agreed(firm, account, notes=3)


async def _ship(firm: Business, order: tuple[UUID, UUID]) -> None:
    await firm.ship(await firm.notice(order, Decimal(10)), Decimal(9))


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    assert worker.wait(30) == 0


async def _agreed(firm: Business, account: UUID, *, notes: int) -> None:
    """Every delivery of 90.00 counts once, in both services and by the documents."""
    owed = Decimal(90) * notes
    assert await firm.views(account) == (owed, owed)
    assert await firm.truth(account) == owed
    accountant = firm.as_("accountant", Role.ACCOUNTANT)
    kept = (await firm.customer.get("/delivery-notes", as_=accountant)).json()["items"]
    assert [note["value"] for note in kept] == ["90.00"] * notes
    assert (await firm.customer.get("/ledger/differences", as_=accountant)).json() == []
    for service in (firm.customer, firm.shipping):
        async with service.database.reader() as reader:
            assert await reader.scalar(select(func.count()).select_from(DeadLetter)) == 0

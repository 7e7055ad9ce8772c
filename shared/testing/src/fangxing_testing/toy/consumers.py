"""What the toy reader takes in."""

from decimal import Decimal
from typing import Any

from sqlalchemy import tuple_
from sqlalchemy.dialects.postgresql import insert as pg_insert

from fangxing.errors import ErrorType, Kind
from fangxing.inbox import Consumers, Incoming
from fangxing.money import Yuan
from fangxing.work import Work
from fangxing_testing.toy.tables import HeardRow, PositionRow

UNHEARD_OF = ErrorType("unheard-of", Kind.CONFLICT, "闻所未闻", "Nobody ever heard of that")


class NoteWritten(Incoming):
    """What the reader needs of a note."""

    note: str
    version: int
    text: str
    amount: Yuan = Decimal("0.00")


class Position(Incoming):
    """A position as the writer sends it."""

    account: str
    epoch: int
    version: int
    balance: Yuan


async def hear(work: Work, event: NoteWritten) -> None:
    """Remember a fact. Raises `unheard-of`, after storing, so that a test sees that nothing stays."""
    work.tx.add(HeardRow(note=event.note, version=event.version, text=event.text, amount=event.amount))
    await work.tx.flush()
    if event.text == "unheard of":
        raise UNHEARD_OF()


async def keep(work: Work, position: dict[str, Any]) -> None:
    """Overwrite the account's position with a newer one."""
    read = Position.model_validate(position)
    await _overwrite(work, read.account, (read.epoch, read.version), {"balance": read.balance, "hold": False})


async def hold(work: Work, account: str, version: tuple[int, int]) -> None:
    """Put the account on hold until a newer position comes."""
    await _overwrite(work, account, version, {"hold": True})


async def _overwrite(work: Work, account: str, version: tuple[int, int], values: dict[str, Any]) -> None:
    changed = {"epoch": version[0], "version": version[1], **values}
    await work.tx.execute(
        pg_insert(PositionRow)
        .values(account=account, **changed)
        .on_conflict_do_update(
            index_elements=["account"],
            set_=changed,
            where=tuple_(PositionRow.epoch, PositionRow.version) < tuple_(*version),
        )
    )


def consumers(group: str) -> Consumers:
    """The reader's consumers."""
    taken = Consumers(group)
    taken.on("toy.NoteWritten.v1", NoteWritten, hear)
    taken.keep_positions("toy", keep, hold)
    return taken

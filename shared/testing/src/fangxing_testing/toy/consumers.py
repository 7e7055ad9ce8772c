"""What the toy reader takes in."""

from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as pg_insert

from fangxing.bus import copies
from fangxing.bus.copies import UNKNOWN, Copies, Copy
from fangxing.errors import ErrorType, Kind
from fangxing.inbox import Consumers, Incoming
from fangxing.money import Yuan
from fangxing.positions import Version, older_than, version_of
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

    account_id: UUID
    epoch: int
    version: int
    balance: Yuan


class PositionWanted(copies.PositionWanted):
    """The reader could not read a position."""

    event_type: ClassVar[str] = "reader.PositionWanted.v1"


async def hear(work: Work, event: NoteWritten) -> None:
    """Remember a fact. Raises `unheard-of`, after storing, so that a test sees that nothing stays."""
    work.tx.add(HeardRow(note=event.note, version=event.version, text=event.text, amount=event.amount))
    await work.tx.flush()
    if event.text == "unheard of":
        raise UNHEARD_OF()


async def known(work: Work, account: UUID) -> Copy:
    """The number of the account's position here."""
    row = await work.tx.get(PositionRow, str(account), populate_existing=True)
    return UNKNOWN if row is None else Copy(Version(row.epoch, row.version), row.hold)


async def keep(work: Work, position: dict[str, Any], held: bool) -> None:
    """Overwrite the account's position with a newer one."""
    read = Position.model_validate(position)
    changed = {"epoch": read.epoch, "version": read.version, "balance": read.balance, "hold": held}
    await work.tx.execute(
        pg_insert(PositionRow)
        .values(account=str(read.account_id), **changed)
        .on_conflict_do_update(
            index_elements=["account"],
            set_=changed,
            where=older_than(version_of(read), PositionRow.epoch, PositionRow.version),
        )
    )


async def hold(work: Work, account: UUID, held: bool) -> None:
    """Put the account on hold, or end it."""
    await work.tx.execute(
        pg_insert(PositionRow)
        .values(account=str(account), epoch=0, version=0, hold=held)
        .on_conflict_do_update(index_elements=["account"], set_={"hold": held})
    )


def consumers(group: str) -> Consumers:
    """The reader's consumers."""
    taken = Consumers(group)
    taken.on("toy.NoteWritten.v1", NoteWritten, hear)
    taken.keep_positions("toy", Copies(known=known, keep=keep, hold=hold, wanted=PositionWanted))
    return taken

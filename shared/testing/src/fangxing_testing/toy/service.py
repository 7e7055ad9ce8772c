"""The toy writer's use cases, policies and events."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from fangxing import decision_log
from fangxing.decision_log import VerdictRow
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.labels import Unit, labels
from fangxing.money import PositiveYuan, Yuan
from fangxing.outbox import Event, record
from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.text import Text
from fangxing.verdicts import ReasonType, Verdict
from fangxing.work import Work
from fangxing_testing.toy.tables import DayRow, NoteRow

NOTE_NOT_FOUND = ErrorType("note-not-found", Kind.NOT_FOUND, "没有便条 {note}", "There is no note {note}")
NOTE_CURSED = ErrorType("note-cursed", Kind.CONFLICT, "这张便条写不得", "This note must not be written")
OVER_CEILING = ReasonType(
    "over-ceiling",
    "0-1",
    Text("金额 {amount} 超过上限 {ceiling}", "The amount {amount} is over the ceiling {ceiling}"),
    Text("降低到 {ceiling} 以内", "Bring it down to {ceiling}"),
)
LABELS = labels(
    toy_note=("便条", "note"),
    toy_amount=("金额", "amount", Unit.YUAN),
    toy_ceiling=("上限", "ceiling", Unit.YUAN),
)
CEILING: Policy[Decimal] = Policy(
    "toy.ceiling", PositiveYuan, Role.FINANCE_MANAGER, "0-1", Text("上限", "ceiling"), Decimal("1000.00")
)
NEVER_SET: Policy[int] = Policy("toy.unset", int, Role.FINANCE_MANAGER, "0-2", Text("未设定", "unset"))


class NoteWritten(Event):
    """A note was written or amended."""

    event_type: ClassVar[str] = "toy.NoteWritten.v1"
    note: UUID
    version: int
    text: str
    amount: Yuan


async def write(work: Work, text: str, amount: Decimal) -> NoteRow:
    """Write a note. Raises `note-cursed`, after storing, so that a test sees that nothing stays."""
    note = NoteRow(id=new_id(), text=text, amount=amount, version=1)
    work.tx.add(note)
    _publish(work, note)
    await work.tx.flush()
    if text == "cursed":
        raise NOTE_CURSED()
    return note


async def amend(work: Work, note_id: UUID, amount: Decimal) -> NoteRow:
    """Change a note's amount under its row lock. Raises `note-not-found`."""
    note = await work.tx.get(NoteRow, note_id, with_for_update=True)
    if note is None:
        raise NOTE_NOT_FOUND(note=note_id)
    note.amount = amount
    note.version += 1
    _publish(work, note)
    return note


async def judge(work: Work, note_id: UUID) -> VerdictRow:
    """Whether the note is under the ceiling; the verdict is kept either way."""
    note = await work.tx.get(NoteRow, note_id)
    if note is None:
        raise NOTE_NOT_FOUND(note=note_id)
    book = await work.policies()
    ceiling = book.get(CEILING)
    allowed = ceiling is not None and note.amount <= ceiling
    verdict = Verdict(
        allowed=allowed,
        outcome="pass" if allowed else "refused",
        reasons=() if allowed else (OVER_CEILING(amount=note.amount, ceiling=ceiling),),
        inputs={"toy_amount": note.amount, "toy_ceiling": ceiling},
        policy_versions=book.versions(CEILING),
    )
    return decision_log.keep(work, "toy.judge", f"note/{note_id}", verdict)


async def count_day(work: Work, day: date) -> None:
    """The daily timer: note the day."""
    work.tx.add(DayRow(day=day))


def _publish(work: Work, note: NoteRow) -> None:
    event = NoteWritten(note=note.id, version=note.version, text=note.text, amount=note.amount)
    record(work, event, key=f"note/{note.id}", document=f"note/{note.id}", version=note.version)

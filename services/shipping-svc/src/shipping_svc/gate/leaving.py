"""The guard lets a truck out, once; whatever else comes to the gate is recorded."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from fangxing import decision_log, throttles
from fangxing.clauses import clause
from fangxing.decision_log import VerdictRow
from fangxing.documents import act
from fangxing.ids import new_id
from fangxing.outbox import record_fact
from fangxing.roles import Role
from fangxing.tasks import TaskRow, TaskStatus, close_tasks, open_task
from fangxing.text import Text
from fangxing.throttles import TOO_MANY_ATTEMPTS, Throttle, ThrottleRow
from fangxing.verdicts import Outcome, Reason, Scalar, Verdict
from fangxing.work import Work
from shipping_svc.gate import reasons
from shipping_svc.gate.events import ShipmentLeft
from shipping_svc.gate.rules import GateTask, Pass, judge_exit
from shipping_svc.gate.shapes import Exit
from shipping_svc.gate.store import GateRefusal
from shipping_svc.papers.encoding import decode
from shipping_svc.papers.rules import NoteAction, NoteStatus, PassAction, PassStatus
from shipping_svc.papers.store import DeliveryNote, ExitPass

_GUESSES_APART = timedelta(hours=1)


@clause("5-4.2.1-F")
async def let_out(work: Work, body: Exit, guesses: Throttle) -> tuple[ExitPass | None, VerdictRow]:
    """Let the truck with the presented pass (short number or code) out, or say why not.

    A refusal is recorded, and the warehouse supervisor is told. The rows are locked: of two guards with one pass
    one succeeds. Raises `incompatible-hands` where the guard loaded the truck himself, and `too-many-attempts` to who
    guesses; a genuine code is no guess and always heard.
    """
    pass_id = None if body.by_number else decode(body.presented, work.signing_key.public_key())
    papers, wait = await _lock_papers(work, body, pass_id, guesses)
    if papers is None:
        wait = await throttles.count(work.tx, work.system_now, guesses)
    if wait:
        raise TOO_MANY_ATTEMPTS(seconds=wait)
    exit_pass = papers[1] if papers else None
    found = _as_judged(exit_pass) if exit_pass else None
    genuine = body.by_number or pass_id is not None
    faults = judge_exit(found, genuine=genuine, vehicle=body.vehicle, gate=body.gate, now=work.now)
    inputs: dict[str, Scalar] = {
        "exit_pass": exit_pass.id if exit_pass else None,
        "presented": _presented(body),
        "vehicle": body.vehicle,
        "gate": body.gate,
        "now": work.now,
    }
    verdict = Verdict(not faults, Outcome.STOP if faults else NoteAction.LEAVE, faults, inputs)
    kept = decision_log.keep(work, "exit", exit_pass.document if exit_pass else "exit-pass/unknown", verdict)
    if papers is None or faults:
        await _refuse(work, body, exit_pass, faults[0])
    else:
        await _leave(work, *papers, body.gate)
    return exit_pass, kept


async def _lock_papers(
    work: Work, body: Exit, pass_id: UUID | None, guesses: Throttle
) -> tuple[tuple[DeliveryNote, ExitPass] | None, int]:
    """The pass and its delivery note, the note locked before the pass; and how long who guesses has to wait."""
    if not body.by_number and pass_id is None:
        return None, 0
    condition = ExitPass.short_number == body.presented if body.by_number else ExitPass.id == pass_id
    # PostgreSQL locks the tables of a join in the order in which FROM names them
    found = await work.tx.execute(
        select(DeliveryNote, ExitPass, ThrottleRow.failures, ThrottleRow.began_at)
        .join(ExitPass, ExitPass.note_id == DeliveryNote.id)
        .outerjoin(ThrottleRow, guesses.row)
        .where(condition)
        .options(lazyload(DeliveryNote.lines))
        .with_for_update(of=[DeliveryNote, ExitPass])
    )
    row = found.first()
    if row is None:
        return None, 0
    wait = guesses.wait(row.failures, row.began_at, work.system_now) if body.by_number else 0
    return (row[0], row[1]), wait


def _as_judged(row: ExitPass) -> Pass:
    return Pass(row.vehicle, row.gate, row.valid_until, row.used_at, row.voided_at)


def _presented(body: Exit) -> str:
    """What was presented, as it is recorded: a code is too long, and as good as the pass."""
    return body.presented if body.by_number else "code"


async def _refuse(work: Work, body: Exit, exit_pass: ExitPass | None, fault: Reason) -> None:
    refusal = GateRefusal(
        id=new_id(),
        pass_id=exit_pass.id if exit_pass else None,
        presented=_presented(body),
        vehicle=body.vehicle,
        gate=body.gate,
        slug=fault.type.slug,
        guard=work.actor.id,
        refused_on=work.today,
        refused_at=work.now,
    )
    work.tx.add(refusal)
    if exit_pass is None:
        await _tell_of_guesses(work, body.gate)
    else:
        await _tell_of_truck(work, exit_pass, reasons.held_title(body.vehicle, body.gate, fault))


async def _tell_of_truck(work: Work, exit_pass: ExitPass, title: Text) -> None:
    """A task about a truck with a pass; the same truck held again for the same reason is no second one."""
    same = select(TaskRow.id).where(
        TaskRow.document == exit_pass.document,
        TaskRow.status == TaskStatus.OPEN,
        TaskRow.kind == GateTask.REFUSAL,
        TaskRow.title_zh == title.zh,
    )
    if await work.tx.scalar(same) is None:
        await _tell(work, GateTask.REFUSAL, exit_pass.document, title)


async def _tell_of_guesses(work: Work, gate: str) -> None:
    """A task about a gate where passes are presented that are none: one an hour, however many trucks are made up."""
    document = f"gate/{gate}"
    await work.tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(document, 0))))
    lately = select(TaskRow.id).where(TaskRow.document == document, TaskRow.opened_at > work.now - _GUESSES_APART)
    if await work.tx.scalar(lately.limit(1)) is None:
        await _tell(work, GateTask.GUESS, document, reasons.guesses_title(gate))


async def _tell(work: Work, kind: GateTask, document: str, title: Text) -> None:
    role = Role.WAREHOUSE_SUPERVISOR
    await open_task(work, kind=kind, role=role, document=document, clause="5-4.2.1-F", title=title, to_note=True)


async def _leave(work: Work, note: DeliveryNote, exit_pass: ExitPass, gate: str) -> None:
    await act(work, exit_pass, PassAction.LET_OUT)
    await act(work, note, NoteAction.LEAVE)
    exit_pass.status, exit_pass.used_at = PassStatus.USED, work.now
    note.status, note.left_on = NoteStatus.LEFT, work.today
    event = ShipmentLeft(
        delivery_note_id=note.id,
        notice_id=note.notice_id,
        customer_id=note.customer_id,
        account_id=note.account_id,
        left_on=work.today,
        gate=gate,
    )
    await close_tasks(work, exit_pass.document, GateTask.REFUSAL)
    record_fact(work, event, about=note, key=str(note.account_id))

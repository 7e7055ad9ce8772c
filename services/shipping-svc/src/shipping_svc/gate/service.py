"""The guard lets a truck out, once; the warehouse supervisor issues another pass for one that expired or was lost."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fangxing import decision_log
from fangxing.clauses import clause
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.outbox import record_fact
from fangxing.roles import Role
from fangxing.tasks import TaskRow, close_tasks, open_task
from fangxing.text import Text
from fangxing.verdicts import Reason, Scalar, Verdict
from fangxing.work import Work
from shipping_svc.gate import rules
from shipping_svc.gate.passes import issue_pass, read_token
from shipping_svc.gate.store import ExitPass, GateRefusal
from shipping_svc.warehouse.events import ShipmentLeft
from shipping_svc.warehouse.policies import PASS_HOURS
from shipping_svc.warehouse.store import DeliveryNote

NOTE_NOT_FOUND = ErrorType(
    "delivery-note-not-found", Kind.NOT_FOUND, "没有送货单 {note}", "There is no delivery note {note}"
)
ALREADY_LEFT = ErrorType(
    "already-left",
    Kind.CONFLICT,
    "送货单 {number} 的车已经出门，不能补发出门证",
    "The truck with delivery note {number} has left already: no other pass",
    clause="5-4.2.1-F",
)


@clause("5-4.2.1-F")
async def let_out(work: Work, *, presented: str, vehicle: str, gate: str) -> tuple[ExitPass | None, Verdict]:
    """Let the truck with the presented pass (short number or code) out, or say why not.

    A refusal is recorded, and the warehouse supervisor is told. The rows are locked: of two guards with one pass
    one succeeds.
    """
    by_number = presented.isdigit()
    pass_id = None if by_number else read_token(presented, work.signing_key.public_key())
    papers = await _find(work, presented if by_number else None, pass_id)
    exit_pass = papers[1] if papers else None
    found = _as_judged(exit_pass) if exit_pass else None
    genuine = by_number or pass_id is not None
    faults = rules.judge_exit(found, genuine=genuine, vehicle=vehicle, gate=gate, now=work.now)
    inputs = {
        "pass": exit_pass.id if exit_pass else None,
        "presented": presented if by_number else "code",
        "vehicle": vehicle,
        "gate": gate,
        "now": work.now,
    }
    verdict = Verdict(not faults, "stop" if faults else "leave", faults, inputs)
    document = f"exit-pass/{exit_pass.id}" if exit_pass else "exit-pass/unknown"
    decision_log.keep(work, "exit", document, verdict)
    if papers is None or faults:
        await _refuse(work, exit_pass, faults[0], presented if by_number else "code", vehicle, gate)
    else:
        await _leave(work, *papers, gate)
    return exit_pass, verdict


def _as_judged(row: ExitPass) -> rules.Pass:
    return rules.Pass(row.vehicle, row.gate, row.valid_until, row.used_at, row.voided_at)


@clause("5-4.2.1-F")
async def reissue(work: Work, note_id: UUID, *, gate: str, reason: str) -> ExitPass:
    """Another pass, for `gate`, for a truck that has not left; the one before is void.

    Raises `delivery-note-not-found` or `already-left`.
    """
    # the note before the pass, as at the gate: whoever comes second sees the pass that was issued meanwhile
    note = await work.tx.get(DeliveryNote, note_id, with_for_update=True)
    if note is None:
        raise NOTE_NOT_FOUND(note=note_id)
    good = select(ExitPass).where(ExitPass.note_id == note.id, ExitPass.voided_at.is_(None)).with_for_update()
    before = (await work.tx.scalars(good)).one()
    if before.used_at is not None:
        raise ALREADY_LEFT(number=note.number)
    before.voided_at = work.now
    await close_tasks(work, _subject(before, before.vehicle), "gate_refusal")
    hours: int = (await work.policies()).get(PASS_HOURS) or 1
    valid_until = work.now + timedelta(hours=hours)
    exit_pass = await issue_pass(work, note, gate=gate, valid_until=valid_until, customer_name=before.customer_name)
    inputs: dict[str, Scalar] = {"void": before.id, "gate": gate, "reason": reason, "valid_until": valid_until}
    decision_log.keep(work, "exit_pass_reissued", f"exit-pass/{exit_pass.id}", Verdict(True, "reissue", (), inputs))
    return exit_pass


async def _find(work: Work, number: str | None, pass_id: UUID | None) -> tuple[DeliveryNote, ExitPass] | None:
    """The pass and its delivery note, the note locked before the pass."""
    if number is None and pass_id is None:
        return None
    condition = ExitPass.short_number == number if number is not None else ExitPass.id == pass_id
    # PostgreSQL locks the tables of a join in the order in which FROM names them
    found = await work.tx.execute(
        select(DeliveryNote, ExitPass)
        .join(ExitPass, ExitPass.note_id == DeliveryNote.id)
        .where(condition)
        .options(lazyload(DeliveryNote.lines))
        .with_for_update(of=[DeliveryNote, ExitPass])
    )
    row = found.first()
    return (row[0], row[1]) if row else None


def _subject(exit_pass: ExitPass | None, vehicle: str) -> str:
    """What a refusal's task is about: the pass, or the truck where there is no such pass."""
    return f"exit-pass/{exit_pass.id}" if exit_pass else f"truck/{vehicle}"


async def _refuse(
    work: Work, exit_pass: ExitPass | None, fault: Reason, presented: str, vehicle: str, gate: str
) -> None:
    refusal = GateRefusal(
        id=new_id(),
        pass_id=exit_pass.id if exit_pass else None,
        presented=presented[:64],
        vehicle=vehicle,
        gate=gate,
        slug=fault.type.slug,
        guard=work.actor.id,
        refused_on=work.today,
        refused_at=work.now,
    )
    work.tx.add(refusal)
    why = fault.content()["text"]
    assert isinstance(why, dict)
    title = Text(
        f"{gate} 门拦下车辆 {vehicle}：{why['zh-CN']}"[:300], f"Truck {vehicle} held at gate {gate}: {why['en']}"[:300]
    )
    document = _subject(exit_pass, vehicle)
    # each attempt is recorded above; the same truck held again for the same reason is no second task
    same = select(TaskRow.id).where(
        TaskRow.document == document,
        TaskRow.status == "open",
        TaskRow.kind == "gate_refusal",
        TaskRow.title_zh == title.zh,
    )
    if await work.tx.scalar(same) is None:
        role = Role.WAREHOUSE_SUPERVISOR
        open_task(work, kind="gate_refusal", role=role, document=document, clause="5-4.2.1-F", title=title)


async def _leave(work: Work, note: DeliveryNote, exit_pass: ExitPass, gate: str) -> None:
    exit_pass.used_at, exit_pass.used_by = work.now, work.actor.id
    note.left_on = work.today
    event = ShipmentLeft(
        delivery_note_id=note.id,
        notice_id=note.notice_id,
        customer_id=note.customer_id,
        account_id=note.account_id,
        left_on=work.today,
        gate=gate,
    )
    for document in (_subject(exit_pass, note.vehicle), _subject(None, note.vehicle)):
        await close_tasks(work, document, "gate_refusal")
    record_fact(work, event, about=note, document=note.document, key=str(note.account_id))

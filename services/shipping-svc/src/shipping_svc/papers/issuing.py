"""Exit passes are issued with the delivery note, and anew by the supervisor for one that expired or was lost."""

import secrets
from uuid import UUID

from sqlalchemy import select

from fangxing import decision_log
from fangxing.clauses import clause
from fangxing.documents import act, born, lock_for
from fangxing.ids import new_id
from fangxing.tasks import close_tasks
from fangxing.verdicts import Scalar, Verdict
from fangxing.work import Work
from shipping_svc.papers.policies import PASS_HOURS
from shipping_svc.papers.rules import NoteAction, PassAction, PassStatus, check_digit, valid_until
from shipping_svc.papers.shapes import Reissue
from shipping_svc.papers.store import DeliveryNote, ExitPass


async def issue_pass(work: Work, note: DeliveryNote, *, gate: str, customer_name: str) -> ExitPass:
    """The exit pass of a signed delivery note, for `gate`, for as many hours as the policy says."""
    book = await work.policies()
    exit_pass = ExitPass(
        id=new_id(),
        short_number=await _free_number(work),
        note_id=note.id,
        note_number=note.number,
        notice_id=note.notice_id,
        customer_id=note.customer_id,
        account_id=note.account_id,
        customer_name=customer_name,
        vehicle=note.vehicle,
        driver=note.driver,
        goods="; ".join(f"{line.product_name} {line.lot} {line.tons} 吨" for line in note.lines)[:1000],
        tons=note.tons,
        gate=gate,
        status=PassStatus.ISSUED,
        author=work.actor.id,
        created_at=work.now,
        valid_until=valid_until(work.now, book.get(PASS_HOURS)),
    )
    await born(work, exit_pass, PassAction.ISSUE, note.hands)
    work.tx.add(exit_pass)
    return exit_pass


async def _free_number(work: Work) -> str:
    # random, so that nobody guesses the next one; of ten million some are taken after some years
    while True:
        digits = "".join(secrets.choice("0123456789") for _ in range(7))
        number = digits + check_digit(digits)
        if await work.tx.scalar(select(ExitPass.id).where(ExitPass.short_number == number)) is None:
            return number


@clause("5-4.2.1-F")
async def reissue_pass(work: Work, note_id: UUID, body: Reissue) -> ExitPass:
    """Another pass, for the gate of `body`, for a truck that has not left; the one before is void.

    Raises `delivery-note-not-found` or `wrong-state`.
    """
    # the note before the pass, as at the gate: whoever comes second sees the pass that was issued meanwhile
    note = await lock_for(work, DeliveryNote, note_id, NoteAction.REISSUE_PASS)
    good = select(ExitPass).where(ExitPass.note_id == note.id, ExitPass.status != PassStatus.VOID).with_for_update()
    before = (await work.tx.scalars(good)).one()
    await act(work, before, PassAction.VOID)
    before.status, before.voided_at = PassStatus.VOID, work.now
    # whatever trouble there was with the one before is settled
    await close_tasks(work, before.document)
    exit_pass = await issue_pass(work, note, gate=body.gate, customer_name=before.customer_name)
    inputs: dict[str, Scalar] = {
        "void": before.id,
        "gate": body.gate,
        "reason": body.reason,
        "valid_until": exit_pass.valid_until,
    }
    decision_log.keep(work, "exit_pass_reissued", exit_pass.document, Verdict(True, "reissue", (), inputs))
    return exit_pass

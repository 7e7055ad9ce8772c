"""Keeper and carrier sign: the delivery note, the freight voucher and the exit pass, and the move to shipped."""

from uuid import UUID

from sqlalchemy import func, select

from fangxing import decision_log
from fangxing.clauses import clause
from fangxing.decision_log import VerdictRow
from fangxing.documents import act, born, lock_to_judge
from fangxing.ids import new_id
from fangxing.money import ZERO, value_of
from fangxing.outbox import record_fact
from fangxing.verdicts import Outcome, Scalar, Verdict
from fangxing.work import Work
from shipping_svc.credit.rules import Amounts
from shipping_svc.credit.store import advance
from shipping_svc.loading.closing import send_away
from shipping_svc.loading.reasons import LOADED_LOT_BLOCKED
from shipping_svc.loading.rules import LoadingAction, LoadingStatus, judge_lot
from shipping_svc.loading.store import Loading, Scan, judged_lots, lock_open_loadings
from shipping_svc.notices.access import notices_of
from shipping_svc.notices.ending import end_notice, give_reservation_back
from shipping_svc.notices.rules import Kind, NoticeAction, NoticeStatus
from shipping_svc.notices.store import Notice
from shipping_svc.papers import rules
from shipping_svc.papers.errors import NOTHING_LOADED
from shipping_svc.papers.events import ShipmentShipped
from shipping_svc.papers.issuing import issue_pass
from shipping_svc.papers.rules import NoteAction, NoteStatus
from shipping_svc.papers.shapes import SignLoading
from shipping_svc.papers.store import NOTE_NUMBERS, DeliveryNote, DeliveryNoteLine, ExitPass


@clause("5-4.2.1-E", "5-3")
async def sign_loading(
    work: Work, loading_id: UUID, body: SignLoading
) -> tuple[VerdictRow, tuple[DeliveryNote, ExitPass] | None]:
    """Sign a loading: the delivery note is final, the exit pass is for the gate named, the goods count as shipped.

    A lot that may not go out any more stops it. With the last truck the notice closes and what was reserved and not
    loaded is given back. Raises `loading-not-found`, `wrong-state`, `nothing-loaded` or `other-truck-loading`.
    """
    notice_id = await work.tx.scalar(select(Loading.notice_id).where(Loading.id == loading_id))
    if notice_id is None:
        raise Loading.not_found(loading_id)
    notice = await lock_to_judge(work, Notice, notice_id, NoticeAction.SHIP, notices_of(work.actor))
    trucks = {loading.id: loading for loading in await lock_open_loadings(work.tx, notice)}
    # one that is not among them is signed or was sent away, which is said
    loading = trucks.pop(loading_id, None) or await lock_to_judge(work, Loading, loading_id, LoadingAction.SIGN)
    verdict = await _judge_lots(work, notice, loading)
    if not verdict.allowed:
        return verdict, None
    await act(work, notice, NoticeAction.SHIP)
    await act(work, loading, LoadingAction.SIGN)
    loading.status = LoadingStatus.SIGNED
    if body.last_truck:
        await send_away(work, list(trucks.values()))
    note = await _write_note(work, notice, loading, body)
    exit_pass = await issue_pass(work, note, gate=body.gate, customer_name=notice.customer_name)
    await _ship(work, notice, note, last_truck=body.last_truck)
    return verdict, (note, exit_pass)


async def _judge_lots(work: Work, notice: Notice, loading: Loading) -> VerdictRow:
    """Whether every lot on the truck may still go out: one may have been blocked since it was loaded."""
    loaded = await work.tx.execute(
        select(Scan.order_line_id, Scan.lot)
        .where(Scan.loading_id == loading.id, Scan.accepted)
        .distinct()
        .order_by(Scan.order_line_id, Scan.lot)
    )
    product_of = {line.order_line_id: line.product_id for line in notice.lines}
    on_truck = list(dict.fromkeys((product_of[line], lot) for line, lot in loaded))
    known = await judged_lots(work.tx, {lot for _, lot in on_truck})
    faults = tuple(
        fault for product, lot in on_truck for fault in judge_lot(known.get((product, lot)), lot, LOADED_LOT_BLOCKED)
    )
    inputs: dict[str, Scalar] = {
        "loading": loading.id,
        "vehicle": loading.vehicle,
        "lots": ", ".join(sorted({lot for _, lot in on_truck})),
    }
    verdict = Verdict(not faults, Outcome.STOP if faults else NoteAction.SIGN, faults, inputs)
    return decision_log.keep(work, "signing", notice.document, verdict)


async def _write_note(work: Work, notice: Notice, loading: Loading, body: SignLoading) -> DeliveryNote:
    """The delivery note of what is on the truck; raises `nothing-loaded`."""
    lines = await _loaded_lines(work, notice, loading)
    if not lines:
        raise NOTHING_LOADED()
    note = DeliveryNote(
        id=new_id(),
        number=f"SH{await work.tx.scalar(select(func.nextval(NOTE_NUMBERS.name))):07d}",
        notice_id=notice.id,
        loading_id=loading.id,
        customer_id=notice.customer_id,
        account_id=notice.account_id,
        vehicle=loading.vehicle,
        driver=loading.driver,
        tons=sum((line.tons for line in lines), ZERO),
        value=sum((line.value for line in lines), ZERO),
        status=NoteStatus.SIGNED,
        author=work.actor.id,
        keeper=work.actor.id,
        keeper_name=work.actor.name,
        carrier_name=body.carrier_name,
        carrier_signature=body.carrier_signature,
        freight_voucher=body.freight_voucher,
        signed_at=work.now,
        shipped_on=work.today,
        lines=lines,
    )
    await born(work, note, NoteAction.SIGN, notice.hands, loading.hands)
    work.tx.add(note)
    # the pass refers to the note by its key alone, so the session would not know which of them goes first
    await work.tx.flush()
    return note


async def _loaded_lines(work: Work, notice: Notice, loading: Loading) -> list[DeliveryNoteLine]:
    """One line for each lot of an order line on the truck, together worth at most what the notice still reserves."""
    loaded = await work.tx.execute(
        select(Scan.order_line_id, Scan.lot, func.sum(Scan.tons), func.count())
        .where(Scan.loading_id == loading.id, Scan.accepted)
        .group_by(Scan.order_line_id, Scan.lot)
        .order_by(Scan.order_line_id, Scan.lot)
    )
    by_id = {line.order_line_id: line for line in notice.lines}
    lots = [(by_id[line_id], lot, tons, packages) for line_id, lot, tons, packages in loaded]
    values = rules.within_reservation(
        [value_of(tons, noticed.price_per_ton) for noticed, _, tons, _ in lots],
        notice.reserved_credit + notice.reserved_prepaid,
    )
    return [
        DeliveryNoteLine(
            line=number,
            order_line_id=noticed.order_line_id,
            contract_line_id=noticed.contract_line_id,
            product_id=noticed.product_id,
            product_name=noticed.product_name,
            lot=lot,
            packages=packages,
            tons=tons,
            price_per_ton=noticed.price_per_ton,
            value=value,
        )
        for number, ((noticed, lot, tons, packages), value) in enumerate(zip(lots, values, strict=True), 1)
    ]


async def _ship(work: Work, notice: Notice, note: DeliveryNote, *, last_truck: bool) -> None:
    """The goods leave the reservation: on credit they count as shipped, prepaid ones were used up by the release."""
    amounts = Amounts.of(note.value, prepaid=notice.kind is Kind.PREPAID)
    notice.reserved_credit -= amounts.on_credit
    notice.reserved_prepaid -= amounts.on_prepayment
    if last_truck:
        # the order before the account, as everywhere
        await end_notice(work, notice, NoticeStatus.SHIPPED)
    await work.tx.flush()
    figures = await advance(work.tx, notice.account_id, released=-amounts.on_credit, shipped_total=amounts.on_credit)
    event = ShipmentShipped.of(note, notice, amounts, figures)
    record_fact(
        work,
        event,
        about=note,
        key=str(notice.account_id),
        position=str(event.position.number),
    )
    if last_truck and _falls_short(notice):
        await give_reservation_back(work, notice)


def _falls_short(notice: Notice) -> bool:
    reserved = notice.reserved_credit + notice.reserved_prepaid
    return rules.falls_short(reserved, ((line.loaded_tons, line.tons) for line in notice.lines))

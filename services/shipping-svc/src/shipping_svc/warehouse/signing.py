"""Keeper and carrier sign: the delivery note, the freight voucher and the exit pass, and the move to shipped."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from fangxing import decision_log
from fangxing.clauses import clause
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.money import ZERO, value_of
from fangxing.outbox import record_fact
from fangxing.verdicts import Scalar, Verdict
from fangxing.work import Work
from shipping_svc.credit import release as account_release
from shipping_svc.gate.passes import issue_pass
from shipping_svc.gate.store import ExitPass
from shipping_svc.notices import rules as notice_rules
from shipping_svc.notices.judging import give_lines_back
from shipping_svc.notices.release import give_reservation_back
from shipping_svc.notices.service import lock_notice
from shipping_svc.notices.store import Notice
from shipping_svc.orders.store import Customer
from shipping_svc.warehouse import rules
from shipping_svc.warehouse.closing import send_away
from shipping_svc.warehouse.events import ShipmentShipped, ShippedLine
from shipping_svc.warehouse.lots import judged_lots
from shipping_svc.warehouse.policies import PASS_HOURS
from shipping_svc.warehouse.store import NOTE_NUMBERS, DeliveryNote, DeliveryNoteLine, Loading, Scan
from shipping_svc.warehouse.trucks import lock_open_loadings

LOADING_NOT_OPEN = ErrorType(
    "loading-not-open",
    Kind.CONFLICT,
    "没有在装的这车货 {loading}，或已签字",
    "No loading {loading} is under way, or it is signed",
)
NOTHING_LOADED = ErrorType(
    "nothing-loaded", Kind.CONFLICT, "还没有装任何货", "Nothing is loaded yet", clause="5-4.2.1-E"
)


@dataclass(frozen=True, slots=True)
class Signatures:
    """What the carrier signs on the keeper's device; the keeper is the actor."""

    carrier_name: str
    carrier_signature: str
    freight_voucher: str


@dataclass(frozen=True, slots=True)
class Papers:
    """What a signed truck takes along."""

    note: DeliveryNote
    exit_pass: ExitPass


@clause("5-4.2.1-E", "5-3")
async def sign(
    work: Work, loading_id: UUID, signatures: Signatures, *, gate: str, last_truck: bool
) -> tuple[Verdict, Papers | None]:
    """Sign a loading: the delivery note is final, the exit pass is for `gate`, and the goods count as shipped.

    A lot that may not go out any more stops it. With the last truck the notice closes and what was reserved and not
    loaded is given back. Raises `loading-not-open`, `nothing-loaded` or `other-truck-loading`.
    """
    notice_id = await work.tx.scalar(select(Loading.notice_id).where(Loading.id == loading_id))
    if notice_id is None:
        raise LOADING_NOT_OPEN(loading=loading_id)
    notice = await lock_notice(work, notice_id, "released")
    trucks = {loading.id: loading for loading in await lock_open_loadings(work, notice)}
    loading = trucks.pop(loading_id, None)
    if loading is None:
        raise LOADING_NOT_OPEN(loading=loading_id)
    verdict = await _judge_lots(work, notice, loading)
    if not verdict.allowed:
        return verdict, None
    if last_truck:
        await send_away(work, list(trucks.values()))
    note = await _delivery_note(work, notice, loading, signatures)
    loading.status = "signed"
    book = await work.policies()
    hours: int = book.get(PASS_HOURS) or 1
    valid_until = work.now + timedelta(hours=hours)
    customer = await work.tx.get_one(Customer, notice.customer_id)
    exit_pass = await issue_pass(work, note, gate=gate, valid_until=valid_until, customer_name=customer.name)
    await _ship(work, notice, note, last_truck=last_truck)
    return verdict, Papers(note, exit_pass)


async def _judge_lots(work: Work, notice: Notice, loading: Loading) -> Verdict:
    """Whether every lot on the truck may still go out: one may have been blocked since it was loaded."""
    loaded = await work.tx.execute(
        select(Scan.order_line_id, Scan.lot)
        .where(Scan.loading_id == loading.id, Scan.accepted)
        .distinct()
        .order_by(Scan.order_line_id, Scan.lot)
    )
    product_of = {line.order_line_id: line.product_id for line in notice.lines}
    on_truck = list(dict.fromkeys((product_of[line], lot) for line, lot in loaded))
    known = await judged_lots(work, {lot for _, lot in on_truck})
    faults = tuple(
        fault
        for product, lot in on_truck
        for fault in rules.judge_lot(known.get((product, lot)), lot, rules.LOADED_LOT_BLOCKED)
    )
    inputs: dict[str, Scalar] = {
        "loading": loading.id,
        "vehicle": loading.vehicle,
        "lots": ", ".join(sorted({lot for _, lot in on_truck})),
    }
    verdict = Verdict(not faults, "stop" if faults else "sign", faults, inputs)
    decision_log.keep(work, "signing", notice.document, verdict)
    return verdict


async def _loaded_lines(work: Work, notice: Notice, loading: Loading, note_id: UUID) -> list[DeliveryNoteLine]:
    """One line for each lot of an order line on the truck; raises `nothing-loaded`."""
    loaded = await work.tx.execute(
        select(Scan.order_line_id, Scan.lot, func.sum(Scan.tons), func.count())
        .where(Scan.loading_id == loading.id, Scan.accepted)
        .group_by(Scan.order_line_id, Scan.lot)
        .order_by(Scan.order_line_id, Scan.lot)
    )
    by_line = {line.order_line_id: line for line in notice.lines}
    lines = [
        DeliveryNoteLine(
            note_id=note_id,
            line=number,
            order_line_id=line_id,
            contract_line_id=by_line[line_id].contract_line_id,
            product_id=by_line[line_id].product_id,
            product_name=by_line[line_id].product_name,
            lot=lot,
            packages=packages,
            tons=tons,
            price_per_ton=by_line[line_id].price_per_ton,
            value=value_of(tons, by_line[line_id].price_per_ton),
        )
        for number, (line_id, lot, tons, packages) in enumerate(loaded, 1)
    ]
    if not lines:
        raise NOTHING_LOADED()
    return lines


async def _delivery_note(work: Work, notice: Notice, loading: Loading, signatures: Signatures) -> DeliveryNote:
    note_id = new_id()
    lines = await _loaded_lines(work, notice, loading, note_id)
    note = DeliveryNote(
        id=note_id,
        number=f"SH{await work.tx.scalar(select(func.nextval(NOTE_NUMBERS.name))):07d}",
        notice_id=notice.id,
        loading_id=loading.id,
        customer_id=notice.customer_id,
        account_id=notice.account_id,
        vehicle=loading.vehicle,
        driver=loading.driver,
        tons=sum((line.tons for line in lines), ZERO),
        value=_within_reservation(notice, lines),
        keeper=work.actor.id,
        keeper_name=work.actor.name,
        carrier_name=signatures.carrier_name,
        carrier_signature=signatures.carrier_signature,
        freight_voucher=signatures.freight_voucher,
        signed_at=work.now,
        shipped_on=work.today,
        lines=lines,
    )
    work.tx.add(note)
    # the pass refers to the note by its key alone, so the session would not know which of them goes first
    await work.tx.flush()
    return note


def _within_reservation(notice: Notice, lines: list[DeliveryNoteLine]) -> Decimal:
    """The note's value in yuan. Rounding lot by lot may add cents to what was reserved: the last lines give them up."""
    over = sum((line.value for line in lines), ZERO) - notice.reserved_credit - notice.reserved_prepaid
    for line in reversed(lines):
        given = min(max(ZERO, over), line.value)
        line.value -= given
        over -= given
    return sum((line.value for line in lines), ZERO)


async def _ship(work: Work, notice: Notice, note: DeliveryNote, *, last_truck: bool) -> None:
    prepaid = notice.reserved_prepaid > 0
    if prepaid:
        notice.reserved_prepaid -= note.value
    else:
        notice.reserved_credit -= note.value
    if last_truck:
        notice.status = "shipped"
        # the order before the account, as everywhere
        await give_lines_back(work, notice)
    await work.tx.flush()
    drawn = notice_rules.draw(note.value, prepaid=prepaid)
    snapshot = await account_release.move(work, notice.account_id, released=drawn.released, shipped=drawn.shipped)
    event = ShipmentShipped(
        delivery_note_id=note.id,
        number=note.number,
        notice_id=notice.id,
        customer_id=notice.customer_id,
        account_id=notice.account_id,
        contract_id=notice.contract_id,
        order_id=notice.order_id,
        shipped_on=note.shipped_on,
        tons=note.tons,
        value=note.value,
        on_credit=ZERO if prepaid else note.value,
        on_prepayment=note.value if prepaid else ZERO,
        lines=[ShippedLine.model_validate(line, from_attributes=True) for line in note.lines],
        position=snapshot.position(),
    )
    record_fact(
        work,
        event,
        about=note,
        document=note.document,
        key=str(notice.account_id),
        position=snapshot.position_version,
    )
    if last_truck and _falls_short(notice):
        await give_reservation_back(work, notice)


def _falls_short(notice: Notice) -> bool:
    """Whether the notice closes with something not loaded; with the load tolerance yuan may be left and no tons."""
    reserved = notice.reserved_credit + notice.reserved_prepaid
    return reserved > 0 or any(line.loaded_tons < line.tons for line in notice.lines)

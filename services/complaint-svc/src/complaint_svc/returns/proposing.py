"""From a proposal in a handling to approved returns: held when signed, promised to nobody before the approval."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from complaint_svc.complaints.store import Complaint, Handling
from complaint_svc.deliveries.store import DeliveryLine, DeliveryNote
from complaint_svc.returns import rules
from complaint_svc.returns.events import ApprovedLine, ReturnApproved, heading
from complaint_svc.returns.store import Return, ReturnLine
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.money import ZERO
from fangxing.outbox import record_fact
from fangxing.roles import Role
from fangxing.tasks import open_task
from fangxing.text import Text
from fangxing.verdicts import Reason, plain
from fangxing.work import Work

NOTE_NOT_FOUND = ErrorType(
    "delivery-note-not-found",
    Kind.NOT_FOUND,
    "该客户没有送货单 {note}",
    "This customer has no delivery note {note}",
    field="delivery_note_id",
)
LINE_UNKNOWN = ErrorType(
    "delivery-line-unknown",
    Kind.INVALID,
    "送货单 {note} 没有第 {line} 行",
    "Delivery note {note} has no line {line}",
    field="returns",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed return: its delivery note, locked, and tons and value in yuan by line."""

    note: DeliveryNote
    parts: Mapping[int, tuple[Decimal, Decimal]]

    @property
    def value(self) -> Decimal:
        """The value in yuan of all lines."""
        return sum((value for _, value in self.parts.values()), ZERO)

    def content(self) -> dict[str, object]:
        """What the deciders see of it."""
        return {
            "delivery_note": self.note.number,
            "lines": [
                {"line": line, "tons": plain(tons), "value": plain(value)} for line, (tons, value) in self.parts.items()
            ],
            "value": plain(self.value),
        }


@dataclass(slots=True)
class Drafts:
    """All returns one handling proposes, and why some of them cannot be."""

    drafts: list[Draft] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)

    @property
    def value(self) -> Decimal:
        """The value in yuan of all of them."""
        return sum((draft.value for draft in self.drafts), ZERO)

    @property
    def tons(self) -> Decimal:
        """The tons of all of them."""
        parts = (tons for draft in self.drafts for tons, _ in draft.parts.values())
        return sum(parts, Decimal("0.000"))


async def draft_returns(work: Work, customer_id: UUID, wanted: Mapping[UUID, Mapping[int, Decimal]]) -> Drafts:
    """Value the wanted tons by note and line, and check them against all earlier returns, under the notes' locks.

    Raises `delivery-note-not-found`, also for another customer's, or `delivery-line-unknown`.
    """
    drafts = Drafts()
    # One order for everybody, so that no two proposals wait for one another.
    for note_id in sorted(wanted):
        note = await work.tx.get(DeliveryNote, note_id, with_for_update=True, populate_existing=True)
        if note is None or note.customer_id != customer_id:
            raise NOTE_NOT_FOUND(note=note_id)
        claimed = await _claimed(work, note_id)
        lines = {line.line: line for line in note.lines}
        parts: dict[int, tuple[Decimal, Decimal]] = {}
        for number, tons in sorted(wanted[note_id].items()):
            if number not in lines:
                raise LINE_UNKNOWN(note=note.number, line=number)
            shipped, held = _shipped(lines[number]), claimed.get(number, rules.Claimed())
            if reason := rules.beyond_shipped(note.number, shipped, held, tons):
                drafts.reasons.append(reason)
            else:
                parts[number] = (tons, rules.part_value(shipped, held, tons))
        drafts.drafts.append(Draft(note, parts))
    return drafts


def _shipped(line: DeliveryLine) -> rules.ShippedLine:
    return rules.ShippedLine(line.line, line.tons, line.price_per_ton, line.value)


async def _claimed(work: Work, note_id: UUID) -> dict[int, rules.Claimed]:
    """What returns hold of each line: all that were neither refused nor cancelled."""
    rows = await work.tx.execute(
        select(
            ReturnLine.line,
            func.sum(func.coalesce(ReturnLine.accepted_tons, ReturnLine.tons)),
            func.sum(func.coalesce(ReturnLine.accepted_value, ReturnLine.value)),
        )
        .join(Return, Return.id == ReturnLine.return_id)
        .where(ReturnLine.delivery_note_id == note_id, Return.status.not_in(["refused", "cancelled"]))
        .group_by(ReturnLine.line)
    )
    return {line: rules.Claimed(tons, value) for line, tons, value in rows}


async def hold(work: Work, complaint: Complaint, handling: Handling, drafts: Iterable[Draft]) -> None:
    """Store the drafts as proposed returns; from now on they count against the lines."""
    earlier = await work.tx.scalar(select(func.count()).where(Return.complaint_id == complaint.id)) or 0
    for index, draft in enumerate(drafts, earlier + 1):
        lines = {line.line: line for line in draft.note.lines}
        work.tx.add(
            Return(
                id=new_id(),
                number=f"{complaint.number}-R{index}",
                complaint_id=complaint.id,
                handling_id=handling.id,
                customer_id=complaint.customer_id,
                account_id=draft.note.account_id,
                delivery_note_id=draft.note.id,
                status="proposed",
                value=draft.value,
                lines=[_line(lines[number], *part) for number, part in draft.parts.items()],
            )
        )


def _line(line: DeliveryLine, tons: Decimal, value: Decimal) -> ReturnLine:
    return ReturnLine(
        line=line.line,
        delivery_note_id=line.delivery_note_id,
        product_id=line.product_id,
        product_name=line.product_name,
        lot=line.lot,
        tons=tons,
        price_per_ton=line.price_per_ton,
        value=value,
    )


async def _proposed(work: Work, handling: Handling) -> Sequence[Return]:
    rows = await work.tx.scalars(
        select(Return)
        .where(Return.handling_id == handling.id, Return.status == "proposed")
        .order_by(Return.id)
        .with_for_update()
    )
    return rows.all()


async def approve(work: Work, handling: Handling) -> None:
    """The handling was approved: its returns may come, the warehouse is told, the others by event."""
    for returned in await _proposed(work, handling):
        returned.status, returned.approved_on = "approved", work.today
        lines = [
            ApprovedLine(
                line=line.line,
                product_id=line.product_id,
                lot=line.lot,
                tons=line.tons,
                price_per_ton=line.price_per_ton,
                value=line.value,
            )
            for line in returned.lines
        ]
        event = ReturnApproved.model_validate({**heading(returned), "lines": lines, "value": returned.value})
        record_fact(work, event, about=returned, document=returned.document, key=str(returned.account_id))
        open_task(
            work,
            kind="receive_return",
            role=Role.WAREHOUSE_KEEPER,
            document=returned.document,
            clause="6-3",
            title=Text(f"收退货 {returned.number}", f"Receive the return {returned.number}"),
        )


async def refuse(work: Work, handling: Handling) -> None:
    """The handling was not approved: its returns hold nothing any more."""
    for returned in await _proposed(work, handling):
        returned.status = "refused"

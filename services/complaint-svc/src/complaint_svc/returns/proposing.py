"""Proposing returns: a handling holds what should come back, and promises it to nobody before the approval."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from complaint_svc.complaints.store import Complaint
from complaint_svc.reference.store import DeliveryLine, DeliveryNote, lock_note_of
from complaint_svc.returns import rules
from complaint_svc.returns.errors import LINE_UNKNOWN
from complaint_svc.returns.rules import Claimed, ReturnAction, ReturnStatus
from complaint_svc.returns.shapes import ProposedReturn
from complaint_svc.returns.store import Return, ReturnLine, claimed_of, count_returns
from fangxing.documents import Documented, born
from fangxing.ids import new_id
from fangxing.money import ZERO
from fangxing.verdicts import Reason, plain
from fangxing.work import Work


@dataclass(frozen=True, slots=True)
class Part:
    """What is to come back of one line of a delivery note: tons, their value in yuan, or why it cannot be."""

    line: DeliveryLine
    tons: Decimal
    value: Decimal = ZERO
    refused: Reason | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A return as it would be proposed, against one delivery note whose row is locked."""

    note: DeliveryNote
    parts: Sequence[Part]

    @property
    def value(self) -> Decimal:
        """The value in yuan of all lines."""
        return sum((part.value for part in self.parts), ZERO)

    def content(self) -> dict[str, object]:
        """What the deciders see of it."""
        return {
            "delivery_note": self.note.number,
            "lines": [
                {"line": part.line.line, "tons": plain(part.tons), "value": plain(part.value)} for part in self.parts
            ],
            "value": plain(self.value),
        }


@dataclass(frozen=True, slots=True)
class Drafts:
    """All returns one handling would propose."""

    drafts: Sequence[Draft]

    @property
    def value(self) -> Decimal:
        """The value in yuan of all of them."""
        return sum((draft.value for draft in self.drafts), ZERO)

    @property
    def tons(self) -> Decimal:
        """The tons of all of them that may come back."""
        return sum((part.tons for part in self._parts if part.refused is None), rules.NO_TONS)

    @property
    def refused(self) -> list[Reason]:
        """Why some of their lines cannot come back."""
        return [part.refused for part in self._parts if part.refused is not None]

    @property
    def _parts(self) -> Iterable[Part]:
        return (part for draft in self.drafts for part in draft.parts)


async def draft_returns(work: Work, customer_id: UUID, wanted: Sequence[ProposedReturn]) -> Drafts:
    """Value what is wanted, and check it against all earlier returns, under the delivery notes' locks.

    Raises `delivery-note-not-found`, also for another customer's, or `delivery-line-unknown`.
    """
    drafts: list[Draft] = []
    # One order for everybody, so that no two proposals wait for one another.
    for proposed in sorted(wanted, key=lambda proposed: proposed.delivery_note_id):
        note = await lock_note_of(work.tx, customer_id, proposed.delivery_note_id)
        claimed = await claimed_of(work.tx, note.id)
        drafts.append(_draft(note, claimed, {line.line: line.tons for line in proposed.lines}))
    return Drafts(drafts)


def _draft(note: DeliveryNote, claimed: Mapping[int, Claimed], wanted: Mapping[int, Decimal]) -> Draft:
    lines = {line.line: line for line in note.lines}
    for number in sorted(wanted):
        if number not in lines:
            raise LINE_UNKNOWN(note=note.number, line=number)
    return Draft(
        note, [_part(note, lines[number], claimed.get(number, Claimed()), wanted[number]) for number in sorted(wanted)]
    )


def _part(note: DeliveryNote, line: DeliveryLine, claimed: Claimed, tons: Decimal) -> Part:
    shipped = rules.ShippedLine(line.line, line.tons, line.price_per_ton, line.value)
    if reason := rules.beyond_shipped(note.number, shipped, claimed, tons):
        return Part(line, tons, refused=reason)
    return Part(line, tons, rules.part_value(shipped, claimed, tons))


async def propose(work: Work, complaint: Complaint, handling: Documented, drafts: Drafts) -> None:
    """Store the drafts of a handling as proposed returns; from now on they count against the lines."""
    earlier = await count_returns(work.tx, complaint.id)
    for sequence, draft in enumerate(drafts.drafts, earlier + 1):
        returned = Return(
            id=new_id(),
            number=rules.return_number(complaint.number, sequence),
            complaint_id=complaint.id,
            handling_id=handling.id,
            customer_id=complaint.customer_id,
            customer=complaint.customer,
            account_id=draft.note.account_id,
            delivery_note_id=draft.note.id,
            status=ReturnStatus.PROPOSED,
            author=work.actor.id,
            value=draft.value,
            lines=[_line(part) for part in draft.parts],
        )
        work.tx.add(returned)
        await born(work, returned, ReturnAction.PROPOSE, handling.hands, draft.note.hands)


def _line(part: Part) -> ReturnLine:
    return ReturnLine(
        line=part.line.line,
        delivery_note_id=part.line.delivery_note_id,
        product_id=part.line.product_id,
        product_name=part.line.product_name,
        lot=part.line.lot,
        tons=part.tons,
        price_per_ton=part.line.price_per_ton,
        value=part.value,
    )

"""A breach is opened: by the system where it sees one, or by hand for what happened on paper."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from fangxing.attachments import attaching
from fangxing.auth import SYSTEM
from fangxing.breaches.errors import KIND_UNKNOWN, OWN_BREACH, RECORDED_ALREADY
from fangxing.breaches.reasons import to_decide, told
from fangxing.breaches.rules import BreachAction, BreachKind, BreachStatus, decider_of
from fangxing.breaches.shapes import OpenBreach
from fangxing.breaches.store import Breach
from fangxing.database import flush_unique
from fangxing.documents import born
from fangxing.ids import new_id
from fangxing.roles import Role
from fangxing.tasks import open_task
from fangxing.text import Text
from fangxing.work import Work

DECIDING = "breach.decide"
"""The kind of the decider's task."""
TOLD = "breach.told"
"""The kind of what the person concerned is told."""


async def open_breach(
    work: Work, kind: BreachKind, *, about: str, person: str, acted_as: Role, evidence: Text
) -> Breach:
    """Open a breach that the system sees, of `person` in the case `about`, a document; whoever acts has not opened it.

    Once per case and person: where it is there already it stays as it is. The caller holds the case's lock.
    """
    there = await _recorded(work, kind, about, person)
    if there is not None:
        return there
    said = f"{evidence.zh}\n{evidence.en}"
    return await _open(replace(work, actor=SYSTEM), kind, about, person, acted_as, said)


async def enter_breach(work: Work, kinds: Sequence[BreachKind], body: OpenBreach) -> Breach:
    """Enter one by hand; raises `breach-kind-unknown`, `own-breach`, `breach-recorded` or `attachment-not-found`."""
    kind = next((kind for kind in kinds if kind.slug == body.kind), None)
    if kind is None:
        raise KIND_UNKNOWN(kind=body.kind, known=", ".join(kind.slug for kind in kinds))
    if body.person in work.actor.persons:
        raise OWN_BREACH()
    if await _recorded(work, kind, body.about, body.person) is not None:
        raise RECORDED_ALREADY()
    breach = await _open(work, kind, body.about, body.person, body.acted_as, body.evidence)
    await attaching.link(work, breach.document, body.attachments)
    return breach


async def _recorded(work: Work, kind: BreachKind, about: str, person: str) -> Breach | None:
    found = select(Breach).where(
        Breach.kind == kind.slug,
        Breach.about == about,
        Breach.person == person,
        Breach.status != BreachStatus.WITHDRAWN,
    )
    return (await work.tx.scalars(found)).first()


async def _open(work: Work, kind: BreachKind, about: str, person: str, acted_as: Role, evidence: str) -> Breach:
    opened_as = sorted(work.actor.held)
    breach = Breach(
        id=new_id(),
        kind=kind.slug,
        clause=kind.clause,
        name_zh=kind.text.zh,
        name_en=kind.text.en,
        fine_least=kind.fines.least if kind.fines else None,
        fine_most=kind.fines.most if kind.fines else None,
        about=about,
        person=person,
        acted_as=acted_as,
        opened_as=opened_as,
        decider=decider_of(kind.decider, acted_as, opened_as),
        evidence=evidence,
        author=work.actor.id,
        opened_at=work.now,
        status=BreachStatus.OPEN,
    )
    work.tx.add(breach)
    await born(work, breach, BreachAction.OPEN)
    await flush_unique(work.tx, {"uq_breaches_case": RECORDED_ALREADY()})
    await give_to_decider(work, breach)
    await tell_person(work, breach)
    return breach


async def give_to_decider(work: Work, breach: Breach) -> None:
    """Give whoever decides his task."""
    title = to_decide(breach.name, breach.person)
    await open_task(
        work, kind=DECIDING, role=breach.decider, document=breach.document, clause=breach.clause, title=title
    )


async def tell_person(work: Work, breach: Breach) -> None:
    """Tell the person concerned how things stand with it."""
    await open_task(
        work,
        kind=TOLD,
        role=breach.acted_as,
        assignee=breach.person,
        document=breach.document,
        clause=breach.clause,
        title=told(breach.name, breach.words.states[breach.status]),
        to_note=True,
    )

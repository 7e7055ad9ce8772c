"""Signing cause and handling 原因调查及处理结果, with the returns they propose (6-5.2.1)."""

from uuid import UUID

from complaint_svc.complaints.access import lock_complaint
from complaint_svc.complaints.rules import ComplaintAction, ComplaintStatus
from complaint_svc.complaints.store import Complaint
from complaint_svc.deciding import reasons, rules
from complaint_svc.deciding.access import must_be_responsible
from complaint_svc.deciding.errors import ANALYSIS_MISSING
from complaint_svc.deciding.policies import GRUMBLE_DECIDER
from complaint_svc.deciding.rules import Band, HandlingAction, HandlingStatus
from complaint_svc.deciding.shapes import SignHandling
from complaint_svc.deciding.store import Handling, handlings_of
from complaint_svc.returns.proposing import Drafts, draft_returns, propose
from fangxing import approvals, decision_log
from fangxing.approvals import Route
from fangxing.decision_log import VerdictRow
from fangxing.documents import act, born
from fangxing.ids import new_id
from fangxing.roles import Role
from fangxing.tasks import close_tasks
from fangxing.verdicts import Verdict, plain
from fangxing.work import Work


async def sign(work: Work, complaint_id: UUID, body: SignHandling) -> tuple[Complaint, VerdictRow]:
    """The responsible party signs cause and handling and submits them; returns beyond what was shipped are a refusal.

    Raises `complaint-not-found`, `wrong-state`, `role-required`, `not-your-customer`, `quality-analysis-missing`,
    `delivery-note-not-found`, `delivery-line-unknown` or `route-unset`.
    """
    complaint = await lock_complaint(work, complaint_id, ComplaintAction.SIGN, judged=True)
    responsible = must_be_responsible(work.actor, complaint)
    if missing := rules.missing_analysis(complaint.road, body.secondary_causes, body.improvement):
        raise ANALYSIS_MISSING(at=missing)
    drafts = await draft_returns(work, complaint.customer_id, body.returns)
    route = await _route_of(work, complaint, responsible, with_returns=bool(body.returns))
    verdict = _judge(complaint, drafts, route)
    row = decision_log.keep(work, "handling", complaint.document, verdict)
    if verdict.allowed:
        await act(work, complaint, ComplaintAction.SIGN)
        handling = await _store(work, complaint, body, responsible)
        await propose(work, complaint, handling, drafts)
        await _submit(work, complaint, handling, drafts, route)
    return complaint, row


async def _route_of(work: Work, complaint: Complaint, responsible: Role, *, with_returns: bool) -> Route:
    routes = (await work.policies()).get(GRUMBLE_DECIDER) or {}
    band = rules.decision_band(
        complaint.kind,
        with_returns=with_returns,
        responsible=responsible,
        grumble_deciders=routes.get(Band.PLAIN_GRUMBLE, []),
    )
    return await approvals.route_of(work, GRUMBLE_DECIDER, band)


def _judge(complaint: Complaint, drafts: Drafts, route: Route) -> Verdict:
    return rules.handling_verdict(
        Band(route.band),
        drafts.refused,
        inputs={
            "complaint_kind": complaint.kind,
            "complaint_road": complaint.road,
            "responsible": complaint.responsible,
            "returns": len(drafts.drafts),
            "returns_tons": drafts.tons,
        },
        policy_versions={route.policy_key: route.policy_version},
    )


async def _store(work: Work, complaint: Complaint, body: SignHandling, responsible: Role) -> Handling:
    earlier = await handlings_of(work.tx, complaint.id)
    handling = Handling(
        id=new_id(),
        complaint_id=complaint.id,
        customer_id=complaint.customer_id,
        number=len(earlier) + 1,
        road=complaint.road,
        cause=body.cause,
        secondary_causes=body.secondary_causes,
        improvement=body.improvement,
        handling=body.handling,
        status=HandlingStatus.IN_APPROVAL,
        author=work.actor.id,
        author_name=work.actor.name,
        signed_as=responsible,
        signed_at=work.now,
    )
    work.tx.add(handling)
    await born(work, handling, HandlingAction.SIGN, complaint.hands)
    for sent_back in earlier[-1:]:
        await close_tasks(work, sent_back.document)
    # its returns refer to it
    await work.tx.flush()
    return handling


async def _submit(work: Work, complaint: Complaint, handling: Handling, drafts: Drafts, route: Route) -> None:
    complaint.status = ComplaintStatus.IN_APPROVAL
    await close_tasks(work, complaint.document)
    await approvals.submit(
        work,
        handling,
        matter="complaint_handling",
        content=_content(complaint, handling, drafts),
        route=route,
        title=reasons.to_approve(complaint.number, complaint.customer.name, drafts.tons),
    )


def _content(complaint: Complaint, handling: Handling, drafts: Drafts) -> dict[str, object]:
    """What the deciders see and sign: the complaint, its cause and handling, and what comes back at which value."""
    return {
        "complaint": complaint.number,
        "customer": complaint.customer.name,
        "kind": complaint.kind,
        "text": complaint.text,
        "lot": complaint.lot,
        "road": complaint.road,
        "handling_number": handling.number,
        "cause": handling.cause,
        "secondary_causes": handling.secondary_causes,
        "improvement": handling.improvement,
        "handling": handling.handling,
        "returns": [draft.content() for draft in drafts.drafts],
        "returns_value": plain(drafts.value),
        "author": handling.author,
    }

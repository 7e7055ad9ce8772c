"""Policies: everybody may read them; a new version is set by the role that owns the policy."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Self

from fastapi import Request
from pydantic import BaseModel
from sqlalchemy import select

from fangxing import policies as store
from fangxing.database import reading
from fangxing.history import add_history
from fangxing.policies import (
    POLICY_BACKDATED,
    POLICY_NOT_YOURS,
    POLICY_UNKNOWN,
    Change,
    Policy,
    PolicyRegistry,
    PolicyRow,
    PolicyStatus,
    changes,
)
from fangxing.roles import ROLE_NAMES, Role
from fangxing.tasks import close_tasks, open_task
from fangxing.text import Language, Text
from fangxing.validation import Body
from fangxing.web.access import allow, employees
from fangxing.web.edge import CallerLanguage, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.work import Work

router = edge_router("policies", "/policies")


class PolicyVersion(BaseModel):
    """One version of a policy; `goes` and `comes`: what it changes in the one in force before it, as people say it."""

    version: int
    value: Any
    goes: list[str]
    comes: list[str]
    effective_from: date
    status: PolicyStatus
    set_by: str
    set_at: datetime
    settled_by: str | None
    settled_at: datetime | None

    @classmethod
    def show(cls, row: PolicyRow, change: Change, language: Language) -> Self:
        """The version with what it changes."""
        return cls(
            version=row.version,
            value=row.value,
            goes=[text.say(language) for text in change.goes],
            comes=[text.say(language) for text in change.comes],
            effective_from=row.effective_from,
            status=row.status,
            set_by=row.set_by,
            set_at=row.set_at,
            settled_by=row.settled_by,
            settled_at=row.settled_at,
        )


class PolicyOut(BaseModel):
    """A policy with what is in effect today; `value` is null where it is unset, and rules then fail closed.

    `widens`: a new version waits for the general manager as second person.
    """

    key: str
    clause: str
    owner: Role
    widens: bool
    meaning: str
    version: int
    value: Any
    versions: list[PolicyVersion]


class SetPolicy(Body):
    """A new version of a policy."""

    value: Any
    effective_from: date


def _registry(request: Request) -> PolicyRegistry:
    registry: PolicyRegistry = request.app.state.service.policies
    return registry


@router.get("")
@employees()
async def list_policies(request: Request, reader: CurrentReader, language: CallerLanguage) -> list[PolicyOut]:
    """Every policy of the service with all its versions."""
    registry = _registry(request)
    today = (await request.app.state.runtime.clock.time(reader)).today
    rows: dict[str, list[PolicyRow]] = {}
    async with reading(reader) as session:
        for row in await session.scalars(_ROWS):
            rows.setdefault(row.key, []).append(row)
    return [_out(policy, rows.get(key, []), today, language) for key, policy in sorted(registry.by_key.items())]


_ROWS = select(PolicyRow).order_by(PolicyRow.key, PolicyRow.version)


def _out(policy: Policy[Any], rows: list[PolicyRow], today: date, language: Language) -> PolicyOut:
    changed = zip(rows, changes(policy, rows), strict=True)
    versions = [PolicyVersion.show(row, change, language) for row, change in changed]
    in_effect = [
        version for version in versions if version.effective_from <= today and version.status is PolicyStatus.IN_FORCE
    ]
    return PolicyOut(
        key=policy.key,
        clause=policy.clause,
        owner=policy.owner,
        widens=policy.widens,
        meaning=policy.text.say(language),
        version=in_effect[-1].version if in_effect else 0,
        value=in_effect[-1].value if in_effect else None,
        versions=versions,
    )


@router.post("/{key}/versions", status_code=201)
@employees()
async def set_policy(
    request: Request, key: str, body: SetPolicy, work: CurrentWork, language: CallerLanguage
) -> PolicyVersion:
    """Set a new version, by the role that owns the policy, from today on or later.

    What may widen somebody's authority is a proposal until the general manager confirms it.
    """
    policy = _known(request, key)
    actor = work.actor.acting_as(frozenset({policy.owner}))
    if not actor.roles:
        raise POLICY_NOT_YOURS(key=key, owner=Text(*ROLE_NAMES[policy.owner]))
    if body.effective_from < work.today:
        raise POLICY_BACKDATED()
    proposed = policy.widens and policy.owner is not Role.GENERAL_MANAGER
    status = PolicyStatus.PROPOSED if proposed else PolicyStatus.IN_FORCE
    row = await store.set_value(
        work.tx,
        policy,
        body.value,
        effective_from=body.effective_from,
        by=work.actor.id,
        on_behalf_of=actor.on_behalf_of,
        now=work.now,
        status=status,
    )
    add_history(work, row.document, "propose" if proposed else "set")
    change = await _change(work, policy, row)
    if proposed:
        await _ask_general_manager(work, policy, row, change)
    return PolicyVersion.show(row, change, language)


async def _change(work: Work, policy: Policy[Any], row: PolicyRow) -> Change:
    """What the version changes in those before it."""
    await work.tx.flush()
    rows = await work.tx.scalars(_ROWS.where(PolicyRow.key == row.key, PolicyRow.version <= row.version))
    return changes(policy, rows.all())[-1]


@router.post("/{key}/versions/{version}/confirmation")
@allow(Role.GENERAL_MANAGER)
async def confirm_policy(
    request: Request, key: str, version: int, work: CurrentWork, language: CallerLanguage
) -> PolicyVersion:
    """Confirm a proposed version: it acts from its date on, never backwards."""
    return await _settle(work, _known(request, key), version, language, confirmed=True)


@router.post("/{key}/versions/{version}/refusal")
@allow(Role.GENERAL_MANAGER)
async def refuse_policy(
    request: Request, key: str, version: int, work: CurrentWork, language: CallerLanguage
) -> PolicyVersion:
    """Refuse a proposed version: it never acts."""
    return await _settle(work, _known(request, key), version, language, confirmed=False)


async def _settle(
    work: Work, policy: Policy[Any], version: int, language: Language, *, confirmed: bool
) -> PolicyVersion:
    row = await store.settle(work, policy, version, confirmed=confirmed)
    await close_tasks(work, row.document)
    if not confirmed:
        await _tell_proposer(work, policy, row)
    add_history(work, row.document, "confirm" if confirmed else "refuse")
    return PolicyVersion.show(row, await _change(work, policy, row), language)


def _known(request: Request, key: str) -> Policy[Any]:
    policy = _registry(request).by_key.get(key)
    if policy is None:
        raise POLICY_UNKNOWN(key=key)
    return policy


async def _ask_general_manager(work: Work, policy: Policy[Any], row: PolicyRow, change: Change) -> None:
    goes, comes = change.goes, change.comes
    changed = Text(
        f"停用：{_few([text.zh for text in goes])}。启用：{_few([text.zh for text in comes])}。",
        f"Goes: {_few([text.en for text in goes])}. Comes: {_few([text.en for text in comes])}.",
    )
    await open_task(
        work,
        kind="confirm_policy",
        role=Role.GENERAL_MANAGER,
        document=row.document,
        clause=policy.clause,
        title=Text(
            f"确认政策参数“{policy.text.zh}”第 {row.version} 版。{changed.zh}"[:300],
            f"Confirm version {row.version} of the policy '{policy.text.en}'. {changed.en}"[:300],
        ),
    )


async def _tell_proposer(work: Work, policy: Policy[Any], row: PolicyRow) -> None:
    await open_task(
        work,
        kind="policy_refused",
        role=policy.owner,
        assignee=row.set_by,
        document=row.document,
        clause=policy.clause,
        title=Text(
            f"政策参数“{policy.text.zh}”第 {row.version} 版未获总经理确认"[:300],
            f"The GM refused version {row.version} of the policy '{policy.text.en}'"[:300],
        ),
        to_note=True,
    )


def _few(rows: Sequence[str]) -> str:
    """The rows as a title has room for them; those left out are counted, and the version itself has them all."""
    said = "; ".join(rows) or "-"
    return said if len(said) <= _ROOM else f"{said[:_ROOM]}… ({len(rows)})"


_ROOM = 90

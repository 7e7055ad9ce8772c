"""Policies: everybody may read them; a new version is set by the role that owns the policy."""

from datetime import date, datetime
from typing import Any

from fastapi import Request
from pydantic import BaseModel
from sqlalchemy import select

from fangxing import policies as store
from fangxing.documents import add_history
from fangxing.policies import (
    POLICY_BACKDATED,
    POLICY_NOT_YOURS,
    POLICY_UNKNOWN,
    Policy,
    PolicyRegistry,
    PolicyRow,
    PolicyStatus,
)
from fangxing.roles import ROLE_NAMES, Role
from fangxing.tasks import close_tasks, open_task
from fangxing.text import Text
from fangxing.validation import Body
from fangxing.web.access import allow, employees
from fangxing.web.edge import CallerLanguage, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.work import Work

router = edge_router("policies", "/policies")


class PolicyVersion(BaseModel):
    """One version of a policy."""

    version: int
    value: Any
    effective_from: date
    status: PolicyStatus
    set_by: str
    set_at: datetime
    settled_by: str | None
    settled_at: datetime | None


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
    rows = (await reader.execute(select(PolicyRow.__table__).order_by(PolicyRow.key, PolicyRow.version))).mappings()
    versions: dict[str, list[PolicyVersion]] = {}
    for row in rows:
        versions.setdefault(row["key"], []).append(
            PolicyVersion(**{name: row[name] for name in PolicyVersion.model_fields})
        )
    return [_out(policy, versions.get(key, []), today, language) for key, policy in sorted(registry.by_key.items())]


def _out(policy: Policy[Any], versions: list[PolicyVersion], today: date, language: CallerLanguage) -> PolicyOut:
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
async def set_policy(request: Request, key: str, body: SetPolicy, work: CurrentWork) -> PolicyVersion:
    """Set a new version, by the role that owns the policy, from today on or later.

    What may widen somebody's authority is a proposal until the general manager confirms it.
    """
    policy = _known(request, key)
    if not work.actor.has(policy.owner):
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
        now=work.now,
        status=status,
    )
    if proposed:
        _ask_general_manager(work, policy, row)
    add_history(work, row.document, "propose" if proposed else "set")
    return PolicyVersion.model_validate(row, from_attributes=True)


@router.post("/{key}/versions/{version}/confirmation")
@allow(Role.GENERAL_MANAGER)
async def confirm_policy(request: Request, key: str, version: int, work: CurrentWork) -> PolicyVersion:
    """Confirm a proposed version: it acts from its date on, never backwards."""
    return await _settle(request, key, version, work, confirmed=True)


@router.post("/{key}/versions/{version}/refusal")
@allow(Role.GENERAL_MANAGER)
async def refuse_policy(request: Request, key: str, version: int, work: CurrentWork) -> PolicyVersion:
    """Refuse a proposed version: it never acts."""
    return await _settle(request, key, version, work, confirmed=False)


async def _settle(request: Request, key: str, version: int, work: Work, *, confirmed: bool) -> PolicyVersion:
    row = await store.settle(work, _known(request, key), version, confirmed=confirmed)
    await close_tasks(work, row.document)
    add_history(work, row.document, "confirm" if confirmed else "refuse")
    return PolicyVersion.model_validate(row, from_attributes=True)


def _known(request: Request, key: str) -> Policy[Any]:
    policy = _registry(request).by_key.get(key)
    if policy is None:
        raise POLICY_UNKNOWN(key=key)
    return policy


def _ask_general_manager(work: Work, policy: Policy[Any], row: PolicyRow) -> None:
    open_task(
        work,
        kind="confirm_policy",
        role=Role.GENERAL_MANAGER,
        document=row.document,
        clause=policy.clause,
        title=Text(
            f"确认政策参数“{policy.text.zh}”第 {row.version} 版：{row.value}"[:300],
            f"Confirm version {row.version} of the policy '{policy.text.en}': {row.value}"[:300],
        ),
    )

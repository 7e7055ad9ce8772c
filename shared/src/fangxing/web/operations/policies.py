"""Policies: everybody may read them; a new version is set by the role that owns the policy."""

from datetime import date, datetime
from typing import Any

from fastapi import Request
from pydantic import BaseModel
from sqlalchemy import select

from fangxing import policies as store
from fangxing.policies import (
    POLICY_BACKDATED,
    POLICY_NOT_YOURS,
    POLICY_UNKNOWN,
    Policy,
    PolicyRegistry,
    PolicyRow,
)
from fangxing.roles import ROLE_NAMES, Role
from fangxing.text import Text
from fangxing.validation import Body
from fangxing.web.access import employees
from fangxing.web.edge import CallerLanguage, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router

router = edge_router("policies", "/policies")


class PolicyVersion(BaseModel):
    """One version of a policy."""

    version: int
    value: Any
    effective_from: date
    set_by: str
    set_at: datetime


class PolicyOut(BaseModel):
    """A policy with what is in effect today; `value` is null where it is unset, and rules then fail closed."""

    key: str
    clause: str
    owner: Role
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
    in_effect = [version for version in versions if version.effective_from <= today]
    return PolicyOut(
        key=policy.key,
        clause=policy.clause,
        owner=policy.owner,
        meaning=policy.text.say(language),
        version=in_effect[-1].version if in_effect else 0,
        value=in_effect[-1].value if in_effect else None,
        versions=versions,
    )


@router.post("/{key}/versions", status_code=201)
@employees()
async def set_policy(request: Request, key: str, body: SetPolicy, work: CurrentWork) -> PolicyVersion:
    """Set a new version, by the role that owns the policy, from today on or later."""
    policy = _registry(request).by_key.get(key)
    if policy is None:
        raise POLICY_UNKNOWN(key=key)
    if not work.actor.has(policy.owner):
        raise POLICY_NOT_YOURS(key=key, owner=Text(*ROLE_NAMES[policy.owner]))
    if body.effective_from < work.today:
        raise POLICY_BACKDATED()
    version = await store.set_value(
        work.tx, policy, body.value, effective_from=body.effective_from, by=work.actor.id, now=work.now
    )
    return PolicyVersion(
        version=version,
        value=body.value,
        effective_from=body.effective_from,
        set_by=work.actor.id,
        set_at=work.now,
    )

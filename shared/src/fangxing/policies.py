"""Policies 政策参数: versioned data with an effective date, set by the role that owns them, never constants.

A policy without a value fails closed: `PolicyBook.get` returns None and the rule takes the stricter road and says why.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import CheckConstraint, Date, DateTime, String, func, select
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.database import Reader, Tx
from fangxing.database.tables import Table
from fangxing.errors import ErrorType, Kind
from fangxing.roles import Role
from fangxing.text import Text
from fangxing.validation import meaning

T = TypeVar("T")

POLICY_UNKNOWN = ErrorType("policy-unknown", Kind.NOT_FOUND, "没有政策参数 {key}", "There is no policy {key}")
POLICY_NOT_YOURS = ErrorType(
    "policy-not-yours",
    Kind.FORBIDDEN,
    "政策参数 {key} 由 {owner} 维护",
    "The policy {key} is kept by {owner}",
)
POLICY_VALUE_INVALID = ErrorType(
    "policy-value-invalid",
    Kind.INVALID,
    "政策参数 {key} 的值无效：{why}",
    "The value of policy {key} is not valid: {why}",
    field="value",
)
POLICY_BACKDATED = ErrorType(
    "policy-backdated",
    Kind.INVALID,
    "生效日期不能早于今天",
    "A policy cannot take effect before today",
    field="effective_from",
)


@dataclass(frozen=True)
class Policy(Generic[T]):
    """One policy: its key, its value's type, who owns it, its clause, its value at first start (None: unset)."""

    key: str
    type: Any
    owner: Role
    clause: str
    text: Text
    initial: T | None = None


class PolicyRegistry:
    """The policies of one service, by key."""

    def __init__(self, policies: Iterable[Policy[Any]] = ()) -> None:
        self.by_key = {policy.key: policy for policy in policies}


class PolicyRow(Table):
    """One version of one policy."""

    __tablename__ = "policies"
    __table_args__ = (CheckConstraint("version > 0", name="version"),)

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    effective_from: Mapped[date] = mapped_column(Date)
    set_by: Mapped[str] = mapped_column(String(80))
    set_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class PolicyBook:
    """The policies in effect on one day."""

    def __init__(self, rows: dict[str, tuple[int, Any]]) -> None:
        self._rows = rows

    def get(self, policy: Policy[T]) -> T | None:
        """The value, or None where the policy has none."""
        row = self._rows.get(policy.key)
        if row is None:
            return None
        value: T = TypeAdapter(policy.type).validate_python(row[1])
        return value

    def version(self, policy: Policy[Any]) -> int:
        """The version in effect; 0 where the policy has no value."""
        return self._rows.get(policy.key, (0, None))[0]

    def versions(self, *policies: Policy[Any]) -> dict[str, int]:
        """The versions of `policies`, as a verdict stores them."""
        return {policy.key: self.version(policy) for policy in policies}


async def load(connection: Tx | Reader, registry: PolicyRegistry, day: date) -> PolicyBook:
    """The policies in effect on `day`: of each, the highest version whose effective date has come."""
    rows = await connection.execute(
        select(PolicyRow.key, PolicyRow.version, PolicyRow.value)
        .where(PolicyRow.effective_from <= day)
        .ext(distinct_on(PolicyRow.key))
        .order_by(PolicyRow.key, PolicyRow.version.desc())
    )
    return PolicyBook({key: (version, value) for key, version, value in rows})


async def seed(tx: Tx, registry: PolicyRegistry, now: datetime) -> None:
    """Write version 1 of every policy that has an initial value and no version yet."""
    rows = [
        {
            "key": policy.key,
            "version": 1,
            "value": TypeAdapter(policy.type).dump_python(policy.initial, mode="json"),
            "effective_from": date(2010, 1, 1),
            "set_by": "system",
            "set_at": now,
        }
        for policy in registry.by_key.values()
        if policy.initial is not None
    ]
    if rows:
        await tx.execute(pg_insert(PolicyRow).values(rows).on_conflict_do_nothing())


def check_value(policy: Policy[Any], value: object) -> object:
    """`value`, as JSON gave it, validated strictly and in plain JSON; raises `policy-value-invalid`."""
    adapter: TypeAdapter[Any] = TypeAdapter(policy.type)
    try:
        return adapter.dump_python(adapter.validate_json(json.dumps(value), strict=True), mode="json")
    except ValidationError as error:
        raise POLICY_VALUE_INVALID(key=policy.key, why=meaning(error.errors()[0])) from error


async def set_value(tx: Tx, policy: Policy[Any], value: object, *, effective_from: date, by: str, now: datetime) -> int:
    """Store a new version of `policy` and return its number; versions are taken one at a time."""
    checked = check_value(policy, value)
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"policy:{policy.key}", 0))))
    latest = await tx.scalar(select(func.max(PolicyRow.version)).where(PolicyRow.key == policy.key))
    version = (latest or 0) + 1
    tx.add(
        PolicyRow(
            key=policy.key,
            version=version,
            value=checked,
            effective_from=effective_from,
            set_by=by,
            set_at=now,
        )
    )
    return version

"""Policies 政策参数: versioned data with an effective date, set by the role that owns them, never constants.

A policy without a value fails closed: `PolicyBook.get` returns None and the rule takes the stricter road and says why.
What widens anybody's authority takes the general manager as second person, and never acts backwards.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import CheckConstraint, Date, DateTime, String, func, select
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.database import Reader, Tx
from fangxing.database.tables import Table
from fangxing.database.types import one_of
from fangxing.errors import ErrorType, Kind
from fangxing.roles import Role
from fangxing.text import Text
from fangxing.validation import Body, meaning

if TYPE_CHECKING:
    from fangxing.work import Work

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
POLICY_NOT_PROPOSED = ErrorType(
    "policy-not-proposed",
    Kind.CONFLICT,
    "政策参数 {key} 第 {version} 版不在待确认状态",
    "Version {version} of policy {key} does not wait for a confirmation",
)
POLICY_OVERTAKEN = ErrorType(
    "policy-overtaken",
    Kind.CONFLICT,
    "政策参数 {key} 已有更新的版本生效，请重新提出",
    "A newer version of policy {key} is in force; propose it again",
)
POLICY_OWN_PROPOSAL = ErrorType(
    "policy-own-proposal",
    Kind.FORBIDDEN,
    "放宽权限的政策须由总经理确认，不能确认自己提出的",
    "What widens authority takes the general manager as second person: nobody confirms his own proposal",
    clause="1-3",
)
POLICY_BACKDATED = ErrorType(
    "policy-backdated",
    Kind.INVALID,
    "生效日期不能早于今天",
    "A policy cannot take effect before today",
    field="effective_from",
)


class PolicyStatus(StrEnum):
    """The state of a version: in force from its date on, or waiting for the second person, or refused by him."""

    IN_FORCE = "in_force"
    PROPOSED = "proposed"
    REFUSED = "refused"


@dataclass(frozen=True)
class Policy(Generic[T]):
    """One policy: its key, its value's type, who owns it, its clause, its value at first start (None: unset).

    `widens`: a new value may widen somebody's authority (tolerances, lead days, routes, amounts), so that the general
    manager confirms what another one proposes. `asked` is the type of a new value where more is asked of it than of
    one that was set under an earlier release.
    """

    key: str
    type: Any
    owner: Role
    clause: str
    text: Text
    initial: T | None = None
    widens: bool = False
    asked: Any = None

    def read(self, stored: object) -> T | None:
        """The value of a stored version; none where this release no longer takes it, so that rules fail closed."""
        try:
            value: T = TypeAdapter(self.type).validate_json(json.dumps(stored))
        except ValidationError:
            return None
        return value

    def rows(self, value: T | None) -> list[Text]:
        """What a value says, row by row, as people say it."""
        return [] if value is None else [Text(str(value), str(value))]


class PolicyRegistry:
    """The policies of one service, by key."""

    def __init__(self, policies: Iterable[Policy[Any]] = ()) -> None:
        self.by_key = {policy.key: policy for policy in policies}


class PolicyRow(Table):
    """One version of one policy, set by `set_by`, as a deputy `on_behalf_of` another."""

    __tablename__ = "policies"
    __table_args__ = (CheckConstraint("version > 0", name="version"),)

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    effective_from: Mapped[date] = mapped_column(Date)
    status: Mapped[PolicyStatus] = mapped_column(one_of(PolicyStatus))
    set_by: Mapped[str] = mapped_column(String(80))
    on_behalf_of: Mapped[str | None] = mapped_column(String(80))
    set_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    settled_by: Mapped[str | None] = mapped_column(String(80))
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def document(self) -> str:
        """The version's name as a document."""
        return policy_document(self.key, self.version)


def policy_document(key: str, version: int) -> str:
    """The name of a policy's version as a document: "policy/<key>/<version>"."""
    return f"policy/{key}/{version}"


class PolicyBook:
    """The policies in effect on one day, of those in `registry`."""

    def __init__(self, registry: PolicyRegistry, rows: dict[str, tuple[int, Any]], day: date) -> None:
        self.registry = registry
        self.day = day
        self._rows = rows

    def get(self, policy: Policy[T]) -> T | None:
        """The value, or None where the policy has none that this release takes."""
        row = self._rows.get(policy.key)
        return policy.read(row[1]) if row else None

    def version(self, policy: Policy[Any]) -> int:
        """The version in effect; 0 where the policy has no value."""
        return self._rows.get(policy.key, (0, None))[0]

    def versions(self, *policies: Policy[Any]) -> dict[str, int]:
        """The versions of `policies`, as a verdict stores them."""
        return {policy.key: self.version(policy) for policy in policies}


@dataclass(frozen=True, slots=True)
class Change:
    """What a version changes: the rows of the version in force before it that go, and its own that come."""

    goes: list[Text]
    comes: list[Text]


def changes(policy: Policy[T], versions: Iterable[PolicyRow]) -> list[Change]:
    """What each version of `policy` changes, of all from the first on."""
    found = []
    before = policy.rows(None)
    for version in versions:
        after = policy.rows(policy.read(version.value))
        goes, comes = [row for row in before if row not in after], [row for row in after if row not in before]
        found.append(Change(goes, comes))
        if version.status is PolicyStatus.IN_FORCE:
            before = after
    return found


async def load(connection: Tx | Reader, registry: PolicyRegistry, day: date) -> PolicyBook:
    """The policies in effect on `day`: of each, the highest version whose effective date has come."""
    rows = await connection.execute(
        select(PolicyRow.key, PolicyRow.version, PolicyRow.value)
        .where(PolicyRow.effective_from <= day, PolicyRow.status == PolicyStatus.IN_FORCE)
        .ext(distinct_on(PolicyRow.key))
        .order_by(PolicyRow.key, PolicyRow.version.desc())
    )
    return PolicyBook(registry, {key: (version, value) for key, version, value in rows}, day)


async def seed(tx: Tx, registry: PolicyRegistry, now: datetime) -> None:
    """Write version 1 of every policy that has an initial value and no version yet."""
    rows = [
        {
            "key": policy.key,
            "version": 1,
            "value": TypeAdapter(policy.type).dump_python(policy.initial, mode="json"),
            "effective_from": date(2010, 1, 1),
            "status": PolicyStatus.IN_FORCE,
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
    adapter: TypeAdapter[Any] = TypeAdapter(policy.asked or policy.type)
    # a body is strict by itself, and reads its dates from text
    strict = None if isinstance(policy.type, type) and issubclass(policy.type, Body) else True
    try:
        return adapter.dump_python(adapter.validate_json(json.dumps(value), strict=strict), mode="json")
    except ValidationError as error:
        raise POLICY_VALUE_INVALID(key=policy.key, why=meaning(error.errors()[0])) from error


async def set_value(
    tx: Tx,
    policy: Policy[Any],
    value: object,
    *,
    effective_from: date,
    by: str,
    now: datetime,
    on_behalf_of: str | None = None,
    status: PolicyStatus = PolicyStatus.IN_FORCE,
) -> PolicyRow:
    """Store a new version of `policy`; versions are taken one at a time. Raises `policy-value-invalid`."""
    checked = check_value(policy, value)
    await _take_turns(tx, policy)
    latest = await tx.scalar(select(func.max(PolicyRow.version)).where(PolicyRow.key == policy.key))
    row = PolicyRow(
        key=policy.key,
        version=(latest or 0) + 1,
        value=checked,
        effective_from=effective_from,
        status=status,
        set_by=by,
        on_behalf_of=on_behalf_of,
        set_at=now,
    )
    tx.add(row)
    return row


async def settle(work: "Work", policy: Policy[Any], version: int, *, confirmed: bool) -> PolicyRow:
    """The actor confirms or refuses a proposed version; confirmed it acts from its date on, never backwards.

    Raises `policy-not-proposed`, `policy-own-proposal` or `policy-overtaken`.
    """
    tx = work.tx
    await _take_turns(tx, policy)
    row = await tx.get(PolicyRow, (policy.key, version), with_for_update=True, populate_existing=True)
    if row is None or row.status is not PolicyStatus.PROPOSED:
        raise POLICY_NOT_PROPOSED(key=policy.key, version=version)
    if not work.actor.persons.isdisjoint({row.set_by, row.on_behalf_of}):
        raise POLICY_OWN_PROPOSAL()
    newer = select(PolicyRow.version).where(
        PolicyRow.key == policy.key, PolicyRow.version > version, PolicyRow.status == PolicyStatus.IN_FORCE
    )
    if confirmed and await tx.scalar(newer.limit(1)) is not None:
        raise POLICY_OVERTAKEN(key=policy.key)
    row.status = PolicyStatus.IN_FORCE if confirmed else PolicyStatus.REFUSED
    row.effective_from = max(row.effective_from, work.today)
    row.settled_by, row.settled_at = work.actor.id, work.now
    return row


async def _take_turns(tx: Tx, policy: Policy[Any]) -> None:
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"policy:{policy.key}", 0))))

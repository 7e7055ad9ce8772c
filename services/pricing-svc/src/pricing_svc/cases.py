"""The approval cases of documents as the API shows them."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fangxing.approvals import ApprovalCase, Decision, summary
from fangxing.database import Reader
from fangxing.roles import Role
from fangxing.text import Paragraph

READERS = (
    Role.SALES_REP,
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
    Role.PRODUCTION,
    Role.AUDIT_MANAGER,
    Role.PRICE_COMMITTEE,
    Role.DEPARTMENT_MANAGER,
    Role.ADMINISTRATOR,
)
"""Who may read prices, proposals and authorities."""


class Decide(BaseModel):
    """A decision on the current step; `seen_hash` is `approval.hash` of what the decider saw."""

    model_config = ConfigDict(extra="forbid")
    decision: Decision
    seen_hash: str = Field(pattern="^[0-9a-f]{64}$")
    comment: Paragraph | None = None


async def latest_cases(session: AsyncSession, documents: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The newest approval case of each of `documents` that has one, by document."""
    statement = select(ApprovalCase).where(ApprovalCase.document.in_(documents)).order_by(ApprovalCase.id)
    return {case.document: summary(case) for case in await session.scalars(statement)}


async def read_cases(reader: Reader, documents: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The same on a read-only connection."""
    async with AsyncSession(bind=reader) as session:
        return await latest_cases(session, documents)

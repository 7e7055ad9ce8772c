"""The decision log: what was decided about a document, and whether the log still holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from fangxing.answers import VerdictOut
from fangxing.decision_log import VerdictRow, verify
from fangxing.roles import Role
from fangxing.scope import everyone
from fangxing.text import Search
from fangxing.web.access import allow
from fangxing.web.edge import CurrentLook, LongReader
from fangxing.web.edge import router as edge_router
from fangxing.web.listing import By, File, Is, Listing, ListQuery, Page
from fangxing.work import Look

router = edge_router("decisions", "/decisions")

READERS = (
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
    Role.AUDIT_MANAGER,
    Role.ADMINISTRATOR,
)


class DecisionOut(BaseModel):
    """One verdict in the caller's language; `seal` is the batch it was sealed in, null until then."""

    id: UUID
    kind: str
    document: str
    allowed: bool
    verdict: VerdictOut
    hash: str
    decided_by: str
    decided_at: datetime
    seal: int | None


class Verification(BaseModel):
    """Whether the log holds, and what is wrong where it does not."""

    holds: bool
    faults: list[str]


class DecisionQuery(ListQuery):
    """What the decision log can be asked."""

    sort: Annotated[str, By(VerdictRow.decided_at)] = "-id"
    document: Annotated[Search | None, Is(VerdictRow.document)] = None
    kind: Annotated[Search | None, Is(VerdictRow.kind)] = None


async def _in_his_language(look: Look, rows: Sequence[RowMapping]) -> list[DecisionOut]:
    return [
        DecisionOut.model_validate({**row, "verdict": VerdictOut.show(row["content"], look.language)}) for row in rows
    ]


DECISIONS = Listing(
    DecisionOut,
    DecisionQuery,
    select(VerdictRow.__table__),
    id=VerdictRow.id,
    scope=everyone,
    shape=_in_his_language,
)


@router.get("")
@allow(*READERS)
async def list_decisions(look: CurrentLook, query: Annotated[DecisionQuery, Query()]) -> Page[DecisionOut] | File:
    """Verdicts, newest first; of one document or kind on request."""
    return await DECISIONS.page(look, query)


@router.get("/verification")
@allow(Role.AUDIT_MANAGER, Role.ADMINISTRATOR)
async def verification(request: Request, reader: LongReader) -> Verification:
    """Go through the whole log: contents against hashes, the chain, the signatures."""
    runtime = request.app.state.runtime
    faults = await verify(reader, runtime.service.name, runtime.signing_key.public_key())
    return Verification(holds=not faults, faults=faults)

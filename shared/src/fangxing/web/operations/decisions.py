"""The decision log: what was decided about a document, and whether the log still holds."""

from datetime import datetime
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from fangxing.answers import VerdictOut
from fangxing.decision_log import VerdictRow, verify
from fangxing.roles import Role
from fangxing.text import Search
from fangxing.web.access import allow
from fangxing.web.edge import CallerLanguage, CurrentReader
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page

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


@router.get("")
@allow(*READERS)
async def list_decisions(
    reader: CurrentReader,
    language: CallerLanguage,
    document: Search | None = None,
    kind: Search | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[DecisionOut]:
    """Verdicts, newest first; of one document or kind on request."""
    statement = select(VerdictRow.__table__)
    if document is not None:
        statement = statement.where(VerdictRow.document == document)
    if kind is not None:
        statement = statement.where(VerdictRow.kind == kind)

    def shape(row: RowMapping) -> DecisionOut:
        plain = {name: row[name] for name in DecisionOut.model_fields if name != "verdict"}
        return DecisionOut(verdict=VerdictOut.show(row["content"], language), **plain)

    return await page(
        reader,
        statement,
        shape,
        sorts={"decided_at": VerdictRow.decided_at},
        id=VerdictRow.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.get("/verification")
@allow(Role.AUDIT_MANAGER, Role.ADMINISTRATOR)
async def verification(request: Request, reader: CurrentReader) -> Verification:
    """Go through the whole log: contents against hashes, the chain, the signatures."""
    runtime = request.app.state.runtime
    faults = await verify(reader, runtime.service.name, runtime.signing_key.public_key())
    return Verification(holds=not faults, faults=faults)

"""HTTP of the gate: look a pass up with a queue of trucks behind, and let the truck out once."""

from datetime import date

from sqlalchemy import select

from fangxing.roles import Role
from fangxing.web.access import allow
from fangxing.web.edge import CallerLanguage, CurrentReader, CurrentRuntime, CurrentWork, quick
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from shipping_svc.gate import leaving, looking_up
from shipping_svc.gate.access import PASS_READERS, REFUSAL_READERS
from shipping_svc.gate.shapes import Exit, ExitOut, PassAtGate, RefusalOut
from shipping_svc.gate.store import GateRefusal

router = edge_router("gate")


@router.get("/gate/passes/{short_number}")
@allow(*PASS_READERS)
@quick
async def look_up(short_number: str, runtime: CurrentRuntime, language: CallerLanguage) -> PassAtGate:
    """Look a pass up by its short number; a mistyped digit is said at once."""
    now = (await runtime.business_time()).now
    row, faults = await looking_up.look_up_pass(runtime.database, short_number, now)
    return PassAtGate.show(row, faults, language)


@router.post("/gate/exits")
@allow(Role.GATE_GUARD)
async def let_out(body: Exit, work: CurrentWork, language: CallerLanguage) -> ExitOut:
    """Let the truck out, once (5-4.2.1-F)."""
    exit_pass, verdict = await leaving.let_out(work, body)
    return ExitOut.show(body, exit_pass, verdict, language)


@router.get("/gate/refusals")
@allow(*REFUSAL_READERS)
async def list_refusals(
    reader: CurrentReader,
    refused_on: date | None = None,
    gate: str | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[RefusalOut]:
    """Trucks that were not let out, newest first."""
    statement = select(GateRefusal.__table__)
    if refused_on is not None:
        statement = statement.where(GateRefusal.refused_on == refused_on)
    if gate is not None:
        statement = statement.where(GateRefusal.gate == gate)
    return await page(
        reader,
        statement,
        lambda row: RefusalOut.model_validate(dict(row)),
        sorts={"refused_on": GateRefusal.refused_on},
        id=GateRefusal.id,
        sort=sort,
        after=after,
        limit=limit,
    )

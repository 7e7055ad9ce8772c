"""HTTP of the gate: look a pass up with a queue of trucks behind, and let the truck out once."""

from datetime import date
from typing import Annotated

from fastapi import Query
from sqlalchemy import select

from fangxing.running.service import Runtime
from fangxing.scope import everyone
from fangxing.text import Line
from fangxing.throttles import Throttle
from fangxing.web.access import allow
from fangxing.web.edge import CallerLanguage, CurrentLook, CurrentRuntime, CurrentWork, Source, quick
from fangxing.web.edge import router as edge_router
from fangxing.web.listing import By, File, Is, Listing, ListQuery, Page
from shipping_svc.gate import leaving, looking_up
from shipping_svc.gate.access import PASS_READERS, REFUSAL_READERS
from shipping_svc.gate.shapes import Exit, ExitOut, PassAtGate, RefusalOut
from shipping_svc.gate.store import GateRefusal
from shipping_svc.papers.rules import PASS_MOVES, PassAction

router = edge_router("gate")


def _guesses(runtime: Runtime, source: str) -> Throttle:
    return Throttle("exit-pass", source, runtime.settings.guesses, runtime.settings.guess_seconds)


@router.get("/gate/passes/{short_number}")
@allow(*PASS_READERS, throttled=True)
@quick
async def look_up(short_number: str, runtime: CurrentRuntime, language: CallerLanguage, source: Source) -> PassAtGate:
    """Look a pass up by its short number; a mistyped digit is said at once, and guesses are counted."""
    now = (await runtime.business_time()).now
    guesses = _guesses(runtime, source)
    row, faults = await looking_up.look_up_pass(
        runtime.database, short_number, now, guesses=guesses, system_now=runtime.clock.system.now()
    )
    return PassAtGate.show(row, faults, language)


@router.post("/gate/exits")
@allow(PASS_MOVES[PassAction.LET_OUT], throttled=True)
async def let_out(
    body: Exit, work: CurrentWork, language: CallerLanguage, runtime: CurrentRuntime, source: Source
) -> ExitOut:
    """Let the truck out, once (5-4.2.1-F)."""
    exit_pass, verdict = await leaving.let_out(work, body, _guesses(runtime, source))
    return ExitOut.show(body, exit_pass, verdict, language)


class RefusalQuery(ListQuery):
    """What the list of refusals can be asked."""

    sort: Annotated[str, By(GateRefusal.refused_on)] = "-id"
    refused_on: Annotated[date | None, Is(GateRefusal.refused_on)] = None
    gate: Annotated[Line | None, Is(GateRefusal.gate)] = None


REFUSALS = Listing(RefusalOut, RefusalQuery, select(GateRefusal.__table__), id=GateRefusal.id, scope=everyone)


@router.get("/gate/refusals")
@allow(*REFUSAL_READERS)
async def list_refusals(look: CurrentLook, query: Annotated[RefusalQuery, Query()]) -> Page[RefusalOut] | File:
    """Trucks that were not let out, newest first."""
    return await REFUSALS.page(look, query)

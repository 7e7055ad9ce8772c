"""Business time: everybody may read it; in a demo database the administrator may move it forward."""

from datetime import date, datetime

from fastapi import Request
from pydantic import BaseModel, Field

from fangxing.roles import Role
from fangxing.running.service import Runtime
from fangxing.validation import Body
from fangxing.web.access import allow, employees
from fangxing.web.edge import CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router

router = edge_router("business-time", "/business-time")


class Advance(Body):
    """How many calendar days to move forward."""

    days: int = Field(ge=1, le=366)


class BusinessTimeOut(BaseModel):
    """The business moment and date, and whether time may be moved here."""

    now: datetime
    today: date
    demo: bool


@router.get("")
@employees()
async def read(request: Request, reader: CurrentReader) -> BusinessTimeOut:
    """Business time now."""
    runtime: Runtime = request.app.state.runtime
    time = await runtime.clock.time(reader)
    return BusinessTimeOut(now=time.now, today=time.today, demo=runtime.clock.demo)


@router.post("/advance")
@allow(Role.ADMINISTRATOR)
async def advance(request: Request, body: Advance, work: CurrentWork) -> BusinessTimeOut:
    """Move business time forward; refused outside a demo database."""
    runtime: Runtime = request.app.state.runtime
    await runtime.clock.advance(work.tx, body.days)
    runtime.people.forget()
    time = await runtime.clock.time(work.tx)
    return BusinessTimeOut(now=time.now, today=time.today, demo=runtime.clock.demo)

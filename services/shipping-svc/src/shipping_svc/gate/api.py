"""HTTP of the gate: look a pass up with a queue of trucks behind, and let the truck out once."""

import io
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, select

from fangxing.database import plain_sql
from fangxing.errors import ErrorType, Kind
from fangxing.money import Tons
from fangxing.roles import Role
from fangxing.text import Code, Line, Paragraph
from fangxing.verdicts import localized
from fangxing.web.access import allow
from fangxing.web.edge import CallerLanguage, CurrentReader, CurrentRuntime, CurrentWork, quick
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from shipping_svc.gate import passes, rules, service
from shipping_svc.gate.store import ExitPass, GateRefusal

router = edge_router("gate")

Vehicle = Annotated[Line, AfterValidator(rules.plate), Field(min_length=1, max_length=64)]
"""A number plate 车牌 as `rules.plate` writes it, 1 to 64 characters."""

PASS_NOT_FOUND = ErrorType(
    "exit-pass-not-found",
    Kind.NOT_FOUND,
    "没有出门证 {number}，请核对编号",
    "There is no exit pass {number}; check the number",
    clause="5-4.2.1-F",
)
NUMBER_MISTYPED = ErrorType(
    "exit-pass-mistyped",
    Kind.INVALID,
    "编号 {number} 的校验位不对，请再输一次",
    "The check digit of {number} is wrong; type it again",
    clause="5-4.2.1-F",
    field="short_number",
)


class PassOut(BaseModel):
    """An exit pass 出门证; `token` is what the QR code holds, `qr_svg` the code to print."""

    id: UUID
    short_number: str
    token: str
    qr_svg: str
    note_id: UUID
    note_number: str
    vehicle: str
    driver: str
    gate: str
    valid_until: datetime


class PassAtGate(BaseModel):
    """What the guard compares; `valid` says whether this pass may still let its truck out."""

    short_number: str
    valid: bool
    why_not: str | None
    vehicle: str
    driver: str
    customer_name: str
    goods: str
    tons: Tons
    note_number: str
    gate: str
    valid_until: datetime
    used_at: datetime | None
    voided_at: datetime | None


class Reissue(BaseModel):
    """Another pass for a truck that has not left, and why: expired, lost, or another gate."""

    model_config = ConfigDict(extra="forbid")
    gate: Code
    reason: Paragraph


class Exit(BaseModel):
    """The pass as presented (short number, or the content of the code), and the truck at the gate."""

    model_config = ConfigDict(extra="forbid")
    presented: str = Field(pattern=r"^([0-9]{8}|[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$", max_length=2000)
    vehicle: Vehicle
    gate: Code


class ExitOut(BaseModel):
    """Whether the truck leaves, and why not."""

    allowed: bool
    vehicle: str
    short_number: str | None
    verdict: dict[str, Any]


class RefusalOut(BaseModel):
    """A truck that was not let out."""

    id: UUID
    pass_id: UUID | None
    presented: str
    vehicle: str
    gate: str
    slug: str
    guard: str
    refused_on: date
    refused_at: datetime


def shape_pass(exit_pass: ExitPass, key: Ed25519PrivateKey) -> PassOut:
    """The pass with its code."""
    signed = passes.token(exit_pass, key)
    picture = io.BytesIO()
    segno.make_qr(signed, error="m").save(picture, kind="svg", border=2, scale=3, xmldecl=False)
    plain = {name: getattr(exit_pass, name) for name in PassOut.model_fields if name not in ("token", "qr_svg")}
    return PassOut(token=signed, qr_svg=picture.getvalue().decode(), **plain)


_LOOK_UP = plain_sql(
    select(*[getattr(ExitPass, name) for name in PassAtGate.model_fields if name not in ("valid", "why_not")]).where(
        ExitPass.short_number == bindparam("short_number")
    )
)


@router.get("/gate/passes/{short_number}")
@allow(Role.GATE_GUARD, Role.WAREHOUSE_SUPERVISOR)
@quick
async def look_up(short_number: str, runtime: CurrentRuntime, language: CallerLanguage) -> PassAtGate:
    """Look a pass up by its short number; a mistyped digit is said at once."""
    if not rules.is_short_number(short_number):
        raise NUMBER_MISTYPED(number=short_number)
    row = await runtime.database.look_up(_LOOK_UP, short_number)
    if row is None:
        raise PASS_NOT_FOUND(number=short_number)
    now = (await runtime.business_time()).now
    found = rules.Pass(row["vehicle"], row["gate"], row["valid_until"], row["used_at"], row["voided_at"])
    faults = rules.judge_exit(found, genuine=True, vehicle=found.vehicle, gate=found.gate, now=now)
    why = faults[0].say(language) if faults else None
    return PassAtGate.model_construct(valid=not faults, why_not=why, **row)


@router.post("/delivery-notes/{note_id}/exit-passes", status_code=201)
@allow(Role.WAREHOUSE_SUPERVISOR)
async def reissue(note_id: UUID, body: Reissue, work: CurrentWork) -> PassOut:
    """Issue another pass after checking the truck again; the one before is void (5-4.2.1-F)."""
    exit_pass = await service.reissue(work, note_id, gate=body.gate, reason=body.reason)
    return shape_pass(exit_pass, work.signing_key)


@router.post("/gate/exits")
@allow(Role.GATE_GUARD)
async def let_out(body: Exit, work: CurrentWork, language: CallerLanguage) -> ExitOut:
    """Let the truck out, once (5-4.2.1-F)."""
    exit_pass, verdict = await service.let_out(work, presented=body.presented, vehicle=body.vehicle, gate=body.gate)
    return ExitOut(
        allowed=verdict.allowed,
        vehicle=body.vehicle,
        short_number=exit_pass.short_number if exit_pass else None,
        verdict=localized(verdict.content(), language),
    )


@router.get("/gate/refusals")
@allow(Role.WAREHOUSE_SUPERVISOR, Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.AUDIT_MANAGER)
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

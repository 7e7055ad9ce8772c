"""Exit passes: a JWS signed with the service's Ed25519 key for the QR code, and a short number for when none reads."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import select

from fangxing.ids import new_id
from fangxing.work import Work
from shipping_svc.gate.rules import check_digit
from shipping_svc.gate.store import ExitPass
from shipping_svc.warehouse.store import DeliveryNote

_TYPE = "exit-pass+jwt"


async def issue_pass(
    work: Work, note: DeliveryNote, *, gate: str, valid_until: datetime, customer_name: str
) -> ExitPass:
    """The exit pass of a signed delivery note, for `gate`, until `valid_until`."""
    exit_pass = ExitPass(
        id=new_id(),
        short_number=await _free_number(work),
        note_id=note.id,
        note_number=note.number,
        notice_id=note.notice_id,
        customer_id=note.customer_id,
        account_id=note.account_id,
        customer_name=customer_name,
        vehicle=note.vehicle,
        driver=note.driver,
        goods="; ".join(f"{line.product_name} {line.lot} {line.tons} 吨" for line in note.lines)[:1000],
        tons=note.tons,
        gate=gate,
        issued_at=work.now,
        valid_until=valid_until,
    )
    work.tx.add(exit_pass)
    return exit_pass


async def _free_number(work: Work) -> str:
    # random, so that nobody guesses the next one; of ten million some are taken after some years
    while True:
        digits = "".join(secrets.choice("0123456789") for _ in range(7))
        number = digits + check_digit(digits)
        if await work.tx.scalar(select(ExitPass.id).where(ExitPass.short_number == number)) is None:
            return number


def token(exit_pass: ExitPass, key: Ed25519PrivateKey) -> str:
    """The pass as a compact JWS: everything a gate without a network needs to compare."""
    claims: dict[str, Any] = {
        "jti": str(exit_pass.id),
        "num": exit_pass.short_number,
        "note": exit_pass.note_number,
        "veh": exit_pass.vehicle,
        "drv": exit_pass.driver,
        "t": format(exit_pass.tons, "f"),
        "gate": exit_pass.gate,
        "until": int(exit_pass.valid_until.timestamp()),
    }
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"typ": _TYPE})


def read_token(presented: str, key: Ed25519PublicKey) -> UUID | None:
    """The pass id of a genuine token; None for anything else. Expiry is business time and judged by the rule."""
    try:
        if jwt.get_unverified_header(presented).get("typ") != _TYPE:
            return None
        claims = jwt.decode(presented, key, algorithms=["EdDSA"])
        return UUID(claims["jti"])
    except (jwt.PyJWTError, KeyError, ValueError):
        return None

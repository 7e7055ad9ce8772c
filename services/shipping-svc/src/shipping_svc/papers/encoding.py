"""The exit pass as a code: a JWS signed with the service's Ed25519 key, and the picture of it to print."""

import io
from typing import Any
from uuid import UUID

import jwt
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shipping_svc.papers.store import ExitPass

_TYPE = "exit-pass+jwt"


def encode(exit_pass: ExitPass, key: Ed25519PrivateKey) -> str:
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


def decode(presented: str, key: Ed25519PublicKey) -> UUID | None:
    """The pass id of a genuine code; None for anything else. Expiry is business time and judged by the rule."""
    try:
        if jwt.get_unverified_header(presented).get("typ") != _TYPE:
            return None
        claims = jwt.decode(presented, key, algorithms=["EdDSA"])
        return UUID(claims["jti"])
    except (jwt.PyJWTError, KeyError, ValueError):
        return None


def picture(code: str) -> str:
    """The code as a QR code in SVG."""
    drawn = io.BytesIO()
    segno.make_qr(code, error="m").save(drawn, kind="svg", border=2, scale=3, xmldecl=False)
    return drawn.getvalue().decode()

"""Who signs in during a test: a key pair, the JWKS file that goes with it, and tokens; and a service's signing key."""

import json
import time
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import OKPAlgorithm

from fangxing.roles import Role

ISSUER = "fangxing"
AUDIENCE = "fangxing"
_TOKEN_SECONDS = 3600


class Identities:
    """Mints tokens that a service started with `jwks` accepts; `signing_key` is a PEM file for the service itself."""

    def __init__(self, directory: Path) -> None:
        self.jwks = directory / "jwks.json"
        self.signing_key = directory / "signing.pem"
        self._keys: dict[str, Ed25519PrivateKey] = {}
        self.signing_key.write_bytes(_pem(Ed25519PrivateKey.generate()))
        self.rotate("test-1")

    def rotate(self, key_id: str, *, keep: bool = False) -> None:
        """Sign with a new key from now on; the older ones leave the JWKS file unless they are kept."""
        if not keep:
            self._keys.clear()
        self._keys[key_id] = Ed25519PrivateKey.generate()
        self.jwks.write_text(json.dumps({"keys": [_jwk(key, name) for name, key in self._keys.items()]}))

    def token(self, subject: str, *roles: Role | str, name: str | None = None, **claims: Any) -> str:
        """A token of `subject` with `roles`; `claims` replace the standard ones, None takes one away."""
        now = int(time.time())
        content: dict[str, Any] = {
            "sub": subject,
            "name": name or subject,
            "roles": [str(role) for role in roles],
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + _TOKEN_SECONDS,
            **claims,
        }
        key_id = next(reversed(self._keys))
        content = {claim: value for claim, value in content.items() if value is not None}
        return jwt.encode(content, self._keys[key_id], algorithm="EdDSA", headers={"kid": key_id})

    def headers(self, subject: str, *roles: Role | str, name: str | None = None) -> dict[str, str]:
        """The request headers of `subject`, signed in with `roles`."""
        return {"Authorization": f"Bearer {self.token(subject, *roles, name=name)}"}


def device_headers(key: str) -> dict[str, str]:
    """The request headers of a device; `key` is what its enrolment answered, `<device>.<secret>`."""
    return {"Authorization": f"Device {key}"}


def _jwk(key: Ed25519PrivateKey, key_id: str) -> dict[str, Any]:
    jwk: dict[str, Any] = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**jwk, "kid": key_id, "alg": "EdDSA", "use": "sig"}


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

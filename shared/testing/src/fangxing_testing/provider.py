"""A small OpenID Connect provider for tests: a key set over real HTTP, and tokens of keys of every kind."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import ECAlgorithm, HMACAlgorithm, OKPAlgorithm, RSAAlgorithm

from fangxing_testing.identity import AUDIENCE, ISSUER

PrivateKey = Ed25519PrivateKey | ed448.Ed448PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | bytes

_TOKEN_SECONDS = 3600


@dataclass
class Signer:
    """A key that signs; `published` is what the key set says of it."""

    private: PrivateKey
    algorithm: str
    published: dict[str, Any]

    def __init__(self, kid: str, algorithm: str = "EdDSA", *, private: PrivateKey | None = None, **published: Any):
        self.private = private or Ed25519PrivateKey.generate()
        self.algorithm = algorithm
        # as a provider publishes it; None takes a member away
        said = {**_public(self.private), "kid": kid, "alg": algorithm, "use": "sig", **published}
        self.published = {name: value for name, value in said.items() if value is not None}

    def token(self, *, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """A token of somebody; `claims` and `header` replace the standard ones, None takes one away."""
        now = int(time.time())
        content = {
            "sub": "wang",
            "roles": ["sales_rep"],
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + _TOKEN_SECONDS,
            **claims,
        }
        content = {claim: value for claim, value in content.items() if value is not None}
        headers = {"kid": self.published["kid"], **(header or {})}
        return jwt.encode(content, self.private, algorithm=self.algorithm, headers=headers)


def _public(private: PrivateKey) -> dict[str, Any]:
    if isinstance(private, bytes):
        return HMACAlgorithm.to_jwk(private, as_dict=True)
    if isinstance(private, rsa.RSAPrivateKey):
        return RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    if isinstance(private, ec.EllipticCurvePrivateKey):
        return ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
    return OKPAlgorithm.to_jwk(private.public_key(), as_dict=True)


@dataclass
class Provider:
    """A key set at `url`: how often it was fetched, and what it answers; nothing while `answers` is clear."""

    url: str = ""
    fetches: int = 0
    body: bytes = b""
    status: int = 200
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    def publish(self, *signers: Signer) -> None:
        """Answer with the keys of `signers` from now on."""
        self.body = json.dumps({"keys": [signer.published for signer in signers]}).encode()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            self.fetches += 1
            await self.answers.wait()
            head = f"HTTP/1.1 {self.status} Said\r\nContent-Length: {len(self.body)}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode() + self.body)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def provider(*signers: Signer) -> AsyncIterator[Provider]:
    """A provider that publishes the keys of `signers`, on loopback, for the length of the block."""
    served = Provider()
    served.answers.set()
    served.publish(*signers)
    server = await asyncio.start_server(served._serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    served.url = f"http://{host}:{port}/jwks.json"
    try:
        yield served
    finally:
        served.answers.set()
        server.close()

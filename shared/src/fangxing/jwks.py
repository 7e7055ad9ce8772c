"""The keys tokens are checked with: a JWK Set at an address or in a file, read sparingly, kept for a bounded time."""

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import jwt
import orjson
import structlog
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from fangxing.errors import ErrorType, Kind

ALGORITHMS = ("EdDSA", "ES256", "RS256")
_RSA_BITS = range(2048, 8192 + 1)
_PRIVATE = frozenset({"d", "k", "p", "q", "dp", "dq", "qi", "oth"})
_MOST_BYTES = 256 * 1024
_NEVER = float("-inf")

SIGN_IN_UNAVAILABLE = ErrorType(
    "sign-in-unavailable",
    Kind.UNAVAILABLE,
    "暂时无法核对登录，请稍后再试",
    "Sign-in cannot be checked right now; try again",
)

log = structlog.get_logger(__name__)

Keys = Mapping[tuple[str, str], jwt.PyJWK]
"""Keys by their id and the one algorithm they are for."""


class UnfitKeyError(Exception):
    """A published key that no token may be checked with; the message says why."""


class KeySet:
    """The keys at `source`, an address or the path of a file.

    They are read at the first use and again when they are `refresh_seconds` old, or when a token names a key that is
    not among them; one reading at a time, and never within `pause_seconds` of the last try. What is read replaces what
    was there. A source that does not answer within `fetch_seconds`, or answers no key set, leaves the keys in use for
    another `outage_seconds`.
    """

    def __init__(
        self,
        source: str,
        *,
        refresh_seconds: float = 300.0,
        pause_seconds: float = 10.0,
        outage_seconds: float = 12 * 3600.0,
        fetch_seconds: float = 5.0,
    ) -> None:
        self._source = source
        self._refresh = refresh_seconds
        self._pause = pause_seconds
        self._outage = outage_seconds
        self._fetch_seconds = fetch_seconds
        self._content = b""
        self._keys: Keys = {}
        self._read_at = _NEVER
        self._tried_at = _NEVER
        self._answering = True
        self._reading: asyncio.Task[None] | None = None

    async def key(self, kid: str, algorithm: str) -> jwt.PyJWK | None:
        """The key of that id for that algorithm, the same object as long as the set is the same; None without one.

        Raises `sign-in-unavailable` where there are no keys, or only keys that are too old.
        """
        found = self._keys.get((kid, algorithm))
        if found is None or self._older_than(self._refresh):
            reading = self._read_again()
            # whoever is known does not wait for a source that did not answer last time
            if reading is not None and (found is None or self._answering or self._too_old()):
                # somebody else who waits for it too may stop waiting
                await asyncio.shield(reading)
        if self._too_old():
            raise SIGN_IN_UNAVAILABLE()
        return self._keys.get((kid, algorithm))

    def _older_than(self, seconds: float) -> bool:
        return time.monotonic() - self._read_at >= seconds

    def _too_old(self) -> bool:
        return self._older_than(self._refresh + self._outage)

    def _read_again(self) -> "asyncio.Task[None] | None":
        """The reading under way, or a new one; None within the pause after the last."""
        if self._reading is None or self._reading.done():
            if time.monotonic() - self._tried_at < self._pause:
                return None
            self._reading = asyncio.create_task(self._read())
        return self._reading

    async def _read(self) -> None:
        try:
            content = await self._load()
            if content != self._content:
                self._keys, self._content = _keys(content), content
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            self._answering = False
            log.warning("jwks.unreadable", source=self._source, error=f"{type(error).__name__}: {error}"[:200])
        else:
            self._answering = True
            self._read_at = time.monotonic()
        finally:
            self._tried_at = time.monotonic()

    async def _load(self) -> bytes:
        async with asyncio.timeout(self._fetch_seconds):
            if "://" not in self._source:
                return await asyncio.to_thread(_read_file, Path(self._source))
            # as it is, since what is small when compressed may be large
            headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
            async with (
                httpx.AsyncClient(timeout=self._fetch_seconds) as client,
                client.stream("GET", self._source, headers=headers) as response,
            ):
                response.raise_for_status()
                content = b""
                async for part in response.aiter_raw():
                    content = _bounded(content + part)
                return content


def _read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return _bounded(file.read(_MOST_BYTES + 1))


def _bounded(content: bytes) -> bytes:
    if len(content) > _MOST_BYTES:
        raise ValueError(f"more than {_MOST_BYTES} bytes")
    return content


def _keys(content: bytes) -> Keys:
    """The keys in a key set that are fit for use; raises ValueError where `content` is no key set."""
    document = orjson.loads(content)
    published = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(published, list) or not all(isinstance(jwk, dict) for jwk in published):
        raise ValueError("not a key set")
    keys: dict[tuple[str, str], jwt.PyJWK] = {}
    for jwk in published:
        kid = str(jwk.get("kid", ""))
        try:
            key = fit(jwk)
        except UnfitKeyError as error:
            log.warning("jwks.key_unfit", kid=kid[:80], reason=str(error))
        else:
            keys[kid, key.algorithm_name] = key
    return keys


def fit(jwk: Mapping[str, Any]) -> jwt.PyJWK:
    """The key to check signatures with that `jwk` publishes.

    Raises `UnfitKeyError` for what is published for another use, is not public, or is weaker than RFC 7518 and 8037
    ask for: RSA below 2048 bits, another curve than P-256 and Ed25519, a shared secret.
    """
    operations = jwk.get("key_ops", ["verify"])
    if jwk.get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        raise UnfitKeyError("not for checking signatures")
    if _PRIVATE & jwk.keys():
        raise UnfitKeyError("a secret that is published")
    try:
        key = jwt.PyJWK(dict(jwk))
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise UnfitKeyError(type(error).__name__) from error
    if key.algorithm_name not in ALGORITHMS or not _strong(key.key):
        raise UnfitKeyError(f"{key.algorithm_name} with this key is not accepted")
    return key


def _strong(key: object) -> bool:
    if isinstance(key, RSAPublicKey):
        return key.key_size in _RSA_BITS
    if isinstance(key, EllipticCurvePublicKey):
        return isinstance(key.curve, SECP256R1)
    return isinstance(key, Ed25519PublicKey)

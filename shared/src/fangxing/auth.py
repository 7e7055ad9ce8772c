"""Identity: a JWT checked against a JWKS becomes a `Principal`; what the principal may do is the route's business.

Tokens come from any OpenID Connect provider; the claims read are `sub`, `name`, `roles`, `iss`, `aud` and `exp`.
"""

import asyncio
import re
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import jwt

from fangxing.errors import DomainError, ErrorType, Kind
from fangxing.roles import Role, spoken_roles

ALGORITHMS = ["EdDSA", "ES256", "RS256"]
_REFRESH_SECONDS = 60.0
_CACHE_SIZE = 2048
# what a column takes that says who did something
_LONGEST = 80
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")

TOKEN_MISSING = ErrorType(
    "token-missing",
    Kind.UNAUTHENTICATED,
    "请先登录：缺少 Authorization: Bearer 令牌",
    "Sign in first: no bearer token was sent",
)
TOKEN_INVALID = ErrorType(
    "token-invalid",
    Kind.UNAUTHENTICATED,
    "令牌无效或已过期，请重新登录",
    "The token is invalid or has expired; sign in again",
)
ROLE_REQUIRED = ErrorType("role-required", Kind.FORBIDDEN, "此操作只限：{roles}", "Only for: {roles}", clause="1-3")


def role_required(*roles: Role) -> DomainError:
    """The error for somebody who holds none of `roles`."""
    return ROLE_REQUIRED(roles=spoken_roles(roles))


SIGN_IN_UNAVAILABLE = ErrorType(
    "sign-in-unavailable",
    Kind.UNAVAILABLE,
    "暂时无法核对登录，请稍后再试",
    "Sign-in cannot be checked right now; try again",
)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is acting: a person by token, a device by key, or the system itself.

    `roles` are those he acts in, `held` all that he holds. `on_behalf_of` is the person a deputy acts for; null for
    whoever acts for himself.
    """

    id: str
    name: str
    roles: frozenset[Role]
    on_behalf_of: str | None = None
    also: frozenset[Role] = frozenset()

    @property
    def held(self) -> frozenset[Role]:
        """Every role the principal holds, whatever the route."""
        return self.roles | self.also

    @property
    def sight(self) -> frozenset[Role]:
        """The roles whose fields he sees: a rep who sees every customer by another role sees them as that role does.

        What a rep sees of his own customers he sees where he acts as a rep alone.
        """
        return self.roles - {Role.SALES_REP} if len(self.roles) > 1 else self.roles

    @property
    def persons(self) -> frozenset[str]:
        """Who counts as acting, wherever two people are needed: the person himself, and whom he stands in for."""
        return frozenset({self.id, self.on_behalf_of} - {None})  # type: ignore[arg-type]

    def acting_as(self, roles: frozenset[Role]) -> "Principal":
        """The principal with those of `roles` alone that he holds: what he sees and may follows from the route."""
        return replace(self, roles=self.held & roles, also=self.held - roles)

    def has(self, *roles: Role) -> bool:
        """Whether the principal holds at least one of `roles`."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Principal("system", "系统 system", frozenset())
"""The actor of timers and event handlers."""


class TokenVerifier:
    """Checks bearer tokens. `jwks` is the address or the file path of the key set.

    Keys are fetched at the first use and again, at most once a minute, when a token names a key not seen before.
    A verified token is remembered until it expires, so that a gate with a queue pays for one signature a shift.
    """

    def __init__(self, jwks: str, *, issuer: str, audience: str) -> None:
        self._source = jwks
        self._issuer = issuer
        self._audience = audience
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at = float("-inf")
        self._verified: OrderedDict[str, tuple[float, Principal]] = OrderedDict()

    async def principal(self, authorization: str | None) -> Principal:
        """The principal of an Authorization header; raises `token-missing` or `token-invalid`."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise TOKEN_MISSING()
        remembered = self._verified.get(token)
        if remembered and remembered[0] > time.time():
            return remembered[1]
        claims = await self._verify(token)
        subject = _subject(claims)
        principal = Principal(
            id=subject,
            name=_CONTROL.sub("", str(claims.get("name", "")))[:_LONGEST] or subject,
            roles=_roles(claims.get("roles", ())),
        )
        self._verified[token] = (float(claims["exp"]), principal)
        while len(self._verified) > _CACHE_SIZE:
            self._verified.popitem(last=False)
        return principal

    async def _verify(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            key = await self._key(str(header.get("kid", "")))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                issuer=self._issuer,
                audience=self._audience,
                options={"require": ["sub", "exp", "iss", "aud"]},
            )
        except jwt.PyJWTError as error:
            raise TOKEN_INVALID() from error
        return claims

    async def _key(self, kid: str) -> jwt.PyJWK:
        if kid not in self._keys and time.monotonic() - self._fetched_at > _REFRESH_SECONDS:
            self._keys = _keys(await self._load())
            self._fetched_at = time.monotonic()
        if kid not in self._keys:
            raise jwt.InvalidKeyError(kid)
        return self._keys[kid]

    async def _load(self) -> str:
        try:
            if "://" not in self._source:
                return await asyncio.to_thread(Path(self._source).read_text, encoding="utf-8")
            async with httpx.AsyncClient(timeout=5) as client:
                response = await client.get(self._source)
                response.raise_for_status()
                return response.text
        except (httpx.HTTPError, OSError) as error:
            raise SIGN_IN_UNAVAILABLE() from error


def _keys(text: str) -> dict[str, jwt.PyJWK]:
    try:
        return {key.key_id or "": key for key in jwt.PyJWKSet.from_json(text).keys}
    except (ValueError, TypeError, AttributeError, jwt.PyJWTError) as error:
        raise SIGN_IN_UNAVAILABLE() from error


def _subject(claims: dict[str, Any]) -> str:
    """Whom the token is about; OIDC allows 255 characters, and whoever cannot be stored whole cannot act here."""
    subject = str(claims["sub"])
    if not 0 < len(subject) <= _LONGEST or _CONTROL.search(subject):
        raise TOKEN_INVALID()
    return subject


def _roles(names: object) -> frozenset[Role]:
    """The roles among `names`; what is no list, or no role of ours, gives none."""
    given = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    return frozenset(role for role in Role if role.value in given)

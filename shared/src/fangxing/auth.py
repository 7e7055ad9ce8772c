"""Identity: a JWT checked against a JWKS becomes a `Principal`; what the principal may do is the route's business.

Tokens come from any OpenID Connect provider; the claims read are `sub`, `name`, the roles, `iss`, `aud`, `iat`, `exp`
and `nbf`.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import jwt
import structlog
from pydantic import TypeAdapter, ValidationError

from fangxing.errors import DomainError, ErrorType, Kind
from fangxing.jwks import KeySet
from fangxing.roles import Role, spoken_roles
from fangxing.text import Line, normal

_CACHE_SIZE = 2048
# an access token; RFC 9068 and, for providers that know no better, RFC 7519
_TYPES = frozenset({"jwt", "at+jwt"})
# what a column takes that says who did something
_LONGEST = 80
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_LINE: TypeAdapter[str] = TypeAdapter(Line)
_RESERVED = re.compile(r"system|cli|(device|service):.*")

log = structlog.get_logger(__name__)

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


class Lent(NamedTuple):
    """A role somebody acts in as the deputy of its holder."""

    role: Role
    holder: str


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is acting: a person by token, a device by key, or the system itself.

    `roles` are those he acts in, `held` all that he holds, `own` those of them that are his and not `lent` to him.
    `on_behalf_of` is the person a deputy acts for; null for whoever acts for himself. `claimed` are the roles that his
    token names, whether he holds them or not.
    """

    id: str
    name: str
    roles: frozenset[Role]
    on_behalf_of: str | None = None
    also: frozenset[Role] = frozenset()
    lent: frozenset[Lent] = frozenset()
    claimed: frozenset[Role] = frozenset()
    _own: frozenset[Role] | None = None

    def standing_in(self, own: frozenset[Role], lent: frozenset[Lent]) -> "Principal":
        """The principal with the roles `own` and, as a deputy, with those lent to him."""
        roles = own | {one.role for one in lent}
        return replace(self, roles=roles, also=frozenset(), lent=lent, claimed=self.roles, _own=own)

    @property
    def held(self) -> frozenset[Role]:
        """Every role the principal holds, whatever the route."""
        return self.roles | self.also

    @property
    def own(self) -> frozenset[Role]:
        """The roles that he holds himself."""
        return self.held if self._own is None else self._own

    @property
    def sight(self) -> frozenset[Role]:
        """The roles whose fields he sees: a rep who sees every customer by another role sees them as that role does.

        What a rep sees of his own customers he sees where he acts as a rep alone.
        """
        return self.roles - {Role.SALES_REP} if len(self.roles) > 1 else self.roles

    @property
    def persons(self) -> frozenset[str]:
        """Who counts as acting, wherever two people are needed: the person himself, and all he stands in for now."""
        return self.signing | {one.holder for one in self.lent}

    @property
    def signing(self) -> frozenset[str]:
        """Whose hands do what he does now: his own and, where he acts as a deputy, those of whom he acts for."""
        return frozenset({self.id} if self.on_behalf_of is None else {self.id, self.on_behalf_of})

    def acting_as(self, roles: frozenset[Role]) -> "Principal":
        """The principal with those of `roles` alone that he holds: what he sees and may follows from the route.

        Whoever holds one of them himself acts for himself.
        """
        acting = self.held & roles
        return replace(self, roles=acting, also=self.held - roles, on_behalf_of=self._acting_for(acting))

    def _acting_for(self, acting: frozenset[Role]) -> str | None:
        if not self.lent:
            return self.on_behalf_of
        holders = {one.holder for one in self.lent if one.role in acting}
        return min(holders, default=None) if acting.isdisjoint(self.own) else None

    def whose(self, role: Role) -> frozenset[str]:
        """Whose work in `role` is his: his own, and that of the holders he stands in for in it."""
        return frozenset({self.id, *(one.holder for one in self.lent if one.role is role)})

    def has(self, *roles: Role) -> bool:
        """Whether the principal holds at least one of `roles`."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Principal("system", "系统 system", frozenset())
"""The actor of timers and event handlers."""


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What a token must say here.

    It lives `max_seconds` at most, whatever it says itself; clocks may differ by `leeway_seconds`. `roles_claim` is
    where the roles are: the name of a claim, or the way to one inside others (`realm_access.roles`).
    """

    issuer: str
    audience: str
    roles_claim: str = "roles"
    max_seconds: int = 12 * 3600
    leeway_seconds: int = 30


@dataclass(frozen=True, slots=True)
class _Verified:
    """What a token proved, until when, and the key that was behind it."""

    principal: Principal
    until: float
    key_name: tuple[str, str]
    key: jwt.PyJWK


class TokenVerifier:
    """Checks bearer tokens with the keys of `keys`, by `rules`.

    A verified token is remembered until it expires or its key leaves the set, so that a gate with a queue pays for
    one signature a shift.
    """

    def __init__(self, keys: KeySet, rules: TokenRules) -> None:
        self._keys = keys
        self._rules = rules
        self._remembered: OrderedDict[str, _Verified] = OrderedDict()

    async def principal(self, authorization: str | None) -> Principal:
        """The principal of an Authorization header.

        Raises `token-missing`, `token-invalid`, or `sign-in-unavailable` where there are no keys to check with.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise TOKEN_MISSING()
        known = self._remembered.get(token)
        if known is None or known.until <= time.time() or await self._keys.key(*known.key_name) is not known.key:
            known = await self._verify(token)
            self._remembered[token] = known
            while len(self._remembered) > _CACHE_SIZE:
                self._remembered.popitem(last=False)
        return known.principal

    async def _verify(self, token: str) -> _Verified:
        try:
            header = jwt.get_unverified_header(token)
            key_name = (str(header.get("kid", "")), str(header.get("alg", "")))
            key = await self._keys.key(*key_name)
            if key is None or not _is_access_token(header):
                raise TOKEN_INVALID()
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                issuer=self._rules.issuer,
                audience=self._rules.audience,
                leeway=self._rules.leeway_seconds,
                options={"require": ["sub", "exp", "iat", "iss", "aud"]},
            )
        except jwt.PyJWTError as error:
            raise TOKEN_INVALID() from error
        self._check_lifetime(claims)
        return _Verified(self._principal(claims), float(claims["exp"]), key_name, key)

    def _check_lifetime(self, claims: Mapping[str, Any]) -> None:
        """Refuse a token made to live too long: the provider is set so, and would not notice if it were cut short."""
        seconds = int(claims["exp"]) - int(claims["iat"])
        if seconds > self._rules.max_seconds:
            log.warning("token.lives_too_long", seconds=seconds, most=self._rules.max_seconds)
            raise TOKEN_INVALID()

    def _principal(self, claims: Mapping[str, Any]) -> Principal:
        subject = _subject(claims)
        return Principal(
            id=subject,
            name=_CONTROL.sub("", str(claims.get("name", "")))[:_LONGEST] or subject,
            roles=_roles(_claim(claims, self._rules.roles_claim)),
        )


def _is_access_token(header: Mapping[str, Any]) -> bool:
    """Whether it was made to be sent here: the same keys sign other things too, which may name the same person."""
    return str(header.get("typ")).lower().removeprefix("application/") in _TYPES


def _subject(claims: Mapping[str, Any]) -> str:
    """Whom the token is about; OIDC allows 255 characters, and whoever cannot be stored whole cannot act here.

    Nor can whoever reads like somebody else: the machinery's own names, and what is not seen in print.
    """
    subject = str(claims["sub"])
    try:
        seen = _LINE.validate_python(subject)
    except ValidationError as error:
        raise TOKEN_INVALID() from error
    if seen != subject or len(subject) > _LONGEST or is_reserved(subject):
        raise TOKEN_INVALID()
    return subject


def is_reserved(subject: str) -> bool:
    """Whether a person of this name would read like one of the machinery's own actors."""
    return _RESERVED.fullmatch(normal(subject)) is not None


def _claim(claims: Mapping[str, Any], way: str) -> object:
    """The claim of that name; where there is none, the one inside others that `way` leads to."""
    found: object = claims
    for name in [way] if way in claims else way.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _roles(names: object) -> frozenset[Role]:
    """The roles among `names`; what is no list, or no role of ours, gives none."""
    given = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    return frozenset(role for role in Role if role.value in given)

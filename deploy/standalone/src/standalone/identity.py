"""The standalone's own login, for the demo users alone: a token for a name and a password, and the keys to check it.

This is a demo login: the users are a file of the program and all have the same well-known password. A factory connects
its own OpenID Connect provider instead; the services only ever see a JWT and the address of a key set.
"""

import asyncio
import hashlib
import hmac
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI, Request
from jwt.algorithms import OKPAlgorithm
from pydantic import BaseModel, ConfigDict, Field

from fangxing import throttles
from fangxing.database import Database
from fangxing.errors import DomainError, ErrorType, Kind
from fangxing.roles import ROLE_NAMES, Role
from fangxing.text import Line
from fangxing.throttles import TOO_MANY_ATTEMPTS, Throttle, source_of
from fangxing.web import problems
from fangxing.web.app import BodyLimit
from standalone.serving import Settings

TOKEN_SECONDS = 12 * 3600
DEMO_PASSWORD = "fangxing"

SIGN_IN_FAILED = ErrorType(
    "sign-in-failed",
    Kind.UNAUTHENTICATED,
    "用户名或密码不对",
    "The username or the password is wrong",
)


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A demo user with the salted scrypt of his password."""

    username: str
    name_zh: str
    name_en: str
    roles: tuple[Role, ...]
    salt: bytes
    scrypt: bytes

    @property
    def name(self) -> str:
        """The name as tokens carry it and approvals record it."""
        return f"{self.name_zh} {self.name_en}"


@cache
def demo_users() -> dict[str, DemoUser]:
    """The demo users by username, in the order of users.json."""
    rows = orjson.loads((files("standalone") / "users.json").read_bytes())
    users = [
        DemoUser(
            username=row["username"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            roles=tuple(Role(role) for role in row["roles"]),
            salt=bytes.fromhex(row["salt"]),
            scrypt=bytes.fromhex(row["scrypt"]),
        )
        for row in rows
    ]
    return {user.username: user for user in users}


class SignIn(BaseModel):
    """Who wants to sign in."""

    model_config = ConfigDict(extra="forbid")
    username: Line
    password: str = Field(min_length=1, max_length=200)


class Token(BaseModel):
    """A bearer token and how many seconds it is good for."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_in: int


class RoleOut(BaseModel):
    """A role of the authority matrix with its names."""

    id: Role
    zh: str
    en: str


class UserOut(BaseModel):
    """A demo user."""

    username: str
    name_zh: str
    name_en: str
    roles: list[RoleOut]


class Users(BaseModel):
    """Everybody who can sign in here, and what kind of login this is."""

    note: str
    users: list[UserOut]


class Issuer:
    """Signs tokens with one key; `issuer` and `audience` are what the services are set to accept."""

    def __init__(self, key: Ed25519PrivateKey, *, issuer: str, audience: str) -> None:
        self._key = key
        self._issuer = issuer
        self._audience = audience
        public: dict[str, Any] = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
        self._jwk = {**public, "kid": _thumbprint(public), "alg": "EdDSA", "use": "sig"}

    @property
    def jwks(self) -> dict[str, Any]:
        """The key set that goes with the tokens."""
        return {"keys": [self._jwk]}

    def token(self, user: DemoUser) -> Token:
        """A token of `user`, good from now on."""
        now = int(time.time())
        claims = {
            "sub": user.username,
            "name": user.name,
            "roles": [str(role) for role in user.roles],
            "iss": self._issuer,
            "aud": self._audience,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
        }
        encoded = jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": self._jwk["kid"]})
        return Token(access_token=encoded, expires_in=TOKEN_SECONDS)


def _thumbprint(jwk: dict[str, Any]) -> str:
    """The key's RFC 7638 thumbprint: the same key has the same id for ever."""
    required = {name: jwk[name] for name in ("crv", "kty", "x")}
    digest = hashlib.sha256(orjson.dumps(required, option=orjson.OPT_SORT_KEYS)).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def check(username: str, password: str) -> DemoUser:
    """The user with that name and password; raises `sign-in-failed`, after the same work whether he exists or not."""
    user = demo_users().get(username)
    # Somebody's salt, so that an unknown name costs what a wrong password costs.
    known = user or next(iter(demo_users().values()))
    derived = hashlib.scrypt(password.encode(), salt=known.salt, n=2**14, r=8, p=1, dklen=32)
    matches = hmac.compare_digest(derived, known.scrypt)
    if user is None or not matches:
        raise SIGN_IN_FAILED()
    return user


class Attempts:
    """Tries names with passwords, so often and no oftener.

    An account from one address has few wrong guesses; a bit more have an account from all addresses together and an
    address for all accounts. Those two do not count where the account has signed in from there before: a stranger who
    guesses from elsewhere keeps nobody out of his own desk.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        # scrypt takes a whole processor; and whoever guesses in parallel gains these few guesses and no more
        self._turns = asyncio.Semaphore(4)

    async def sign_in(self, username: str, password: str, address: str | None, now: datetime) -> DemoUser:
        """The user with that name and password; raises `sign-in-failed` or `too-many-attempts`."""
        async with self._turns:
            pair, *apart = self._throttles(username, source_of(address))
            async with self._database.reader() as reader:
                found = await throttles.standing(reader, pair, *apart)
            mine = found.get(pair)
            known = mine is not None and mine.succeeded_at is not None
            counted = [pair] if known else [pair, *apart]
            rows = [(throttle, found[throttle]) for throttle in counted if throttle in found]
            if wait := max((it.wait(row.failures, row.began_at, now) for it, row in rows), default=0):
                raise TOO_MANY_ATTEMPTS(seconds=wait)
            try:
                user = await asyncio.to_thread(check, username, password)
            except DomainError:
                async with self._database.transaction() as tx:
                    await throttles.count(tx, now, *counted)
                raise
            if mine is None or mine.failures or not known:
                async with self._database.transaction() as tx:
                    await throttles.succeed(tx, now, pair)
            return user

    def _throttles(self, username: str, source: str) -> list[Throttle]:
        settings, account = self._settings, username[:80]
        return [
            Throttle("password", f"{account}@{source}", settings.password_tries, settings.password_seconds),
            Throttle("password-account", account, settings.account_tries, settings.password_seconds),
            Throttle("password-address", source, settings.address_tries, settings.password_seconds),
        ]


def create_identity_app(issuer: Issuer, attempts: Attempts) -> FastAPI:
    """The login: `/token`, `/jwks.json` and `/users`."""
    app = FastAPI(title="登录 Sign-in (demo)", version="1", docs_url=None, redoc_url=None)
    problems.install(app)
    app.add_middleware(BodyLimit)

    @app.post("/token", tags=["identity"])
    async def token(body: SignIn, request: Request) -> Token:
        """Sign in with a demo user's name and password; the token is good for twelve hours."""
        address = request.client.host if request.client else None
        return issuer.token(await attempts.sign_in(body.username, body.password, address, datetime.now(UTC)))

    @app.get("/jwks.json", tags=["identity"])
    async def jwks() -> dict[str, Any]:
        """The public keys that tokens are checked against."""
        return issuer.jwks

    @app.get("/users", tags=["identity"])
    async def users() -> Users:
        """The demo users. Their common password is told, since this login is for trying things out alone."""
        return Users(
            note=f"演示登录，所有用户密码均为 {DEMO_PASSWORD}；正式使用请接入工厂自己的登录系统 · "
            f"a demo login, everybody's password is {DEMO_PASSWORD}; for real use connect the factory's own provider",
            users=[_user_out(user) for user in demo_users().values()],
        )

    return app


def _user_out(user: DemoUser) -> UserOut:
    roles = [RoleOut(id=role, zh=ROLE_NAMES[role][0], en=ROLE_NAMES[role][1]) for role in user.roles]
    return UserOut(username=user.username, name_zh=user.name_zh, name_en=user.name_en, roles=roles)

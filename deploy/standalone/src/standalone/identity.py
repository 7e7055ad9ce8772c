"""The standalone's own login over HTTP: a token for a name and a password, and the keys to check it.

The demo's users are a file of the program and all have the same well-known password. The services only ever see a JWT
and a key set, so a factory may connect its own OpenID Connect provider instead.
"""

import hashlib
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

from fangxing.roles import ROLE_NAMES, Role
from fangxing.text import Line
from fangxing.web import problems
from fangxing.web.app import BodyLimit
from standalone.attempts import Attempts
from standalone.serving import Settings
from standalone.users import LONGEST_PASSWORD, UserRow, Users

TOKEN_SECONDS = 12 * 3600
DEMO_PASSWORD = "fangxing"


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A demo user, his password as `users.hashed` makes it."""

    username: str
    name_zh: str
    name_en: str
    roles: tuple[Role, ...]
    password: str

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
            password=row["password"],
        )
        for row in rows
    ]
    return {user.username: user for user in users}


class SignIn(BaseModel):
    """Who wants to sign in."""

    model_config = ConfigDict(extra="forbid")
    username: Line
    password: str = Field(min_length=1, max_length=LONGEST_PASSWORD)


class ChangePassword(BaseModel):
    """Who wants another password, which only he knows."""

    model_config = ConfigDict(extra="forbid")
    username: Line
    old_password: str = Field(min_length=1, max_length=LONGEST_PASSWORD)
    new_password: str = Field(min_length=1, max_length=LONGEST_PASSWORD)


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


class DemoUsers(BaseModel):
    """The demo users, and what kind of login this is."""

    note: str
    users: list[UserOut]


class Issuer:
    """Signs tokens with one key; `issuer` and `audience` are what the services are set to accept."""

    def __init__(self, key: Ed25519PrivateKey, *, issuer: str, audience: str) -> None:
        self._key = key
        self._issuer = issuer
        self.audience = audience
        public: dict[str, Any] = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
        self._jwk = {**public, "kid": _thumbprint(public), "alg": "EdDSA", "use": "sig"}

    @property
    def jwks(self) -> dict[str, Any]:
        """The key set that goes with the tokens."""
        return {"keys": [self._jwk]}

    def token(self, user: UserRow) -> Token:
        """A token of `user`, good from now on."""
        now = int(time.time())
        claims = {
            "sub": user.username,
            "name": user.name,
            "roles": user.roles,
            "iss": self._issuer,
            "aud": self.audience,
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


def create_identity_app(issuer: Issuer, users: Users) -> FastAPI:
    """The login: `/token`, `/password` and `/jwks.json`; on demo data also `/users`."""
    app = FastAPI(title="登录 Sign-in", version="1", docs_url=None, redoc_url=None)
    problems.install(app)
    app.add_middleware(BodyLimit)
    attempts = Attempts(users.database, Settings())

    @app.post("/token", tags=["identity"])
    async def token(body: SignIn, request: Request) -> Token:
        """Sign in with name and password; the token is good for twelve hours."""
        async with attempts.counted(body.username, _address(request), datetime.now(UTC)):
            return issuer.token(await users.sign_in(body.username, body.password))

    @app.post("/password", tags=["identity"], status_code=204)
    async def password(body: ChangePassword, request: Request) -> None:
        """Set a password of one's own, also in place of a one-time password."""
        async with attempts.counted(body.username, _address(request), datetime.now(UTC)):
            await users.change_password(body.username, body.old_password, body.new_password)

    @app.get("/jwks.json", tags=["identity"])
    async def jwks() -> dict[str, Any]:
        """The public keys that tokens are checked against."""
        return issuer.jwks

    if users.demo:
        app.get("/users", tags=["identity"])(tell_demo_users)
    return app


def _address(request: Request) -> str | None:
    return request.client.host if request.client else None


async def tell_demo_users() -> DemoUsers:
    """The demo users. Their common password is told, since this login is for trying things out alone."""
    return DemoUsers(
        note=f"演示登录，所有用户密码均为 {DEMO_PASSWORD}；正式使用请用 make init 另建数据 · "
        f"a demo login, everybody's password is {DEMO_PASSWORD}; for real use make real data: make init",
        users=[_user_out(user) for user in demo_users().values()],
    )


def _user_out(user: DemoUser) -> UserOut:
    roles = [RoleOut(id=role, zh=ROLE_NAMES[role][0], en=ROLE_NAMES[role][1]) for role in user.roles]
    return UserOut(username=user.username, name_zh=user.name_zh, name_en=user.name_en, roles=roles)

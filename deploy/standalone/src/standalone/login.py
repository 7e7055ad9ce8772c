"""How people sign in at these data: the demo's users, users of their own, or an OpenID Connect provider."""

import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson
from pydantic_settings import BaseSettings, SettingsConfigDict
from starlette.routing import BaseRoute, Mount

from fangxing.text import Text
from fangxing_embedded.postgres import PostgresServer
from standalone.files import private_key, write_whole
from standalone.identity import Issuer, create_identity_app, demo_users
from standalone.users import UserRow, Users

ISSUER = "fangxing"


class SignInBy(StrEnum):
    """What people sign in with."""

    DEMO = "demo"
    PASSWORD = "password"
    PROVIDER = "provider"


class Provider(BaseSettings):
    """An OpenID Connect provider: FANGXING_OIDC_ISSUER, _AUDIENCE and _JWKS, all or none, and _ROLES_CLAIM."""

    model_config = SettingsConfigDict(env_prefix="FANGXING_OIDC_")
    issuer: str = ""
    audience: str = ""
    jwks: str = ""
    roles_claim: str = "roles"


class HalfAProviderError(RuntimeError):
    """A provider is set, but not all that has to be known of it."""

    said = Text(
        "FANGXING_OIDC_ISSUER、FANGXING_OIDC_AUDIENCE、FANGXING_OIDC_JWKS 须一起设定",
        "FANGXING_OIDC_ISSUER, FANGXING_OIDC_AUDIENCE and FANGXING_OIDC_JWKS are set together or not at all",
    )


def provider() -> Provider | None:
    """The provider the environment names, if it names one; raises `HalfAProviderError`."""
    found = Provider()
    told = (found.issuer, found.audience, found.jwks)
    if any(told) and not all(told):
        raise HalfAProviderError
    return found if found.issuer else None


@dataclass(frozen=True)
class Login:
    """How people sign in, what the services are told of it, and the routes of a login of our own."""

    by: SignInBy
    settings: dict[str, Any]
    routes: list[BaseRoute]


@asynccontextmanager
async def signing_in(data: Path, postgres: PostgresServer, *, demo: bool) -> AsyncIterator[Login]:
    """The login of the data in `data`, for the length of the block; a demo's is always its own.

    Raises `HalfAProviderError`.
    """
    if not demo and (elsewhere := provider()):
        yield Login(SignInBy.PROVIDER, elsewhere.model_dump(), [])
        return
    issuer = Issuer(private_key(data / "keys" / "identity.pem"), issuer=ISSUER, audience=_audience(data))
    jwks = data / "keys" / "jwks.json"
    write_whole(jwks, orjson.dumps(issuer.jwks))
    async with Users.open(postgres, demo=demo) as users:
        if demo:
            await users.seed(demo_rows())
        yield Login(
            SignInBy.DEMO if demo else SignInBy.PASSWORD,
            {"issuer": ISSUER, "audience": issuer.audience, "jwks": str(jwks)},
            [Mount("/identity", create_identity_app(issuer, users))],
        )


def _audience(data: Path) -> str:
    """Whom the tokens of these data are for: nobody else's, though the issuer has the same name everywhere."""
    path = data / "keys" / "audience"
    if not path.exists():
        write_whole(path, f"fangxing-{secrets.token_hex(8)}".encode())
    return path.read_text()


def demo_rows() -> Iterable[UserRow]:
    """The demo users as rows of the login's database."""
    for user in demo_users().values():
        yield UserRow(
            username=user.username,
            name=user.name,
            roles=[str(role) for role in user.roles],
            password=user.password,
            one_time=False,
            active=True,
            demo=True,
        )

"""Who may sign in at the standalone's own login: a table in a database of its own, passwords as Argon2id (RFC 9106)."""

import asyncio
import os
import secrets
import unicodedata
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from typing import Final, Self

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import Boolean, String, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from fangxing.auth import is_reserved
from fangxing.database import Database, Tx
from fangxing.database.migrations import migrate_machinery
from fangxing.database.tables import metadata as named_metadata
from fangxing.errors import ErrorType, Kind
from fangxing.roles import Role
from fangxing_embedded.postgres import PostgresServer

_DATABASE = "identity"
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200

# what OWASP recommends at least: 19 MiB, two passes; and so many at once that a crowd does not fill the memory
_PASSES = 2
_KIB = 19 * 1024
_AT_ONCE = 4
# what a name nobody has is checked with, so that it costs what a wrong password costs; nobody knows its password
_NOBODY: Final = "$argon2id$v=19$m=19456,t=2,p=1$8GftwBZaBGpeRPKr7GEFRw$HgJ6X0pTuB2JDMKQu+HIKbcbEG9NxTAzy9SfUIRc4Ug"
# without those that look like another
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
POOL = 4
"""Connections of the login, for what it writes and for what it reads each."""

SIGN_IN_FAILED = ErrorType(
    "sign-in-failed",
    Kind.UNAUTHENTICATED,
    "用户名或密码不对",
    "The username or the password is wrong",
)
PASSWORD_IS_ONE_TIME = ErrorType(
    "password-is-one-time",
    Kind.FORBIDDEN,
    "这是一次性密码，请先用它设定自己的密码（POST …/identity/password）",
    "This is a one-time password: set one of your own with it first (POST …/identity/password)",
)
PASSWORD_TOO_WEAK = ErrorType(
    "password-too-weak",
    Kind.INVALID,
    "密码至少 {shortest} 个字符，须与原密码不同，且不含用户名",
    "A password has at least {shortest} characters, is another one than before, and does not contain the username",
    field="new_password",
)
PASSWORD_IS_THE_DEMOS = ErrorType(
    "password-is-the-demos",
    Kind.FORBIDDEN,
    "演示用户的密码是公开的，不能更改",
    "The password of a demo user is public and stays as it is",
)
USER_NOT_FOUND = ErrorType("user-not-found", Kind.NOT_FOUND, "没有用户 {username}", "There is no user {username}")
USER_EXISTS = ErrorType("user-exists", Kind.CONFLICT, "已有用户 {username}", "There is a user {username} already")
USERNAME_RESERVED = ErrorType(
    "username-reserved", Kind.INVALID, "用户名 {username} 为系统保留", "The username {username} is the system's own"
)


class _Table(DeclarativeBase):
    metadata = named_metadata()


class UserRow(_Table):
    """A user. `one_time`: his password was set by somebody else and only lets him set one of his own.

    A `demo` user's password is public; he signs in on demo data alone.
    """

    __tablename__ = "users"

    username: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    roles: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    password: Mapped[str]
    one_time: Mapped[bool] = mapped_column(Boolean)
    active: Mapped[bool] = mapped_column(Boolean)
    demo: Mapped[bool] = mapped_column(Boolean)


class Users:
    """The users of one directory of data; those of the demo count only where the data are a demo's."""

    def __init__(self, database: Database, *, demo: bool) -> None:
        self.database = database
        self.demo = demo
        self._hashing = asyncio.Semaphore(_AT_ONCE)

    @classmethod
    @asynccontextmanager
    async def open(cls, postgres: PostgresServer, *, demo: bool, name: str = _DATABASE) -> AsyncIterator[Self]:
        """The users in the login's database, which is made where it is missing, for the length of the block."""
        await postgres.ensure_database(name)
        await migrate_machinery(postgres.url(name))
        database = Database(postgres.url(name), pool_size=POOL, application="identity")
        try:
            async with database.transaction() as tx:
                await tx.execute(text("SELECT pg_advisory_xact_lock(hashtext('fangxing login'))"))
                await (await tx.connection()).run_sync(_Table.metadata.create_all)
            yield cls(database, demo=demo)
        finally:
            await database.close()

    async def sign_in(self, username: str, password: str) -> UserRow:
        """The user of that name and password; raises `sign-in-failed` or `password-is-one-time`."""
        user = await self.known(username, password)
        if user.one_time:
            raise PASSWORD_IS_ONE_TIME()
        return user

    async def change_password(self, username: str, old: str, new: str) -> None:
        """Set the user's own password; raises `sign-in-failed`, `password-is-the-demos` or `password-too-weak`."""
        known = await self.known(username, old)
        if known.demo:
            raise PASSWORD_IS_THE_DEMOS()
        if len(new) < SHORTEST_PASSWORD or _plain(new) == _plain(old) or username in new.casefold():
            raise PASSWORD_TOO_WEAK(shortest=SHORTEST_PASSWORD)
        hashed = await self._hash(new)
        async with self.database.transaction() as tx:
            user = await _locked(tx, username)
            if user.password != known.password or not user.active:
                raise SIGN_IN_FAILED()
            user.password, user.one_time = hashed, False

    async def all(self) -> list[UserRow]:
        """Every user, by name."""
        async with self.database.session() as session:
            return list(await session.scalars(select(UserRow).order_by(UserRow.username)))

    async def add(self, username: str, name: str, roles: Collection[Role]) -> str:
        """Add a user and return his one-time password; raises `user-exists` or `username-reserved`."""
        if is_reserved(username):
            raise USERNAME_RESERVED(username=username)
        password = _one_time_password()
        row = UserRow(
            username=username,
            name=name,
            roles=sorted(roles),
            password=await self._hash(password),
            one_time=True,
            active=True,
            demo=False,
        )
        async with self.database.transaction() as tx:
            if await tx.get(UserRow, username) is not None:
                raise USER_EXISTS(username=username)
            tx.add(row)
        return password

    async def seed(self, demo_users: Iterable[UserRow]) -> None:
        """Add the users of the demo that are missing; what is there stays as it is."""
        async with self.database.transaction() as tx:
            there = set(await tx.scalars(select(UserRow.username)))
            tx.add_all(user for user in demo_users if user.username not in there)

    async def give_password(self, username: str) -> str:
        """Put a one-time password in place of the user's and return it; raises `user-not-found`."""
        password = _one_time_password()
        hashed = await self._hash(password)
        async with self.database.transaction() as tx:
            user = await _locked(tx, username)
            if user.demo:
                raise PASSWORD_IS_THE_DEMOS()
            user.password, user.one_time = hashed, True
        return password

    async def switch(self, username: str, *, active: bool) -> None:
        """Let the user sign in, or no longer; raises `user-not-found`."""
        async with self.database.transaction() as tx:
            (await _locked(tx, username)).active = active

    async def set_roles(self, username: str, roles: Collection[Role]) -> None:
        """Give the user these roles and no others, from his next sign-in on; raises `user-not-found`."""
        async with self.database.transaction() as tx:
            (await _locked(tx, username)).roles = sorted(roles)

    async def known(self, username: str, password: str) -> UserRow:
        """The user, after the same work whether he exists or not; raises `sign-in-failed`."""
        async with self.database.session() as session:
            user = await session.get(UserRow, username)
        async with self._hashing:
            fits = await asyncio.to_thread(_fits, password, user.password if user else _NOBODY)
        if user is None or not fits or not user.active or (user.demo and not self.demo):
            raise SIGN_IN_FAILED()
        return user

    async def _hash(self, password: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(hashed, password)


def hashed(password: str) -> str:
    """The password as it is kept: Argon2id with a salt of its own, in the PHC string format."""
    return Argon2id(salt=os.urandom(16), length=32, iterations=_PASSES, lanes=1, memory_cost=_KIB).derive_phc_encoded(
        _plain(password)
    )


def _fits(password: str, kept: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(_plain(password), kept)
    except InvalidKey:
        return False
    return True


def _plain(password: str) -> bytes:
    """The same bytes for what reads the same, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFC", password).encode()


def _one_time_password() -> str:
    """Sixteen characters of 79 bits, in groups that can be read out over the telephone."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


async def _locked(tx: Tx, username: str) -> UserRow:
    user = await tx.get(UserRow, username, with_for_update=True)
    if user is None:
        raise USER_NOT_FOUND(username=username)
    return user

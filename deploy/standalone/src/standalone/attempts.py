"""Names are tried with passwords so often and no oftener; the counts are in the login's database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from fangxing import throttles
from fangxing.database import Database
from fangxing.errors import DomainError
from fangxing.throttles import TOO_MANY_ATTEMPTS, Throttle, source_of
from standalone.serving import Settings
from standalone.users import SIGN_IN_FAILED


class Attempts:
    """How often a name may be tried.

    An account from one address has few wrong guesses; a bit more have an account from all addresses together and an
    address for all accounts. Those two do not count where the account has signed in from there before: a stranger who
    guesses from elsewhere keeps nobody out of his own desk.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        # whoever guesses in parallel gains these few guesses and no more
        self._turns = asyncio.Semaphore(4)

    @asynccontextmanager
    async def counted(self, username: str, address: str | None, now: datetime) -> AsyncIterator[None]:
        """Let the block try a password, and count it where it fails by `sign-in-failed`: only then was it wrong.

        Raises `too-many-attempts` without letting it try.
        """
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
                yield
            except DomainError as error:
                if error.type is SIGN_IN_FAILED:
                    async with self._database.transaction() as tx:
                        await throttles.count(tx, now, *counted)
                raise
            if mine is None or mine.failures or not known:
                async with self._database.transaction() as tx:
                    await throttles.succeed(tx, now, pair)

    def _throttles(self, username: str, source: str) -> list[Throttle]:
        settings, account = self._settings, username[:80]
        return [
            Throttle("password", f"{account}@{source}", settings.password_tries, settings.password_seconds),
            Throttle("password-account", account, settings.account_tries, settings.password_seconds),
            Throttle("password-address", source, settings.address_tries, settings.password_seconds),
        ]

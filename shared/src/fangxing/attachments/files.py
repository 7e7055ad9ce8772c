"""Where the bytes lie: a folder, or an S3 store, as the setting `attachments_url` says."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from fangxing.attachments.errors import UNAVAILABLE


class Files:
    """Files by the id of their attachment. Every call raises `attachments-unavailable` where the store fails."""

    def __init__(self, url: str | None) -> None:
        self._store: ObjectStore | None = None
        if url is not None:
            # a folder that is not there yet is made; other stores take no such option
            self._store = from_url(url, mkdir=True) if url.startswith("file:") else from_url(url)

    async def put(self, id: UUID, content: bytes) -> None:
        """Keep `content`."""
        try:
            await obstore.put_async(self._there, str(id), content)
        except (BaseError, OSError) as error:
            raise UNAVAILABLE() from error

    async def read(self, id: UUID) -> AsyncIterator[bytes]:
        """The bytes of a file, in blocks."""
        try:
            found = await obstore.get_async(self._there, str(id))
        except (BaseError, OSError) as error:
            raise UNAVAILABLE() from error
        return (bytes(block) async for block in found.stream())

    async def remove(self, ids: list[UUID]) -> None:
        """Remove files; one that is not there is removed already."""
        for id in ids:
            try:
                await obstore.delete_async(self._there, str(id))
            except FileNotFoundError:
                continue
            except (BaseError, OSError) as error:
                raise UNAVAILABLE() from error

    async def older_than(self, moment: datetime) -> list[UUID]:
        """The files that were put before `moment`."""
        found: list[UUID] = []
        async for several in obstore.list(self._there):
            found += [UUID(one["path"]) for one in several if one["last_modified"] < moment]
        return found

    @property
    def _there(self) -> ObjectStore:
        if self._store is None:
            raise UNAVAILABLE()
        return self._store

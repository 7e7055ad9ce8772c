"""A file is taken in, linked to documents, and removed where it is linked to nothing."""

import asyncio
import hashlib
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from fangxing.attachments.errors import NOT_FOUND
from fangxing.attachments.files import Files
from fangxing.attachments.inspecting import inspected
from fangxing.attachments.store import Attachment, AttachmentLink
from fangxing.ids import new_id
from fangxing.work import Work

UNLINKED_FOR = timedelta(days=1)
"""How long a file is kept that no document refers to."""


async def take_in(work: Work, files: Files, name: str, content: bytes) -> Attachment:
    """Keep a file of the actor's, linked to nothing yet. Raises what `inspected` and the store raise."""
    # in a thread: a picture of eighty million points takes a second or two
    kept = await asyncio.to_thread(inspected, name, content)
    attachment = Attachment(
        id=new_id(),
        name=kept.name,
        media_type=kept.media_type,
        size=len(kept.content),
        sha256=hashlib.sha256(kept.content).hexdigest(),
        author=work.actor.id,
        uploaded_at=work.system_now,
        linked=False,
    )
    # the bytes first: a row without them would be a document's loss, bytes without a row are swept
    await files.put(attachment.id, kept.content)
    work.tx.add(attachment)
    return attachment


async def link(work: Work, document: str, attachments: Collection[UUID]) -> None:
    """Link files that the actor sent to `document`. Raises `attachment-not-found` for anybody else's."""
    if not attachments:
        return
    wanted = sorted(set(attachments))
    own = select(Attachment.id).where(Attachment.id.in_(wanted), Attachment.author == work.actor.id).with_for_update()
    found = set((await work.tx.scalars(own)).all())
    if missing := next((id for id in wanted if id not in found), None):
        raise NOT_FOUND(attachment=missing)
    rows = [
        {"document": document, "attachment_id": id, "linked_by": work.actor.id, "linked_at": work.now} for id in wanted
    ]
    await work.tx.execute(pg_insert(AttachmentLink).values(rows).on_conflict_do_nothing())
    await work.tx.execute(update(Attachment).where(Attachment.id.in_(wanted)).values(linked=True))


async def forget_unlinked(work: Work) -> list[UUID]:
    """Forget the files that nothing has referred to for a day; their ids. Their bytes go once this is committed."""
    before = work.system_now - UNLINKED_FOR
    gone = delete(Attachment).where(~Attachment.linked, Attachment.uploaded_at < before).returning(Attachment.id)
    return list((await work.tx.scalars(gone)).all())


async def unknown(work: Work, ids: Collection[UUID]) -> list[UUID]:
    """Of files in the store, those that no row knows: of a request that ended between the two."""
    # one array and not a parameter each, of which a statement takes some thirty thousand
    named = Attachment.id == any_(literal(list(ids), ARRAY(Uuid())))
    known = set((await work.tx.scalars(select(Attachment.id).where(named))).all())
    return [id for id in ids if id not in known]

"""What is known of attachments, and the documents they are linked to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.database import Reader
from fangxing.database.tables import Table


class Attachment(Table):
    """A file that was taken in. Its bytes lie in the object store under its id; `size` counts them."""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_unlinked", "uploaded_at", postgresql_where="NOT linked"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(130))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(80))
    uploaded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    linked: Mapped[bool] = mapped_column(default=False)


class AttachmentLink(Table):
    """An attachment of a document, which names itself as "complaint/<id>"."""

    __tablename__ = "attachment_links"
    __table_args__ = (Index("ix_attachment_links_attachment", "attachment_id"),)

    document: Mapped[str] = mapped_column(String(120), primary_key=True)
    attachment_id: Mapped[UUID] = mapped_column(ForeignKey("attachments.id"), primary_key=True)
    linked_by: Mapped[str] = mapped_column(String(80))
    linked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


async def attached_to(reader: Reader, document: str, attachment_id: UUID | None = None) -> Sequence[dict[str, Any]]:
    """The attachments of `document`, oldest first; of them one, on request."""
    statement = (
        select(Attachment.__table__)
        .join(AttachmentLink, AttachmentLink.attachment_id == Attachment.id)
        .where(AttachmentLink.document == document)
        .order_by(Attachment.id)
    )
    if attachment_id is not None:
        statement = statement.where(Attachment.id == attachment_id)
    return [dict(row) for row in (await reader.execute(statement)).mappings()]

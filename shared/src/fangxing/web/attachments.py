"""HTTP of attachments: sent first, then linked; shown and read at the documents they are linked to.

A feature gives its documents attachments in one statement, beside the routes of the document::

    attachment_routes(router, "/papers", Paper, PAPERS, readers=employees(), writers=allow(Role.SALES_REP))
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from fangxing.attachments import attaching
from fangxing.attachments.errors import NOT_FOUND
from fangxing.attachments.inspecting import MEDIA_TYPES
from fangxing.attachments.store import Attachment, attached_to
from fangxing.documents import Documented
from fangxing.text import Line
from fangxing.validation import Body, Parameters
from fangxing.web.access import employees
from fangxing.web.edge import CurrentLook, CurrentRuntime, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.listing import Listing

_Access = Callable[[Callable[..., Any]], Any]
_BYTES = {"schema": {"type": "string", "format": "binary"}}
UPLOAD = {"requestBody": {"required": True, "content": {"application/octet-stream": _BYTES}}}
"""The body of an upload in the API's document: the bytes of the file."""

router = edge_router("attachments", "/attachments")


class AttachmentOut(BaseModel):
    """A file that was taken in; `sha256` is that of the bytes as they are kept, `size` counts them."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    author: str
    uploaded_at: datetime

    @classmethod
    def show(cls, attachment: Attachment | Mapping[str, Any]) -> "AttachmentOut":
        """The attachment as it is shown."""
        row = attachment if isinstance(attachment, Mapping) else vars(attachment)
        return cls.model_validate({name: row[name] for name in cls.model_fields})


class Upload(Parameters):
    """What is said of a file that is sent: its name, for people."""

    name: Line


class Attach(Body):
    """Files the caller has sent, to be linked to a document."""

    attachments: list[UUID] = Field(min_length=1, max_length=50)


class Download(StreamingResponse):
    """The bytes of an attachment, to be saved and never to be shown as a page of ours."""

    # FastAPI reads the status of a documented answer off this default
    def __init__(self, content: Any, attachment: Mapping[str, Any], status_code: int = 200) -> None:
        named = f"attachment; filename*=UTF-8''{quote(attachment['name'], safe='')}"
        headers = {
            "Content-Disposition": named,
            "Content-Length": str(attachment["size"]),
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "ETag": f'"{attachment["sha256"]}"',
        }
        super().__init__(content, status_code, headers, media_type=attachment["media_type"])


_DOWNLOAD: dict[str, Any] = {
    "response_class": Download,
    "responses": {200: {"content": dict.fromkeys(MEDIA_TYPES, _BYTES)}},
}


async def sent_bytes(request: Request) -> bytes:
    """The body of an upload."""
    return await request.body()


@router.post("", status_code=201, openapi_extra=UPLOAD)
@employees()
async def upload(
    query: Annotated[Upload, Query()],
    content: Annotated[bytes, Depends(sent_bytes)],
    work: CurrentWork,
    runtime: CurrentRuntime,
) -> AttachmentOut:
    """Send a file: JPEG, PNG, PDF, xlsx or docx, up to 20 MB. Linked to nothing within a day, it is removed.

    A photo keeps its turn and loses where and with what it was taken.
    """
    return AttachmentOut.show(await attaching.take_in(work, runtime.files, query.name, content))


def attachment_routes(
    router: APIRouter,
    path: str,
    kind: type[Documented],
    listing: Listing[Any, Any],
    *,
    readers: _Access,
    writers: _Access,
) -> None:
    """Give the documents of `kind` under `path` attachments, for whoever sees the document by `listing`."""
    name = kind.document_kind

    @router.get(f"{path}/{{document_id}}/attachments", name=f"list_{name}_attachments")
    @readers
    async def list_attachments(document_id: UUID, look: CurrentLook) -> list[AttachmentOut]:
        """The attachments of a document, oldest first."""
        await listing.check(look, document_id, kind.not_found(document_id))
        return [AttachmentOut.show(row) for row in await attached_to(look.reader, kind.named(document_id))]

    @router.get(f"{path}/{{document_id}}/attachments/{{attachment_id}}", name=f"read_{name}_attachment", **_DOWNLOAD)
    @readers
    async def read_attachment(
        document_id: UUID, attachment_id: UUID, look: CurrentLook, runtime: CurrentRuntime
    ) -> Download:
        """The bytes of an attachment."""
        await listing.check(look, document_id, kind.not_found(document_id))
        found = await attached_to(look.reader, kind.named(document_id), attachment_id)
        if not found:
            raise NOT_FOUND(attachment=attachment_id)
        return Download(await runtime.files.read(attachment_id), found[0])

    @router.post(f"{path}/{{document_id}}/attachments", status_code=201, name=f"add_{name}_attachments")
    @writers
    async def add_attachments(document_id: UUID, body: Attach, work: CurrentWork) -> list[AttachmentOut]:
        """Link files the caller has sent to a document he sees."""
        look = await work.look()
        await listing.check(look, document_id, kind.not_found(document_id))
        await attaching.link(work, kind.named(document_id), body.attachments)
        return [AttachmentOut.show(row) for row in await attached_to(look.reader, kind.named(document_id))]

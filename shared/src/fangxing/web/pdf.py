"""Papers over HTTP: `GET …/print` answers a PDF."""

import asyncio
from typing import Any

from pydantic import BaseModel
from starlette.responses import Response

from fangxing.printing import Paper
from fangxing.work import Look


class Pdf(Response):
    """A finished paper; a browser shows it and prints it from there."""

    media_type = "application/pdf"

    # FastAPI reads the status of a documented answer off this default
    def __init__(self, content: bytes, name: str, status_code: int = 200) -> None:
        super().__init__(content, status_code, {"Content-Disposition": f'inline; filename="{name}.pdf"'})


PRINT: dict[str, Any] = {
    "response_class": Pdf,
    "responses": {200: {"content": {Pdf.media_type: {"schema": {"type": "string", "format": "binary"}}}}},
}
"""What a route declares that answers a paper."""


async def printed(paper: Paper, document: BaseModel, look: Look, *, name: str) -> Pdf:
    """`document` on `paper` as the caller may see it; `name` stands on every sheet and is the file's."""
    # in a thread, since it computes for some hundredths of a second
    return Pdf(await asyncio.to_thread(paper.pdf, document, name, look.caller.sight, look.language), name)

"""HTTP of imports: template, upload, what is wrong, the annotated workbook, and the way to the second person.

A feature gives an import its routes in one statement, under `/imports/<name>`::

    import_routes(router, CUSTOMERS)
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, RowMapping, func, select, true
from starlette.responses import Response

from fangxing import approvals
from fangxing.answers import ApprovalOut
from fangxing.approvals import Decide
from fangxing.auth import Principal
from fangxing.database import reading
from fangxing.imports import filing
from fangxing.imports.declaring import Import
from fangxing.imports.rules import MOVES, Action, ImportStatus
from fangxing.imports.store import ImportFault, ImportJob, ImportProgress, faults_of
from fangxing.imports.writing import annotated, template
from fangxing.moves import AUTHOR
from fangxing.offers import possible_actions
from fangxing.policies import PolicyBook
from fangxing.scope import everyone
from fangxing.text import Language, Text
from fangxing.web.access import allow
from fangxing.web.attachments import UPLOAD, Upload, sent_bytes
from fangxing.web.edge import CallerLanguage, CurrentLook, CurrentPolicies, CurrentRuntime, CurrentWork
from fangxing.web.export import EXPORT_BUSY
from fangxing.web.listing import By, File, Is, Listing, ListQuery, Page
from fangxing.work import Look, Work


class ImportRow(BaseModel):
    """A workbook that was sent. `rows` counts its rows by sheet and `sums` adds up its amounts, once it is checked.

    `errors` counts what is wrong; `stored` are the rows the worker has come to; `failure` says why it broke off.
    """

    id: UUID
    kind: str
    file: Annotated[str, Text("文件", "file")]
    sha256: Annotated[str, Text("文件摘要 SHA-256", "SHA-256")]
    status: Annotated[ImportStatus, Text("状态", "state")]
    author: Annotated[str, Text("上传人", "sent by")]
    author_name: Annotated[str, Text("上传人姓名", "name")]
    uploaded_at: Annotated[datetime, Text("上传时间", "sent at")]
    rows: dict[str, int]
    sums: dict[str, str] = Field(examples=[{"订单 金额（元）": "80000.00"}])
    errors: Annotated[int, Text("错误数", "errors")]
    stored: Annotated[int, Text("已入库行数", "rows stored")]
    failure: Annotated[str | None, Text("失败原因", "why it failed")]

    @classmethod
    def values(cls, row: RowMapping, language: Language) -> dict[str, Any]:
        """The fields of a row of the list, in the reader's language."""
        failure = row["failure_zh"] if language == "zh-CN" else row["failure_en"]
        return {**row, "rows": row["counts"], "errors": row["faults"], "failure": failure}


class ImportOut(ImportRow):
    """An import with what its reader may do, and the approval of the second person where it takes one."""

    actions: list[str]
    approval: ApprovalOut | None


class ImportErrorOut(BaseModel):
    """One error; `row` and `column` are null where it is about the whole sheet, `heading` where about no column."""

    number: Annotated[int, Text("序号", "number")]
    sheet: Annotated[str, Text("工作表", "sheet")]
    row: Annotated[int | None, Text("行", "row")]
    column: Annotated[str | None, Text("列", "column")] = Field(examples=["C"])
    heading: Annotated[str | None, Text("列标题", "heading")]
    slug: str = Field(examples=["cell-number-for-identifier"])
    text: Annotated[str, Text("错误", "error")]
    value: Annotated[str, Text("单元格内容", "cell")]


class ImportQuery(ListQuery):
    """What the list of imports can be asked."""

    status: Annotated[ImportStatus | None, Is(ImportJob.status)] = None
    author: Annotated[str | None, Is(ImportJob.author)] = None
    sha256: Annotated[str | None, Is(ImportJob.sha256)] = None


class ImportErrorQuery(ListQuery):
    """What the list of errors can be asked."""

    sort: Annotated[str, By(ImportFault.number)] = "number"
    row: Annotated[int | None, Is(ImportFault.row)] = None
    slug: Annotated[str | None, Is(ImportFault.slug)] = None


class Workbook(Response):
    """A workbook to be saved."""

    media_type = filing.XLSX

    # FastAPI reads the status of a documented answer off this default
    def __init__(self, content: bytes, name: str, status_code: int = 200) -> None:
        named = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        super().__init__(content, status_code, {"Content-Disposition": named})


async def _rows(look: Look, rows: Sequence[RowMapping]) -> list[ImportRow]:
    return [ImportRow.model_validate(ImportRow.values(row, look.language)) for row in rows]


async def _errors(look: Look, rows: Sequence[RowMapping]) -> list[ImportErrorOut]:
    suffix = "zh" if look.language == "zh-CN" else "en"
    said = [{**row, "heading": row[f"heading_{suffix}"], "text": row[f"text_{suffix}"]} for row in rows]
    return [ImportErrorOut.model_validate(one) for one in said]


ERRORS = Listing(
    ImportErrorOut,
    ImportErrorQuery,
    select(ImportFault.__table__),
    id=ImportFault.id,
    scope=everyone,
    shape=_errors,
)


class ImportRoutes:
    """What the routes of one import have in common."""

    def __init__(self, declared: Import) -> None:
        self.declared = declared
        self.path = f"/imports/{declared.name}"
        stored = func.coalesce(ImportProgress.stored, 0).label("stored")
        statement = select(ImportJob.__table__, stored).outerjoin_from(
            ImportJob, ImportProgress, ImportProgress.import_id == ImportJob.id
        )
        self.listing = Listing(
            ImportRow,
            ImportQuery,
            statement.where(ImportJob.kind == declared.name),
            id=ImportJob.id,
            scope=self._seen_by,
            shape=_rows,
        )

    def _seen_by(self, caller: Principal) -> ColumnElement[bool]:
        """Who confirms sees all, who sends them his own."""
        return true() if caller.has(*self.declared.deciders) else ImportJob.author == caller.id

    async def detail(self, look: Look, book: PolicyBook, import_id: UUID) -> ImportOut:
        """One import as its reader sees it."""
        row = await self.listing.one(look, import_id, ImportJob.not_found(import_id))
        document = ImportJob.named(import_id)
        approval = (await approvals.read_latest(look.reader, [document])).get(document)
        possible = await possible_actions(look, ImportJob, import_id, book)
        sends = look.caller.has(*self.declared.roles)
        return ImportOut(
            **row.model_dump(),
            actions=[action for action in possible if sends or MOVES[Action(action)].by is not AUTHOR],
            approval=ApprovalOut.show(approval) if approval else None,
        )

    async def changed(self, work: Work, language: Language, job: ImportJob) -> ImportOut:
        """The import after a change."""
        return await self.detail(await work.look(language), await work.policies(), job.id)


_FILE: dict[str, Any] = {
    "response_class": Workbook,
    "responses": {200: {"content": {Workbook.media_type: {"schema": {"type": "string", "format": "binary"}}}}},
}
# each holds a whole workbook in memory
_making = asyncio.Semaphore(2)


def import_routes(router: APIRouter, declared: Import) -> None:
    """Give an import its routes."""
    routes = ImportRoutes(declared)
    _sending_routes(router, routes)
    _reading_routes(router, routes)
    _changing_routes(router, routes)
    if declared.route is not None:
        _deciding_route(router, routes)


def _sending_routes(router: APIRouter, routes: ImportRoutes) -> None:
    declared, path, name = routes.declared, routes.path, routes.declared.name
    sends = allow(*declared.roles)

    @router.get(f"{path}/template", name=f"{name}_import_template", **_FILE)
    @sends
    async def read_template(language: CallerLanguage) -> Workbook:
        """The workbook to fill in, in the reader's language."""
        content = await asyncio.to_thread(template, declared, language)
        return Workbook(content, f"{declared.title.say(language)}.xlsx")

    @router.post(path, status_code=201, name=f"upload_{name}_import", openapi_extra=UPLOAD)
    @sends
    async def upload(
        query: Annotated[Upload, Query()],
        content: Annotated[bytes, Depends(sent_bytes)],
        work: CurrentWork,
        runtime: CurrentRuntime,
        language: CallerLanguage,
    ) -> ImportOut:
        """Send a workbook (xlsx, up to 20 MB) to be checked; the same file again is answered with the same import."""
        job = await filing.upload(work, runtime.files, declared, query.name, content)
        return await routes.changed(work, language, job)


def _reading_routes(router: APIRouter, routes: ImportRoutes) -> None:
    declared, path, name = routes.declared, routes.path, routes.declared.name
    reads = allow(*declared.roles, *declared.deciders)

    @router.get(path, name=f"list_{name}_imports")
    @reads
    async def list_imports(look: CurrentLook, query: Annotated[ImportQuery, Query()]) -> Page[ImportRow] | File:
        """Imports, newest first; who sends them sees his own, who confirms them all."""
        return await routes.listing.page(look, query)

    @router.get(f"{path}/{{import_id}}", name=f"get_{name}_import")
    @reads
    async def get_import(import_id: UUID, look: CurrentLook, book: CurrentPolicies) -> ImportOut:
        """One import, and how far it has come."""
        return await routes.detail(look, book, import_id)

    @router.get(f"{path}/{{import_id}}/errors", name=f"list_{name}_import_errors")
    @reads
    async def list_errors(
        import_id: UUID, look: CurrentLook, query: Annotated[ImportErrorQuery, Query()]
    ) -> Page[ImportErrorOut] | File:
        """What is wrong with an import, as it stands in the workbook."""
        await routes.listing.check(look, import_id, ImportJob.not_found(import_id))
        return await ERRORS.page(look, query, ImportFault.import_id == import_id)

    @router.get(f"{path}/{{import_id}}/workbook", name=f"read_{name}_import_workbook", **_FILE)
    @reads
    async def read_workbook(import_id: UUID, look: CurrentLook, runtime: CurrentRuntime) -> Workbook:
        """The workbook as it was sent, with what is wrong at every cell."""
        row = await routes.listing.one(look, import_id, ImportJob.not_found(import_id))
        async with reading(look.reader) as session:
            attachment = (await session.get_one(ImportJob, import_id)).attachment_id
        faults = await faults_of(look.reader, import_id)
        content = b"".join([block async for block in await runtime.files.read(attachment)])
        if _making.locked():
            raise EXPORT_BUSY()
        async with _making:
            made = await asyncio.to_thread(annotated, content, declared.most_rows, faults, look.language)
        return Workbook(made, row.file)


def _changing_routes(router: APIRouter, routes: ImportRoutes) -> None:
    declared, path, name = routes.declared, routes.path, routes.declared.name
    sends = allow(*declared.roles)

    @router.post(f"{path}/{{import_id}}/submission", name=f"submit_{name}_import")
    @sends
    async def submit(import_id: UUID, work: CurrentWork, language: CallerLanguage) -> ImportOut:
        """Have the rows of a checked import stored, once a second person confirms it where it takes one."""
        return await routes.changed(work, language, await filing.submit(work, declared, import_id))

    @router.post(f"{path}/{{import_id}}/check", name=f"check_{name}_import_again")
    @sends
    async def check_again(import_id: UUID, work: CurrentWork, language: CallerLanguage) -> ImportOut:
        """Have a file checked again, where what was wrong was in the system and not in the file."""
        return await routes.changed(work, language, await filing.check_again(work, declared, import_id))

    @router.post(f"{path}/{{import_id}}/withdrawal", name=f"withdraw_{name}_import")
    @sends
    async def withdraw(import_id: UUID, work: CurrentWork, language: CallerLanguage) -> ImportOut:
        """Take an import back."""
        return await routes.changed(work, language, await filing.withdraw(work, declared, import_id))


def _deciding_route(router: APIRouter, routes: ImportRoutes) -> None:
    declared, path, name = routes.declared, routes.path, routes.declared.name

    @router.post(f"{path}/{{import_id}}/decisions", name=f"decide_{name}_import")
    @allow(*declared.deciders)
    async def decide(import_id: UUID, body: Decide, work: CurrentWork, language: CallerLanguage) -> ImportOut:
        """Confirm what somebody else sent, reject it, or give it back."""
        return await routes.changed(work, language, await filing.decide(work, declared, import_id, body))

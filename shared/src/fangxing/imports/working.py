"""The worker's part: an import is checked, and its rows are stored, one import at a time on the leader.

An import is begun again from its state wherever the worker ended: all of its rows are stored with its state, or none.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from fangxing.database import is_infrastructure
from fangxing.documents import act, tell_author
from fangxing.errors import DomainError, Kind
from fangxing.imports.checking import Checked, check_workbook
from fangxing.imports.declaring import Import
from fangxing.imports.errors import BROKE, CHANGED, GAVE_UP
from fangxing.imports.looking_up import look_up
from fangxing.imports.rules import OF_WORKER, ImportStatus
from fangxing.imports.store import ImportJob, ImportProgress, keep_faults
from fangxing.text import Text
from fangxing.work import Work

if TYPE_CHECKING:
    from fangxing.running.service import Runtime

log = structlog.get_logger(__name__)

MOST_BEGINNINGS = 5
"""How often an import is begun before it counts as one that no worker survives."""


async def work_on_next(runtime: "Runtime", imports: Mapping[str, Import]) -> bool:
    """Check or store the oldest import that waits for it; False where none does."""
    async with runtime.unit_of_work() as unit:
        waiting = select(ImportJob).where(ImportJob.status.in_(OF_WORKER)).order_by(ImportJob.id).limit(1)
        job = (await unit.tx.scalars(waiting)).first()
        if job is None:
            return False
        begun = await _begin(unit, job.id)
    try:
        if begun > MOST_BEGINNINGS:
            raise GAVE_UP(times=MOST_BEGINNINGS)
        await _work_on(runtime, imports[job.kind], job)
    except Exception as error:
        if _passes_by_itself(error):
            raise
        if not isinstance(error, DomainError):
            log.exception("import.failed", id=str(job.id), kind=job.kind)
        await _fail(runtime, imports.get(job.kind), job, error if isinstance(error, DomainError) else BROKE())
    return True


def _passes_by_itself(error: Exception) -> bool:
    """Whether the same work may well succeed later: the database or the store of files is away."""
    if isinstance(error, DomainError):
        return error.type.kind is Kind.UNAVAILABLE
    if isinstance(error, DBAPIError):
        return is_infrastructure(error)
    return isinstance(error, (OSError, TimeoutError, PoolTimeout))


async def _begin(unit: Work, import_id: UUID) -> int:
    """Count one more beginning; how many there were."""
    first = pg_insert(ImportProgress).values(import_id=import_id, begun=1, stored=0)
    again = {"begun": ImportProgress.begun + 1, "stored": 0}
    counted = first.on_conflict_do_update(index_elements=["import_id"], set_=again).returning(ImportProgress.begun)
    return (await unit.tx.execute(counted)).scalar_one()


async def _work_on(runtime: "Runtime", declared: Import, seen: ImportJob) -> None:
    content = b"".join([block async for block in await runtime.files.read(seen.attachment_id)])
    if hashlib.sha256(content).hexdigest() != seen.sha256:
        raise CHANGED()
    # in a thread, and before the transaction, which is not to stand idle meanwhile
    checked = await asyncio.to_thread(check_workbook, declared, content)
    async with runtime.unit_of_work(long=True) as unit:
        job = await _locked(unit, seen)
        if job is None:
            return
        await act(unit, job, OF_WORKER[job.status])
        # also before it is stored: the database may have moved on since it was checked
        await look_up(unit, declared, checked)
        if checked.faults:
            await _refuse(unit, declared, job, checked)
        elif job.status is ImportStatus.UPLOADED:
            filled = checked.filled(job.hands)
            job.counts, job.sums = filled.counts(declared.sheets), filled.sums(declared.sheets)
            job.status = ImportStatus.CHECKED
            # the beginnings of storing count by themselves
            await unit.tx.execute(update(ImportProgress).where(ImportProgress.import_id == job.id).values(begun=0))
        else:
            async for stored in declared.store(unit, checked.filled(job.hands)):
                await _tell(runtime, job.id, stored)
            job.status = ImportStatus.DONE


async def _locked(unit: Work, seen: ImportJob) -> ImportJob | None:
    """The import, unless somebody else works on it or it is no longer what was seen of it."""
    same = select(ImportJob).where(ImportJob.id == seen.id, ImportJob.status == seen.status)
    return (await unit.tx.scalars(same.with_for_update(skip_locked=True))).first()


async def _refuse(unit: Work, declared: Import, job: ImportJob, checked: Checked) -> None:
    await keep_faults(unit.tx, job, checked.in_order())
    job.status = ImportStatus.REFUSED
    await _say(unit, declared, job, Text(f"有 {job.faults} 处错误", f"{job.faults} errors"))


async def _tell(runtime: "Runtime", import_id: UUID, stored: int) -> None:
    """Say how many rows are stored, in a transaction of its own."""
    async with runtime.unit_of_work() as unit:
        await unit.tx.execute(update(ImportProgress).where(ImportProgress.import_id == import_id).values(stored=stored))


async def _fail(runtime: "Runtime", declared: Import | None, seen: ImportJob, error: DomainError) -> None:
    async with runtime.unit_of_work() as unit:
        job = await _locked(unit, seen)
        if job is None:
            return
        await act(unit, job, OF_WORKER[job.status])
        job.status = ImportStatus.FAILED
        job.failure_zh, job.failure_en = error.say("zh-CN")[:300], error.say("en")[:300]
        await _say(unit, declared, job, Text(job.failure_zh, job.failure_en))


async def _say(unit: Work, declared: Import | None, job: ImportJob, why: Text) -> None:
    """Tell the author that his import goes no further as it is."""
    title = Text(f"导入 {job.file}：{why.zh}"[:300], f"Import {job.file}: {why.en}"[:300])
    # a release may have dropped the kind of import
    clause = declared.clause if declared else ""
    await tell_author(unit, job, kind=f"import.{job.status}", clause=clause, title=title)

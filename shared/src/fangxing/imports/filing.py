"""A workbook is sent, submitted, confirmed by a second person, checked again, and withdrawn."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from fangxing import approvals
from fangxing.approvals import CaseStatus, Decide
from fangxing.attachments import attaching
from fangxing.attachments.files import Files
from fangxing.auth import Principal
from fangxing.database import Tx, flush_unique
from fangxing.documents import OWN_CASE, born, lock_for
from fangxing.ids import new_id
from fangxing.imports.declaring import Import
from fangxing.imports.errors import BEING_SENT, NOT_A_WORKBOOK, NOT_YOURS, SENT_BY_ANOTHER
from fangxing.imports.rules import FORGOTTEN, MOVES, Action, ImportStatus
from fangxing.imports.store import ImportJob, ImportProgress, keep_faults
from fangxing.moves import AUTHOR
from fangxing.offers import Fits, fitting
from fangxing.policies import PolicyBook
from fangxing.roles import Role
from fangxing.tasks import close_tasks
from fangxing.text import Text
from fangxing.work import Work

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UPLOADED = f"{ImportJob.document_kind}.{Action.UPLOAD}"
_AFTER = {
    CaseStatus.OPEN: ImportStatus.IN_APPROVAL,
    CaseStatus.APPROVED: ImportStatus.STORING,
    CaseStatus.RETURNED: ImportStatus.CHECKED,
    CaseStatus.REJECTED: ImportStatus.REJECTED,
}


def fits(job: ImportJob, actor: Principal, action: Action) -> bool:
    """Whether an import lets `actor` take `action`: its author what is his, and nobody who sent it the decision."""
    sent_it = not actor.persons.isdisjoint(job.hands[_UPLOADED])
    return sent_it if MOVES[action].by is AUTHOR else not sent_it


@fitting(ImportJob)
async def fits_imports(tx: Tx, jobs: Sequence[ImportJob], book: PolicyBook) -> Fits:
    """What fits imports."""
    return fits


async def upload(work: Work, files: Files, declared: Import, name: str, content: bytes) -> ImportJob:
    """Take a workbook in, to be checked; the same file again is the import that it was.

    Raises `import-not-a-workbook`, `import-sent-by-another`, `import-being-sent`, and what `attaching.take_in` raises.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    same = select(ImportJob).where(
        ImportJob.kind == declared.name, ImportJob.sha256 == sha256, ImportJob.status.not_in(FORGOTTEN)
    )
    if (known := (await work.tx.scalars(same)).first()) is not None:
        if not fits(known, work.actor, Action.SUBMIT):
            raise SENT_BY_ANOTHER(author=known.author_name)
        return known
    attachment = await attaching.take_in(work, files, name, content)
    if attachment.media_type != XLSX:
        raise NOT_A_WORKBOOK()
    job = ImportJob(
        id=new_id(),
        kind=declared.name,
        status=ImportStatus.UPLOADED,
        author=work.actor.id,
        author_name=work.actor.name,
        author_role=min(work.actor.roles, default=Role.ADMINISTRATOR),
        attachment_id=attachment.id,
        file=attachment.name,
        sha256=sha256,
        uploaded_at=work.now,
    )
    await work.tx.flush()
    await attaching.link(work, job.document, [attachment.id])
    work.tx.add(job)
    await born(work, job, Action.UPLOAD)
    await flush_unique(work.tx, {"uq_imports_file": BEING_SENT()})
    return job


async def submit(work: Work, declared: Import, import_id: UUID) -> ImportJob:
    """Have the rows of a checked import stored, once a second person confirms it where it takes one.

    Raises `import-not-found`, `wrong-state`, `import-not-yours` or `route-unset`.
    """
    job = await _own(work, declared, import_id, Action.SUBMIT)
    if declared.route is None:
        job.status = ImportStatus.STORING
        return job
    job.status = ImportStatus.IN_APPROVAL
    rows = sum(job.counts.values())
    await approvals.submit(
        work,
        job,
        matter=f"import.{declared.name}",
        content={"import": str(job.id), "file": job.file, "sha256": job.sha256, "rows": job.counts, "sums": job.sums},
        route=await approvals.route_of(work, declared.route, declared.name),
        title=Text(
            f"导入{declared.title.zh}：{job.file}，{rows} 行",
            f"Import of {declared.title.en}: {job.file}, {rows} rows",
        ),
    )
    return job


async def decide(work: Work, declared: Import, import_id: UUID, body: Decide) -> ImportJob:
    """Confirm the import of somebody else, reject it, or give it back.

    Raises `import-not-found`, `wrong-state`, `own-case` and what `approvals.decide_on` raises.
    """
    job = await lock_for(work, ImportJob, import_id, Action.DECIDE, ImportJob.kind == declared.name)
    if not fits(job, work.actor, Action.DECIDE):
        raise OWN_CASE()
    case = await approvals.decide_on(work, job, body)
    job.status = _AFTER[case.status]
    return job


async def check_again(work: Work, declared: Import, import_id: UUID) -> ImportJob:
    """Have a file checked again: what was wrong may have been in the system, and not in the file.

    Raises `import-not-found`, `wrong-state` or `import-not-yours`.
    """
    job = await _own(work, declared, import_id, Action.CHECK_AGAIN)
    job.status, job.failure_zh, job.failure_en = ImportStatus.UPLOADED, None, None
    await keep_faults(work.tx, job, [])
    await close_tasks(work, job.document)
    progress = await work.tx.get(ImportProgress, job.id, with_for_update=True)
    if progress is not None:
        progress.begun = progress.stored = 0
    return job


async def withdraw(work: Work, declared: Import, import_id: UUID) -> ImportJob:
    """Take an import back; raises `import-not-found`, `wrong-state` or `import-not-yours`."""
    job = await _own(work, declared, import_id, Action.WITHDRAW)
    await approvals.withdraw(work, job)
    job.status = ImportStatus.WITHDRAWN
    return job


async def _own(work: Work, declared: Import, import_id: UUID, action: Action) -> ImportJob:
    job = await lock_for(work, ImportJob, import_id, action, ImportJob.kind == declared.name)
    if not fits(job, work.actor, action):
        raise NOT_YOURS()
    return job

"""Imports, what is wrong with them, and how far the worker has come."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, String, delete, insert, select
from sqlalchemy import Text as TextColumn
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.database import Reader, Tx
from fangxing.database.tables import Table
from fangxing.database.types import one_of
from fangxing.documents import Documented
from fangxing.ids import new_id
from fangxing.imports.checking import Fault
from fangxing.imports.rules import FINAL, MOVES, WORDS, ImportStatus
from fangxing.roles import Role
from fangxing.text import Text

MOST_FAULTS = 20_000
"""The most errors that are kept of one import; their number is told whole."""
_BATCH = 1000


class ImportJob(Documented, Table):
    """A workbook of the import called `kind`: its file, and what became of it.

    `sha256` is of the file as it was sent: unless the import was rejected or withdrawn, the same file is the same
    import. `counts` of rows and `sums` of amounts are keyed by Chinese titles and headings. `failure_…` says why it
    failed.
    """

    __tablename__ = "imports"
    __table_args__ = (
        Index(
            "uq_imports_file",
            "kind",
            "sha256",
            unique=True,
            postgresql_where="status NOT IN ('rejected', 'withdrawn')",
        ),
        Index("ix_imports_kind", "kind", "id"),
        Index("ix_imports_of_worker", "id", postgresql_where="status IN ('uploaded', 'storing')"),
    )
    document_kind, moves, final, words = "import", MOVES, FINAL, WORDS

    kind: Mapped[str] = mapped_column(String(60))
    status: Mapped[ImportStatus] = mapped_column(one_of(ImportStatus))
    attachment_id: Mapped[UUID] = mapped_column(ForeignKey("attachments.id"))
    file: Mapped[str] = mapped_column(String(130))
    sha256: Mapped[str] = mapped_column(String(64))
    author_name: Mapped[str] = mapped_column(String(80))
    author_role: Mapped[Role] = mapped_column(one_of(Role))
    uploaded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    counts: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    sums: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    faults: Mapped[int] = mapped_column(default=0)
    failure_zh: Mapped[str | None] = mapped_column(String(300))
    failure_en: Mapped[str | None] = mapped_column(String(300))

    @property
    def authored_as(self) -> Role:
        """The role in which the author sent it."""
        return self.author_role


class ImportFault(Table):
    """One error of an import; `number` counts them in the order of the workbook."""

    __tablename__ = "import_faults"
    __table_args__ = (Index("uq_import_faults_number", "import_id", "number", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id"))
    number: Mapped[int]
    sheet: Mapped[str] = mapped_column(String(80))
    row: Mapped[int | None]
    column: Mapped[str | None] = mapped_column(String(3))
    heading_zh: Mapped[str | None] = mapped_column(String(80))
    heading_en: Mapped[str | None] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(80))
    text_zh: Mapped[str] = mapped_column(TextColumn)
    text_en: Mapped[str] = mapped_column(TextColumn)
    value: Mapped[str] = mapped_column(String(80))


class ImportProgress(Table):
    """How often the worker has begun with an import since somebody asked for it, and how many rows are stored.

    Written beside the transaction that stores the rows, so that it is seen before they are. It names the import by no
    foreign key, which would wait for that transaction.
    """

    __tablename__ = "import_progress"

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    begun: Mapped[int]
    stored: Mapped[int]


async def keep_faults(tx: Tx, job: ImportJob, faults: Sequence[Fault]) -> None:
    """Keep the errors of `job` instead of those it had."""
    await tx.execute(delete(ImportFault).where(ImportFault.import_id == job.id))
    job.faults = len(faults)
    rows = [_row(job.id, number, fault) for number, fault in enumerate(faults[:MOST_FAULTS], 1)]
    for begin in range(0, len(rows), _BATCH):
        await tx.execute(insert(ImportFault), rows[begin : begin + _BATCH])


def _row(import_id: UUID, number: int, fault: Fault) -> dict[str, object]:
    return {
        "id": new_id(),
        "import_id": import_id,
        "number": number,
        "sheet": fault.sheet[:80],
        "row": fault.row,
        "column": fault.column,
        "heading_zh": fault.heading.zh if fault.heading else None,
        "heading_en": fault.heading.en if fault.heading else None,
        "slug": fault.slug,
        "text_zh": fault.text.zh,
        "text_en": fault.text.en,
        "value": fault.value,
    }


async def faults_of(reader: Reader | Tx, import_id: UUID) -> list[Fault]:
    """The errors that are kept of an import, in order."""
    statement = select(ImportFault.__table__).where(ImportFault.import_id == import_id).order_by(ImportFault.number)
    return [
        Fault(
            row.sheet,
            row.row,
            row.column,
            Text(row.heading_zh, row.heading_en) if row.heading_zh else None,
            row.slug,
            Text(row.text_zh, row.text_en),
            row.value,
        )
        for row in await reader.execute(statement)
    ]

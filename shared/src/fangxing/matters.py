"""Matters 事由: what tasks are about, read for many at once: the document, its number, customer and amount, and why."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import MetaData, select, true
from sqlalchemy.engine import RowMapping

from fangxing.database import Tx
from fangxing.decision_log import VerdictRow
from fangxing.documents import Documented, kinds
from fangxing.tasks import TaskRow
from fangxing.text import Language


@dataclass(frozen=True, slots=True)
class Cause:
    """Why there is a task: the verdict that was the newest on its document when it was opened, if that refused."""

    clause: str
    reasons: tuple[Mapping[str, Any], ...]

    def why(self, language: Language) -> list[str]:
        """The sentences of the verdict."""
        return [reason["text"][language] for reason in self.reasons]

    def would_pass(self, language: Language) -> list[str]:
        """What would turn it into a yes."""
        return [reason["remedy"][language] for reason in self.reasons if "remedy" in reason]


@dataclass(frozen=True, slots=True)
class Matter:
    """What one task is about; `document` is the row it is about, where that is one of ours."""

    document: Documented | None
    customer_id: UUID | None
    customer: str | None
    amount: Decimal | None
    cause: Cause | None

    @property
    def number(self) -> str | None:
        """The number people call the document by."""
        return None if self.document is None else self.document.called


async def matters(tx: Tx, tables: MetaData, tasks: Collection[RowMapping | TaskRow]) -> dict[UUID, Matter]:
    """What `tasks` are about, by their id, in a service with these `tables`: a look or two per kind of document."""
    rows = [task if isinstance(task, RowMapping) else _columns(task) for task in tasks]
    documents = await _documents(tx, tables, {row["document"] for row in rows})
    causes = await _causes(tx, [row["id"] for row in rows])
    customers = {row["id"]: row["customer_id"] or _customer(documents.get(row["document"])) for row in rows}
    names = await _names(tx, tables, {customer for customer in customers.values() if customer is not None})
    found: dict[UUID, Matter] = {}
    for row in rows:
        document, customer = documents.get(row["document"]), customers[row["id"]]
        amount = row["amount"] if document is None or row["amount"] is not None else document.worth
        name = names.get(customer) if customer else None
        found[row["id"]] = Matter(document, customer, name, amount, causes.get(row["id"]))
    return found


def _columns(task: TaskRow) -> Any:
    return {"id": task.id, "document": task.document, "customer_id": task.customer_id, "amount": task.amount}


def _customer(document: Documented | None) -> UUID | None:
    return getattr(document, "customer_id", None)


async def _documents(tx: Tx, tables: MetaData, names: Iterable[str]) -> dict[str, Documented]:
    """The documents of these names; a name that is none of a document of this service is left out."""
    known = {kind.document_kind: kind for kind in kinds() if kind.metadata is tables}  # type: ignore[attr-defined]
    ids: defaultdict[type[Documented], list[UUID]] = defaultdict(list)
    for name in names:
        kind, _, id = name.partition("/")
        if kind in known:
            ids[known[kind]].append(UUID(id))
    found: dict[str, Documented] = {}
    for kind_of, several in ids.items():
        documents = await tx.scalars(select(kind_of).where(kind_of.id.in_(several)))
        found |= {document.document: document for document in documents}
    return found


async def _names(tx: Tx, tables: MetaData, ids: Collection[UUID]) -> dict[UUID, str]:
    customers = tables.tables.get("customers")
    if customers is None or not ids:
        return {}
    rows = await tx.execute(select(customers.c.id, customers.c.name).where(customers.c.id.in_(ids)))
    return {id: name for id, name in rows}


async def _causes(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Cause]:
    newest = (
        select(VerdictRow.allowed, VerdictRow.content)
        .where(VerdictRow.document == TaskRow.document, VerdictRow.decided_at <= TaskRow.opened_at)
        .order_by(VerdictRow.id.desc())
        .limit(1)
        .lateral("newest")
    )
    rows = await tx.execute(
        select(TaskRow.id, newest.c.content)
        .join(newest, true())
        .where(TaskRow.id.in_(ids), newest.c.allowed.is_(False))
    )
    return {id: Cause(content["clauses"][0], tuple(content["reasons"])) for id, content in rows if content["clauses"]}

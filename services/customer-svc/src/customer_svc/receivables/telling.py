"""The accountant is told what customers have given and nobody has allocated."""

from datetime import date, timedelta

from sqlalchemy import func, select

from customer_svc.accounts.rules import ItemKind, Side
from customer_svc.accounts.store import Item
from customer_svc.customers.store import Customer
from customer_svc.receivables.policies import UNALLOCATED_DAYS
from customer_svc.receivables.reasons import unallocated
from customer_svc.receivables.store import CreditNote, Payment
from fangxing.clauses import clause
from fangxing.documents import Documented
from fangxing.policies import load
from fangxing.roles import Role
from fangxing.tasks import TaskRow, TaskStatus, close_tasks, open_task
from fangxing.work import Work

UNALLOCATED = "unallocated_credit"
"""The kind of the task about a credit that covers nothing."""
_DOCUMENTS: dict[ItemKind, type[Documented]] = {ItemKind.RECEIPT: Payment, ItemKind.CREDIT_NOTE: CreditNote}


@clause("5-4.2.1-B")
async def tell_unallocated(work: Work, day: date) -> None:
    """Open a task for each credit that by `day` has covered nothing for the days of the policy, and close what is done.

    Without the policy it is one at once.
    """
    days = (await load(work.tx, work.policy_registry, day)).get(UNALLOCATED_DAYS) or 0
    open_credits = (
        select(Item.kind, Item.document_id, Item.customer_id, Customer.name, func.sum(Item.open_amount))
        .join(Customer, Customer.id == Item.customer_id)
        .where(Item.side == Side.CREDIT, Item.open_amount > 0, ~Item.earmarked, Item.kind.in_(_DOCUMENTS))
        .where(Item.entered_on <= day - timedelta(days=days))
        .group_by(Item.kind, Item.document_id, Item.customer_id, Customer.name)
    )
    told = set(
        await work.tx.scalars(
            select(TaskRow.document).where(TaskRow.kind == UNALLOCATED, TaskRow.status == TaskStatus.OPEN)
        )
    )
    left = set()
    for kind, document_id, customer_id, name, amount in await work.tx.execute(open_credits):
        document = _DOCUMENTS[kind].named(document_id)
        left.add(document)
        if document not in told:
            await open_task(
                work,
                kind=UNALLOCATED,
                role=Role.ACCOUNTANT,
                customer=customer_id,
                document=document,
                clause="5-4.2.1-B",
                title=unallocated(name),
                amount=amount,
            )
    for document in told - left:
        await close_tasks(work, document, UNALLOCATED)

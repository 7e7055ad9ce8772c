"""What the customers projection takes in."""

from uuid import UUID

from sqlalchemy import String, cast, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from complaint_svc.complaints.store import Complaint
from complaint_svc.customers.store import Customer
from fangxing.inbox import Consumers, Incoming
from fangxing.roles import Role
from fangxing.tasks import TaskRow
from fangxing.work import Work


class CustomerFile(Incoming):
    """CustomerOpened and CustomerChanged: each carries the whole of it."""

    customer_id: UUID
    account_id: UUID
    number: str
    name: str
    rep: str


async def keep_customer(work: Work, event: CustomerFile) -> None:
    """Overwrite the copy; where another rep takes the customer over, the open tasks of his complaints follow."""
    values = {"account_id": event.account_id, "number": event.number, "name": event.name, "rep": event.rep}
    await work.tx.execute(
        pg_insert(Customer)
        .values(id=event.customer_id, **values)
        .on_conflict_do_update(index_elements=[Customer.id], set_=values)
    )
    subjects = select("complaint/" + cast(Complaint.id, String)).where(Complaint.customer_id == event.customer_id)
    await work.tx.execute(
        update(TaskRow)
        .where(
            TaskRow.status == "open",
            TaskRow.role == Role.SALES_REP,
            TaskRow.assignee != event.rep,
            TaskRow.document.in_(subjects),
        )
        .values(assignee=event.rep)
        .execution_options(synchronize_session=False)
    )


def register(consumers: Consumers) -> None:
    """Take customer-svc's customer files in."""
    for name in ("CustomerOpened", "CustomerChanged"):
        consumers.on(f"customer.{name}.v1", CustomerFile, keep_customer)

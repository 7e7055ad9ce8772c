"""What the complaints feature takes in: a customer whose rep may have changed."""

from sqlalchemy import String, cast, select, update

from complaint_svc.complaints.store import Complaint
from complaint_svc.reference.consumers import CustomerFile, keep_customer
from fangxing.inbox import Consumers
from fangxing.roles import Role
from fangxing.tasks import TaskRow, TaskStatus
from fangxing.work import Work


async def hand_over(work: Work, event: CustomerFile) -> None:
    """Keep the customer as he is now; where another rep takes him over, the open tasks of his complaints follow."""
    await keep_customer(work, event)
    documents = select("complaint/" + cast(Complaint.id, String)).where(Complaint.customer_id == event.customer_id)
    await work.tx.execute(
        update(TaskRow)
        .where(
            TaskRow.status == TaskStatus.OPEN,
            TaskRow.role == Role.SALES_REP,
            TaskRow.assignee != event.rep,
            TaskRow.document.in_(documents),
        )
        .values(assignee=event.rep)
        .execution_options(synchronize_session=False)
    )


consumers = Consumers()
consumers.on("customer.CustomerChanged.v1", CustomerFile, hand_over)

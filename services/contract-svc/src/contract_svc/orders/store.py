"""Tables of the orders feature."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, DateTime, ForeignKey, Index, Sequence, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contract_svc.contracts.store import Contract
from contract_svc.orders.rules import FINAL, MOVES, OrderStatus
from contract_svc.orders.words import WORDS
from contract_svc.progress.store import OrderLine
from contract_svc.reference.store import Customer, terms_shown
from contract_svc.tables import Table
from fangxing.database.types import one_of
from fangxing.documents import Documented
from fangxing.organisation.people import name_of

ORDER_NUMBERS = Sequence("order_numbers", metadata=Table.metadata)
"""Numbers the orders; one that is drawn by a transaction that fails stays a gap."""


class Order(Documented, Table):
    """An order 订单: a confirmed call-off on a contract."""

    __tablename__ = "orders"
    document_kind, moves, final, words = "order", MOVES, FINAL, WORDS
    number_in = "number"

    __table_args__ = (
        Index("ix_orders_search", "number", postgresql_ops={"number": "text_pattern_ops"}),
        Index("ix_orders_contract", "contract_id", "id"),
        Index("ix_orders_customer", "customer_id", "id"),
        Index("ix_orders_deliver_on", "deliver_on", "id"),
    )

    number: Mapped[str] = mapped_column(String(20), unique=True)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contracts.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    status: Mapped[OrderStatus] = mapped_column(one_of(OrderStatus, "status"))
    deliver_on: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    lines: Mapped[list[OrderLine]] = relationship(order_by=OrderLine.number, lazy="selectin")


ORDER_ROWS = (
    select(
        Order.__table__,
        Contract.number.label("contract_number"),
        terms_shown(Contract.__table__.c.terms_kind, Contract.__table__.c.terms_days),
        Customer.name.label("customer_name"),
        Customer.account_id,
        Customer.rep,
        name_of(Customer.rep).label("rep_name"),
    )
    .join_from(Order, Contract, Order.contract_id == Contract.id)
    .join(Customer, Order.customer_id == Customer.id)
)
"""Orders with what is shown of their contract and customer."""

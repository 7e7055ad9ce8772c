"""Tables of the credit feature, and the statements that move an account: each one test and one step."""

from collections.abc import Collection
from dataclasses import fields, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    ColumnElement,
    Computed,
    Date,
    DateTime,
    Index,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Mapped, aliased, mapped_column
from sqlalchemy.sql.dml import Update

from fangxing.clauses import clause
from fangxing.database import Tx
from fangxing.database.credit import EXPOSURE, grade_on
from fangxing.database.types import YUAN, one_of
from fangxing.documents import Documented
from fangxing.money import ZERO
from fangxing.positions import Grade
from shipping_svc.credit.rules import FINAL, MOVES, Amounts, Approval, ExceptionStatus, Figures, Reservation
from shipping_svc.credit.words import WORDS
from shipping_svc.tables import Table


class CreditAccount(Table):
    """A credit account as shipping decides on it: this service's position, and its copy of customer-svc's.

    Every release is one UPDATE of this row. There is no CHECK against the limit: a limit cut or a reversal may rightly
    push exposure over it. `hold` is set where the customer position is missing, or cannot be trusted until customer-svc
    has restated it. The defaults are an account nobody has told of: on hold, which closes every road.
    """

    __tablename__ = "credit_accounts"
    __table_args__ = (
        CheckConstraint("released >= 0", name="released"),
        CheckConstraint("shipped_total >= 0", name="shipped_total"),
        CheckConstraint("prepaid_used_total >= 0", name="prepaid_used_total"),
        # the hot row changes in place: no index on a figure, and room on its page
        {"postgresql_with": {"fillfactor": "50"}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    epoch: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=0)
    released: Mapped[Decimal] = mapped_column(YUAN, default=ZERO)
    shipped_total: Mapped[Decimal] = mapped_column(YUAN, default=ZERO)
    prepaid_used_total: Mapped[Decimal] = mapped_column(YUAN, default=ZERO)
    customer_epoch: Mapped[int] = mapped_column(default=0)
    customer_version: Mapped[int] = mapped_column(default=0)
    receivable: Mapped[Decimal] = mapped_column(YUAN, default=ZERO)
    written_off: Mapped[Decimal] = mapped_column(YUAN, default=ZERO)
    settled_total: Mapped[Decimal] = mapped_column(YUAN, default=ZERO)
    prepaid_total: Mapped[Decimal] = mapped_column(YUAN, default=ZERO)
    grade: Mapped[Grade] = mapped_column(one_of(Grade), default=Grade.UNGRADED)
    limit: Mapped[Decimal | None] = mapped_column(YUAN, default=ZERO)
    c_from: Mapped[date | None] = mapped_column(Date)
    d_from: Mapped[date | None] = mapped_column(Date)
    stopped: Mapped[bool] = mapped_column(Boolean, default=False)
    next_due: Mapped[date | None] = mapped_column(Date)
    overdue_amount: Mapped[Decimal] = mapped_column(YUAN, default=ZERO)
    overdue_since: Mapped[date | None] = mapped_column(Date)
    prepaid_by: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    hold: Mapped[bool] = mapped_column(Boolean, default=True)
    exposure: Mapped[Decimal] = mapped_column(YUAN, Computed(EXPOSURE, persisted=True))


class CreditException(Documented, Table):
    """The GM's written exception 总经理书面特批 (2-5.3.2): up to an exposure, until a date, or until he ends it."""

    __tablename__ = "credit_exceptions"
    __table_args__ = (Index("ix_credit_exceptions_account", "account_id", "valid_until"),)
    document_kind, moves, final, words = "credit-exception", MOVES, FINAL, WORDS
    amount_in = "ceiling"

    account_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    ceiling: Mapped[Decimal] = mapped_column(YUAN)
    valid_until: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[ExceptionStatus] = mapped_column(one_of(ExceptionStatus, "status"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_because: Mapped[str | None] = mapped_column(Text)


_NAMES = [field.name for field in fields(Figures)]
_MOVED = ("version", "released", "shipped_total", "prepaid_used_total")
_OLD, _NEW = aliased(CreditAccount, name="old"), aliased(CreditAccount, name="new")
# written out, since a parameter here and there would have to be of one type for PostgreSQL
_A, _B, _C, _D = (
    literal_column(f"'{grade}'", CreditAccount.grade.type) for grade in (Grade.A, Grade.B, Grade.C, Grade.D)
)
FIGURES = [getattr(CreditAccount, name) for name in _NAMES]
"""The columns of `Figures`."""


def _allowed(on_credit: ColumnElement[Decimal], on_prepayment: ColumnElement[Decimal]) -> ColumnElement[bool]:
    """`rules.may_release` in SQL over the account's row."""
    account = CreditAccount
    today = bindparam("today", type_=Date)
    ceiling = bindparam("ceiling", type_=YUAN)
    overdue_seen = bindparam("overdue_seen", type_=Boolean)
    in_writing = bindparam("in_writing", type_=Boolean)
    grade = grade_on(account, today)
    limit = case((grade == _A, null()), (grade == _B, func.coalesce(account.limit, 0)), else_=0)
    after = account.exposure + on_credit
    overdue = func.coalesce(account.next_due < today, False)
    # without a ceiling the comparison is null, which no AND and no OR below takes for a yes
    reached = after <= ceiling
    excepted = and_(in_writing, reached)
    open_to_yes = and_(grade != _C, grade != _D, or_(not_(overdue), overdue_seen))
    covered = or_(excepted, and_(open_to_yes, or_(limit.is_(None), after <= limit, reached)))
    credit = and_(not_(account.stopped), covered)
    prepaid = and_(
        account.prepaid_used_total + on_prepayment <= account.prepaid_total,
        or_(grade != _D, account.exposure <= 0, excepted),
    )
    return and_(not_(account.hold), case((on_prepayment > 0, prepaid), else_=credit))


def _reservation() -> Update:
    account = CreditAccount
    on_credit: ColumnElement[Decimal] = bindparam("on_credit", type_=YUAN)
    on_prepayment: ColumnElement[Decimal] = bindparam("on_prepayment", type_=YUAN)
    allowed = _allowed(on_credit, on_prepayment)
    return (
        update(account)
        .where(account.id == bindparam("account"))
        .values(
            released=account.released + case((allowed, on_credit), else_=0),
            prepaid_used_total=account.prepaid_used_total + case((allowed, on_prepayment), else_=0),
            version=account.version + case((allowed, 1), else_=0),
        )
        .returning(
            *[getattr(_OLD, name).label(name) for name in _NAMES],
            *[getattr(_NEW, name).label(f"new_{name}") for name in _MOVED],
        )
    )


_RESERVE = _reservation()


@clause("5-4.2.1-C", "5-4.2.2-B", "5-2-5.3.2")
async def reserve(tx: Tx, account_id: UUID, amounts: Amounts, approval: Approval, today: date) -> Reservation:
    """Reserve `amounts` if the account allows it at this moment.

    One statement: it waits for the row, tests limit, grade, overdue, stop, hold and the GM's ceiling on the newest
    figures, and moves or leaves them. Whoever calls it does as little as possible between it and COMMIT.
    """
    values = {
        "account": account_id,
        "on_credit": amounts.on_credit,
        "on_prepayment": amounts.on_prepayment,
        "today": today,
        "ceiling": approval.ceiling,
        "overdue_seen": approval.overdue,
        "in_writing": approval.in_writing,
    }
    # on the connection: the session would first look for objects to bring in line
    row = (await (await tx.connection()).execute(_RESERVE, values)).mappings().one()
    before = Figures(**{name: row[name] for name in _NAMES})
    return Reservation(before, replace(before, **{name: row[f"new_{name}"] for name in _MOVED}))


async def advance(
    tx: Tx,
    account_id: UUID,
    *,
    released: Decimal = ZERO,
    shipped_total: Decimal = ZERO,
    prepaid_used_total: Decimal = ZERO,
) -> Figures:
    """Add to the figures of shipping's position, in yuan, and take its next version; the figures after it."""
    account = CreditAccount
    moved = await tx.execute(
        update(account)
        .where(account.id == account_id)
        .values(
            released=account.released + released,
            shipped_total=account.shipped_total + shipped_total,
            prepaid_used_total=account.prepaid_used_total + prepaid_used_total,
            version=account.version + 1,
        )
        .returning(*FIGURES)
        .execution_options(synchronize_session=False)
    )
    return Figures(**moved.mappings().one())


async def open_account(tx: Tx, account_id: UUID) -> None:
    """Have a row for the account: one nobody has told of yet is on hold."""
    await tx.execute(pg_insert(CreditAccount).values(id=account_id).on_conflict_do_nothing())


async def look(tx: Tx, account_id: UUID) -> Figures:
    """The account as it stands, without a lock; there is a row for every account that goods were noticed on."""
    return Figures(**(await tx.execute(select(*FIGURES).where(CreditAccount.id == account_id))).mappings().one())


async def who_prepaid(tx: Tx, account_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """By account, who entered receipts that are still open in its prepayments."""
    rows = await tx.execute(select(CreditAccount.id, CreditAccount.prepaid_by).where(CreditAccount.id.in_(account_ids)))
    return {account_id: persons for account_id, persons in rows}


async def exception_in_force(tx: Tx, account_id: UUID, today: date) -> CreditException | None:
    """The account's exception in force today; where two were granted at the same moment, the newer one."""
    statement = (
        select(CreditException)
        .where(
            CreditException.account_id == account_id,
            CreditException.status == ExceptionStatus.GRANTED,
            CreditException.valid_until >= today,
        )
        .order_by(CreditException.id.desc())
        .limit(1)
    )
    return (await tx.scalars(statement)).first()

"""The release on the account row: one statement that tests and moves, and the other moves of shipping's position."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
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
from sqlalchemy.sql.dml import Update

from fangxing.clauses import clause
from fangxing.money import ZERO
from fangxing.work import Work
from shipping_svc.credit.position import SNAPSHOT, Snapshot
from shipping_svc.credit.rules import Approval
from shipping_svc.credit.store import YUAN, CreditAccount


def _conditions() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """`rules.may_release` and `rules.may_release_prepaid` as SQL over the account's row."""
    account = CreditAccount
    on_credit = bindparam("on_credit", type_=YUAN)
    on_prepayment = bindparam("on_prepayment", type_=YUAN)
    today = bindparam("today", type_=Date)
    ceiling = bindparam("ceiling", type_=YUAN)
    overdue_seen: BindParameter[bool] = bindparam("overdue_seen", type_=Boolean)
    in_writing: BindParameter[bool] = bindparam("in_writing", type_=Boolean)
    expired = and_(account.grade.in_(["A", "B"]), account.grade_until.is_not(None), account.grade_until < today)
    grade: ColumnElement[str] = case((expired, "C"), else_=account.grade)
    limit = case((grade == "A", null()), (grade == "B", func.coalesce(account.limit, 0)), else_=0)
    after = account.exposure + on_credit
    overdue = and_(account.next_due.is_not(None), account.next_due < today)
    # without a ceiling the comparison is null, which no AND and no OR below takes for a yes
    reached = after <= ceiling
    open_to_yes = and_(grade.not_in(["C", "D"]), or_(not_(overdue), overdue_seen))
    credit = and_(
        not_(account.hold),
        or_(and_(in_writing, reached), and_(open_to_yes, or_(limit.is_(None), after <= limit, reached))),
    )
    prepaid = and_(
        not_(account.hold),
        or_(account.grade != "D", account.exposure <= 0, and_(in_writing, account.exposure <= ceiling)),
        account.prepaid_used_total + on_prepayment <= account.prepaid_total,
    )
    return credit, prepaid


def _release_statement() -> Update:
    account = CreditAccount
    on_credit = bindparam("on_credit", type_=YUAN)
    on_prepayment = bindparam("on_prepayment", type_=YUAN)
    credit, prepaid = _conditions()
    allowed = case((on_prepayment > 0, prepaid), else_=credit)
    return (
        update(account)
        .where(account.id == bindparam("account"))
        .values(
            released=account.released + case((allowed, on_credit), else_=0),
            prepaid_used_total=account.prepaid_used_total + case((allowed, on_prepayment), else_=0),
            version=account.version + case((allowed, 1), else_=0),
        )
        .returning(*SNAPSHOT, literal_column("new.version > old.version").label("moved"))
        .execution_options(synchronize_session=False)
    )


_RELEASE = _release_statement()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the statement did: the row after it, and whether it moved the reservation."""

    snapshot: Snapshot
    moved: bool


@clause("5-4.2.1-C", "5-4.2.2-B", "5-2-5.3.2")
async def release(
    work: Work,
    account_id: UUID,
    *,
    on_credit: Decimal,
    on_prepayment: Decimal,
    approval: Approval,
    today: date,
) -> Outcome | None:
    """Reserve `on_credit` or `on_prepayment` yuan if the account allows it at this moment; None for no such account.

    One statement: it waits for the row, tests limit, grade, overdue, hold and the GM's ceiling on the newest figures,
    and moves or leaves them. Whoever calls it does as little as possible between it and COMMIT.
    """
    row = (
        (
            # on the connection: the session would first look for objects to bring in line
            await (await work.tx.connection()).execute(
                _RELEASE,
                {
                    "account": account_id,
                    "on_credit": on_credit,
                    "on_prepayment": on_prepayment,
                    "today": today,
                    "ceiling": approval.ceiling,
                    "overdue_seen": approval.overdue,
                    "in_writing": approval.in_writing,
                },
            )
        )
        .mappings()
        .first()
    )
    if row is None:
        return None
    return Outcome(Snapshot.model_validate({**row}), bool(row["moved"]))


async def move(
    work: Work,
    account_id: UUID,
    *,
    released: Decimal = ZERO,
    shipped: Decimal = ZERO,
    prepaid_used: Decimal = ZERO,
) -> Snapshot:
    """Add to the figures of shipping's position, in yuan, and take its next version."""
    row = await work.tx.execute(
        update(CreditAccount)
        .where(CreditAccount.id == account_id)
        .values(
            released=CreditAccount.released + released,
            shipped_total=CreditAccount.shipped_total + shipped,
            prepaid_used_total=CreditAccount.prepaid_used_total + prepaid_used,
            version=CreditAccount.version + 1,
        )
        .returning(*SNAPSHOT)
        .execution_options(synchronize_session=False)
    )
    return Snapshot.model_validate({**row.mappings().one()})


async def look(work: Work, account_id: UUID) -> Snapshot | None:
    """The account as it stands, without a lock; None for no such account."""
    row = (await work.tx.execute(select(*SNAPSHOT).where(CreditAccount.id == account_id))).mappings().first()
    return Snapshot.model_validate({**row}) if row else None

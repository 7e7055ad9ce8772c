"""Customers move in: the files of a workbook are opened, hundreds at a time, all of them or none."""

from collections.abc import AsyncIterator, Iterable
from typing import Annotated

from pydantic import Field

from customer_svc.customers.errors import TERMS_DAYS
from customer_svc.customers.opening import open_files
from customer_svc.customers.policies import IMPORT_ROUTE
from customer_svc.customers.rules import MOST_DAYS, days_fit_terms
from customer_svc.customers.shapes import OpenCustomer, TermsIn
from customer_svc.customers.store import Customer
from fangxing.imports.declaring import Column, Filled, Finding, Import, Sheet
from fangxing.organisation.people import wrong_role
from fangxing.roles import Role
from fangxing.terms import TermsKind
from fangxing.text import Code, Line, Text
from fangxing.validation import Body
from fangxing.work import Work

_BATCH = 500
_TERMS = {
    TermsKind.CREDIT: Text("赊销", "credit"),
    TermsKind.PREPAID: Text("款到发货", "prepaid"),
    TermsKind.CASH_ON_DELIVERY: Text("货到收款", "cash on delivery"),
}


class CustomerLine(Body):
    """A customer's file 客户基本资料表 as a row, with the rep who looks after him."""

    number: Annotated[
        Code,
        Text("客户编号", "customer number"),
        Column(key=True, identifier=True, unique=Customer.number, example="K-0001"),
    ]
    name: Annotated[Line, Text("客户名称", "name"), Column(example="绍兴华纶化纤有限公司")]
    address: Annotated[Line, Text("地址", "address")]
    contact: Annotated[Line, Text("联系人", "contact")]
    rep: Annotated[Code, Text("销售专员", "rep"), Column(identifier=True, example="rep1")]
    terms: Annotated[TermsKind, Text("结算方式", "terms"), Column(words=_TERMS)]
    days: Annotated[int, Field(ge=0, le=MOST_DAYS), Text("赊销天数", "days of credit"), Column(example=30)] = 0

    def file(self) -> OpenCustomer:
        """The file as it is opened."""
        terms = TermsIn(kind=self.terms, days=self.days)
        return OpenCustomer(number=self.number, name=self.name, address=self.address, contact=self.contact, terms=terms)


async def judge(work: Work, filled: Filled) -> Iterable[Finding]:
    """The rows whose days do not go with their terms (2-4.2.3), and those whose rep is none."""
    rows = filled.of(CustomerLine)
    no_reps = await work.not_in_role({row.body.rep for row in rows}, Role.SALES_REP)
    unfit = [row.wrong("days", TERMS_DAYS()) for row in rows if not days_fit_terms(row.body.terms, row.body.days)]
    return unfit + [row.wrong("rep", wrong_role(Role.SALES_REP)) for row in rows if row.body.rep in no_reps]


async def store(work: Work, filled: Filled) -> AsyncIterator[int]:
    """Open a customer for each row, ungraded with limit 0 (2-5.2), with a credit account of its own (2-5.1)."""
    rows = filled.of(CustomerLine)
    for begin in range(0, len(rows), _BATCH):
        batch = rows[begin : begin + _BATCH]
        await open_files(work, [(row.body.file(), row.body.rep) for row in batch])
        await work.tx.flush()
        yield begin + len(batch)


CUSTOMER_IMPORT = Import(
    "customers",
    Text("客户", "customers"),
    clause="2-4.2.3",
    sheets=[Sheet(Text("客户", "customers"), CustomerLine)],
    judge=judge,
    store=store,
    roles=[Role.SALES_MANAGER, Role.ADMINISTRATOR],
    route=IMPORT_ROUTE,
    deciders=[Role.FINANCE_MANAGER, Role.GENERAL_MANAGER],
)
IMPORTS = (CUSTOMER_IMPORT,)

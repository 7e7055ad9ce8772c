"""What the measurements start from: one notice and one exit pass made by the real services, and copies of the notice.

The copies are made in SQL, because filing thousands of notices over HTTP takes longer than measuring them.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from fangxing.database import Database, Tx
from fangxing.ids import new_id
from fangxing.roles import Role
from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.identity import device_headers

TONS = "1.000"
PRICE = "60.00"
LIMIT = "900000000.00"
_PEOPLE = {
    "rep1": Role.SALES_REP,
    "accountant": Role.ACCOUNTANT,
    "manager": Role.SALES_MANAGER,
    "keeper": Role.WAREHOUSE_KEEPER,
    "quality": Role.QUALITY,
    "admin": Role.ADMINISTRATOR,
    "guard": Role.GATE_GUARD,
}

ID_FUNCTION = """
CREATE OR REPLACE FUNCTION bench_id(kind text, n bigint) RETURNS uuid IMMUTABLE PARALLEL SAFE LANGUAGE sql
AS $$ SELECT (kind || '0000000' || lpad(to_hex(n), 24, '0'))::uuid $$
"""
"""The id of copy `n`; `kind` is one hexadecimal digit. The measurements name rows by it without asking first."""


def bench_id(kind: str, number: int) -> UUID:
    """`ID_FUNCTION` in Python."""
    return UUID(f"{kind}0000000{number:024x}")


@dataclass(frozen=True)
class Prepared:
    """The notice that is copied, one decision away from its release, and the hash the decider has to have seen."""

    notice: UUID
    account: UUID
    order: UUID
    case: UUID
    seen_hash: str


class Yard:
    """shipping-svc with the people around it."""

    def __init__(self, service: ServiceUnderTest) -> None:
        self._service = service
        self._product = new_id()

    def headers(self, subject: str) -> dict[str, str]:
        """The headers of one of the people."""
        return self._service.identities.headers(subject, _PEOPLE[subject])

    async def post(self, path: str, body: dict[str, Any], subject: str) -> dict[str, Any]:
        """A POST that succeeds; its answer."""
        answer = await self._service.post(path, body, as_=self.headers(subject))
        if not answer.is_success:
            raise RuntimeError(f"{path}: {answer.text}")
        return dict(answer.json())

    async def customer(self) -> UUID:
        """A customer of grade B that is its own account, with a limit nobody reaches."""
        account = new_id()
        key = str(account)
        opened = {"customer_id": key, "account_id": key, "number": "K1", "name": "华纶纺织", "rep": "rep1"}
        await self._service.deliver(
            "customer.CustomerOpened.v1", opened, key=key, document=f"customer/{account}", version=1
        )
        zero = dict.fromkeys(("receivable", "written_off", "settled_total", "prepaid_total", "overdue_amount"), "0.00")
        nothing = dict.fromkeys(("c_from", "d_from", "next_due", "overdue_since"))
        credit = {"grade": "B", "limit": LIMIT, "stopped": False, "prepaid_by": []}
        position = {"account_id": key, "epoch": 1, "version": 1, **zero, **nothing, **credit}
        restated = {"account_id": key, "position": position}
        await self._service.deliver(
            "customer.PositionRestated.v1", restated, key=key, document=f"credit-account/{key}", position="1.1"
        )
        return account

    async def prepared(self, account: UUID) -> Prepared:
        """A notice of one line that waits for the sales manager."""
        order, line = new_id(), new_id()
        ship_on = self._service.runtime.clock.system.now().date() + timedelta(days=5)
        detail = {
            "order_line_id": str(line),
            "contract_line_id": str(new_id()),
            "product_id": str(self._product),
            "product_name": "POY 75D/36F",
            "tons": TONS,
            "price_per_ton": PRICE,
        }
        confirmed = {
            "order_id": str(order),
            "number": "DD1",
            "contract_id": str(new_id()),
            "contract_number": "HT1",
            "customer_id": str(account),
            "account_id": str(account),
            "rep": "rep1",
            "terms": {"kind": "credit", "days": 30},
            "hands": {"order.call_off": ["rep1"]},
            "deliver_on": ship_on.isoformat(),
            "lines": [detail],
        }
        await self._service.deliver(
            "contract.OrderConfirmed.v1", confirmed, key=str(account), document=f"order/{order}", version=1
        )
        wanted = {"order_line_id": str(line), "tons": TONS}
        body = {"order_id": str(order), "kind": "regular", "ship_on": ship_on.isoformat(), "lines": [wanted]}
        notice = await self.post("/notices", body, "rep1")
        notice = await self.post(f"/notices/{notice['id']}/finance-review", {}, "accountant")
        async with self._service.database.reader() as reader:
            document = f"notice/{notice['id']}"
            case = await reader.scalar(text("SELECT id FROM approval_cases WHERE document = :d"), {"d": document})
        assert isinstance(case, UUID)
        return Prepared(UUID(notice["id"]), account, order, case, notice["approval"]["hash"])

    async def exit_pass(self, prepared: Prepared) -> str:
        """The short number of a pass for the goods of a notice that is released, loaded and signed."""
        path = f"/notices/{prepared.notice}"
        await self.post(f"{path}/decisions", {"decision": "approve", "seen_hash": prepared.seen_hash}, "manager")
        report = {"lot": "L1", "product_id": str(self._product), "result": "passing", "findings": "合格"}
        await self.post("/quality-reports", report, "quality")
        truck = {"vehicle": "浙A12345", "driver": "王师傅"}
        await self.post(f"{path}/transport-notice", {**truck, "carrier": "顺安物流"}, "rep1")
        standing = {"notice_id": str(prepared.notice), "warehouse": "WH-1", **truck}
        loading = await self.post("/loadings", standing, "keeper")
        device = await self.post("/devices", {"device": "s1", "kind": "scanner", "place": "WH-1"}, "admin")
        answer = await self._service.get(path, as_=self.headers("manager"))
        now = self._service.runtime.clock.system.now()
        scan = {
            "sequence": 1,
            "loading_id": loading["id"],
            "order_line_id": answer.json()["lines"][0]["order_line_id"],
            "lot": "L1",
            "package": "P-1",
            "tons": TONS,
            "scanned_at": now.isoformat(),
        }
        await self._service.post("/scans", scan, as_=device_headers(device["key"]))
        sign = {"carrier_name": "王", "carrier_signature": "data:王", "freight_voucher": "YF-1", "gate": "G1"}
        signed = await self.post(f"/loadings/{loading['id']}/signatures", sign, "keeper")
        return str(signed["exit_pass"]["short_number"])


async def copy_notices(
    database: Database, prepared: Prepared, first: int, count: int, *, account: str = "bench_id('a', n)"
) -> None:
    """Copies `first`… of the prepared notice, each with a customer, an account and an order of its own.

    With `account`, an SQL expression, all of them are of that one, which exists already.
    """
    notice, order, case = "bench_id('b', n)", "bench_id('c', n)", "bench_id('d', n)"
    document = "'notice/' || bench_id('b', n)"
    own = account.startswith("bench_id")
    async with database.transaction() as tx:
        await tx.execute(text(ID_FUNCTION))
        owned = {"customer_id": account, "account_id": account}
        of_notice = {"id": notice, "number": "'FB' || n", "order_id": order, **owned}
        rows: list[tuple[str, str, UUID | str, dict[str, str]]] = [
            ("orders", "id", prepared.order, {"id": order, **owned}),
            ("order_lines", "order_id", prepared.order, {"id": "bench_id('e', n)", "order_id": order}),
            ("notices", "id", prepared.notice, of_notice),
            ("notice_lines", "notice_id", prepared.notice, {"notice_id": notice, "order_line_id": "bench_id('e', n)"}),
            ("approval_cases", "id", prepared.case, {"id": case, "document": document}),
            ("approval_steps", "case_id", prepared.case, {"case_id": case}),
            ("tasks", "document", f"notice/{prepared.notice}", {"id": "gen_random_uuid()", "document": document}),
        ]
        if own:
            rows.insert(0, ("customers", "id", prepared.account, {"id": account, "account_id": account}))
            rows.insert(0, ("credit_accounts", "id", prepared.account, {"id": account}))
        for table, column, value, changes in rows:
            await copy_rows(tx, table, column, value, changes, first, count)


async def copy_rows(
    tx: Tx,
    table: str,
    column: str,
    value: UUID | str | int,
    changes: dict[str, str],
    first: int,
    count: int,
) -> None:
    """Insert `count` copies of the rows of `table` whose `column` is `value`, with `changes` (SQL over `n`) to each."""
    names = (
        await tx.scalars(
            text(
                "SELECT attname FROM pg_attribute WHERE attrelid = CAST(:t AS regclass) AND attnum > 0"
                " AND NOT attisdropped AND attgenerated = '' AND attidentity = '' ORDER BY attnum"
            ),
            {"t": table},
        )
    ).all()
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(changes.get(name, f't."{name}"') for name in names)
    await tx.execute(
        text(
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t,"
            f" generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) n WHERE t.{column} = :value"
        ),
        {"first": first, "last": first + count - 1, "value": value},
    )

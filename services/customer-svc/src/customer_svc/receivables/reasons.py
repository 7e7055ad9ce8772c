"""Why something in the receivables is as it is: verdicts with their reasons, and what tasks say."""

from collections.abc import Sequence
from decimal import Decimal

from customer_svc.accounts.rules import Checked, Difference, Figure
from fangxing.labels import Unit, labels
from fangxing.text import Text
from fangxing.verdicts import ReasonType, Scalar, Verdict

FIGURES: dict[Figure | Checked, Text] = {
    Figure.RECEIVABLE: Text("应收款", "receivable"),
    Figure.WRITTEN_OFF: Text("已核销坏账", "written off"),
    Figure.SETTLED_TOTAL: Text("已结发货额", "settled deliveries"),
    Figure.PREPAID_TOTAL: Text("预收款", "prepayments"),
    Checked.OPEN_ITEMS: Text("未清项合计", "open items"),
    Checked.OPEN_PREPAYMENTS: Text("未用预收合计", "open prepayments"),
}
LABELS = labels(
    amount=("金额", "amount", Unit.YUAN),
    settled=("送货单价值", "value on the note", Unit.YUAN),
    reason=("原因", "reason"),
    **{f"{figure}_stored": (f"账面{said.zh}", f"{said.en}, stored", Unit.YUAN) for figure, said in FIGURES.items()},
    **{f"{figure}_ledger": (f"台账{said.zh}", f"{said.en}, ledger", Unit.YUAN) for figure, said in FIGURES.items()},
)

BELOW_NOTE = ReasonType(
    "invoiced-below-note",
    "5-4.2.1-B",
    Text(
        "发票金额 {amount} 元低于送货单价值 {settled} 元，由财务部经理开具：{reason}",
        "Invoiced at {amount} yuan, below {settled} yuan on the note, by the finance manager: {reason}",
    ),
)
RESTATED = ReasonType(
    "restated",
    "5-4.2.1-B",
    Text("按台账重算余额，更正 {count} 项", "Figures restated from the ledger; {count} corrected"),
)

CORRECTED = ReasonType(
    "corrected",
    "5-4.2.1-B",
    Text("更正 {amount} 元：{reason}", "{amount} yuan corrected: {reason}"),
)


def corrected(amount: Decimal, reason: str) -> Verdict:
    """The verdict that an entry of `amount` yuan was put right, and why."""
    inputs: dict[str, Scalar] = {"amount": amount, "reason": reason}
    return Verdict(True, "corrected", (CORRECTED(**inputs),), inputs)


def below_note(amount: Decimal, settled: Decimal, reason: str | None) -> Verdict:
    """The verdict that an invoice stands at `amount`, below what it settles, in yuan."""
    inputs: dict[str, Scalar] = {"amount": amount, "settled": settled, "reason": reason}
    return Verdict(True, "finance_manager", (BELOW_NOTE(**inputs),), inputs)


def restated(corrected: Sequence[Difference]) -> Verdict:
    """The verdict that an account's figures were set to what its ledger says."""
    inputs: dict[str, Scalar] = {}
    for item in corrected:
        if item.item is None:
            inputs |= {f"{item.figure}_stored": item.stored, f"{item.figure}_ledger": item.ledger}
    return Verdict(True, "restated", (RESTATED(count=len(corrected)),), inputs)


def credit_note_to_confirm(return_number: str) -> Text:
    """The title of the accountant's task."""
    return Text(f"确认退货 {return_number} 的贷项通知单", f"Confirm the credit note of return {return_number}")


def unallocated(customer: str) -> Text:
    """The title of the accountant's task about a credit that covers nothing."""
    return Text(f"{customer} 的来款或贷项尚未核销", f"Money or a credit of {customer} is not allocated yet")

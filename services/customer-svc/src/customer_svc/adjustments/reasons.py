"""What people are told about adjustments."""

from customer_svc.adjustments.rules import AdjustmentKind
from fangxing.text import Text

_KINDS = {
    AdjustmentKind.REFUND: Text("退款", "refund"),
    AdjustmentKind.WRITE_OFF: Text("坏账核销", "write-off"),
    AdjustmentKind.ROUNDING: Text("尾差", "rounding difference"),
}


def adjustment_title(kind: AdjustmentKind, customer: str) -> Text:
    """An adjustment as its deciders find it among their tasks."""
    said = _KINDS[kind]
    return Text(f"{said.zh}：{customer}", f"{said.en}: {customer}")

"""What people are told about a credit account."""

from datetime import date
from decimal import Decimal

from fangxing.text import Text


def downgrade_announced(overdue: Decimal, c_from: date) -> Text:
    """The title of the task that announces a fall to grade C; `overdue` in yuan."""
    return Text(
        f"客户逾期 {overdue} 元，至 {c_from} 仍未付清即自动降为 C 级",
        f"{overdue} yuan overdue; still unpaid, the grade falls to C by itself on {c_from}",
    )

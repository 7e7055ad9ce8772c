"""What people are told about a credit account."""

from datetime import date

from fangxing.text import Text


def downgrade_announced(c_from: date) -> Text:
    """The title of the task that announces a fall to grade C."""
    return Text(
        f"客户逾期，至 {c_from} 仍未付清即自动降为 C 级",
        f"The customer is overdue; still unpaid, the grade falls to C by itself on {c_from}",
    )

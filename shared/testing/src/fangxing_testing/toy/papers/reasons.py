"""What people are told about papers."""

from fangxing.text import Text


def case_title(title: str) -> Text:
    """The title of a paper's case, as its deciders read it among their tasks."""
    return Text(f"审批文件：{title}", f"Decide on the paper: {title}")

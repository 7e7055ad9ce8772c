"""What people are told about price authority tables."""

from fangxing.text import Text


def case_title(family: str) -> Text:
    """The title of the case on a table of `family`."""
    return Text(f"价格权限管理表：{family}", f"Price authority table: {family}")

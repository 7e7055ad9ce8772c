"""What people are told about the organisation's files."""

from fangxing.text import Text


def enter_calendar(year: int) -> Text:
    """The title of the task to enter a year's calendar."""
    return Text(
        f"请登记 {year} 年的工厂工作日、放假与调休，登记完毕后确认",
        f"Enter the factory's working days, holidays and shifted days of {year}, then confirm the year",
    )

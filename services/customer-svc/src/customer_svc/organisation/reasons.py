"""What people are told about the organisation's files."""

from datetime import date

from fangxing.roles import ROLE_NAMES, Role
from fangxing.text import Text


def enter_calendar(year: int) -> Text:
    """The title of the task to enter a year's calendar."""
    return Text(
        f"请登记 {year} 年的工厂工作日、放假与调休，登记完毕后确认",
        f"Enter the factory's working days, holidays and shifted days of {year}, then confirm the year",
    )


def confirm_delegation(role: Role, holder: str, deputy: str, since: date, until: date) -> Text:
    """The title of the task to confirm that somebody gets a deputy."""
    zh, en = ROLE_NAMES[role]
    return Text(
        f"请确认代理：{deputy} 在 {since} 至 {until} 代理 {holder} 的{zh}岗位",
        f"Confirm a deputy: {deputy} stands in for {holder} as {en} from {since} to {until}",
    )


def stand_in(role: Role, holder: str, since: date, until: date) -> Text:
    """What a deputy is told."""
    zh, en = ROLE_NAMES[role]
    return Text(
        f"您在 {since} 至 {until} 代理 {holder} 的{zh}岗位",
        f"You stand in for {holder} as {en} from {since} to {until}",
    )


def delegation_refused(role: Role) -> Text:
    """What the administrator is told whose proposal was refused."""
    zh, en = ROLE_NAMES[role]
    return Text(f"您提出的{zh}代理未获确认", f"The deputy that you proposed as {en} was not confirmed")

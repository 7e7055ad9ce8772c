"""What can go wrong with the organisation's files."""

from fangxing.errors import ErrorType, Kind

DAYS_NOT_TO_CHANGE = ErrorType(
    "calendar-days-not-to-change",
    Kind.INVALID,
    "这些日期已过去或太远，不能登记：{days}",
    "These days have passed or are too far ahead to be entered: {days}",
    field="days",
)
DAYS_TWICE = ErrorType(
    "calendar-days-twice",
    Kind.INVALID,
    "同一日期出现多次：{days}",
    "A day stands more than once: {days}",
    field="days",
)
CALENDAR_TOO_LONG = ErrorType(
    "calendar-too-long",
    Kind.INVALID,
    "一次最多查询 {most} 天，且结束日期不能早于开始日期",
    "At most {most} days at a time, and the last not before the first",
    field="until",
)
YEAR_NOT_TO_CONFIRM = ErrorType(
    "calendar-year-not-to-confirm",
    Kind.INVALID,
    "{year} 年的日历不能确认：只能确认今年或明年",
    "The calendar of {year} cannot be confirmed: only this year's or the next one's",
    field="year",
)

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
PERSON_TAKEN = ErrorType(
    "staff-person-taken",
    Kind.CONFLICT,
    "{person} 已有员工档案",
    "There is a staff record of {person} already",
    field="person",
)
PERSON_RESERVED = ErrorType(
    "staff-person-reserved",
    Kind.INVALID,
    "{person} 为系统保留，不能用作登录名",
    "{person} is the system's own and nobody's name to sign in with",
    field="person",
)
TERMS_CLASH = ErrorType(
    "staff-roles-clash",
    Kind.INVALID,
    "岗位“{role}”的起止日期颠倒或重叠",
    "The days of the role '{role}' end before they begin, or overlap",
    field="roles",
)
OWN_ROLES = ErrorType(
    "staff-own-roles",
    Kind.FORBIDDEN,
    "不能给自己增加岗位：{roles}，请另一位管理员办理",
    "Nobody gives himself a role ({roles}): another administrator does",
    clause="1-3",
)
SUPERIOR_UNFIT = ErrorType(
    "staff-superior-unfit",
    Kind.CONFLICT,
    "上级须是在职员工，且不能是本人或其下属",
    "The superior must be active staff, and neither the person himself nor below him",
    field="superior",
)
DELEGATED_DAYS = ErrorType(
    "delegation-days",
    Kind.INVALID,
    "代理从今天或以后开始，到期日不早于开始日，最长 {most} 天",
    "A delegation begins today or later, does not end before it begins, and lasts {most} days at most",
    field="until",
)
NOT_HIS_ROLE = ErrorType(
    "delegation-role-not-held",
    Kind.FORBIDDEN,
    "只能委托本人当时担任的岗位：委托人 {day} 不是{role}；代理来的岗位不能再委托",
    "Only a role that one holds oneself can be lent: on {day} its holder is not {role}. A deputy lends nothing on",
    clause="1-3",
)
DEPUTY_UNFIT = ErrorType(
    "delegation-deputy-unfit",
    Kind.CONFLICT,
    "代理人须是另一位在职员工",
    "The deputy must be another member of the active staff",
    field="deputy",
)
DEPUTY_TAKEN = ErrorType(
    "delegation-deputy-taken",
    Kind.CONFLICT,
    "代理人在此期间已代理他人的{role}岗位：同一岗位一次只代理一人",
    "The deputy stands in for somebody as {role} in these days already: for one person at a time in one role",
    field="deputy",
)
NOT_TO_CONFIRM = ErrorType(
    "delegation-not-yours-to-confirm",
    Kind.FORBIDDEN,
    "此代理由{role}确认，且不能是委托人、代理人或提出人",
    "This is for the {role} to confirm, who is neither its holder nor its deputy nor its proposer",
    clause="1-3",
)
NOT_YOUR_DELEGATION = ErrorType(
    "delegation-not-yours",
    Kind.FORBIDDEN,
    "代理由委托人、代理人或管理员收回",
    "A delegation is withdrawn by its holder, its deputy or an administrator",
    clause="1-3",
)

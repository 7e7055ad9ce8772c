"""What is wrong with an import, with its file, and with a cell of it."""

from fangxing.errors import ErrorType, Kind


def _of_file(slug: str, zh: str, en: str) -> ErrorType:
    return ErrorType(f"import-{slug}", Kind.INVALID, zh, en)


def _of_cell(slug: str, zh: str, en: str) -> ErrorType:
    return ErrorType(f"cell-{slug}", Kind.INVALID, zh, en)


# of the request

NOT_A_WORKBOOK = ErrorType(
    "import-not-a-workbook", Kind.INVALID, "导入文件须为 Excel 工作簿（xlsx）", "An import is an Excel workbook (xlsx)"
)
SENT_BY_ANOTHER = ErrorType(
    "import-sent-by-another",
    Kind.CONFLICT,
    "{author} 已上传同一文件",
    "{author} has sent the same file",
)
BEING_SENT = ErrorType(
    "import-being-sent",
    Kind.CONFLICT,
    "同一文件正在上传，请稍后重试",
    "The same file is being sent right now; try again in a moment",
)
NOT_YOURS = ErrorType(
    "import-not-yours", Kind.FORBIDDEN, "只有上传人可以办理", "Only for who sent the file", clause="1-3"
)

# of the workbook

UNREADABLE = _of_file(
    "unreadable", "工作簿无法读取：已损坏或结构不正常", "The workbook cannot be read: damaged or malformed"
)
GROWS_TOO_LARGE = _of_file(
    "grows-too-large", "工作簿展开后超过 {most} MB", "The workbook is over {most} MB when opened"
)
CHANGED = _of_file("changed", "文件与上传时不一致", "The file is not the one that was sent")
GAVE_UP = _of_file(
    "gave-up",
    "处理已中断 {times} 次，请联系管理员查看日志后重新检查",
    "It broke off {times} times: have the administrator see the log, then have it checked again",
)
BROKE = _of_file(
    "broke",
    "处理出错，未入库任何行；原因见日志，可重新检查",
    "Something broke and no row was stored: see the log; it can be checked again",
)
SHEET_MISSING = _of_file("sheet-missing", "缺少工作表“{title}”", "The sheet '{title}' is missing")
SHEET_UNKNOWN = _of_file("sheet-unknown", "多余的工作表，请删除", "A sheet that is not asked for: remove it")
SHEET_TWICE = _of_file(
    "sheet-twice", "同一工作表出现两次（中英文各一）", "The sheet is there twice, in either language"
)
SHEET_HIDDEN = _of_file("sheet-hidden", "工作表被隐藏，请取消隐藏或删除", "The sheet is hidden: show or remove it")
SHEET_EMPTY = _of_file("sheet-empty", "工作表没有数据行", "The sheet has no rows")
ROWS_TOO_MANY = _of_file(
    "rows-too-many", "超过 {most} 行，请分成几个文件", "There are over {most} rows: split the file"
)
COLUMNS_TOO_MANY = _of_file("columns-too-many", "超过 {most} 列", "There are over {most} columns")
HEADING_MISSING = _of_file("heading-missing", "缺少列“{heading}”", "The column '{heading}' is missing")
HEADING_UNKNOWN = _of_file("heading-unknown", "不认识的列标题，请删除此列", "An unknown heading: remove the column")
HEADING_TWICE = _of_file("heading-twice", "列标题重复", "The heading is there twice")
ROW_HIDDEN = _of_file("row-hidden", "行被隐藏，请取消隐藏或删除", "The row is hidden: show or remove it")
COLUMN_HIDDEN = _of_file("column-hidden", "列被隐藏，请取消隐藏或删除", "The column is hidden: show or remove it")
MERGED = _of_file("merged", "不能有合并单元格", "Merged cells are not taken: split them")

# of a cell

FORMULA = _of_cell("formula", "不能是公式，请粘贴为数值", "A formula is not taken: paste its value")
ERROR_VALUE = _of_cell("error-value", "单元格是 Excel 错误值", "The cell is an error of Excel's")
WITHOUT_HEADING = _of_cell("without-heading", "此列没有标题", "The column has no heading")
BLANK_AT_EDGE = _of_cell("blank-at-edge", "首尾有空格，请删除", "There are blanks before or after it: remove them")
NUMBER_FOR_IDENTIFIER = _of_cell(
    "number-for-identifier",
    "编号须为文本格式的单元格：数字会丢掉开头的 0 和第 15 位以后的数字",
    "An identifier must be a cell of text: a number loses leading zeros and what follows 15 digits",
)
NOT_TEXT = _of_cell(
    "not-text", "须为文本，不能是日期、逻辑值或小数", "Text is taken, no date, logical value or fraction"
)
NOT_A_NUMBER = _of_cell(
    "not-a-number", "须为数字，不能是文本、日期或逻辑值", "A number is taken, no text, date or logical value"
)
NOT_WHOLE = _of_cell("not-whole", "不能有小数", "Fractions are not taken")
NUMBER_TOO_LARGE = _of_cell("number-too-large", "数字太大", "The number is too large")
NOT_A_DATE = _of_cell(
    "not-a-date", "须为 Excel 日期，不能是文本或数字", "A date of Excel's is taken, no text or number"
)
TIME_OF_DAY = _of_cell("time-of-day", "日期不能带时间", "A date has no time of day")
NOT_A_CHOICE = _of_cell("not-a-choice", "可填：{choices}", "One of: {choices}")
TWICE_IN_FILE = _of_cell("twice-in-file", "与第 {row} 行重复", "The same as row {row}")
IN_DATABASE = _of_cell("in-database", "系统中已有", "It is in the system already")
NOT_IN_DATABASE = _of_cell("not-in-database", "系统中没有", "It is not in the system")
NOT_IN_SHEET = _of_cell("not-in-sheet", "工作表“{title}”中没有", "It is not in the sheet '{title}'")

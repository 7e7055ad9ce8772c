"""Why a file is not taken."""

from fangxing.errors import ErrorType, Kind

TOO_LARGE = ErrorType(
    "attachment-too-large",
    Kind.TOO_LARGE,
    "附件超过 {most} MB",
    "The file is over {most} MB",
)
EMPTY = ErrorType("attachment-empty", Kind.INVALID, "附件是空的", "The file is empty")
NAME_IS_A_PATH = ErrorType(
    "attachment-name-is-a-path",
    Kind.INVALID,
    "文件名不能含有路径",
    "The name of a file is no path",
    field="name",
)
TYPE_NOT_TAKEN = ErrorType(
    "attachment-type-not-taken",
    Kind.INVALID,
    "只收 JPEG、PNG 图片，PDF，以及 Excel（xlsx）、Word（docx）文件；类型按内容判断",
    "Taken are JPEG and PNG pictures, PDF, and Excel (xlsx) and Word (docx) files, told by their content",
)
DAMAGED = ErrorType(
    "attachment-damaged",
    Kind.INVALID,
    "附件已损坏、不完整或有密码，无法打开",
    "The file is damaged, incomplete or locked by a password, so that it cannot be opened",
)
ACTIVE = ErrorType(
    "attachment-active",
    Kind.INVALID,
    "附件含有脚本、宏、链接的程序或夹带的文件，不予接收",
    "The file holds a script, a macro, a program to start or another file, and is not taken",
)
BOMB = ErrorType(
    "attachment-bomb",
    Kind.INVALID,
    "附件展开后过大，不予接收",
    "The file would grow too large when opened",
)
NOT_FOUND = ErrorType(
    "attachment-not-found",
    Kind.NOT_FOUND,
    "没有附件 {attachment}",
    "There is no attachment {attachment}",
    field="attachments",
)
UNAVAILABLE = ErrorType(
    "attachments-unavailable",
    Kind.UNAVAILABLE,
    "附件存储暂不可用，请稍后再试",
    "The store of the attachments cannot be reached right now; try again",
)

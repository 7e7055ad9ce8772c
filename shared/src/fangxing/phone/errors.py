"""What can go wrong with a word by phone beside its state."""

from fangxing.errors import ErrorType, Kind

CHANNEL_UNKNOWN = ErrorType(
    "phone-channel-unknown",
    Kind.INVALID,
    "没有电话授权类别 {channel}，可用：{known}",
    "There are no words by phone about {channel}; known are {known}",
    field="channel",
)
NO_SUPERIOR = ErrorType(
    "phone-no-superior",
    Kind.INVALID,
    "此类电话授权须由上级本人作出：{roles}",
    "Such a word is given by a superior: {roles}",
    field="superior_role",
)
OWN_WORD = ErrorType(
    "phone-own-word",
    Kind.FORBIDDEN,
    "不能凭自己的话办理",
    "Nobody gives himself a word",
    clause="1-3",
    field="superior",
)
BOUND_MISSING = ErrorType(
    "phone-bound",
    Kind.INVALID,
    "须写明且只写明授权的限度 {bound}",
    "The word needs its bound {bound}, and no other",
    field="bound",
)
NOT_YET_GIVEN = ErrorType(
    "phone-not-yet-given",
    Kind.INVALID,
    "通话时间不能晚于现在",
    "A word cannot have been given later than now",
    field="given_at",
)
LASTS_TOO_LONG = ErrorType(
    "phone-lasts-too-long",
    Kind.INVALID,
    "电话授权须在通话之后、最迟于应补手续之日（{due_on}）到期",
    "A word ends after the call and not later than its papers are due ({due_on})",
    field="expires_at",
)
NOT_ITS_SUPERIOR = ErrorType(
    "phone-not-its-superior",
    Kind.FORBIDDEN,
    "只有作出授权的上级本人可以确认或否认",
    "Only the superior named confirms or denies it, in person",
    clause="3-8.2-B",
)
NOT_ITS_CALLER = ErrorType(
    "phone-not-its-caller",
    Kind.FORBIDDEN,
    "只有登记人或责任人可以办理",
    "Only who registered it, or who answers for its papers",
    clause="3-8.2-B",
)
USED_ALREADY = ErrorType(
    "phone-used",
    Kind.CONFLICT,
    "已凭此授权办理，不能撤回",
    "Something was done on this word: it is not withdrawn",
    clause="3-8.2-B",
)

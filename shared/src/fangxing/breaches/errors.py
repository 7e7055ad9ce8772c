"""What can go wrong with a breach beside its state."""

from fangxing.errors import ErrorType, Kind

KIND_UNKNOWN = ErrorType(
    "breach-kind-unknown",
    Kind.INVALID,
    "没有违规类别 {kind}，可用：{known}",
    "There is no kind of breach {kind}; known are {known}",
    field="kind",
)
RECORDED_ALREADY = ErrorType(
    "breach-recorded",
    Kind.CONFLICT,
    "此人就此事的该项违规已登记",
    "This breach of this person in this case is recorded already",
    field="person",
)
OWN_BREACH = ErrorType(
    "own-breach",
    Kind.FORBIDDEN,
    "当事人不登记、不处理自己的违规",
    "Nobody enters or decides about his own breach",
    clause="1-3",
)
NOT_YOUR_BREACH = ErrorType(
    "not-your-breach", Kind.FORBIDDEN, "只有当事人可以申诉", "Only the person concerned appeals", clause="1-3"
)
NOT_YOUR_ENTRY = ErrorType(
    "not-your-breach-entry",
    Kind.FORBIDDEN,
    "只有手工登记人可以撤回；系统登记的违规只能处理",
    "Only who entered it by hand withdraws it; what the system opened is decided",
    clause="1-3",
)
WITH_THE_COMPANY = ErrorType(
    "breach-with-the-company",
    Kind.FORBIDDEN,
    "此违规已由公司处理",
    "This breach is the company's already",
    clause="3-10",
)

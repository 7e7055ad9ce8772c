"""What people are told about words by phone. The clause of a reason is that of the channel it is given for."""

from fangxing.labels import labels
from fangxing.text import Text
from fangxing.verdicts import ReasonType

_ASK = Text("请上级另行授权，或走正常审批", "Ask the superior for another word, or go through the approval")

CHANNEL_OPEN = ReasonType(
    "phone-channel-open", "3-8.2-B", Text("{person} 可凭电话授权办理", "{person} may rely on a word by phone")
)
CHANNEL_CLOSED_BY_PAPERS = ReasonType(
    "phone-channel-closed",
    "3-8.2-B",
    Text(
        "{person} 的电话授权已停用：{word} 的手续逾期未补（{breach}）",
        "{person} may rely on no word by phone: the papers of {word} were not brought in time ({breach})",
    ),
    Text(
        "补交 {word} 的手续，并由 {superior} 本人确认",
        "Bring the papers of {word}, and have {superior} confirm it in person",
    ),
)
CHANNEL_CLOSED_BY_DENIAL = ReasonType(
    "phone-channel-closed-by-denial",
    "3-8.2-B",
    Text(
        "不能再凭电话授权办理：{superior} 否认了 {word}（{breach}）",
        "No other word by phone is taken: {superior} denied {word} ({breach})",
    ),
    Text("先处理 {breach}", "{breach} is decided first"),
)
WORD_COVERS = ReasonType("phone-word-covers", "3-8.2-B", Text("{word} 授权了 {document}", "{word} covers {document}"))
WORD_NOT_YOURS = ReasonType(
    "phone-word-not-yours", "3-8.2-B", Text("{word} 不是授权给您的", "{word} was not given to you"), _ASK
)
WORD_ENDED = ReasonType(
    "phone-word-ended", "3-8.2-B", Text("{word} 已被否认或撤回", "{word} was denied or withdrawn"), _ASK
)
WORD_PAPERS_MISSED = ReasonType(
    "phone-word-papers-missed",
    "3-8.2-B",
    Text("{word} 的手续逾期未补", "The papers of {word} were not brought in time"),
    Text("补交手续并由上级本人确认", "Bring the papers and have the superior confirm in person"),
)
WORD_EXPIRED = ReasonType(
    "phone-word-expired", "3-8.2-B", Text("{word} 已于 {expires_at} 到期", "{word} expired at {expires_at}"), _ASK
)
WORD_FOR_ANOTHER = ReasonType(
    "phone-word-for-another", "3-8.2-B", Text("{word} 是为另一单据授权的", "{word} is for another document"), _ASK
)
WORD_USED = ReasonType(
    "phone-word-used", "3-8.2-B", Text("{word} 只能用一次，已经用过", "{word} was for once and is used"), _ASK
)
WORD_BEYOND = ReasonType(
    "phone-word-beyond",
    "3-8.2-B",
    Text("{total} 超出 {word} 的授权 {limit}", "{total} is beyond the {limit} of {word}"),
    _ASK,
)
LABELS = labels(
    phone_person=("电话授权责任人", "who answers for the word by phone"),
    phone_word=("电话授权", "word by phone"),
    phone_breach=("违规", "breach"),
    phone_document=("授权办理的单据", "document it covers"),
    phone_figure=("本次用量", "figure of this use"),
    phone_total=("合计用量", "figure in all"),
    phone_limit=("授权限度", "bound of the word"),
    phone_expires_at=("授权到期", "the word expires"),
)


def papers_due(name: Text, scope: str) -> Text:
    """The title of the task of who brings the papers."""
    return Text(f"补交电话授权的手续：{name.zh}，{scope}", f"Bring the papers of a word by phone: {name.en}, {scope}")


def to_confirm(name: Text, scope: str, caller: str) -> Text:
    """The title of the superior's task."""
    return Text(
        f"本人确认给 {caller} 的电话授权：{name.zh}，{scope}",
        f"Confirm in person your word to {caller} by phone: {name.en}, {scope}",
    )


def stands_no_longer(document: str, word: str) -> Text:
    """The title of the task about what was done on a word that was denied."""
    return Text(
        f"{document} 所凭的电话授权被否认（{word}），须重新审批",
        f"{document} was done on a word by phone that was denied ({word}): it is to be approved anew",
    )


def papers_missed(word: str, due_on: str) -> Text:
    """The evidence of a breach by missed papers."""
    return Text(
        f"{word} 的手续应于 {due_on} 前补交，未补", f"The papers of {word} were due on {due_on} and are missing"
    )


def denied(word: str, superior: str, because: str) -> Text:
    """The evidence of a breach by a word that was never given."""
    return Text(f"{superior} 否认了 {word}：{because}", f"{superior} denied {word}: {because}")

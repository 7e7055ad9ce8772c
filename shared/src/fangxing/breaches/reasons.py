"""What people are told about breaches. The clause of a reason is that of the breach it is given for."""

from fangxing.labels import Unit, labels
from fangxing.text import Text
from fangxing.verdicts import ReasonType

FINE_OUTSIDE = ReasonType(
    "fine-outside",
    "3-10",
    Text(
        "罚款 {fine} 元不在条款 {clause} 的 {least} 至 {most} 元之内",
        "A fine of {fine} yuan is outside the {least} to {most} yuan of clause {clause}",
    ),
    Text("罚款 {least} 至 {most} 元，或说明理由免罚", "Fine {least} to {most} yuan, or waive it with a reason"),
)
FINE_NOT_NAMED = ReasonType(
    "fine-not-named",
    "5-4.2.5",
    Text("条款 {clause} 没有规定罚款", "Clause {clause} names no fine"),
    Text("认定违规而不罚款，或说明理由免予处理", "Confirm the breach without a fine, or waive it with a reason"),
)
FINE_OR_WAIVE = ReasonType(
    "fine-or-waive",
    "3-10",
    Text("条款 {clause} 规定了罚款，须罚款或免罚", "Clause {clause} names a fine: either fine or waive"),
    Text("罚款 {least} 至 {most} 元，或说明理由免罚", "Fine {least} to {most} yuan, or waive it with a reason"),
)
FINE_RAISED = ReasonType(
    "fine-raised",
    "3-10",
    Text("申诉不能使罚款由 {before} 元增至 {fine} 元", "An appeal does not raise a fine from {before} to {fine} yuan"),
    Text("维持 {before} 元，或减少", "Uphold the {before} yuan, or less"),
)
FINE_BY_THE_CLAUSE = ReasonType(
    "fine-by-the-clause",
    "3-10",
    Text("按条款 {clause} 罚款 {fine} 元", "Fined {fine} yuan by clause {clause}"),
)
BREACH_CONFIRMED = ReasonType(
    "breach-confirmed",
    "5-4.2.5",
    Text("按条款 {clause} 认定违规，不罚款", "A breach of clause {clause}, without a fine"),
)
BREACH_WAIVED = ReasonType(
    "breach-waived", "3-10", Text("条款 {clause} 的违规免予处罚", "The breach of clause {clause} is waived")
)
FINE_UPHELD = ReasonType(
    "fine-upheld", "3-10", Text("申诉后维持条款 {clause} 的处理", "Upheld after the appeal, by clause {clause}")
)
FINE_LIFTED = ReasonType(
    "fine-lifted", "3-10", Text("申诉后撤销条款 {clause} 的处理", "Lifted after the appeal, by clause {clause}")
)
LABELS = labels(
    breach_clause=("违规条款", "clause breached"),
    fine=("罚款", "fine", Unit.YUAN),
    fine_before=("原罚款", "fine before the appeal", Unit.YUAN),
    fine_least=("最低罚款", "least fine", Unit.YUAN),
    fine_most=("最高罚款", "highest fine", Unit.YUAN),
)


def to_decide(name: Text, person: str) -> Text:
    """The title of the decider's task."""
    return Text(f"处理违规：{name.zh}（{person}）", f"Decide on a breach: {name.en} ({person})")


def to_judge(name: Text, person: str) -> Text:
    """The title of the task of who judges an appeal."""
    return Text(f"处理对违规决定的申诉：{name.zh}（{person}）", f"Judge an appeal: {name.en} ({person})")


def told(name: Text, state: Text) -> Text:
    """The title of what the person concerned is told."""
    return Text(f"您的违规记录：{name.zh}，{state.zh}", f"A breach of yours: {name.en}, {state.en}")

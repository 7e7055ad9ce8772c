"""How people say what stands in texts by its code: roles, grades, terms, products; and how texts say it."""

from collections.abc import Iterable
from dataclasses import replace

from contract_svc.reference.rules import Lifecycle
from fangxing.positions import Grade
from fangxing.roles import ROLE_NAMES, Role
from fangxing.terms import TermsKind
from fangxing.text import Text
from fangxing.verdicts import ReasonType

TERMS_NAMES = {
    TermsKind.CREDIT: Text("赊销", "credit"),
    TermsKind.PREPAID: Text("款到发货", "payment before shipping"),
    TermsKind.CASH_ON_DELIVERY: Text("货到收款", "cash on delivery"),
}
LIFECYCLE_NAMES = {
    Lifecycle.NEW: Text("新产品", "new"),
    Lifecycle.REGULAR: Text("常规产品", "regular"),
    Lifecycle.STOPPED: Text("已停产", "stopped"),
}


def grade_name(grade: Grade | None) -> Text:
    """How a grade is said: A to D are said as they are written, and an unknown one is a dash."""
    if grade is Grade.UNGRADED:
        return Text("未评级", "ungraded")
    return Text(grade or "-", grade or "-")


def role_names(roles: Iterable[Role]) -> Text:
    """The names of `roles`, in their order."""
    names = [ROLE_NAMES[role] for role in roles]
    return Text("、".join(zh for zh, _ in names), ", ".join(en for _, en in names))


def filled(text: Text, **params: object) -> Text:
    """`text` with `params` said in it, a `Text` among them in its language; its other parameters stay open."""
    zh = {name: value.zh if isinstance(value, Text) else value for name, value in params.items()}
    en = {name: value.en if isinstance(value, Text) else value for name, value in params.items()}
    return Text(text.say("zh-CN", **zh), text.say("en", **en))


def naming(reason: ReasonType, **names: Text) -> ReasonType:
    """`reason` as it says `names` in place of the codes its parameters of that name carry."""
    remedy = filled(reason.remedy, **names) if reason.remedy else None
    return replace(reason, text=filled(reason.text, **names), remedy=remedy)

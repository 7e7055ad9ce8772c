"""How people say what stands in texts by its code: grades, terms, products."""

from contract_svc.reference.rules import Lifecycle
from fangxing.positions import Grade
from fangxing.terms import TermsKind
from fangxing.text import Text

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

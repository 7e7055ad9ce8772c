"""A word by phone, its states and its actions, as people say them."""

from fangxing.moves import Words
from fangxing.phone.rules import WordAction, WordStatus
from fangxing.text import Text

WORDS = Words(
    Text("电话授权", "word by phone"),
    {
        WordStatus.GIVEN: Text("已登记，待补手续和确认", "registered, papers and confirmation to come"),
        WordStatus.PAPERED: Text("手续已补，待上级确认", "papers brought, confirmation to come"),
        WordStatus.CONFIRMED: Text("上级已确认，待补手续", "confirmed, papers to come"),
        WordStatus.SETTLED: Text("已了结", "settled"),
        WordStatus.DENIED: Text("上级否认", "denied"),
        WordStatus.WITHDRAWN: Text("未用撤回", "withdrawn unused"),
    },
    {
        WordAction.REGISTER: Text("登记", "register"),
        WordAction.BRING_PAPERS: Text("补手续", "bring the papers"),
        WordAction.CONFIRM: Text("本人确认", "confirm in person"),
        WordAction.DENY: Text("否认", "deny"),
        WordAction.WITHDRAW: Text("撤回", "withdraw"),
    },
)

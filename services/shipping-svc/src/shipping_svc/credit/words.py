"""The documents of this feature, their states and their actions, as people say them."""

from fangxing.moves import Words
from fangxing.text import Text
from shipping_svc.credit.rules import ExceptionAction, ExceptionStatus

WORDS = Words(
    Text("书面特批", "exception in writing"),
    {
        ExceptionStatus.GRANTED: Text("已批准", "granted"),
        ExceptionStatus.REVOKED: Text("已撤销", "revoked"),
        ExceptionStatus.REPLACED: Text("已被新的特批取代", "replaced by a newer one"),
    },
    {
        ExceptionAction.GRANT: Text("批准", "grant"),
        ExceptionAction.REVOKE: Text("撤销", "revoke"),
        ExceptionAction.REPLACE: Text("取代", "replace"),
    },
)

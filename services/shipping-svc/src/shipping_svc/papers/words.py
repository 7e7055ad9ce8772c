"""The documents of this feature, their states and their actions, as people say them."""

from fangxing.moves import Words
from fangxing.text import Text
from shipping_svc.papers.rules import NoteAction, NoteStatus, PassAction, PassStatus

NOTE_WORDS = Words(
    Text("送货单", "delivery note"),
    {NoteStatus.SIGNED: Text("已签字", "signed"), NoteStatus.LEFT: Text("已出门", "left")},
    {
        NoteAction.SIGN: Text("签字", "sign"),
        NoteAction.REISSUE_PASS: Text("补发出门证", "issue another pass"),
        NoteAction.LEAVE: Text("出门", "leave"),
    },
)

PASS_WORDS = Words(
    Text("出门证", "exit pass"),
    {
        PassStatus.ISSUED: Text("已签发", "issued"),
        PassStatus.USED: Text("已使用", "used"),
        PassStatus.VOID: Text("已作废", "void"),
    },
    {
        PassAction.ISSUE: Text("签发", "issue"),
        PassAction.LET_OUT: Text("放行出门", "let out"),
        PassAction.VOID: Text("作废", "make void"),
    },
)

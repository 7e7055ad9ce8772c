"""Loosened pairs: each use of one is a verdict in the decision log, so that it is listed and sealed (1-3)."""

from collections.abc import Collection

from fangxing import decision_log
from fangxing.hands import PairsPolicy
from fangxing.labels import labels
from fangxing.text import Text
from fangxing.verdicts import ReasonType, Verdict
from fangxing.work import Work

USE = "hands.loosened"
"""The kind of the verdict about what somebody did because a pair was loosened."""
LOOSENED = ReasonType(
    "hands-loosened",
    "1-3",
    Text(
        "同一人先后办理“{first}”与“{then}”：财务部经理与总经理已放宽这一对",
        "One person did both '{first}' and '{then}': finance manager and GM have loosened this pair",
    ),
)
LABELS = labels(loosened_first=("先办理的环节", "done before"), loosened_then=("后办理的环节", "done then"))


async def keep_use(work: Work, document: str, policy: PairsPolicy, done: Collection[str], then: str) -> None:
    """Keep that the actor, who did `done` on the document's chain, does `then` only because a pair is loosened."""
    book = await work.policies()
    first = policy.loosened(done, then, book.get(policy), book.day)
    if first is None:
        return
    verdict = Verdict(
        allowed=True,
        outcome="loosened",
        reasons=(LOOSENED(first=policy.spoken(first), then=policy.spoken(then)),),
        inputs={"loosened_first": first, "loosened_then": then},
        policy_versions=book.versions(policy),
    )
    decision_log.keep(work, USE, document, verdict)

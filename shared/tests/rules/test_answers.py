"""Verdicts and approvals as every service shows them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from fangxing.answers import ApprovalOut, HistoryOut, VerdictOut
from fangxing.approvals import ApprovalCase, ApprovalStep, CaseStatus, Decision, summary
from fangxing.history import HistoryEntry
from fangxing.labels import Label, Unit, label_of, labels
from fangxing.roles import Role
from fangxing.text import Text
from fangxing.verdicts import ReasonType, Verdict, content_hash

LABELS = labels(
    toy_exposure=("欠款额度", "exposure", Unit.YUAN),
    toy_today=("当天", "today"),
    toyline_tons=("第 {toyline} 行吨数", "tons of line {toyline}", Unit.TONS),
)
OVER = ReasonType(
    "toy-over", "0-1", Text("超过 {limit}", "over {limit}"), Text("降到 {limit} 以内", "bring it down to {limit}")
)
PLAIN = ReasonType("toy-plain", "0-2", Text("另外", "besides"))


def content() -> dict[str, Any]:
    verdict = Verdict(
        allowed=False,
        outcome="refused",
        reasons=(OVER(limit=Decimal("1.00")), PLAIN()),
        inputs={
            "toy_exposure": Decimal("80000.00"),
            "toy_today": date(2026, 3, 2),
            "toyline.3.tons": Decimal("9.998"),
            "toy_nameless": None,
        },
        policy_versions={"toy.limit": 2},
    )
    return {"kind": "toy", "document": "note/1", "actor": "wang", "at": "2026-03-02", **verdict.content()}


def test_a_verdict_is_shown_in_the_language_of_whoever_reads_it() -> None:
    shown = VerdictOut.show(content(), "zh-CN")
    assert (shown.allowed, shown.outcome, shown.clauses) == (False, "refused", ["0-1", "0-2"])
    assert [(reason.slug, reason.text, reason.params) for reason in shown.reasons] == [
        ("toy-over", "超过 1.00", {"limit": "1.00"}),
        ("toy-plain", "另外", {}),
    ]
    assert shown.would_pass == ["降到 1.00 以内"]
    assert VerdictOut.show(content(), "en").would_pass == ["bring it down to 1.00"]
    assert shown.policy_versions == {"toy.limit": 2}


def test_its_inputs_have_a_name_for_people_and_a_unit() -> None:
    rows = [(one.name, one.label, one.unit, one.value) for one in VerdictOut.show(content(), "zh-CN").inputs]
    assert rows == [
        ("toy_exposure", "欠款额度", Unit.YUAN, "80000.00"),
        ("toy_today", "当天", None, "2026-03-02"),
        ("toyline.3.tons", "第 3 行吨数", Unit.TONS, "9.998"),
        ("toy_nameless", "toy_nameless", None, None),
    ]
    assert VerdictOut.show(content(), "en").inputs[2].label == "tons of line 3"


def test_its_hash_is_the_one_the_decision_log_seals() -> None:
    assert VerdictOut.show(content(), "en").hash == content_hash(content())
    with pytest.raises(ValueError, match="not the content that the decision log keeps"):
        VerdictOut.show(Verdict(True, "pass").content(), "en")


def test_a_figure_has_one_label_everywhere() -> None:
    assert labels(toy_today=("当天", "today")) == {"toy_today": Label(Text("当天", "today"))}
    with pytest.raises(ValueError, match="toy_today is labelled"):
        labels(toy_today=("今日", "today"))
    assert label_of("toy_unheard_of") is None
    assert label_of("toyline.3.unheard_of") is None


def test_an_approval_is_shown_with_its_steps_and_whose_turn_it_is() -> None:
    decided = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    first = ApprovalStep(
        number=1,
        role=Role.SALES_MANAGER,
        decision=Decision.APPROVE,
        decided_by="li",
        decided_by_name="李",
        decided_at=decided,
        comment=None,
    )
    case = ApprovalCase(
        status=CaseStatus.OPEN,
        band="large",
        clause="1-3",
        hash="a" * 64,
        content={"amount": "1.00"},
        policy_key="toy.route",
        policy_version=3,
        steps=[first, ApprovalStep(number=2, role=Role.GENERAL_MANAGER)],
    )
    shown = ApprovalOut.show(summary(case))
    assert (shown.status, shown.waiting_for, shown.policy.version) == ("open", "general_manager", 3)
    assert shown.content == {"amount": "1.00"}
    assert [(step.number, step.role, step.decision, step.decided_at) for step in shown.steps] == [
        (1, "sales_manager", Decision.APPROVE, decided),
        (2, "general_manager", None, None),
    ]


def test_a_timeline_is_shown_in_the_language_of_whoever_reads_it() -> None:
    entry = HistoryEntry("file", Text("提交", "file"), "wang", "王", None, None, datetime(2026, 3, 2, tzinfo=UTC))
    assert [HistoryOut.show(entry, language).text for language in ("zh-CN", "en")] == ["提交", "file"]
    assert HistoryOut.show(entry, "en").actor_name == "王"

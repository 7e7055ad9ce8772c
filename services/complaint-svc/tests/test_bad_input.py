"""Bad input: a clear problem with the field, in the caller's language, and nothing stored."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from conftest import Scene

ID = "00000000-0000-7000-8000-000000000000"
COMPLAINT = {"customer_id": ID, "kind": "complaint", "channel": "phone", "text": "色差"}
ROUTING = {"road": "quality", "note": "初判"}
LINE = {"line": 1, "tons": "1.000"}
NOTE = {"delivery_note_id": ID, "lines": [LINE]}
HANDLING = {"cause": "温差", "handling": "退货", "returns": [NOTE]}
RECEIPT = {"lines": [{"line": 1, "received_tons": "1.000"}]}
INSPECTION = {"lines": [{"line": 1, "accepted_tons": "1.000"}]}
CLOSING = {"told_customer_on": "2026-03-02", "note": "已告知"}
DECISION = {"decision": "approve", "seen_hash": "0" * 64}


def handling(**line: Any) -> dict[str, Any]:
    return {**HANDLING, "returns": [{**NOTE, "lines": [{**LINE, **line}]}]}


def lines(field: str, *tons: Any, **more: Any) -> dict[str, Any]:
    """Lines numbered 1, each with its tons."""
    return {"lines": [{"line": 1, field: amount, **more} for amount in tons]}


def on(step: str) -> str:
    """The address of a step of a complaint or of a return."""
    return f"/{'returns' if step in ('receipt', 'inspection') else 'complaints'}/{ID}/{step}"


FIRST = "returns.0.lines.0"
ROWS: list[tuple[str, str, Any, str]] = [
    ("rep1", "/complaints", {**COMPLAINT, "customer_id": "x"}, "customer_id"),
    ("rep1", "/complaints", {**COMPLAINT, "kind": "praise"}, "kind"),
    ("rep1", "/complaints", {**COMPLAINT, "channel": None}, "channel"),
    ("rep1", "/complaints", {**COMPLAINT, "text": "nul\x00"}, "text"),
    ("rep1", "/complaints", {**COMPLAINT, "text": "  "}, "text"),
    ("rep1", "/complaints", {**COMPLAINT, "text": "x" * 4001}, "text"),
    ("rep1", "/complaints", {**COMPLAINT, "text": 5}, "text"),
    ("rep1", "/complaints", {**COMPLAINT, "lot": "a b"}, "lot"),
    ("rep1", "/complaints", {**COMPLAINT, "answer_by": "soon"}, "answer_by"),
    ("rep1", "/complaints", {**COMPLAINT, "currency": "USD"}, "currency"),
    ("rep1", "/complaints", {**COMPLAINT, "status": "closed"}, "status"),
    ("rep1", "/complaints", [], "body"),
    ("rep1", "/complaints/abc/routing", ROUTING, "complaint_id"),
    ("rep1", on("routing"), {**ROUTING, "road": "blame"}, "road"),
    ("rep1", on("routing"), {**ROUTING, "block_lot": "perhaps"}, "block_lot"),
    ("quality", on("handling"), handling(tons="1.0001"), f"{FIRST}.tons"),
    ("quality", on("handling"), handling(tons=1), f"{FIRST}.tons"),
    ("quality", on("handling"), handling(tons="-1.000"), f"{FIRST}.tons"),
    ("quality", on("handling"), handling(tons="0.000"), f"{FIRST}.tons"),
    ("quality", on("handling"), handling(line=0), f"{FIRST}.line"),
    ("quality", on("handling"), handling(line="one"), f"{FIRST}.line"),
    ("quality", on("handling"), handling(price_per_ton="1.00"), f"{FIRST}.price_per_ton"),
    ("quality", on("handling"), {**HANDLING, "returns": [{**NOTE, "lines": []}]}, "returns.0.lines"),
    ("quality", on("handling"), {**HANDLING, "returns": [{**NOTE, "lines": [LINE, LINE]}]}, "returns.0.lines"),
    ("quality", on("handling"), {**HANDLING, "returns": [NOTE, NOTE]}, "returns"),
    ("quality", on("handling"), {**HANDLING, "cause": "\x07"}, "cause"),
    ("gm", on("decisions"), {**DECISION, "decision": "maybe"}, "decision"),
    ("gm", on("decisions"), {**DECISION, "seen_hash": "x"}, "seen_hash"),
    ("rep1", on("closing"), {**CLOSING, "told_customer_on": "2026-02-30"}, "told_customer_on"),
    ("rep1", on("closing"), {**CLOSING, "note": None}, "note"),
    ("keeper", on("receipt"), lines("received_tons", "1.0001"), "lines.0.received_tons"),
    ("keeper", on("receipt"), lines("received_tons", 1.5), "lines.0.received_tons"),
    ("keeper", on("receipt"), lines("received_tons", "-0.001"), "lines.0.received_tons"),
    ("keeper", on("receipt"), lines("received_tons", "1.000", "1.000"), "lines"),
    ("keeper", on("receipt"), lines("received_tons", "1.000", lot="L1"), "lines.0.lot"),
    ("keeper", on("receipt"), {**RECEIPT, "note": "\x00"}, "note"),
    ("quality", on("inspection"), lines("accepted_tons", "1.0001"), "lines.0.accepted_tons"),
    ("quality", on("inspection"), lines("accepted_tons", "1.000", "1.000"), "lines"),
    ("quality", on("inspection"), {**INSPECTION, "result": "perhaps"}, "result"),
    ("rep1", f"/returns/{ID}/cancellation", {"reason": ""}, "reason"),
]


async def nothing_stored(scene: "Scene") -> None:
    async with scene.service.database.reader() as reader:
        for stored in ("complaints", "returns", "outbox", "approval_cases", "tasks", "verdicts", "idempotency_keys"):
            assert await reader.scalar(text(f"SELECT count(*) FROM {stored}")) == 0, stored


async def test_malformed_bodies_name_the_field_in_both_languages_and_store_nothing(scene: "Scene") -> None:
    for who, path, body, field in ROWS:
        for language in ("zh-CN", "en"):
            answer = await scene.service.post(path, body, as_={**scene.as_(who), "Accept-Language": language})
            assert answer.status_code == 400, (path, body, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            problem = answer.json()
            assert (problem["slug"], problem["field"]) == ("input-invalid", field), (path, body)
            for said in (problem["title"], problem["fields"][0]["text"]):
                chinese = any("\u4e00" <= character <= "\u9fff" for character in said)
                assert chinese is (language == "zh-CN"), (body, said)
    await nothing_stored(scene)


async def test_what_is_no_json_and_what_is_too_much_is_refused(scene: "Scene") -> None:
    headers = {**scene.as_("rep1"), "Idempotency-Key": "k", "Content-Type": "application/json"}
    for path in ("/complaints", on("routing")):
        for content in (b"{", b"", b"\xff", b"null"):
            answer = await scene.service.client.post(path, content=content, headers=headers)
            assert (answer.status_code, answer.json()["field"]) == (400, "body"), content
        answer = await scene.service.client.post(path, content=b"x" * 1_000_000, headers=headers)
        assert (answer.status_code, answer.json()["slug"]) == (413, "body-too-large")
    await nothing_stored(scene)


async def test_a_policy_is_refused_in_the_callers_language(scene: "Scene") -> None:
    for value, chinese, english in (
        ({"other": ["general_manager"]}, "各栏须为 plain_grumble, other", "the bands are plain_grumble, other"),
        (
            {"plain_grumble": [], "other": ["sales_manager", "quality", "general_manager"]},
            "plain_grumble：最后一步须为 总经理、销售经理",
            "plain_grumble: the last step must be general manager, sales manager",
        ),
        (
            {"plain_grumble": ["quality", "sales_manager"], "other": ["quality"]},
            "other 缺少 总经理、销售经理",
            "other lacks general manager, sales manager",
        ),
    ):
        body = {"value": value, "effective_from": "2026-03-02"}
        for language, words in (("zh", chinese), ("en", english)):
            headers = {**scene.as_("gm"), "Accept-Language": language}
            answer = await scene.service.post("/policies/complaint.grumble_decider/versions", body, as_=headers)
            assert (answer.status_code, answer.json()["slug"]) == (400, "policy-value-invalid")
            assert words in answer.json()["title"]

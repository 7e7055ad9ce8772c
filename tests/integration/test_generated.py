"""What is generated from the code and checked in is what the code says."""

from pathlib import Path

from fangxing.bus.schemas import breaking_changes
from standalone.files import ROOT
from standalone.generated import broken_contracts, documents


def test_the_checked_in_documents_are_what_the_code_says() -> None:
    made = documents()
    stale = [str(path.relative_to(ROOT)) for path, content in made.items() if _read(path) != content]
    assert stale == [], "run `make documents`"
    contracts = {path for path in made if path.parent.name == "contracts"}
    kept = {*(ROOT / "services").glob("*/contracts/*.json"), *(ROOT / "shared" / "contracts").glob("*.json")}
    assert kept == contracts


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def test_no_event_breaks_its_readers() -> None:
    assert broken_contracts() == []


def test_what_breaks_a_reader_is_seen() -> None:
    old = {
        "properties": {
            "a": {"type": "string"},
            "b": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "c": {"$ref": "#/$defs/C"},
        },
        "required": ["a", "b", "c"],
        "$defs": {"C": {"properties": {"d": {"type": "integer"}}, "required": ["d"]}},
    }
    assert breaking_changes(old, old) == []
    grown = {**old, "properties": {**old["properties"], "new": {"type": "string"}}}  # type: ignore[dict-item]
    assert breaking_changes(old, grown) == []
    gone = {**old, "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}, "required": ["b"]}
    assert breaking_changes(old, gone) == [
        "a is no longer always there",
        "a may now be ['integer']",
        "c is gone",
    ]

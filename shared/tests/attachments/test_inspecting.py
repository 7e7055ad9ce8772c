"""What is taken in and what is not: a malicious file of each kind is refused, an honest one kept without its traces."""

import contextlib
import io

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fangxing.attachments import inspecting
from fangxing.attachments.inspecting import MOST_BYTES, inspected
from fangxing.errors import DomainError
from fangxing_testing.sent import GPS, MAKE, ORIENTATION, office, pdf, photo


def refused(name: str, content: bytes) -> str:
    """The slug of the refusal."""
    with pytest.raises(DomainError) as found:
        inspected(name, content)
    return found.value.type.slug


@pytest.mark.parametrize(
    ("kind", "name", "media_type"), [("JPEG", "a.jpg", "image/jpeg"), ("PNG", "a.png", "image/png")]
)
def test_a_photo_keeps_its_turn_and_loses_its_place(kind: str, name: str, media_type: str) -> None:
    kept = inspected("a.jpeg", photo(kind=kind))
    assert (kept.name, kept.media_type) == (name, media_type)
    with Image.open(io.BytesIO(kept.content)) as picture:
        # taken lying on its side, 40 by 20, and meant to be seen upright
        assert picture.size == (20, 40)
        # the dark corner of the first line is now on the right
        assert picture.convert("L").tobytes()[19] < 200
        marks = picture.getexif()
    assert marks.get(ORIENTATION, 1) == 1
    assert MAKE not in marks
    assert not marks.get_ifd(GPS)
    assert b"PhoneMaker" not in kept.content


@pytest.mark.parametrize("turn", range(1, 9))
def test_every_turn_a_phone_may_write_is_carried_out(turn: int) -> None:
    kept = inspected("a.jpg", photo(turn=turn))
    with Image.open(io.BytesIO(kept.content)) as picture:
        assert picture.size == ((20, 40) if turn >= 5 else (40, 20))


def test_honest_papers_are_kept_as_they_are() -> None:
    for name, content in (("合同.pdf", pdf()), ("清单.xlsx", office({})), ("函.docx", office({}, "word/document.xml"))):
        kept = inspected(name, content)
        assert (kept.name, kept.content) == (name, content)
    printer = office({"xl/printerSettings/printerSettings1.bin": b"x"})
    assert inspected("清单.xlsx", printer).content == printer


def test_the_type_is_told_by_the_content_and_the_suffix_follows() -> None:
    assert inspected("photo.pdf", photo()).name == "photo.jpg"
    assert inspected("发票.exe", pdf()).name == "发票.pdf"


def script() -> pikepdf.Dictionary:
    """An action that runs a script."""
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


@pytest.mark.parametrize(
    "content",
    [
        pdf(OpenAction=script()),
        pdf(Names=pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["a", script()]))),
        pdf(AA=pikepdf.Dictionary(WC=script())),
        pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")),
        pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.GoToR, F="http://elsewhere")),
        pdf(Names=pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=[]))),
        pdf(AcroForm=pikepdf.Dictionary(XFA="x")),
        pdf(Deep=pikepdf.Array([pikepdf.Array([pikepdf.Dictionary(A=script())])])),
        office({"xl/vbaProject.bin": b"macro"}),
        office({"word/embeddings/oleObject1.bin": b"x"}, "word/document.xml"),
        office({"../../etc/passwd": b"x"}),
    ],
)
def test_what_acts_or_carries_a_file_is_not_taken(content: bytes) -> None:
    assert refused("a", content) == "attachment-active"


def test_a_pdf_that_only_opens_at_a_page_is_taken() -> None:
    content = pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=[0]))
    assert inspected("a.pdf", content).content == content


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<html><script>alert(1)</script></html>",
        b"MZ\x90\x00",
        b"GIF89a",
        b"plain text",
        office({}, "content.xml"),
    ],
)
def test_any_other_type_is_not_taken_whatever_it_is_called(content: bytes) -> None:
    assert refused("photo.jpg", content) == "attachment-type-not-taken"


def test_an_archive_bomb_is_not_taken() -> None:
    assert refused("a.xlsx", office({"xl/a.xml": bytes(50 * 1024 * 1024)})) == "attachment-bomb"
    many = office({f"xl/{number}.xml": b"" for number in range(5_001)})
    assert refused("a.xlsx", many) == "attachment-bomb"
    assert inspected("a.xlsx", office({"xl/a.xml": b"<row/>" * 20_000})).name == "a.xlsx"


def test_a_picture_that_would_fill_the_memory_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "_MOST_PIXELS", 799)
    assert refused("a.png", photo(kind="PNG")) == "attachment-bomb"
    monkeypatch.setattr(inspecting, "_MOST_PIXELS", 800)
    assert inspected("a.png", photo(kind="PNG")).name == "a.png"


def test_a_file_that_is_too_large_or_empty_is_not_taken() -> None:
    assert refused("a.jpg", b"\xff\xd8\xff" + bytes(MOST_BYTES)) == "attachment-too-large"
    assert refused("a.jpg", b"") == "attachment-empty"


@pytest.mark.parametrize("name", ["../a.jpg", "/etc/passwd", "a\\b.jpg", "C:evil.jpg", "..", ".", " ", "a/../b.jpg"])
def test_a_path_is_no_name(name: str) -> None:
    assert refused(name, photo()) == "attachment-name-is-a-path"


def test_a_name_loses_what_nobody_sees_and_what_is_too_long() -> None:
    assert inspected("发\u202e货\u0000 单 \u200b .jpg", photo()).name == "发货 单.jpg"
    assert inspected("长" * 500 + ".jpg", photo()).name == "长" * 120 + ".jpg"


@pytest.mark.parametrize("content", [photo(), photo(kind="PNG"), pdf(), office({"xl/a.xml": b"x" * 1000})])
def test_a_file_cut_short_is_damaged_and_never_an_error_of_ours(content: bytes) -> None:
    assert refused("a", content[: len(content) // 2]) in ("attachment-damaged", "attachment-type-not-taken")


@given(st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n", b"PK\x03\x04"]), st.binary(max_size=2000))
def test_whatever_bytes_follow_the_answer_is_a_refusal(first: bytes, rest: bytes) -> None:
    assert refused("a", first + rest).startswith("attachment-")


@given(st.binary(max_size=300), st.integers(0, 2**16), st.sampled_from([photo(), photo(kind="PNG"), pdf(), office({})]))
def test_bytes_changed_anywhere_never_break_us(noise: bytes, place: int, content: bytes) -> None:
    place %= len(content)
    with contextlib.suppress(DomainError):
        inspected("a", content[:place] + noise + content[place + len(noise) :])

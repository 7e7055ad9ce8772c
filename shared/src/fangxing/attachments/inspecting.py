"""A file is looked into: what it is, by its content, that nothing in it acts, and that a photo does not tell where."""

import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import pikepdf
from PIL import Image, ImageOps

from fangxing.attachments.errors import ACTIVE, BOMB, DAMAGED, EMPTY, NAME_IS_A_PATH, TOO_LARGE, TYPE_NOT_TAKEN

MOST_BYTES = 20 * 1024 * 1024
"""The largest file."""
_MOST_PIXELS = 80_000_000
_MOST_ENTRIES = 5_000
_MOST_UNPACKED = 200 * 1024 * 1024
# a workbook of equal cells packs some hundredfold, a bomb ten thousandfold
_MOST_RATIO = 500
_SMALL = 1024 * 1024
_LONGEST_NAME = 120
# keys and kinds of action of a PDF that run something, fetch something or carry a file
_ACTS = {
    *("/JavaScript", "/JS", "/Launch", "/ImportData", "/SubmitForm", "/GoToR", "/GoToE", "/Rendition"),
    *("/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA"),
}


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file as it is kept: its cleaned name, its type by content, its bytes."""

    name: str
    media_type: str
    content: bytes


def inspected(name: str, content: bytes) -> Inspected:
    """The file `name` as it may be kept.

    Raises `attachment-empty`, `-too-large`, `-name-is-a-path`, `-type-not-taken`, `-damaged`, `-active` or `-bomb`.
    """
    if not content:
        raise EMPTY()
    if len(content) > MOST_BYTES:
        raise TOO_LARGE(most=MOST_BYTES // 1024**2)
    stem = _stem(name)
    for first_bytes, inspect in _KINDS.items():
        if content.startswith(first_bytes):
            media_type, suffix, kept = inspect(content)
            return Inspected(f"{stem}.{suffix}", media_type, kept)
    raise TYPE_NOT_TAKEN()


def _stem(name: str) -> str:
    """The name without its suffix, which follows from the content, and without what nobody sees."""
    if re.search(r"[/\\]", name) or name.strip(". ") == "" or re.match(r"^[A-Za-z]:", name):
        raise NAME_IS_A_PATH()
    seen = "".join(one for one in unicodedata.normalize("NFC", name) if unicodedata.category(one)[0] != "C")
    return PurePosixPath(" ".join(seen.split())).stem.strip(". ")[:_LONGEST_NAME] or "file"


_Kept = tuple[str, str, bytes]


def _picture(content: bytes) -> _Kept:
    """Written anew, upright, so that of what a phone wrote into it only the picture stays."""
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            if picture.width * picture.height > _MOST_PIXELS:
                raise BOMB()
            kind = picture.format or ""
            upright = ImageOps.exif_transpose(picture)
            upright.info = {key: value for key, value in upright.info.items() if key == "icc_profile"}
            kept = io.BytesIO()
            upright.save(kept, kind, quality=90) if kind == "JPEG" else upright.save(kept, kind)
    except Image.DecompressionBombError as error:
        raise BOMB() from error
    except (OSError, SyntaxError, ValueError) as error:
        raise DAMAGED() from error
    return f"image/{kind.lower()}", "jpg" if kind == "JPEG" else "png", kept.getvalue()


def _pdf(content: bytes) -> _Kept:
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            for thing in document.objects:
                if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array) and _acts(thing):
                    raise ACTIVE()
    except (pikepdf.PdfError, RecursionError) as error:
        raise DAMAGED() from error
    return "application/pdf", "pdf", content


def _acts(thing: pikepdf.Object) -> bool:
    """Whether an object of a PDF, with those written within it, does something by itself or carries a file."""
    waiting = [thing]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            if any(key in _ACTS or (key == "/S" and str(value) in _ACTS) for key, value in one.items()):
                return True
            inner = list(one.values())
        else:
            inner = list(one) if isinstance(one, pikepdf.Array) else []
        # what is referred to is an object of the document itself and has its own turn
        waiting += [value for value in inner if getattr(value, "is_indirect", True) is False]
    return False


_OFFICE = {
    "xl/workbook.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "word/document.xml": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
}


def _office(content: bytes) -> _Kept:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise DAMAGED() from error
    unpacked, packed = sum(one.file_size for one in entries), sum(one.compress_size for one in entries)
    if len(entries) > _MOST_ENTRIES or unpacked > _MOST_UNPACKED:
        raise BOMB()
    if unpacked > _SMALL and unpacked > packed * _MOST_RATIO:
        raise BOMB()
    names = {one.filename for one in entries}
    if any(name.startswith(("/", "\\")) or ".." in PurePosixPath(name).parts for name in names):
        raise ACTIVE()
    if any(re.search(r"vba|macro|activex|embeddings/|\.exe$", name, re.IGNORECASE) for name in names):
        raise ACTIVE()
    known = next((kind for main, kind in _OFFICE.items() if {main, "[Content_Types].xml"} <= names), None)
    if known is None:
        raise TYPE_NOT_TAKEN()
    return *known, content


MEDIA_TYPES = ("image/jpeg", "image/png", "application/pdf", *(media_type for media_type, _ in _OFFICE.values()))
"""The types that are taken."""
_KINDS: Mapping[bytes, Callable[[bytes], _Kept]] = {
    b"\xff\xd8\xff": _picture,
    b"\x89PNG\r\n\x1a\n": _picture,
    b"%PDF-": _pdf,
    b"PK\x03\x04": _office,
}

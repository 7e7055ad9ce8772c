"""What stands on a paper: the text of its pages, as a person reads them."""

from collections.abc import Iterator

import pypdfium2


def pages(pdf: bytes) -> list[str]:
    """The text of each page, in reading order."""
    return list(_pages(pdf))


def _pages(pdf: bytes) -> Iterator[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            yield page.get_textpage().get_text_range().replace("\r\n", "\n")
            page.close()


def margins(pdf: bytes, page: int = 0) -> tuple[float, float]:
    """How much of a page's width and height, in its middle, holds what is printed; 1.0 runs off the sheet."""
    with pypdfium2.PdfDocument(pdf) as document:
        sheet = document[page]
        bitmap = sheet.render(scale=0.5, grayscale=True)
        rows = [bytes(bitmap.buffer)[row * bitmap.stride :][: bitmap.width] for row in range(bitmap.height)]
        sheet.close()
    inked_rows = [place for place, row in enumerate(rows) if min(row) < 200]
    inked_columns = [place for place in range(len(rows[0])) if min(row[place] for row in rows) < 200]
    return _share(inked_columns, len(rows[0])), _share(inked_rows, len(rows))


def _share(inked: list[int], length: int) -> float:
    return max(length / 2 - inked[0], inked[-1] - length / 2) / (length / 2)

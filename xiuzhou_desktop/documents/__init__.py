"""Legal documents as PDF, from templates and a record's data; the backend numbers, the client
previews.

    case record + evidence ─► Sheet (case_papers) ─► PDF (pdf) ─► picture of a page (page_picture)
"""

from xiuzhou_desktop.documents.case_papers import PaperFacts, case_paper
from xiuzhou_desktop.documents.fonts import NoFontError
from xiuzhou_desktop.documents.page_picture import PagePicture, picture_of
from xiuzhou_desktop.documents.sheet import Paragraph, Sheet

__all__ = [
    "NoFontError",
    "PagePicture",
    "PaperFacts",
    "Paragraph",
    "Sheet",
    "case_paper",
    "pdf_of",
    "picture_of",
]


def pdf_of(sheet: Sheet) -> bytes:
    """The document. Raises NoFontError.

    The library that sets it is loaded with the first one, by the thread that makes it: a third of a
    second, and nine tenths of what opening the case panel would cost.
    """
    from xiuzhou_desktop.documents.pdf import pdf_of as made  # noqa: PLC0415 - see above

    return made(sheet)

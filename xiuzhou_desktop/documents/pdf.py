"""A sheet as PDF, A4, set as official documents are (GB/T 9704): the issuer, the title, the number
at the right, body of three-quarter leading, two characters of indent, the date at the right.

The same sheet gives the same bytes: the file's own date is the document's.
"""

from datetime import UTC, datetime, time

from fpdf import FPDF

from xiuzhou_desktop.documents.case_papers import chinese_day
from xiuzhou_desktop.documents.fonts import face
from xiuzhou_desktop.documents.lines import lines_of
from xiuzhou_desktop.documents.sheet import Sheet

FAMILY = "document"
MARGIN_MM, BOTTOM_MM = 28, 26
BODY_PT, TITLE_PT, ISSUER_PT, SMALL_PT = 14, 22, 16, 9
LEADING_MM = 9.2
INDENT = "　　"  # two full-width spaces
WATERMARK_PT, WATERMARK_GREY = 120, 232
PT_TO_MM = 25.4 / 72
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def pdf_of(sheet: Sheet) -> bytes:
    """The document. Raises NoFontError."""
    paper = _Paper(sheet)
    paper.add_page()
    _head(paper, sheet)
    _body(paper, sheet)
    _foot(paper, sheet)
    return bytes(paper.output())


class _Paper(FPDF):
    """Pages with the sheet's watermark below the words and the page number at the foot."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(format="A4")
        self._sheet = sheet
        files = face()
        self.add_font(FAMILY, "", files.regular, collection_font_number=files.number)
        self.add_font(FAMILY, "B", files.bold, collection_font_number=files.number)
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(True, BOTTOM_MM)
        day = datetime.combine(sheet.dated, time(), UTC) if sheet.dated else EPOCH
        self.set_creation_date(day)
        self.set_title(f"{sheet.title} {sheet.number}")
        self.set_lang("zh-CN")

    def header(self) -> None:
        if self._sheet.watermark is None:
            return
        self.set_font(FAMILY, "B", WATERMARK_PT)
        self.set_text_color(WATERMARK_GREY)
        width = self.get_string_width(self._sheet.watermark)
        with self.rotation(35, self.w / 2, self.h / 2):
            self.text(
                (self.w - width) / 2,
                self.h / 2 + WATERMARK_PT * PT_TO_MM / 3,
                self._sheet.watermark,
            )
        self.set_text_color(0)
        self.set_xy(self.l_margin, self.t_margin)

    def footer(self) -> None:
        self.set_y(-BOTTOM_MM / 2)
        self.set_font(FAMILY, "", SMALL_PT)
        self.cell(0, 5, f"第 {self.page_no()} 页", align="C")


def _head(paper: _Paper, sheet: Sheet) -> None:
    paper.set_font(FAMILY, "", ISSUER_PT)
    paper.cell(0, 10, sheet.issuer, align="C", new_x="LMARGIN", new_y="NEXT")
    paper.set_font(FAMILY, "B", TITLE_PT)
    paper.cell(0, 14, sheet.title, align="C", new_x="LMARGIN", new_y="NEXT")
    paper.set_font(FAMILY, "", BODY_PT)
    paper.cell(0, 12, sheet.number, align="R", new_x="LMARGIN", new_y="NEXT")
    paper.ln(2)


def _body(paper: _Paper, sheet: Sheet) -> None:
    paper.set_font(FAMILY, "", BODY_PT)
    for paragraph in sheet.paragraphs:
        words = paragraph.text if paragraph.is_flush else INDENT + paragraph.text
        for line in lines_of(words, paper.epw, paper.get_string_width):
            paper.cell(0, LEADING_MM, line, new_x="LMARGIN", new_y="NEXT")


def _foot(paper: _Paper, sheet: Sheet) -> None:
    paper.ln(LEADING_MM)
    for words in (sheet.issuer, chinese_day(sheet.dated)):
        paper.cell(0, LEADING_MM, words, align="R", new_x="LMARGIN", new_y="NEXT")

"""The legal document as it prints: issued, or as it would be issued now.

Made from the record by the same templates as the paper itself; a page is drawn beside the UI
thread, and shown on a grey sheet in the dark.
"""

import asyncio
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, QStandardPaths
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.records import Sentences
from ui.start import start
from ui.theme.textrun import Align, Ink, draw_text
from ui.theme.theme import colour, px
from ui.theme.type import Face
from ui.widgets import Button, SectionTitle, Text
from ui.widgets.painted import Painted, Policy
from xiuzhou_desktop.client.views import RecordView
from xiuzhou_desktop.documents import (
    NoFontError,
    PaperFacts,
    Sheet,
    case_paper,
    pdf_of,
    picture_of,
)
from xiuzhou_desktop.domain.case_body import CaseBody, CaseState, DocumentKind
from xiuzhou_desktop.plugin_api.context import PanelContext

WIDEST_PX, PAGE_PX = 860, 1240  # on the screen; in pixels of the picture
RATIO = 297 / 210
S = CaseState
BEFORE_NOTICE = frozenset({S.LEAD, S.FILED, S.INVESTIGATING, S.INVESTIGATION_DONE, S.NOTICE_SENT})


class PaperColumn(QWidget):
    """One case's papers; Ctrl+P turns from one to the other, Ctrl+E writes a file."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self._sentences = Sentences(context.text)
        self._view: RecordView | None = None
        self._facts = PaperFacts()
        self._kind = DocumentKind.NOTICE
        self._shown: Sheet | None = None
        self._task: asyncio.Task[object] | None = None
        self._title = SectionTitle(self._text("cases.paper"))
        self._page = Page()
        self._said = Text("", Ink("text2", Face.LABEL))
        turn = Button(self._text("cases.action.turn"), key="Ctrl+P", height=24)
        turn.clicked.connect(self.turn)
        self._title.row.addWidget(turn)
        self._lay_out()

    def _lay_out(self) -> None:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setAccessibleName(self._text("cases.paper"))
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(16, 12, 16, 12)
        row.addStretch(1)
        row.addWidget(self._page, 100)
        row.addStretch(1)
        scroll.setWidget(middle)
        head = QVBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.addWidget(self._title)
        head.addWidget(self._said)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(scroll, 1)
        self._said.hide()

    def show_case(self, view: RecordView | None, facts: PaperFacts) -> None:
        """The paper that the case's step is about."""
        is_other = view is None or self._view is None or view.record.id != self._view.record.id
        self._view, self._facts = view, facts
        if view is None:
            self._page.set_picture(None, self._text("cases.none"))
            return
        if is_other:
            self._kind = kind_of(view)
        self._draw()

    def turn(self) -> None:
        """The other paper."""
        is_notice = self._kind is DocumentKind.NOTICE
        self._kind = DocumentKind.DECISION if is_notice else DocumentKind.NOTICE
        self._draw()

    def export(self) -> None:
        """Write the paper as a file, and say where."""
        if self._shown is not None:
            start(self._export(self._shown), owner=self)

    def _draw(self) -> None:
        if self._view is None:
            return
        record = self._view.record
        sheet = case_paper(self._kind, record, self._facts, self._context.engine.policy)
        state = "issued" if sheet.dated else "draft"
        self._title.set_texts(
            self._text("cases.paper"), self._text(f"cases.paper.{state}", title=sheet.title)
        )
        if sheet == self._shown:
            return
        self._shown = sheet
        self._said.hide()
        if self._task is not None:
            self._task.cancel()
        self._task = start(self._fill(sheet), owner=self)

    async def _fill(self, sheet: Sheet) -> None:
        try:
            image = await asyncio.to_thread(page_of, sheet)
        except NoFontError:
            self._page.set_picture(None, self._text("cases.paper.no_font"))
            return
        self._page.set_picture(image, sheet.title)

    async def _export(self, sheet: Sheet) -> None:
        folder = Path(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        )
        name = f"{sheet.title} {sheet.number}.pdf".replace("/", "-")
        try:
            await asyncio.to_thread(_write, folder / name, sheet)
        except (OSError, NoFontError):
            said = self._text("cases.paper.not_written", folder=str(folder))
        else:
            said = self._text("cases.paper.written", file=str(folder / name))
        self._said.setText(said)
        self._said.show()


class Page(Painted):
    """One page in its own shape, ink on a sheet that the theme allows."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._sentence = ""
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(Policy.Expanding)
        policy.setVerticalPolicy(Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMaximumWidth(WIDEST_PX)

    def set_picture(self, image: QImage | None, sentence: str) -> None:
        """The page, or why there is none; the sentence names it for a screen reader."""
        self._image, self._sentence = image, sentence
        self.setAccessibleName(sentence)
        self.update()

    def heightForWidth(self, width: int) -> int:
        return round(width * RATIO)

    def sizeHint(self) -> QSize:
        width = min(max(self.width(), px(320)), WIDEST_PX)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(240), px(320))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        room = QRectF(self.rect())
        if self._image is None:
            draw_text(painter, room, self._sentence, Ink("text2"), Align.AlignHCenter)
            return
        width = min(room.width(), room.height() / RATIO)
        page = QRectF((room.width() - width) / 2, 0, width, width * RATIO)
        painter.drawImage(page, self._image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        painter.fillRect(page, colour("sheet"))


def kind_of(view: RecordView) -> DocumentKind:
    """The notice until the party has it, then the decision."""
    body = view.record.body
    is_about_notice = view.record.state in BEFORE_NOTICE or (
        isinstance(body, CaseBody) and body.notified is None
    )
    return DocumentKind.NOTICE if is_about_notice else DocumentKind.DECISION


def page_of(sheet: Sheet) -> QImage:
    """The first page, in plain pixels."""
    page = picture_of(pdf_of(sheet), PAGE_PX)
    image = QImage(page.pixels, page.width, page.height, page.stride, QImage.Format.Format_RGB888)
    return image.copy()


def _write(file: Path, sheet: Sheet) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(pdf_of(sheet))

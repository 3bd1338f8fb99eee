"""Original and public notice beside each other on paper, every mask numbered on both.

Wide: side by side. Narrow: one at a time, I changes (look.md §6.5).
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QFont,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTextEdit, QVBoxLayout, QWidget

from plugins.publication.notice_text import Paragraph, Place, Segment, Side
from ui.theme.textrun import Ink
from ui.theme.theme import colour, font, px, theme
from ui.theme.type import Face, Weight
from ui.widgets import Text as Label
from xiuzhou_desktop.plugin_api.context import Text

BOTH_FROM_PX = 640
MARGIN_PX = 16
CAPTION_INK = Ink("text2", Face.LABEL)
ALIGNS = {
    Place.TITLE: Qt.AlignmentFlag.AlignHCenter,
    Place.RIGHT: Qt.AlignmentFlag.AlignRight,
    Place.BODY: Qt.AlignmentFlag.AlignLeft,
}


class Sheet(QTextEdit):
    """One document on paper; words can be selected, nothing can be typed."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("surface", "sheet")
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(px(MARGIN_PX))
        self._paragraphs: tuple[Paragraph, ...] = ()
        theme().changed.connect(self._draw)

    def show_paragraphs(self, paragraphs: tuple[Paragraph, ...]) -> None:
        """Another document; the place in it stays while its words do."""
        if paragraphs != self._paragraphs:
            self._paragraphs = paragraphs
            self._draw()

    @property
    def selected_words(self) -> str:
        """What is selected, without the numbers of masks around it."""
        return self.textCursor().selectedText().strip()

    def _draw(self) -> None:
        self.clear()
        cursor = self.textCursor()
        for number, paragraph in enumerate(self._paragraphs):
            block = QTextBlockFormat()
            block.setAlignment(ALIGNS[paragraph.place])
            block.setLineHeight(150, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            block.setBottomMargin(px(6))
            if number:
                cursor.insertBlock(block)
            else:
                cursor.setBlockFormat(block)
            for segment in paragraph.segments:
                self._insert(cursor, segment, paragraph.place)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _insert(self, cursor: QTextCursor, segment: Segment, place: Place) -> None:
        plain = QTextCharFormat()
        is_title = place is Place.TITLE
        plain.setFont(
            font(Face.TITLE if is_title else Face.BODY, Weight.BOLD if is_title else Weight.REGULAR)
        )
        plain.setForeground(colour("ink"))
        if segment.mask is None:
            cursor.insertText(segment.words, plain)
            return
        number = QTextCharFormat(plain)
        number.setFontWeight(QFont.Weight.Bold)
        number.setForeground(colour("mask_text"))
        number.setBackground(colour("ink"))
        cursor.insertText(f" {segment.mask} ", number)
        cursor.insertText(segment.words, self._masked(plain))

    def _masked(self, plain: QTextCharFormat) -> QTextCharFormat:
        """A passage that will be hidden: underlined."""
        marked = QTextCharFormat(plain)
        marked.setFontUnderline(True)
        return marked


class PublicSheet(Sheet):
    """The public side: a passage that stands for another is white on black."""

    def _masked(self, plain: QTextCharFormat) -> QTextCharFormat:
        marked = QTextCharFormat(plain)
        marked.setForeground(colour("mask_text"))
        marked.setBackground(colour("ink"))
        return marked


class Preview(QWidget):
    """Both sheets, or the one that was asked for."""

    def __init__(self, text: Text) -> None:
        super().__init__()
        self.original = Sheet(text("publication.side.original"))
        self.public = PublicSheet(text("publication.side.published"))
        self._shown = Side.PUBLISHED
        self._columns: dict[Side, QWidget] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(8), px(12), px(8))
        row.setSpacing(px(12))
        for side, sheet in ((Side.ORIGINAL, self.original), (Side.PUBLISHED, self.public)):
            column = QWidget()
            stack = QVBoxLayout(column)
            stack.setContentsMargins(0, 0, 0, 0)
            stack.setSpacing(px(4))
            stack.addWidget(Label(text(f"publication.side.{side.value}"), CAPTION_INK))
            stack.addWidget(sheet, 1)
            row.addWidget(column, 1)
            self._columns[side] = column

    @property
    def is_wide(self) -> bool:
        """Whether both have room."""
        return self.width() >= px(BOTH_FROM_PX)

    def turn(self) -> None:
        """I: the other one, where there is room for one."""
        other = {Side.ORIGINAL: Side.PUBLISHED, Side.PUBLISHED: Side.ORIGINAL}
        self._shown = other[self._shown]
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        for side, column in self._columns.items():
            column.setVisible(self.is_wide or side is self._shown)

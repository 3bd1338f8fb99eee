"""The checklist of a step and the running limits, painted: unmet ones first, with what is missing
and its article.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent

from plugins.cases.steps import short_day
from ui.records import Sentences
from ui.theme.icons import icon_pixmap
from ui.theme.textrun import Elide, Ink, draw_text, draw_wrapped, text_width, wrapped_height
from ui.theme.theme import colour, px
from ui.theme.type import Face, Weight
from ui.widgets.painted import Painted, Policy
from xiuzhou_desktop.domain.case_dates import CaseDeadline
from xiuzhou_desktop.domain.case_rules import Check
from xiuzhou_desktop.domain.command import Refusal
from xiuzhou_desktop.plugin_api.context import Text

SIGN_PX, LEFT_PX, GAP_PX, ROW_GAP_PX, BAR_PX = 16, 4, 8, 6, 3
NAME_INK, UNMET_INK = Ink("text1"), Ink("text1", weight=Weight.BOLD)
ARTICLE_INK = Ink("text3", Face.LABEL, elide=Elide.ElideRight)
WORDS_INK = Ink("refused", Face.LABEL)
NOTE_INK = Ink("text2", Face.LABEL)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One requirement or limit, in words."""

    name: str
    article: str
    words: str = ""
    is_met: bool = True
    is_fault: bool = True  # whether `words` say what is wrong, or only more


class LineList(Painted):
    """Lines one below the other, as high as they need."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[Line, ...] = ()
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(Policy.Expanding)
        policy.setVerticalPolicy(Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these; the accessible name says them all."""
        self._lines = tuple(lines)
        self.setAccessibleName(
            "\n".join(f"{one.name} {one.article} {one.words}".strip() for one in self._lines)
        )
        self._look_changed()

    def heightForWidth(self, width: int) -> int:
        return round(sum(self._height(one, width) for one in self._lines))

    def sizeHint(self) -> QSize:
        return QSize(px(240), self.heightForWidth(max(self.width(), px(240))))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        y = 0.0
        for line in self._lines:
            height = self._height(line, self.width())
            self._paint(painter, QRectF(0, y, self.width(), height), line)
            y += height

    def _text_x(self) -> float:
        return float(px(LEFT_PX + SIGN_PX + GAP_PX))

    def _height(self, line: Line, width: int) -> float:
        height = float(px(22))
        if line.words:
            height += wrapped_height(line.words, width - self._text_x(), NOTE_INK)
        return height + px(ROW_GAP_PX)

    def _paint(self, painter: QPainter, row: QRectF, line: Line) -> None:
        name, tone = ("check", "text2") if line.is_met else ("circle-x", "refused")
        size = px(SIGN_PX)
        if not line.is_met:
            bar = QRectF(0, row.y(), BAR_PX, row.height() - px(ROW_GAP_PX))
            painter.fillRect(bar, colour("refused"))
        sign = icon_pixmap(name, tone, size, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(px(LEFT_PX) + BAR_PX, row.y() + px(3)), sign)
        x = self._text_x() + BAR_PX
        ink = NAME_INK if line.is_met else UNMET_INK
        cell = QRectF(x, row.y(), row.width() - x, px(22))
        draw_text(painter, cell, line.name, ink)
        x += min(text_width(line.name, ink), cell.width()) + px(GAP_PX)
        draw_text(
            painter,
            QRectF(x, row.y(), max(0.0, row.width() - x), px(22)),
            line.article,
            ARTICLE_INK,
        )
        if line.words:
            room = QRectF(
                self._text_x() + BAR_PX,
                row.y() + px(22),
                row.width() - self._text_x() - BAR_PX,
                row.height(),
            )
            faulty = line.is_fault and not line.is_met
            draw_wrapped(painter, room, line.words, WORDS_INK if faulty else NOTE_INK)


def check_line(check: Check, text: Text, sentences: Sentences) -> Line:
    """A requirement; an unmet one says what is missing and what to do."""
    name = text(f"cases.check.{check.slug.replace('-', '_')}")
    article = sentences.article(check.article)
    if check.is_met:
        return Line(name=name, article=article)
    spoken = sentences.refusal(Refusal(slug=check.slug, facts=check.facts, article=check.article))
    words = " · ".join(part for part in (spoken.text, spoken.remedy) if part)
    return Line(name=name, article=article, words=words, is_met=False)


def limit_line(limit: CaseDeadline, now: datetime, text: Text, sentences: Sentences) -> Line:
    """A running limit: its last day, its length in its own days, whose time it is."""
    words = text(f"cases.limit.until.{limit.unit.value}", day=short_day(limit.at), count=limit.days)
    if limit.is_estimated:
        words = text("cases.limit.estimated", words=words)
    return Line(
        name=text(f"cases.limit.{limit.name}"), article=sentences.article(limit.article),
        words=words, is_met=not limit.binds_us or limit.at >= now,
    )  # fmt: skip

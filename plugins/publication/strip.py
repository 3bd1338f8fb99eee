"""The strip above the ledger: each figure is a count over records and opens into them.

应公示 · 已公示 · 差额 · 期限内 · 超期 · 失败 · 已撤回 │ 公示率 n/m = x % │ 未来 7 个工作日到期
"""

from collections.abc import Mapping
from datetime import date

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from plugins.publication.sections import Tile
from ui.theme.icons import icon_pixmap
from ui.theme.marks import MarkFill, paint_mark
from ui.theme.style import draw_ring, has_keyboard_focus
from ui.theme.textrun import Ink, draw_text, text_width
from ui.theme.theme import colour, px, theme
from ui.theme.type import Face, Weight
from ui.widgets import Painted
from ui.widgets import Text as Label
from xiuzhou_desktop.plugin_api.context import Text

HEIGHT_PX = 72
PAD_PX = 12
TILE_PX, DAY_PX = 72, 62
DAYS = 7
MARK_PX = 16
NOTHING = "—"
NAME_INK = Ink("text2", Face.LABEL)
NUMBER_INK = Ink("text1", Face.TITLE, Weight.BOLD)
NO_INK = Ink("text3", Face.TITLE)
TROUBLES = frozenset({Tile.OVERDUE, Tile.FAILED})


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one period; None: not known on this computer yet. `due` counts by day."""

    counts: Mapping[Tile, int] | None = None
    due: tuple[tuple[date, int], ...] = ()

    def ratio(self) -> tuple[int, int] | None:
        """Published of owed."""
        if self.counts is None:
            return None
        return self.counts[Tile.PUBLISHED], self.counts[Tile.OWED]


class CountTile(QAbstractButton):
    """One figure; pressed, it is the filter."""

    def __init__(self, tile: Tile, name: str) -> None:
        super().__init__()
        self.tile, self._name, self._count = tile, name, NOTHING
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self.updateGeometry)

    def set_count(self, count: int | None) -> None:
        self._count = NOTHING if count is None else f"{count:,}"
        self.setAccessibleDescription(self._count)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        name = text_width(self._name, NAME_INK) + px(MARK_PX + 4 if self.tile in TROUBLES else 0)
        wanted = max(name, text_width(self._count, NUMBER_INK)) + 2 * px(PAD_PX)
        return QSize(max(px(TILE_PX), round(wanted)), px(HEIGHT_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = "sel" if self.isChecked() else "bg3" if self.underMouse() else "bg1"
        painter.fillRect(self.rect(), colour(ground))
        area = QRectF(self.rect()).adjusted(px(PAD_PX), px(12), -px(PAD_PX), -px(10))
        name = QRectF(area.x(), area.y(), area.width(), px(18))
        if self.tile in TROUBLES and self._count not in (NOTHING, "0"):
            name.setLeft(name.x() + self._paint_trouble(painter, name))
        draw_text(painter, name, self._name, NAME_INK)
        number = QRectF(area.x(), name.bottom() + px(2), area.width(), px(28))
        draw_text(painter, number, self._count, NUMBER_INK)
        painter.setPen(QPen(colour("line"), 0))
        painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())
        if has_keyboard_focus(self):
            draw_ring(painter, self.rect(), colour("focus"))

    def _paint_trouble(self, painter: QPainter, name: QRectF) -> float:
        size = px(MARK_PX)
        mark = QRectF(name.x(), name.center().y() - size / 2, size, size)
        if self.tile is Tile.OVERDUE:
            paint_mark(painter, mark, 1, MarkFill.NORMAL)
        else:
            ratio = painter.device().devicePixelRatioF()
            painter.drawPixmap(mark.topLeft(), icon_pixmap("circle-x", "refused", size, ratio))
        return size + 4


class DueDays(Painted):
    """How many fall due on each of the next working days."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._due: tuple[tuple[str, int], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_due(self, due: tuple[tuple[str, int], ...]) -> None:
        self._due = due
        said = "; ".join(f"{day} {count}" for day, count in due)
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(said)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(2 * PAD_PX + DAYS * DAY_PX), px(HEIGHT_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, px(HEIGHT_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("bg1"))
        left = float(px(PAD_PX))
        title = QRectF(left, px(6), self.width() - left, px(18))
        draw_text(painter, title, self._title, NAME_INK)
        for place, (day, count) in enumerate(self._due):
            x = left + place * px(DAY_PX)
            if x + px(DAY_PX) > self.width():
                return
            ink = NUMBER_INK if count else NO_INK
            draw_text(painter, QRectF(x, px(24), px(DAY_PX), px(24)), str(count), ink)
            draw_text(painter, QRectF(x, px(48), px(DAY_PX), px(18)), day, NAME_INK)


class Strip(QFrame):
    """All of it."""

    chosen = Signal(object)  # Tile | None

    def __init__(self, text: Text) -> None:
        super().__init__()
        self._text = text
        self.setProperty("surface", "panel")
        self._tiles = {
            tile: CountTile(tile, text(f"publication.tile.{tile.value}")) for tile in Tile
        }
        self._ratio = RatioFigure(text("publication.ratio"))
        self._days = DueDays(text("publication.due_days"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for tile in self._tiles.values():
            tile.clicked.connect(self._pressed)
            row.addWidget(tile)
        row.addWidget(self._ratio)
        row.addWidget(self._days, 1)
        theme().changed.connect(self._measure)
        self._measure()

    def show_totals(self, totals: Totals) -> None:
        """Figures of the period; a denominator of nought shows no ratio."""
        for tile, widget in self._tiles.items():
            widget.set_count(None if totals.counts is None else totals.counts[tile])
        self._ratio.set_words(ratio_words(self._text, totals.ratio()))
        self._days.set_due(tuple((f"{day:%m-%d}", count) for day, count in totals.due))

    def release(self) -> None:
        """No tile filters any more."""
        for tile in self._tiles.values():
            tile.setChecked(False)

    def _pressed(self) -> None:
        pressed = self.sender()
        if not isinstance(pressed, CountTile):
            return
        for tile in self._tiles.values():
            if tile is not pressed:
                tile.setChecked(False)
        self.chosen.emit(pressed.tile if pressed.isChecked() else None)

    def _measure(self) -> None:
        self.setFixedHeight(px(HEIGHT_PX))


class RatioFigure(QWidget):
    """634/642 = 98.8 %: the fraction before the share, so that nobody reads one alone."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._words = Label(NOTHING, NUMBER_INK)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(PAD_PX), px(10), px(PAD_PX), px(10))
        column.setSpacing(2)
        column.addWidget(Label(name, NAME_INK))
        column.addWidget(self._words)
        column.addStretch(1)

    def set_words(self, words: str) -> None:
        self._words.setText(words)


def ratio_words(text: Text, ratio: tuple[int, int] | None) -> str:
    """— where nothing was owed; never rounded up to 100 %."""
    if ratio is None or ratio[1] == 0:
        return NOTHING
    published, owed = ratio
    tenths = published * 1000 // owed
    share = f"{tenths // 10}.{tenths % 10}"
    return text("publication.ratio.words", published=published, owed=owed, share=share)

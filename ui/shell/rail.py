"""The rail at the left, 64 px: the panels of the workspace, icon over name, with what is unseen in
them.

Below 1500 px of window width it is 48 px wide and shows icons only, the name in the tool tip.
"""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout

from ui.theme.chips import paint_keycap
from ui.theme.icons import IconSize, icon_pixmap
from ui.theme.style import draw_ring, has_keyboard_focus
from ui.theme.textrun import Align, Ink, draw_text, text_width
from ui.theme.theme import colour, px, theme
from ui.theme.type import Face

WIDE_PX, NARROW_PX = 64, 48
WIDE_ITEM_PX, NARROW_ITEM_PX = 56, 44
BAR_PX = 3
DOT_PX = 6
URGENT = (1, 2)
COUNT_INK = Ink("text1", Face.LABEL)


class RailPanel(msgspec.Struct, frozen=True, kw_only=True):
    """A panel as the rail shows it."""

    id: str
    title: str
    short: str
    icon: str


class RailItem(QAbstractButton):
    """One panel; its unseen count as a plain number, a dot if an urgent one is among them."""

    def __init__(self, panel: RailPanel, key: str) -> None:
        super().__init__()
        self.panel = panel
        self._key = key
        self._unseen, self._priority = 0, 0
        self._is_narrow = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.updateGeometry)
        self._name()

    def set_unseen(self, count: int, priority: int, sentence: str) -> None:
        self._unseen, self._priority = count, priority
        self._name(sentence)
        self.update()

    def set_narrow(self, narrow: object) -> None:
        self._is_narrow = bool(narrow)
        self.updateGeometry()
        self.update()

    def _name(self, sentence: str = "") -> None:
        name = sentence or self.panel.title
        self.setAccessibleName(name)
        self.setToolTip(f"{name}  {self._key}" if self._key else name)

    def sizeHint(self) -> QSize:
        if self._is_narrow:
            return QSize(px(NARROW_PX), px(NARROW_ITEM_PX))
        return QSize(px(WIDE_PX), px(WIDE_ITEM_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked() or self.underMouse():
            painter.fillRect(self.rect(), colour("bg3"))
        if self.isChecked():
            painter.fillRect(QRectF(0, 0, BAR_PX, self.height()), colour("accent"))
        tone = "text1" if self.isChecked() else "text2"
        size = px(IconSize.RAIL)
        top = (self.height() - size) / 2 if self._is_narrow else px(8)
        picture = icon_pixmap(self.panel.icon, tone, size, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(round((self.width() - size) / 2), round(top)), picture)
        if not self._is_narrow:
            line = QRectF(0, px(34), self.width(), px(18))
            draw_text(painter, line, self.panel.short, Ink(tone, Face.LABEL), Align.AlignHCenter)
        if self._unseen:
            self._paint_unseen(painter)
        if has_keyboard_focus(self):
            draw_ring(painter, self.rect(), colour("focus"))

    def _paint_unseen(self, painter: QPainter) -> None:
        count = f"{self._unseen:,}"
        right = self.width() - px(4)
        width = text_width(count, COUNT_INK)
        draw_text(painter, QRectF(right - width, px(2), width + 1, px(18)), count, COUNT_INK)
        if self._priority in URGENT:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(f"p{self._priority}_edge"))
            painter.drawEllipse(
                QPointF(right - px(DOT_PX) / 2, px(24)), px(DOT_PX) / 2, px(DOT_PX) / 2
            )


class HelpItem(QAbstractButton):
    """F1, at the foot of the rail."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(f"{name}  F1")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(px(NARROW_PX), px(WIDE_ITEM_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = px(IconSize.BAR)
        picture = icon_pixmap("help-circle", "text2", size, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(round((self.width() - size) / 2), px(4)), picture)
        paint_keycap(painter, QRectF(0, px(28), self.width(), px(20)), "F1")
        if has_keyboard_focus(self):
            draw_ring(painter, self.rect(), colour("focus"))


class Rail(QFrame):
    """The panels of the workspace."""

    chosen = Signal(str)
    help_wanted = Signal()

    def __init__(self, name: str, help_name: str) -> None:
        super().__init__()
        self._items: dict[str, RailItem] = {}
        self._is_narrow = False
        self.setProperty("bar", "rail")
        self.setAccessibleName(name)
        self._help = HelpItem(help_name)
        self._help.clicked.connect(self.help_wanted)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._column.addWidget(self._help, 0, Qt.AlignmentFlag.AlignHCenter)
        theme().changed.connect(self._measure)
        self._measure()

    def set_panels(self, panels: Sequence[RailPanel]) -> None:
        for item in self._items.values():
            self._column.removeWidget(item)
            item.deleteLater()
        self._items = {}
        for number, panel in enumerate(panels):
            item = RailItem(panel, f"Ctrl+{number + 1}" if number < 9 else "")
            item.set_narrow(self._is_narrow)
            item.clicked.connect(self._clicked)
            self._column.insertWidget(number, item)
            self._items[panel.id] = item

    def set_current(self, panel: str | None) -> None:
        for name, item in self._items.items():
            item.setChecked(name == panel)

    def set_unseen(self, panel: str, count: int, priority: int, sentence: str) -> None:
        if panel in self._items:
            self._items[panel].set_unseen(count, priority, sentence)

    def set_narrow(self, narrow: object) -> None:
        self._is_narrow = bool(narrow)
        for item in self._items.values():
            item.set_narrow(narrow)
        self._measure()

    def _clicked(self) -> None:
        item = self.sender()
        item.setChecked(True)
        self.chosen.emit(item.panel.id)

    def _measure(self) -> None:
        self.setFixedWidth(px(NARROW_PX if self._is_narrow else WIDE_PX))

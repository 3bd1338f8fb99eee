"""The lowest two lines of the window: what the keys do here, and how the links stand."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.theme.chips import keycap_width, paint_keycap
from ui.theme.icons import icon_pixmap
from ui.theme.style import draw_ring, has_keyboard_focus
from ui.theme.textrun import Ink, draw_text, text_width
from ui.theme.theme import colour, px, theme
from ui.theme.type import Face, Weight
from ui.widgets.painted import Painted, Policy

BAR_PX = 28
PAD_PX = 12
ITEM_GAP_PX = 16
GAP_PX = 6
ICON_PX = 16
ITEM_INK = Ink("text2", Face.LABEL)


class KeyItem(msgspec.Struct, frozen=True):
    """Keys and what they do: ("J", "K"), 下一条 / 上一条."""

    keys: tuple[str, ...]
    text: str


class KeyBar(Painted):
    """The keys of the focused region, most used first; what has no room is left to F1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: tuple[KeyItem, ...] = ()
        self._tail: KeyItem | None = None
        self.setSizePolicy(Policy.Expanding, Policy.Fixed)

    def set_items(self, items: Sequence[KeyItem], tail: KeyItem | None = None) -> None:
        if (tuple(items), tail) == (self._items, self._tail):
            return
        self._items, self._tail = tuple(items), tail
        named = (*self._items, *((tail,) if tail else ()))
        self.setAccessibleName(" · ".join(f"{' '.join(i.keys)} {i.text}" for i in named))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(200), px(BAR_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(100), px(BAR_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colour("bg2"))
        painter.fillRect(QRectF(0, 0, self.width(), 1), colour("line"))
        end = self.width() - px(PAD_PX)
        if self._tail is not None:
            end -= _item_width(self._tail)
            self._paint_item(painter, end, self._tail)
            end -= px(ITEM_GAP_PX)
        x: float = px(PAD_PX)
        for item in self._items:
            if x + _item_width(item) > end:
                break
            x = self._paint_item(painter, x, item) + px(ITEM_GAP_PX)

    def _paint_item(self, painter: QPainter, x: float, item: KeyItem) -> float:
        for key in item.keys:
            width = keycap_width(key)
            paint_keycap(painter, QRectF(x, 0, width, self.height()), key)
            x += width + GAP_PX
        line = QRectF(x, 0, self.width() - x, self.height())
        return x + draw_text(painter, line, item.text, ITEM_INK)


def _item_width(item: KeyItem) -> float:
    caps = sum(keycap_width(key) + GAP_PX for key in item.keys)
    return caps + text_width(item.text, ITEM_INK)


class StatusTone(StrEnum):
    NORMAL = "normal"
    OFFLINE = "offline"
    PENDING = "pending"
    REFUSED = "refused"
    PAST = "past"


class StatusText(msgspec.Struct, frozen=True, kw_only=True):
    """What a field of the status bar says: icon, the fact in bold, the rest, trouble, key."""

    text: str = ""
    strong: str = ""
    trouble: str = ""
    icon: str = ""
    key: str = ""
    tone: StatusTone = StatusTone.NORMAL


ICON_TONES = {
    StatusTone.NORMAL: "text2",
    StatusTone.OFFLINE: "offline",
    StatusTone.PENDING: "pending",
    StatusTone.REFUSED: "refused",
    StatusTone.PAST: "accent",
}


class StatusField(QAbstractButton):
    """One fact of the status bar; pressing it opens what it speaks of."""

    def __init__(self, status: StatusText | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status = status or StatusText()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self._look_changed)
        self.set_status(self._status)

    def status(self) -> StatusText:
        return self._status

    def set_status(self, status: StatusText) -> None:
        self._status = status
        parts = (status.strong, status.text, status.trouble)
        self.setAccessibleName(" ".join(part for part in parts if part))
        self._look_changed()

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()

    def _runs(self) -> tuple[tuple[str, Ink], ...]:
        plain = "accent" if self._status.tone is StatusTone.PAST else "text2"
        return (
            (self._status.strong, Ink("text1", Face.LABEL, Weight.BOLD)),
            (self._status.text, Ink(plain, Face.LABEL)),
            (self._status.trouble, Ink("refused", Face.LABEL)),
        )

    def sizeHint(self) -> QSize:
        width = 2 * px(PAD_PX) + sum(text_width(t, ink) + GAP_PX for t, ink in self._runs() if t)
        if self._status.icon:
            width += px(ICON_PX) + GAP_PX
        if self._status.key:
            width += keycap_width(self._status.key) + GAP_PX
        return QSize(round(width - GAP_PX) + 1, px(BAR_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_raised = self._status.tone is StatusTone.OFFLINE or self.underMouse()
        painter.fillRect(self.rect(), colour("bg3" if is_raised else "bg2"))
        painter.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), colour("line"))
        x: float = px(PAD_PX)
        if self._status.icon:
            size = px(ICON_PX)
            tone = ICON_TONES[self._status.tone]
            picture = icon_pixmap(self._status.icon, tone, size, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(x, round((self.height() - size) / 2)), picture)
            x += size + GAP_PX
        for text, ink in self._runs():
            if text:
                line = QRectF(x, 0, self.width() - x, self.height())
                x += draw_text(painter, line, text, ink) + GAP_PX
        if self._status.key:
            width = keycap_width(self._status.key)
            paint_keycap(painter, QRectF(x, 0, width, self.height()), self._status.key)
        if has_keyboard_focus(self):
            draw_ring(painter, self.rect(), colour("focus"))

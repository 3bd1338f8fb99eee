"""Things to press. A button shows its key; one that may not be pressed says why.

Buttons take the focus from Tab only: a click leaves the list where the hand was.
"""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.theme.chips import paint_keycap
from ui.theme.icons import icon_pixmap
from ui.theme.style import draw_ring, has_keyboard_focus
from ui.theme.textrun import Align, Ink, draw_text, draw_wrapped, text_width, wrapped_height
from ui.theme.theme import colour, px, theme
from ui.theme.type import Face, Weight

RADIUS = 2
PAD_PX = 12
GAP_PX = 8
ICON_PX = 16
KEY_BUTTON_PX = 56
KEY_BOX_PX = 28


class ButtonKind(StrEnum):
    NORMAL = "normal"
    PRIMARY = "primary"
    QUIET = "quiet"
    CHOSEN = "chosen"  # one of several options, the one that counts


class Button(QAbstractButton):
    """Icon, text and key. PRIMARY is filled only in the front window; 24, 32 or 40 px high."""

    def __init__(
        self,
        text: str,
        *,
        key: str = "",
        icon_name: str = "",
        kind: ButtonKind = ButtonKind.NORMAL,
        height: int = 32,
    ) -> None:
        super().__init__()
        self._key, self._icon_name, self._kind, self._height = key, icon_name, kind, height
        self._reason: str | None = None
        self.setText(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self._look_changed)

    @property
    def kind(self) -> ButtonKind:
        return self._kind

    @property
    def reason(self) -> str | None:
        return self._reason

    def set_kind(self, kind: ButtonKind) -> None:
        self._kind = kind
        self.update()

    def set_text(self, text: str) -> None:
        self.setText(text)
        self.setAccessibleName(text)
        self._look_changed()

    def set_icon(self, name: str) -> None:
        self._icon_name = name
        self._look_changed()

    def set_reason(self, reason: str | None) -> None:
        """Disable with the reason, or enable with None."""
        self._reason = reason
        self.setEnabled(reason is None)
        self.setToolTip(reason or "")
        self.setAccessibleDescription(reason or "")
        self._look_changed()

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()

    def _is_filled(self) -> bool:
        return self._kind is ButtonKind.PRIMARY and self.isEnabled() and self.isActiveWindow()

    def _tone(self, tone: str) -> str:
        if not self.isEnabled():
            return "text3"
        return "on_primary" if self._is_filled() else tone

    def _text_ink(self) -> Ink:
        is_strong = self._kind is ButtonKind.PRIMARY
        tone = "text2" if self._kind is ButtonKind.QUIET else "text1"
        return Ink(self._tone(tone), Face.BODY, Weight.BOLD if is_strong else Weight.REGULAR)

    def _key_ink(self) -> Ink:
        return Ink(self._tone("text2"), Face.LABEL)

    def _paint_frame(self, painter: QPainter) -> None:
        ground, edge = _frame_tokens(self, self._kind, self._is_filled())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour(edge), 1) if edge else Qt.PenStyle.NoPen)
        painter.setBrush(colour(ground) if ground else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        if has_keyboard_focus(self):
            draw_ring(painter, self.rect(), colour("focus"))

    def sizeHint(self) -> QSize:
        width = text_width(self.text(), self._text_ink()) + 2 * px(PAD_PX)
        if self._icon_name:
            width += px(ICON_PX) + GAP_PX
        if self._key:
            width += _key_width(self._key, self._key_ink()) + GAP_PX
        return QSize(round(width) + 1, px(self._height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_frame(painter)
        x = self._left()
        if self._icon_name:
            size = px(ICON_PX)
            picture = icon_pixmap(
                self._icon_name, self._text_ink().tone, size, self.devicePixelRatioF()
            )
            painter.drawPixmap(QPointF(round(x), round((self.height() - size) / 2)), picture)
            x += size + GAP_PX
        line = QRectF(x, 0, self.width() - x, self.height())
        x += draw_text(painter, line, self.text(), self._text_ink()) + GAP_PX
        if self._key:
            self._paint_key(painter, x)

    def _left(self) -> float:
        """Where the content begins: in the middle."""
        return (self.width() - self.sizeHint().width()) / 2 + px(PAD_PX)

    def _paint_key(self, painter: QPainter, x: float) -> None:
        width = _key_width(self._key, self._key_ink())
        paint_keycap(painter, QRectF(x, 0, width, self.height()), self._key, self._key_ink())


class RowButton(Button):
    """One of a column: icons and words on a line at the left, keys on a line at the right."""

    def _left(self) -> float:
        return px(PAD_PX)

    def _paint_key(self, painter: QPainter, _x: float) -> None:
        width = _key_width(self._key, self._key_ink())
        super()._paint_key(painter, self.width() - px(PAD_PX) - width)


class KeyButton(Button):
    """A verdict: its number in a box, what it says, and what follows or why it may not be."""

    def __init__(
        self, key: str, title: str, note: str = "", kind: ButtonKind = ButtonKind.NORMAL
    ) -> None:
        super().__init__(title, key=key, kind=kind, height=KEY_BUTTON_PX)
        self._note = note
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription(note)

    def set_texts(self, title: str, note: str) -> None:
        self._note = note
        self.set_text(title)
        self.setAccessibleDescription(self.reason or note)

    def set_reason(self, reason: str | None) -> None:
        """As for every button; an enabled one is described by its note."""
        super().set_reason(reason)
        self.setAccessibleDescription(reason or self._note)

    def sizeHint(self) -> QSize:
        words = max(
            text_width(self.text(), self._title_ink()), text_width(self._shown_note(), _NOTE_INK)
        )
        return QSize(round(words) + px(KEY_BOX_PX) + 3 * px(PAD_PX), px(KEY_BUTTON_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(KEY_BOX_PX) * 3 + 2 * px(PAD_PX), px(KEY_BUTTON_PX))

    def _title_ink(self) -> Ink:
        return Ink(self._tone("text1"), Face.TITLE, Weight.BOLD)

    def _shown_note(self) -> str:
        return self._reason or self._note

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_frame(painter)
        side = px(KEY_BOX_PX)
        box = QRectF(px(10), round((self.height() - side) / 2), side, side)
        painter.setPen(QPen(colour(self._tone("edge")), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        draw_text(painter, box, self._key, self._title_ink(), Align.AlignHCenter)
        x = box.right() + px(PAD_PX)
        self._paint_words(painter, QRectF(x, 0, self.width() - x - px(6), self.height()))

    def _paint_words(self, painter: QPainter, room: QRectF) -> None:
        """Title over note; a note too long for one line takes two, and the title gives way."""
        note, ink = self._shown_note(), Ink(self._tone("text2"), Face.LABEL)
        if not note:
            self._paint_title_alone(painter, room)
            return
        if text_width(note, ink) <= room.width():
            title = QRectF(room.x(), px(6), room.width(), px(24))
            draw_text(painter, title, self.text(), self._title_ink())
            draw_text(painter, QRectF(room.x(), px(30), room.width(), px(18)), note, ink)
            return
        title = QRectF(room.x(), px(1), room.width(), px(19))
        small_title = Ink(self._tone("text1"), Face.BODY, Weight.BOLD)
        draw_text(painter, title, self.text(), small_title)
        draw_wrapped(painter, QRectF(room.x(), px(19), room.width(), px(36)), note, ink)

    def _paint_title_alone(self, painter: QPainter, room: QRectF) -> None:
        """In one line; a title too long for it is smaller, in two."""
        if text_width(self.text(), self._title_ink()) <= room.width():
            draw_text(painter, room, self.text(), self._title_ink())
            return
        ink = Ink(self._tone("text1"), Face.BODY, Weight.BOLD)
        lines = QRectF(0, 0, room.width(), wrapped_height(self.text(), room.width(), ink))
        lines.moveCenter(room.center())
        draw_wrapped(painter, lines, self.text(), ink)


_NOTE_INK = Ink("text2", Face.LABEL)


def _key_width(key: str, ink: Ink) -> float:
    return max(px(18), round(text_width(key, ink) + 10))


def _frame_tokens(button: QWidget, kind: ButtonKind, filled: object) -> tuple[str, str]:
    """Ground and edge; "" where there is none."""
    is_hot = button.isEnabled() and button.underMouse()
    if filled:
        return "primary", "accent"
    if kind is ButtonKind.CHOSEN:
        return "sel", "accent"
    if kind is ButtonKind.QUIET:
        return ("bg3" if is_hot else ""), ""
    return ("bg3" if is_hot else "bg2"), ("edge" if button.isEnabled() else "line")

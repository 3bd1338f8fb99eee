"""Things to read: text in a tone, section titles, and the small signs of the theme as widgets."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.theme.chips import (
    CHIP_HEIGHT,
    KEYCAP_HEIGHT,
    PLATE_HEIGHT,
    Chip,
    chip_width,
    keycap_width,
    paint_chip,
    paint_keycap,
    paint_plate,
    plate_width,
)
from ui.theme.icons import IconSize, icon_pixmap
from ui.theme.marks import MARK_PX, MarkFill, paint_mark
from ui.theme.textrun import Elide, Ink, draw_text, text_width
from ui.theme.theme import colour, px, theme
from ui.theme.type import Face, Weight, build_font
from ui.widgets.painted import Painted, Policy

ROLE = QPalette.ColorRole.WindowText
BODY = Ink()
LABEL = Ink("text2", Face.LABEL)
HINT = Ink("text3", Face.LABEL)
TITLE = Ink("text1", Face.TITLE, Weight.BOLD)
FIGURE = Ink("text1", Face.FIGURE, Weight.BOLD)


class Text(QLabel):
    """A label in a tone, a face and a weight; wraps if `setWordWrap` says so."""

    def __init__(self, text: str = "", ink: Ink = BODY, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._ink = ink
        self.setTextFormat(Qt.TextFormat.PlainText)
        theme().changed.connect(self._dress)
        self._dress()

    def set_ink(self, ink: Ink) -> None:
        self._ink = ink
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        # Under a style sheet a new parent brings back the palette that the last theme gave.
        super().changeEvent(event)
        is_other = self.palette().color(ROLE) != colour(self._ink.tone)
        if event.type() == QEvent.Type.PaletteChange and is_other:
            self._dress()

    def _dress(self) -> None:
        palette = QPalette(self.palette())
        palette.setColor(ROLE, colour(self._ink.tone))
        self.setPalette(palette)
        self.setFont(build_font(self._ink.face, self._ink.weight, theme().scale, self._ink.family))


class ElidedText(Painted):
    """One line that gives way: cut where its ink says, whole in the tool tip."""

    def __init__(
        self,
        text: str = "",
        ink: Ink = Ink(elide=Elide.ElideMiddle),  # noqa: B008  (frozen)
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ink = ink
        self._text = ""
        self.setSizePolicy(Policy.Expanding, Policy.Fixed)
        self.set_text(text)

    def text(self) -> str:
        return self._text

    def set_text(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self.setToolTip(text)
        self._look_changed()

    def sizeHint(self) -> QSize:
        return QSize(round(text_width(self._text, self._ink)) + 1, px(self._ink.face.line_px))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(24), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_text(QPainter(self), QRectF(self.rect()), self._text, self._ink)


class SectionTitle(QWidget):
    """What a section holds, and beside it a count or note in a hint's tone."""

    def __init__(self, title: str, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Text(title, LABEL)
        self._note = Text(note, HINT)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(8)
        self.row.addWidget(self._title)
        self.row.addWidget(self._note)
        self.row.addStretch(1)
        self.set_texts(title, note)

    def set_texts(self, title: str, note: str = "") -> None:
        self._title.setText(title)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.setAccessibleName(title)


class RuledTitle(SectionTitle):
    """A section's title under the line that ends the section before it."""

    def __init__(self, title: str, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, note, parent)
        self.row.setContentsMargins(0, px(8), 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(0, 0, self.width(), 1, colour("line"))


class Rule(Painted):
    """A line of one px between sections."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(Policy.Expanding, Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(1, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour("line"))


class IconLabel(Painted):
    """An icon that stands beside a word."""

    def __init__(
        self,
        name: str,
        token: str = "text2",
        size: int = IconSize.ROW,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._token, self._size = name, token, size

    def set_icon(self, name: str, token: str) -> None:
        self._name, self._token = name, token
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(self._size), px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        picture = icon_pixmap(self._name, self._token, px(self._size), self.devicePixelRatioF())
        QPainter(self).drawPixmap(0, 0, picture)


class KeyCap(Painted):
    """A key in a box: [F8]."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setAccessibleName(key)

    def sizeHint(self) -> QSize:
        return QSize(round(keycap_width(self._key)), px(KEYCAP_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_keycap(QPainter(self), QRectF(self.rect()), self._key)


class PlateLabel(Painted):
    """A number plate in its box, begun by the name of its colour."""

    def __init__(
        self, plate: str = "", colour_name: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.set_plate(plate, colour_name)

    def set_plate(self, plate: str, colour_name: str | None) -> None:
        self._plate, self._colour_name = plate, colour_name
        self.setAccessibleName(f"{colour_name or ''}{plate}")
        self._look_changed()

    def sizeHint(self) -> QSize:
        return QSize(round(plate_width(self._plate, self._colour_name)) + 1, px(PLATE_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_plate(QPainter(self), QRectF(self.rect()), self._plate, self._colour_name)


class MarkLabel(Painted):
    """A priority mark."""

    def __init__(
        self, priority: int = 4, size: int = MARK_PX, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._size = size
        self._fill = MarkFill.NORMAL
        self.set_priority(priority)

    def set_priority(self, priority: int) -> None:
        self._priority = priority
        self.setAccessibleName(str(priority))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(self._size), px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_mark(QPainter(self), QRectF(self.rect()), self._priority, self._fill)


class ChipLabel(Painted):
    """A state chip."""

    def __init__(self, chip: Chip, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_chip(chip)

    def set_chip(self, chip: Chip) -> None:
        self._chip = chip
        self.setAccessibleName(chip.text)
        self._look_changed()

    def sizeHint(self) -> QSize:
        return QSize(round(chip_width(self._chip)) + 2, px(CHIP_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_chip(painter, QRectF(self.rect()), self._chip)


def wrapped(text: str, ink: Ink = BODY) -> Text:
    """A label of as many lines as it needs."""
    label = Text(text, ink)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return label

"""Small boxed signs: state chips, plates, key caps.

A state is told by icon, word and the style of its line, never by colour alone: dashed = not
confirmed yet, solid = settled against the officer, hatched = old.
"""

from enum import StrEnum

import msgspec
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from ui.theme.icons import icon_pixmap
from ui.theme.textrun import Align, Ink, draw_text, text_width
from ui.theme.theme import colour, px
from ui.theme.type import Face, Weight

CHIP_HEIGHT = 20
PLATE_HEIGHT = 22
KEYCAP_HEIGHT = 18
ICON_PX = 14
PAD = 4
ICON_GAP = 3
RADIUS = 2
DASH = [3.0, 2.0]


class ChipState(StrEnum):
    PENDING = "pending"
    TENTATIVE = "tentative"
    REFUSED = "refused"
    EXPIRED = "expired"
    FROZEN = "frozen"
    STALE = "stale"
    OFFLINE = "offline"
    HELD = "held"
    PAUSED = "paused"
    MINE = "mine"
    PLAIN = "plain"


class Chip(msgspec.Struct, frozen=True):
    """A state and its word."""

    state: ChipState
    text: str


class ChipLook(msgspec.Struct, frozen=True):
    """Colour token of word and icon, icon, and the line around (None: no box)."""

    tone: str
    icon: str
    line: str | None
    pen: Qt.PenStyle = Qt.PenStyle.SolidLine
    width: float = 1.5


LOOKS = {
    ChipState.PENDING: ChipLook("pending", "cloud-up", "pending", Qt.PenStyle.DashLine),
    ChipState.TENTATIVE: ChipLook("pending", "user-check", "pending", Qt.PenStyle.DashLine),
    ChipState.REFUSED: ChipLook("refused", "circle-x", "refused"),
    ChipState.EXPIRED: ChipLook("refused", "hourglass-off", "refused"),
    ChipState.FROZEN: ChipLook("frozen", "snowflake", "frozen"),
    ChipState.STALE: ChipLook("stale", "clock-exclamation", None),
    ChipState.OFFLINE: ChipLook("offline", "plug-connected-x", None),
    ChipState.HELD: ChipLook("text3", "user", None),
    ChipState.PAUSED: ChipLook("text2", "player-pause", "edge", width=1.0),
    ChipState.MINE: ChipLook("text1", "user-check", "edge", width=1.0),
    ChipState.PLAIN: ChipLook("text2", "", "edge", width=1.0),
}

PLATE_INK = Ink("text1", Face.BODY)
PLATE_NAME_INK = Ink("text2", Face.LABEL)
KEYCAP_INK = Ink("text2", Face.LABEL)


def chip_width(chip: Chip) -> float:
    icon_width = px(ICON_PX) + ICON_GAP if LOOKS[chip.state].icon else 0
    return 2 * PAD + icon_width + text_width(chip.text, _chip_ink(chip))


def paint_chip(painter: QPainter, rect: QRectF, chip: Chip) -> None:
    """Paint a chip at the left of a rectangle, vertically centred, cut at its right edge."""
    look = LOOKS[chip.state]
    width = min(chip_width(chip), rect.width())
    box = QRectF(rect.x(), rect.center().y() - px(CHIP_HEIGHT) / 2, width, px(CHIP_HEIGHT))
    if chip.state is ChipState.STALE:
        paint_hatch(painter, box)
    if look.line is not None:
        _outline(painter, box, look)
    x = box.x() + PAD
    if look.icon:
        size = px(ICON_PX)
        ratio = painter.device().devicePixelRatioF()
        top = round(box.center().y() - size / 2)
        painter.drawPixmap(QPointF(round(x), top), icon_pixmap(look.icon, look.tone, size, ratio))
        x += size + ICON_GAP
    draw_text(painter, QRectF(x, box.y(), box.right() - PAD / 2 - x, box.height()), chip.text,
              _chip_ink(chip))  # fmt: skip


def paint_hatch(painter: QPainter, rect: QRectF) -> None:
    """The sign of old data: thin diagonals behind the text."""
    painter.fillRect(rect, QBrush(colour("line"), Qt.BrushStyle.BDiagPattern))


def plate_width(plate: str, colour_name: str | None) -> float:
    name = text_width(colour_name, PLATE_NAME_INK) + 2 * PAD if colour_name else 0
    return name + text_width(plate, PLATE_INK) + 2 * PAD + 2


def paint_plate(painter: QPainter, rect: QRectF, plate: str, colour_name: str | None) -> float:
    """A number plate in a one px box that begins with the name of its colour; returns the width."""
    width, height = plate_width(plate, colour_name), px(PLATE_HEIGHT)
    box = QRectF(rect.x(), round(rect.center().y() - height / 2), round(width), height)
    x = box.x()
    if colour_name:
        name_width = text_width(colour_name, PLATE_NAME_INK) + 2 * PAD
        cell = QRectF(x, box.y(), round(name_width), height)
        painter.fillRect(cell, colour("bg3"))
        draw_text(painter, cell, colour_name, PLATE_NAME_INK, Align.AlignHCenter)
        x = cell.right()
    _frame(painter, box, colour("edge"))
    draw_text(painter, QRectF(x + PAD, box.y(), width, height), plate, PLATE_INK)
    return width


def keycap_width(text: str) -> float:
    return max(px(KEYCAP_HEIGHT), round(text_width(text, KEYCAP_INK) + 2 * PAD + 2))


def paint_keycap(painter: QPainter, rect: QRectF, text: str, ink: Ink = KEYCAP_INK) -> None:
    """A key in a small box, centred in a rectangle."""
    height = px(KEYCAP_HEIGHT)
    width = max(height, round(text_width(text, ink) + 2 * PAD + 2))
    box = QRectF(round(rect.center().x() - width / 2), round(rect.center().y() - height / 2),
                 width, height)  # fmt: skip
    tone = "edge" if ink.tone in {"text1", "text2", "text3"} else ink.tone
    _frame(painter, box, colour(tone))
    draw_text(painter, box, text, ink, Align.AlignHCenter)


def _chip_ink(chip: Chip) -> Ink:
    return Ink(LOOKS[chip.state].tone, Face.LABEL, Weight.REGULAR)


def _outline(painter: QPainter, box: QRectF, look: ChipLook) -> None:
    pen = QPen(colour(look.line or look.tone), look.width, look.pen)
    if look.pen is Qt.PenStyle.DashLine:
        pen.setDashPattern(DASH)
    inset = look.width / 2
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)


def _frame(painter: QPainter, box: QRectF, edge: QColor) -> None:
    painter.setPen(QPen(edge, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

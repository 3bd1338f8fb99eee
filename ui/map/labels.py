"""Words on the map: text2 with a halo of the ground, drawn once and kept; none touches another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from ui.theme import Face, colour, font, theme

HALO_PX = 3.0
GAP_PX = 3.0
LINE_PX = 4.0  # half of a street and of the track that lies on it
KEPT_LABELS = 1024


class Label(msgspec.Struct, frozen=True):
    """A name and the points that its middle may lie at, the best first.

    `aside`: of a name along a line the unit vector across it; the name stands on that side of a
    spot or on the other, clear of what drives there.
    """

    text: str
    spots: tuple[QPointF, ...]
    aside: QPointF | None = None


def paint_labels(
    painter: QPainter, labels: list[Label], window: QRectF, taken: list[QRectF]
) -> None:
    """In order; what finds no spot without touching something is left out. What is drawn is added
    to `taken`.
    """
    for label in labels:
        rect = QRectF(QPointF(0, 0), label_size(label.text))
        for middle in _middles(label, rect.size()):
            rect.moveCenter(middle)
            if window.contains(rect) and not any(rect.intersects(other) for other in taken):
                taken.append(rect.adjusted(-GAP_PX, -GAP_PX, GAP_PX, GAP_PX))
                paint_label(painter, rect.topLeft(), label.text, "text2")
                break


def _middles(label: Label, size: QSizeF) -> Iterator[QPointF]:
    """Where its middle may lie; beside a line all of one side before the other."""
    if label.aside is None:
        yield from label.spots
        return
    x, y = label.aside.x(), label.aside.y()
    away = label.aside * (abs(x) * size.width() / 2 + abs(y) * size.height() / 2 + LINE_PX)
    for side in (away, -away):
        for spot in label.spots:
            yield spot + side


def beside(
    spot: QRectF,
    size: QSizeF,
    room: QRectF,
    taken: list[QRectF],
    is_free: Callable[[QRectF], bool] = lambda _box: True,
) -> QRectF | None:
    """Where words of that size stand next to a spot: the first of right, left, below, above and the
    four corners that lies in the room, touches nothing and is free. None: nowhere."""
    box = QRectF(QPointF(0, 0), size)
    middle = spot.center()
    across = spot.width() / 2 + GAP_PX + size.width() / 2
    down = spot.height() / 2 + GAP_PX + size.height() / 2
    straight = ((across, 0.0), (-across, 0.0), (0.0, down), (0.0, -down))
    corners = tuple((x, y) for y in (down, -down) for x in (across, -across))
    for x, y in straight + corners:
        box.moveCenter(middle + QPointF(x, y))
        is_in = room.contains(box) and not any(box.intersects(other) for other in taken)
        if is_in and is_free(box):
            return box
    return None


def label_size(text: str) -> QSizeF:
    metrics = QFontMetricsF(font(Face.LABEL))
    return QSizeF(metrics.horizontalAdvance(text) + 2 * HALO_PX, metrics.height() + 2)


def paint_label(painter: QPainter, at: QPointF, text: str, token: str) -> None:
    """At its left upper corner."""
    device = painter.device()
    ratio = device.devicePixelRatioF() if device else 1.0
    tones = (colour(token).name(), colour("bg0").name())
    painter.drawPixmap(at, _picture(text, tones, theme().scale, ratio))


@lru_cache(maxsize=KEPT_LABELS)
def _picture(text: str, tones: tuple[str, str], _scale: float, ratio: float) -> QPixmap:
    face = font(Face.LABEL)
    metrics = QFontMetricsF(face)
    width = metrics.horizontalAdvance(text) + 2 * HALO_PX
    height = metrics.height() + 2
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    words = QPainterPath()
    words.addText(QPointF(HALO_PX, metrics.ascent() + 1), face, text)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    halo = QPen(QColor(tones[1]), 2 * HALO_PX)
    halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(words, halo)
    painter.fillPath(words, QColor(tones[0]))
    painter.end()
    return pixmap

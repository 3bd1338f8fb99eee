"""What is drawn over a picture: the box around the object, the zone it broke, the watermark.

A picture is the same in both themes, so what lies on it takes the dark theme's colours, with a dark
casing that holds on any ground.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from ui.theme import Face, font, px, theme
from ui.theme.tokens import TOKENS, ThemeName

ON_PICTURE = TOKENS[ThemeName.DARK]

BOX_PX = 2.0
ZONE_PX = 1.5
CASING_PX = 2.0
ZONE_DASH = [5.0, 3.0]
LABEL_PAD_PX = 6
WRITTEN_PART = 0.09
"""Along its upper and lower edge a camera writes clock and place into its picture."""
LABEL_GROUND_ALPHA = 217  # 85 %
CASING_ALPHA = 150
WATERMARK_ALPHA = 26  # 10 % of 255, look.md §6.2
WATERMARK_TILE_PX = (420, 230)
WATERMARK_TURN_DEG = -16.0


class BoxMark(msgspec.Struct, frozen=True, kw_only=True):
    """A box in parts of the picture (0..1) with its label and the priority that colours it."""

    left: float
    top: float
    right: float
    bottom: float
    label: str = ""
    priority: int = 3


class ZoneMark(msgspec.Struct, frozen=True, kw_only=True):
    """A polygon in parts of the picture (0..1)."""

    points: tuple[tuple[float, float], ...]
    label: str = ""


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    box: BoxMark | None = None
    zones: tuple[ZoneMark, ...] = ()


NO_MARKS = Marks()


def box_from_e4(box: tuple[int, int, int, int], label: str, priority: int) -> BoxMark:
    """A record's box, in 1e-4 of the frame as (left, top, right, bottom)."""
    left, top, right, bottom = (value / 10_000 for value in box)
    return BoxMark(left=left, top=top, right=right, bottom=bottom, label=label, priority=priority)


def zone_from_e4(points: tuple[tuple[int, int], ...], label: str) -> ZoneMark:
    """A record's zone, in 1e-4 of the frame."""
    return ZoneMark(points=tuple((x / 10_000, y / 10_000) for x, y in points), label=label)


def paint_marks(painter: QPainter, picture: QRectF, marks: Marks, within: QRectF) -> None:
    """Draw over the picture that lies at `picture`; labels stay within the visible part, off what
    the camera wrote."""
    painter.save()
    painter.setClipRect(within)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    written = picture.height() * WRITTEN_PART
    free = within.intersected(picture.adjusted(0, written, 0, -written))
    for zone in marks.zones:
        _paint_zone(painter, picture, zone, free)
    if marks.box is not None:
        _paint_box(painter, picture, marks.box, free)
    painter.restore()


def _paint_zone(painter: QPainter, picture: QRectF, zone: ZoneMark, within: QRectF) -> None:
    polygon = QPolygonF([_on(picture, x, y) for x, y in zone.points])
    if polygon.isEmpty():
        return
    pen = QPen(QColor(ON_PICTURE.p3_edge), ZONE_PX)
    pen.setDashPattern(ZONE_DASH)
    _draw_cased(painter, pen, polygon)
    lowest = max(polygon, key=QPointF.y)
    _paint_label(painter, QPointF(lowest.x(), lowest.y() + 4), zone.label, within)


def _paint_box(painter: QPainter, picture: QRectF, box: BoxMark, within: QRectF) -> None:
    rect = QRectF(_on(picture, box.left, box.top), _on(picture, box.right, box.bottom))
    fill = {1: ON_PICTURE.p1_fill, 2: ON_PICTURE.p2_fill, 4: ON_PICTURE.p4_edge}
    tone = QColor(fill.get(box.priority, ON_PICTURE.p3_edge))
    pen = QPen(tone, BOX_PX)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    _draw_cased(painter, pen, QPolygonF(rect))
    anchor = QPointF(rect.left(), rect.top() - _label_height() - 3)
    if anchor.y() < within.top():
        anchor.setY(rect.bottom() + 3)
    _paint_label(painter, anchor, box.label, within)


def _draw_cased(painter: QPainter, pen: QPen, polygon: QPolygonF) -> None:
    casing = QColor(ON_PICTURE.ink)
    casing.setAlpha(CASING_ALPHA)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(casing, pen.widthF() + CASING_PX))
    painter.drawPolygon(polygon)
    painter.setPen(pen)
    painter.drawPolygon(polygon)


def _paint_label(painter: QPainter, at: QPointF, text: str, within: QRectF) -> None:
    if not text:
        return
    painter.setFont(font(Face.LABEL))
    width = painter.fontMetrics().horizontalAdvance(text) + 2 * LABEL_PAD_PX
    rect = QRectF(at.x(), at.y(), width, _label_height())
    rect.moveLeft(max(within.left(), min(rect.left(), within.right() - width)))
    rect.moveTop(max(within.top(), min(rect.top(), within.bottom() - rect.height())))
    ground = QColor(ON_PICTURE.ink)
    ground.setAlpha(LABEL_GROUND_ALPHA)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRect(rect)
    painter.setPen(QColor(ON_PICTURE.mask_text))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def _label_height() -> int:
    return px(20)


def _on(picture: QRectF, x: float, y: float) -> QPointF:
    return QPointF(picture.x() + x * picture.width(), picture.y() + y * picture.height())


def paint_watermark(painter: QPainter, picture: QRectF, text: str) -> None:
    """User and workstation across the picture, at 10 %."""
    if not text:
        return
    device = painter.device()
    ratio = device.devicePixelRatioF() if device else 1.0
    painter.drawTiledPixmap(picture, _watermark_tile(text, ratio, theme().scale))


@lru_cache(maxsize=8)
def _watermark_tile(text: str, ratio: float, _scale: float) -> QPixmap:
    width, height = WATERMARK_TILE_PX
    tile = QPixmap(round(width * ratio), round(height * ratio))
    tile.setDevicePixelRatio(ratio)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font(Face.FIGURE))
    painter.translate(width / 2, height / 2)
    painter.rotate(WATERMARK_TURN_DEG)
    around = QRectF(-width, -height / 2, 2 * width, height)
    _draw_faintly(painter, around, text)
    painter.end()
    return tile


def _draw_faintly(painter: QPainter, around: QRectF, text: str) -> None:
    """Light with a dark edge, so that it is there on sky and on asphalt."""
    shade, light = QColor(ON_PICTURE.ink), QColor(ON_PICTURE.mask_text)
    for colour, shift in ((shade, 1.0), (light, 0.0)):
        colour.setAlpha(WATERMARK_ALPHA)
        painter.setPen(colour)
        painter.drawText(around.translated(shift, shift), Qt.AlignmentFlag.AlignCenter, text)

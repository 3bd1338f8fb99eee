"""What lies on the map: told apart without colour, and found by a click.

camera   ring and sector of its bearing · offline: broken ring, no sector · frozen: ❄ · unknown: ?
flag     its priority mark · pending: dashed ring · selected: accent ring and the 50 m circle
unit     a named box
"""

from __future__ import annotations

import math
from enum import StrEnum

import msgspec
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui.map.labels import beside, label_size, paint_label
from ui.map.sight import Sight
from ui.theme import Face, colour, font, icon_pixmap, paint_mark
from xiuzhou_desktop.geo import Point

CAMERA_RADIUS_PX = 4.5
SECTOR_RADIUS_PX = 26.0
SECTOR_WIDE_DEG = 60.0
SECTOR_STRENGTH = 60
ICON_PX = 16
MARK_PX = 20
RING_PX = 15.0
UNIT_PAD_PX = 5.0
PICK_PX = 14.0
ROUND_THE_FLAG_M = 50.0
CIRCLE_DASH = [4.0, 4.0]
CAMERAS_WITHIN = 30.0
SECTORS_WITHIN = 2.0
CODES_WITHIN = 1.6
"""Metres a pixel at which details appear."""
STEPS_A_DEGREE = 16


class CameraHealth(StrEnum):
    ONLINE = "ONLINE"
    OFFLINE = "OFFLINE"
    FROZEN = "FROZEN"
    UNKNOWN = "UNKNOWN"
    """Nobody has said, or it is a past that nobody kept."""


class MarkerKind(StrEnum):
    CAMERA = "camera"
    FLAG = "flag"
    UNIT = "unit"


_TOLD_BY_ICON = {
    CameraHealth.FROZEN: ("snowflake", "frozen"),
    CameraHealth.UNKNOWN: ("help-circle", "text2"),
}


class CameraMarker(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    code: str
    name: str
    place: Point
    bearing_deg: float | None = None
    health: CameraHealth


class FlagMarker(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    place: Point
    priority: int
    is_pending: bool = False


class UnitMarker(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    place: Point


class Markers(msgspec.Struct, frozen=True, kw_only=True):
    """All that is on the map at a time; an update replaces it whole."""

    cameras: tuple[CameraMarker, ...] = ()
    flags: tuple[FlagMarker, ...] = ()
    units: tuple[UnitMarker, ...] = ()


class Picked(msgspec.Struct, frozen=True):
    kind: MarkerKind
    id: str


class Placed(msgspec.Struct, frozen=True):
    """A marker and where it is on screen."""

    picked: Picked
    at: QPointF
    marker: CameraMarker | FlagMarker | UnitMarker


def nearest(placed: list[Placed], point: QPointF) -> Placed | None:
    """The marker meant by a click; of two on one spot, the one painted last, which lies on top."""
    best, best_distance = None, PICK_PX
    for one in placed:
        away = one.at - point
        distance = (away.x() ** 2 + away.y() ** 2) ** 0.5
        if distance <= best_distance:
            best, best_distance = one, distance
    return best


def paint_camera(painter: QPainter, at: QPointF, camera: CameraMarker, sight: Sight) -> None:
    told = _TOLD_BY_ICON.get(camera.health)
    if told is not None:
        _paint_ground_disc(painter, at, ICON_PX / 2 + 1)
        corner = at - QPointF(ICON_PX / 2, ICON_PX / 2)
        painter.drawPixmap(corner, icon_pixmap(*told, ICON_PX))
    elif camera.health is CameraHealth.OFFLINE:
        _paint_ring(painter, at, "offline", Qt.PenStyle.DotLine)
    else:
        if camera.bearing_deg is not None and sight.metres_a_px <= SECTORS_WITHIN:
            _paint_sector(painter, at, camera.bearing_deg)
        _paint_ring(painter, at, "text2", Qt.PenStyle.SolidLine)


def paint_camera_code(
    painter: QPainter, at: QPointF, camera: CameraMarker, sight: Sight, taken: list[QRectF]
) -> None:
    """The short number beside the ring, where it is whole, touches nothing and leaves free what
    the camera looks at."""
    seen = [] if camera.bearing_deg is None else [_ahead(at, camera.bearing_deg)]
    size = label_size(camera.code)
    room = beside(camera_ring(at), size, sight.window, [*taken, *seen])
    if room is not None:
        taken.append(room)
        paint_label(painter, room.topLeft(), camera.code, "text2")


def camera_ring(at: QPointF) -> QRectF:
    """The square around a camera's ring."""
    wide = 2 * CAMERA_RADIUS_PX
    return QRectF(at.x() - CAMERA_RADIUS_PX, at.y() - CAMERA_RADIUS_PX, wide, wide)


def _ahead(at: QPointF, bearing_deg: float) -> QRectF:
    """The middle of its sector."""
    turned = math.radians(bearing_deg)
    middle = at + QPointF(math.sin(turned), -math.cos(turned)) * (SECTOR_RADIUS_PX / 2)
    half = SECTOR_RADIUS_PX / 4
    return QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half)


def _paint_ground_disc(painter: QPainter, at: QPointF, radius: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("bg0"))
    painter.drawEllipse(at, radius, radius)


def _paint_ring(painter: QPainter, at: QPointF, token: str, line: Qt.PenStyle) -> None:
    painter.setPen(QPen(colour(token), 1.5, line))
    painter.setBrush(colour("bg0"))
    painter.drawEllipse(at, CAMERA_RADIUS_PX, CAMERA_RADIUS_PX)


def _paint_sector(painter: QPainter, at: QPointF, bearing_deg: float) -> None:
    tone = QColor(colour("text3"))
    painter.setPen(QPen(tone, 1.0))
    tone.setAlpha(SECTOR_STRENGTH)
    painter.setBrush(tone)
    square = QRectF(0, 0, 2 * SECTOR_RADIUS_PX, 2 * SECTOR_RADIUS_PX)
    square.moveCenter(at)
    start = 90.0 - bearing_deg - SECTOR_WIDE_DEG / 2
    painter.drawPie(square, round(start * STEPS_A_DEGREE), round(SECTOR_WIDE_DEG * STEPS_A_DEGREE))


def paint_flag(painter: QPainter, at: QPointF, flag: FlagMarker) -> None:
    square = QRectF(0, 0, MARK_PX, MARK_PX)
    square.moveCenter(at)
    if flag.is_pending:
        pen = QPen(colour("pending"), 1.5)
        pen.setDashPattern([3.0, 2.0])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, RING_PX, RING_PX)
    paint_mark(painter, square, flag.priority)


def paint_selection(painter: QPainter, at: QPointF, sight: Sight, word: str) -> None:
    """The accent ring, and fifty metres around as a dashed circle with its word."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour("accent"), 2.0))
    painter.drawEllipse(at, RING_PX, RING_PX)
    radius = ROUND_THE_FLAG_M / sight.metres_a_px
    if radius < RING_PX * 1.5:
        return
    pen = QPen(colour("text2"), 1.0)
    pen.setDashPattern(CIRCLE_DASH)
    painter.setPen(pen)
    painter.drawEllipse(at, radius, radius)
    size = label_size(word)
    paint_label(painter, at + QPointF(-radius * 0.75 - size.width(), radius * 0.7), word, "text2")


def paint_unit(painter: QPainter, at: QPointF, unit: UnitMarker) -> None:
    painter.setFont(font(Face.LABEL))
    width = painter.fontMetrics().horizontalAdvance(unit.name) + 2 * UNIT_PAD_PX
    box = QRectF(0, 0, width, painter.fontMetrics().height() + 4)
    box.moveCenter(at)
    painter.setPen(QPen(colour("edge"), 1.0))
    painter.setBrush(colour("bg2"))
    painter.drawRoundedRect(box, 2, 2)
    painter.setPen(colour("text1"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, unit.name)

"""Opened vehicle-days on the map: the path of the chosen one by its speed, and what happened on it.

    permitted route  a broad band, its tolerance · path  by speed, with a casing · gap  dotted,
    with its length in words, never a line · stop  ring with minutes · drift  small crosses

It stands still, so it is painted once a sight and kept; now_layer.py shows where vehicles are.
"""

from collections.abc import Callable

import msgspec
import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from plugins.tracks.opened import OpenedDay, TrackEvent
from plugins.tracks.speed_path import SpeedPath, wide_pen
from ui.map import Projection, Sight
from ui.map.labels import beside, label_size, paint_label
from ui.theme import colour, paint_mark, theme
from xiuzhou_desktop.geo import Point
from xiuzhou_desktop.geo.tracks import Plane, Seen

BAND_PX = 11.0
BAND_STRENGTH = 87  # 34 %
MARK_PX, RING_PX = 20.0, 12.0
DRIFT_WITHIN = 20.0
MOST_DRIFT = 400
LOWEST = 4  # priority of what is only told
DOTS = [1.0, 2.5]
PICK_PX = 12.0
Span = Callable[[int], str]
Told = tuple[QRectF, int]
"""Where something stands on the screen, and how many seconds it took."""


class Shown(msgspec.Struct, frozen=True):
    """An opened day with its number in the list and where it is at the shown instant."""

    number: int
    day: OpenedDay
    seen: Seen
    label: str


class DayLayer:
    """Shows opened days; a click on the chosen path answers the instant in milliseconds."""

    def __init__(self, span: Span, gap_words: Span) -> None:
        self._span, self._gap_words = span, gap_words
        self.shown: tuple[Shown, ...] = ()
        self._chosen: int | None = None
        self._event: TrackEvent | None = None
        self._paths: dict[int, SpeedPath] = {}
        self._still: tuple[object, QPixmap] | None = None
        self._spots: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self._origin: object = None

    def show(self, shown: tuple[Shown, ...], chosen: int | None, event: TrackEvent | None) -> None:
        """`chosen` is a place in `shown`."""
        days = {id(one.day) for one in shown}
        if days != {id(one.day) for one in self.shown}:
            self._paths = {key: path for key, path in self._paths.items() if key in days}
            self._spots = {key: spots for key, spots in self._spots.items() if key in days}
        self.shown, self._chosen, self._event = shown, chosen, event

    def paint(self, painter: QPainter, sight: Sight, projection: Projection) -> None:
        if projection is not self._origin:
            self._origin, self._paths, self._spots = projection, {}, {}
        chosen = self.shown[self._chosen] if self._chosen is not None else None
        if chosen is not None:
            painter.drawPixmap(0, 0, self._picture(painter, sight, projection, chosen.day))

    def covered(self, sight: Sight, projection: Projection) -> list[QRectF]:
        """Rings of stops and marks of events of the chosen day."""
        if self._chosen is None:
            return []
        day = self.shown[self._chosen].day
        marks = [self._mark_box(sight, projection, one) for one in day.events if _is_marked(one)]
        return marks + [_ring(sight, projection, stop.place) for stop in day.track.stops]

    def found_at(self, point: QPointF, sight: Sight, projection: Projection) -> int | None:
        if self._chosen is None:
            return None
        day = self.shown[self._chosen].day
        if not len(day.track.honest):
            return None
        east, north = self._metres(day, projection)
        here = sight.to_ground(point)
        away = np.hypot(east - here[0], north - here[1]) / sight.metres_a_px
        row = int(away.argmin())
        return int(day.track.honest.at_ms[row]) if away[row] <= PICK_PX else None

    def _path_of(self, day: OpenedDay, projection: Projection) -> SpeedPath:
        if id(day) not in self._paths:
            self._paths[id(day)] = SpeedPath(day.track, self._metres(day, projection))
        return self._paths[id(day)]

    def _metres(self, day: OpenedDay, projection: Projection) -> tuple[np.ndarray, np.ndarray]:
        if id(day) not in self._spots:
            fixes = day.track.honest
            self._spots[id(day)] = Plane(projection.origin).metres(fixes.lon, fixes.lat)
        return self._spots[id(day)]

    def _picture(
        self, painter: QPainter, sight: Sight, projection: Projection, day: OpenedDay
    ) -> QPixmap:
        """All of the chosen day but where it is now: kept while one looks at the same ground."""
        device = painter.device()
        ratio = device.devicePixelRatioF() if device else 1.0
        key = (sight, id(day), self._event, theme().name, theme().scale, ratio)
        if self._still is None or self._still[0] != key:
            picture = QPixmap((sight.size * ratio).toSize())
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            still = QPainter(picture)
            still.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_chosen(still, sight, projection, day)
            still.end()
            self._still = (key, picture)
        return self._still[1]

    def _paint_chosen(
        self, painter: QPainter, sight: Sight, projection: Projection, day: OpenedDay
    ) -> None:
        painter.save()
        painter.setTransform(sight.transform * painter.transform())
        self._paint_band(painter, sight, projection, day)
        self._path_of(day, projection).paint(painter, sight)
        painter.restore()
        gaps = self._paint_gaps(painter, sight, projection, day)
        stops = _paint_stops(painter, sight, projection, day)
        marks = [self._mark_box(sight, projection, one) for one in day.events if _is_marked(one)]
        crosses = self._path_of(day, projection).crosses(sight)
        told = [(spot, self._gap_words(seconds), True) for spot, seconds in gaps]
        told += [(spot, self._span(seconds), False) for spot, seconds in stops]
        _paint_words(painter, sight.window, told, [*(ring for ring, _ in stops), *marks], crosses)
        if sight.metres_a_px <= DRIFT_WITHIN:
            _paint_drift(painter, sight, projection, day)
        for event in day.events:
            if _is_marked(event):
                self._paint_event(painter, self._mark_box(sight, projection, event), event)

    def _paint_band(
        self, painter: QPainter, sight: Sight, projection: Projection, day: OpenedDay
    ) -> None:
        if not day.route or day.permit is None:
            return
        path = QPainterPath(QPointF(*projection.to_metres(day.route[0])))
        for point in day.route[1:]:
            path.lineTo(QPointF(*projection.to_metres(point)))
        tone = QColor(colour("text3"))
        tone.setAlpha(BAND_STRENGTH)
        width = max(BAND_PX, 2 * day.permit.buffer_m / sight.metres_a_px)
        painter.strokePath(path, wide_pen(tone, width))

    def _paint_gaps(
        self, painter: QPainter, sight: Sight, projection: Projection, day: OpenedDay
    ) -> list[Told]:
        pen = QPen(colour("text2"), 2.0, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
        pen.setDashPattern(DOTS)
        told = []
        for gap in day.track.gaps:
            start, end = (
                sight.to_screen(projection.to_metres(day.track.honest.point(row)))
                for row in (gap.first, gap.last)
            )
            painter.setPen(pen)
            painter.drawLine(start, end)
            told.append((_around((start + end) / 2), gap.seconds))
        return told

    def _mark_box(self, sight: Sight, projection: Projection, event: TrackEvent) -> QRectF:
        at = sight.to_screen(projection.to_metres(event.place))
        return QRectF(at.x() - MARK_PX / 2, at.y() - MARK_PX * 1.3, MARK_PX, MARK_PX)

    def _paint_event(self, painter: QPainter, square: QRectF, event: TrackEvent) -> None:
        if event == self._event:
            painter.setPen(QPen(colour("accent"), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(square.center(), MARK_PX * 0.75, MARK_PX * 0.75)
        paint_mark(painter, square, event.priority or 4)


def _paint_stops(
    painter: QPainter, sight: Sight, projection: Projection, day: OpenedDay
) -> list[Told]:
    """The rings, the longest first."""
    stops = sorted(day.track.stops, key=lambda one: -one.seconds)
    told = [(_ring(sight, projection, stop.place), stop.seconds) for stop in stops]
    painter.setPen(QPen(colour("text1"), 2.0))
    painter.setBrush(colour("bg0"))
    for ring, _ in told:
        if sight.window.intersects(ring):
            painter.drawEllipse(ring)
    return told


def _paint_words(
    painter: QPainter,
    room: QRectF,
    told: list[tuple[QRectF, str, bool]],
    taken: list[QRectF],
    crosses: Callable[[QRectF], bool],
) -> None:
    """Beside their spots and off the path. What finds no such place is said on the path where it
    must be said; else it is left to the chart and the list of events.
    """
    for spot, words, must_be_said in told:
        if not room.intersects(spot):
            continue
        size = label_size(words)
        box = beside(spot, size, room, taken, lambda box: not crosses(box))
        if box is None and must_be_said:
            box = beside(spot, size, room, taken)
        if box is not None:
            taken.append(box)
            paint_label(painter, box.topLeft(), words, "text2")


def _ring(sight: Sight, projection: Projection, place: Point) -> QRectF:
    return _around(sight.to_screen(projection.to_metres(place)))


def _around(spot: QPointF) -> QRectF:
    ring = QRectF(0, 0, RING_PX, RING_PX)
    ring.moveCenter(spot)
    return ring


def _is_marked(event: TrackEvent) -> bool:
    """A stop or a gap is drawn as itself, not by a priority's mark."""
    return event.priority is not None and event.priority < LOWEST


def _paint_drift(painter: QPainter, sight: Sight, projection: Projection, day: OpenedDay) -> None:
    drift = day.track.all.where(day.track.drift)
    painter.setPen(QPen(colour("text3"), 1.5))
    for row in range(min(MOST_DRIFT, len(drift))):
        at = sight.to_screen(projection.to_metres(drift.point(row)))
        painter.drawLine(at + QPointF(-3, -3), at + QPointF(3, 3))
        painter.drawLine(at + QPointF(-3, 3), at + QPointF(3, -3))

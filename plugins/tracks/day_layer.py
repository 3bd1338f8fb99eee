"""Opened vehicle-days on the map: the chosen one coloured by speed, the others grey.

    permitted route  a broad band, its tolerance · path  by speed, with a casing · gap  dotted,
    with its length in words, never a line · stop  ring with minutes · drift  small crosses
    now  arrow and number where it is at the shown instant; hollow while that is not known

Paths are built once a level of detail and drawn under one transform.
"""

from collections.abc import Callable
from itertools import pairwise

import msgspec
import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from plugins.tracks.opened import OpenedDay, TrackEvent
from ui.map import Projection, Sight
from ui.map.labels import label_size, paint_label
from ui.theme import Align, Face, Ink, Weight, colour, draw_text, paint_mark, theme
from xiuzhou_desktop.geo.tracks import Plane, Seen
from xiuzhou_desktop.geo.tracks import Sight as Known

SPEED_STEPS_KMH = (14, 28, 42, 56)
PATH_PX, CASING_PX, OTHER_PX = 4.0, 6.0, 2.0
BAND_PX = 11.0
BAND_STRENGTH = 87  # 34 %
MARK_PX, RING_PX, BADGE_PX = 20.0, 8.0, 22.0
DRIFT_WITHIN = 20.0
MOST_DRIFT = 400
DOTS = [1.0, 2.5]
PICK_PX = 12.0
NUMBER_INK = Ink("text1", Face.LABEL, Weight.BOLD)
Span = Callable[[int], str]


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
        self._paths: dict[tuple[int, int], list[QPainterPath]] = {}
        self._spots: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self._origin: object = None

    def show(self, shown: tuple[Shown, ...], chosen: int | None, event: TrackEvent | None) -> None:
        """`chosen` is a place in `shown`."""
        days = {id(one.day) for one in shown}
        if days != {id(one.day) for one in self.shown}:
            self._paths = {key: path for key, path in self._paths.items() if key[0] in days}
            self._spots = {key: spots for key, spots in self._spots.items() if key in days}
        self.shown, self._chosen, self._event = shown, chosen, event

    def paint(self, painter: QPainter, sight: Sight, projection: Projection) -> None:
        if projection is not self._origin:
            self._origin, self._paths, self._spots = projection, {}, {}
        chosen = self.shown[self._chosen] if self._chosen is not None else None
        for one in self.shown:
            if one is not chosen:
                self._paint_other(painter, sight, projection, one.day)
        if chosen is not None:
            self._paint_chosen(painter, sight, projection, chosen.day)
        for one in self.shown:
            self._paint_now(painter, sight, projection, one, is_chosen=one is chosen)

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

    def _metres(self, day: OpenedDay, projection: Projection) -> tuple[np.ndarray, np.ndarray]:
        if id(day) not in self._spots:
            fixes = day.track.honest
            self._spots[id(day)] = Plane(projection.origin).metres(fixes.lon, fixes.lat)
        return self._spots[id(day)]

    def _paint_other(
        self, painter: QPainter, sight: Sight, projection: Projection, day: OpenedDay
    ) -> None:
        painter.save()
        painter.setTransform(sight.transform * painter.transform())
        for path in self._paths_of(day, sight, projection):
            painter.strokePath(path, _pen(colour("text3"), OTHER_PX))
        painter.restore()

    def _paint_chosen(
        self, painter: QPainter, sight: Sight, projection: Projection, day: OpenedDay
    ) -> None:
        painter.save()
        painter.setTransform(sight.transform * painter.transform())
        self._paint_band(painter, sight, projection, day)
        paths = self._paths_of(day, sight, projection)
        for path in paths:
            painter.strokePath(path, _pen(QColor(theme().tokens.ramp_casing), CASING_PX))
        for path, tone in zip(paths, theme().tokens.ramp, strict=True):
            painter.strokePath(path, _pen(QColor(tone), PATH_PX))
        painter.restore()
        self._paint_gaps(painter, sight, projection, day)
        self._paint_stops(painter, sight, projection, day)
        if sight.metres_a_px <= DRIFT_WITHIN:
            _paint_drift(painter, sight, projection, day)
        for event in day.events:
            if event.priority is not None and event.priority < 4:
                at = sight.to_screen(projection.to_metres(event.place))
                self._paint_event(painter, at, event)

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
        painter.strokePath(path, _pen(tone, width))

    def _paths_of(self, day: OpenedDay, sight: Sight, projection: Projection) -> list[QPainterPath]:
        """One a step of speed, at the level that this scale can show."""
        level = max(0, int(np.log2(max(1.0, sight.metres_a_px))))
        key = (id(day), level)
        if key not in self._paths:
            self._paths[key] = _speed_paths(day, self._metres(day, projection), 2.0**level)
        return self._paths[key]

    def _paint_gaps(
        self, painter: QPainter, sight: Sight, projection: Projection, day: OpenedDay
    ) -> None:
        pen = QPen(colour("text2"), 2.0, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
        pen.setDashPattern(DOTS)
        for gap in day.track.gaps:
            start, end = (
                sight.to_screen(projection.to_metres(day.track.honest.point(row)))
                for row in (gap.first, gap.last)
            )
            painter.setPen(pen)
            painter.drawLine(start, end)
            words = self._gap_words(gap.seconds)
            size = label_size(words)
            middle = (start + end) / 2
            corner = middle - QPointF(size.width() / 2, size.height() + 4)
            paint_label(painter, corner, words, "text2")

    def _paint_stops(
        self, painter: QPainter, sight: Sight, projection: Projection, day: OpenedDay
    ) -> None:
        taken: list[QRectF] = []
        for stop in sorted(day.track.stops, key=lambda one: -one.seconds):
            at = sight.to_screen(projection.to_metres(stop.place))
            words = self._span(stop.seconds)
            box = QRectF(at + QPointF(RING_PX + 2, -RING_PX), label_size(words))
            if not sight.window.contains(at) or any(box.intersects(one) for one in taken):
                continue
            taken.append(box.united(QRectF(at.x() - 10, at.y() - 10, 20, 20)))
            painter.setPen(QPen(colour("text1"), 2.0))
            painter.setBrush(colour("bg0"))
            painter.drawEllipse(at, RING_PX - 2, RING_PX - 2)
            paint_label(painter, box.topLeft(), words, "text2")

    def _paint_event(self, painter: QPainter, at: QPointF, event: TrackEvent) -> None:
        square = QRectF(at.x() - MARK_PX / 2, at.y() - MARK_PX * 1.3, MARK_PX, MARK_PX)
        if event == self._event:
            painter.setPen(QPen(colour("accent"), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(square.center(), MARK_PX * 0.75, MARK_PX * 0.75)
        paint_mark(painter, square, event.priority or 4)

    def _paint_now(
        self,
        painter: QPainter,
        sight: Sight,
        projection: Projection,
        one: Shown,
        *,
        is_chosen: bool,
    ) -> None:
        if one.seen.place is None:
            return
        at = sight.to_screen(projection.to_metres(one.seen.place))
        is_known = one.seen.sight is Known.MEASURED
        tone = "accent" if is_chosen else "text2"
        painter.setPen(
            QPen(colour(tone), 2.0, Qt.PenStyle.SolidLine if is_known else Qt.PenStyle.DotLine)
        )
        painter.setBrush(colour("bg2") if is_known else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, BADGE_PX / 2, BADGE_PX / 2)
        box = QRectF(at.x() - BADGE_PX / 2, at.y() - BADGE_PX / 2, BADGE_PX, BADGE_PX)
        draw_text(painter, box, str(one.number), NUMBER_INK, Align.AlignHCenter)
        paint_label(painter, at + QPointF(BADGE_PX / 2 + 2, -BADGE_PX / 2), one.label, "text1")


def _pen(tone: QColor, width: float) -> QPen:
    pen = QPen(tone, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCosmetic(True)
    return pen


def _speed_paths(
    day: OpenedDay, spots: tuple[np.ndarray, np.ndarray], cell_m: float
) -> list[QPainterPath]:
    """Fixes that one cell holds are one corner; the speed of a piece is that of its end."""
    paths = [QPainterPath() for _ in range(len(SPEED_STEPS_KMH) + 1)]
    east, north = spots
    steps = np.searchsorted(SPEED_STEPS_KMH, day.track.speed_kmh)
    for part in day.track.parts():
        rows = _corners(east, north, (part.first, part.last), cell_m)
        last_step = -1
        for start, end in pairwise(rows.tolist()):
            step = int(steps[end])
            if step != last_step:
                paths[step].moveTo(float(east[start]), float(north[start]))
            paths[step].lineTo(float(east[end]), float(north[end]))
            last_step = step
    return paths


def _corners(
    east: np.ndarray, north: np.ndarray, span: tuple[int, int], cell_m: float
) -> np.ndarray:
    rows = np.arange(span[0], span[1] + 1)
    x = np.round(east[rows] / cell_m).astype(np.int64)
    y = np.round(north[rows] / cell_m).astype(np.int64)
    is_kept = np.ones(len(rows), dtype=np.bool_)
    is_kept[1:-1] = (np.diff(x) != 0)[:-1] | (np.diff(y) != 0)[:-1]
    return np.asarray(rows[is_kept])


def _paint_drift(painter: QPainter, sight: Sight, projection: Projection, day: OpenedDay) -> None:
    drift = day.track.all.where(day.track.drift)
    painter.setPen(QPen(colour("text3"), 1.5))
    for row in range(min(MOST_DRIFT, len(drift))):
        at = sight.to_screen(projection.to_metres(drift.point(row)))
        painter.drawLine(at + QPointF(-3, -3), at + QPointF(3, 3))
        painter.drawLine(at + QPointF(-3, 3), at + QPointF(3, -3))

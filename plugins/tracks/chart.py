"""Speed over the day, on the map's own time: a line where it is shown, a click goes there.

    marks    ▲      ⬢                        events that are violations
    50 ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄      the limit, dashed
       ▁▃▅▂▁▄   ▨▨▨▨▨▨   ▂▅▃▁│▃▅▂             hatched where nothing is known: no line there
    06:00      06:30      07:00

The wheel widens and narrows the time. All but the line of the shown instant is painted once and
kept; of many fixes in one column of pixels the lowest and the highest are drawn.
"""

from datetime import UTC, datetime

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from plugins.tracks.opened import OpenedDay
from ui.theme import Align, Face, Ink, colour, draw_text, paint_hatch, paint_mark, theme
from xiuzhou_desktop.domain.workcalendar import LOCAL

LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX = 44, 12, 22, 22
LEAST_KMH, STEP_KMH = 60.0, 20
MARK_PX = 16
SMOOTH_BELOW = 1_200
"""Corners of a line; a denser one is a band of pixels anyway."""
TICKS_S = (60, 300, 600, 900, 1_800, 3_600, 7_200, 14_400)
TICK_ROOM_PX = 90
ZOOM, WHEEL_NOTCH = 1.4, 120
SHORTEST_MS = 120_000
AXIS_INK, HINT_INK = Ink("text2", Face.LABEL), Ink("text2")


class SpeedChart(QWidget):
    """Shows one opened day; `went` is told in milliseconds since 1970."""

    went = Signal(object)

    def __init__(self, name: str, hint: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._hint = hint
        self._day: OpenedDay | None = None
        self._span = (0, 1)  # milliseconds since 1970 at the left and the right
        self._at_ms = 0
        self._still: QPixmap | None = None
        theme().changed.connect(self._forget)

    def show_day(self, day: OpenedDay | None) -> None:
        """Another day, or the same with later fixes."""
        if day is self._day:
            return
        is_other = self._day is None or day is None or day.vehicle != self._day.vehicle
        was_whole = self._day is None or self._span == _whole(self._day)
        self._day = day if day is not None and len(day.track.honest) else None
        if self._day is not None and (is_other or was_whole):
            self._span = _whole(self._day)
        self._forget()

    def show_instant(self, at_ms: int) -> None:
        """Where the line stands."""
        if at_ms != self._at_ms:
            self._at_ms = at_ms
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(600, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._forget()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Around the pointer; the day's own ends are the widest."""
        if self._day is None:
            return
        first, last = _whole(self._day)
        here = self._instant(event.position().x())
        factor = ZOOM ** (-event.angleDelta().y() / WHEEL_NOTCH)
        start = max(first, here - (here - self._span[0]) * factor)
        end = min(last, here + (self._span[1] - here) * factor)
        if end - start >= SHORTEST_MS:
            self._span = (int(start), int(end))
            self._forget()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._day is not None and event.button() == Qt.MouseButton.LeftButton:
            self.went.emit(int(self._instant(event.position().x())))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._still is None:
            self._still = self._painted()
        painter.drawPixmap(0, 0, self._still)
        x = self._x(self._at_ms)
        if self._day is not None and LEFT_PX <= x <= self.width() - RIGHT_PX:
            painter.setPen(QPen(colour("accent"), 2.0))
            painter.drawLine(QLineF(x, TOP_PX, x, self.height() - BOTTOM_PX))

    def _forget(self) -> None:
        self._still = None
        self.update()

    def _room(self) -> QRectF:
        return QRectF(LEFT_PX, TOP_PX, max(1, self.width() - LEFT_PX - RIGHT_PX),
                      max(1, self.height() - TOP_PX - BOTTOM_PX))  # fmt: skip

    def _x(self, at_ms: float) -> float:
        start, end = self._span
        return LEFT_PX + (at_ms - start) / (end - start) * self._room().width()

    def _instant(self, x: float) -> float:
        start, end = self._span
        return start + (x - LEFT_PX) / self._room().width() * (end - start)

    def _painted(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(colour("bg1"))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._day is None:
            draw_text(painter, QRectF(self.rect()), self._hint, HINT_INK, Align.AlignHCenter)
        else:
            self._paint_day(painter, self._day)
        painter.end()
        return picture

    def _paint_day(self, painter: QPainter, day: OpenedDay) -> None:
        top_kmh = max(LEAST_KMH, float(day.track.speed_kmh.max()) * 1.05)
        self._paint_axes(painter, top_kmh)
        painter.setClipRect(self._room().adjusted(0, -TOP_PX, 0, 0))
        for gap in day.track.gaps:
            left, right = self._x(gap.start_ms), self._x(gap.end_ms)
            box = QRectF(left, TOP_PX, right - left, self._room().height())
            paint_hatch(painter, box)
        if day.body.speed_limit_kmh is not None:
            y = self._y(day.body.speed_limit_kmh, top_kmh)
            painter.setPen(QPen(colour("p2_edge"), 1.0, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(LEFT_PX, y, self.width() - RIGHT_PX, y))
        painter.setPen(QPen(colour("text2"), 1.0))
        for part in day.track.parts():
            rows = slice(part.first, part.last + 1)
            line = self._line(day.track.honest.at_ms[rows], day.track.speed_kmh[rows], top_kmh)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, line.size() < SMOOTH_BELOW)
            painter.drawPolyline(line)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for event in day.events:
            if event.priority is not None and event.priority < 4:
                x = self._x(event.start_ms)
                paint_mark(painter, QRectF(x - MARK_PX / 2, 3, MARK_PX, MARK_PX), event.priority)

    def _paint_axes(self, painter: QPainter, top_kmh: float) -> None:
        room = self._room()
        for kmh in range(0, int(top_kmh) + 1, STEP_KMH):
            y = self._y(kmh, top_kmh)
            painter.setPen(QPen(colour("line"), 1.0))
            painter.drawLine(QLineF(room.left(), y, room.right(), y))
            draw_text(painter, QRectF(0, y - 9, LEFT_PX - 8, 18), str(kmh), AXIS_INK,
                      Align.AlignRight)  # fmt: skip
        start_s, end_s = (at / 1000 for at in self._span)
        most = max(1.0, room.width() / TICK_ROOM_PX)
        step = next((s for s in TICKS_S if (end_s - start_s) / s <= most), TICKS_S[-1])
        for tick in range(int(-(-start_s // step)) * step, int(end_s) + 1, step):
            word = f"{datetime.fromtimestamp(tick, UTC).astimezone(LOCAL):%H:%M}"
            box = QRectF(self._x(tick * 1000) - 30, room.bottom() + 2, 60, 18)
            draw_text(painter, box, word, AXIS_INK, Align.AlignHCenter)

    def _y(self, kmh: float, top_kmh: float) -> float:
        room = self._room()
        return room.bottom() - kmh / top_kmh * room.height()

    def _line(self, at_ms: np.ndarray, kmh: np.ndarray, top_kmh: float) -> QPolygonF:
        """In view; of each column of pixels the lowest and the highest."""
        start, end = self._span
        first, last = np.searchsorted(at_ms, [start, end])
        rows = np.arange(max(0, first - 1), min(len(at_ms), last + 1))
        columns = np.floor((at_ms[rows] - start) / (end - start) * self._room().width()).astype(
            np.int64
        )
        edges = np.flatnonzero(np.diff(columns, prepend=-(1 << 40)))
        if not len(edges):
            return QPolygonF()
        lowest = np.minimum.reduceat(kmh[rows], edges).tolist()
        highest = np.maximum.reduceat(kmh[rows], edges).tolist()
        points: list[QPointF] = []
        for at, low, high in zip(at_ms[rows[edges]].tolist(), lowest, highest, strict=True):
            x = self._x(at)
            points += [QPointF(x, self._y(low, top_kmh)), QPointF(x, self._y(high, top_kmh))]
        return QPolygonF(points)


def _whole(day: OpenedDay) -> tuple[int, int]:
    """From its first fix to its last."""
    first, last = day.track.honest.at_ms[[0, -1]].tolist()
    return first, max(last, first + SHORTEST_MS)

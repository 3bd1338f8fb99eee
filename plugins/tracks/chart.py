"""Speed over the day, on the map's own time: the line where it is shown, a click goes there.

What is not known is hatched and has no line; the limit is dashed; events stand above as marks.
"""

from datetime import UTC, datetime

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QStackedLayout, QWidget

from plugins.tracks.opened import OpenedDay
from ui.theme import Face, colour, font, mark_pixmap, theme
from ui.widgets import EmptyState
from xiuzhou_desktop.domain.workcalendar import LOCAL

LEAST_KMH = 60.0
HEAD_ROOM = 1.18
MARK_PX = 16
MOST_MARKS = 40


class _Hours(pg.AxisItem):
    """Local time under the chart."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        form = "%H:%M" if spacing >= 60 else "%H:%M:%S"
        return [f"{datetime.fromtimestamp(one, UTC).astimezone(LOCAL):{form}}" for one in values]


class SpeedChart(QWidget):
    """Shows one opened day; `went` is told in milliseconds since 1970."""

    went = Signal(object)

    def __init__(self, name: str, hint: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._day: OpenedDay | None = None
        self._plot = pg.PlotWidget(axisItems={"bottom": _Hours(orientation="bottom")})
        self._plot.setAccessibleName(name)
        self._plot.setMouseEnabled(x=True, y=False)
        self._plot.hideButtons()
        self._plot.setMenuEnabled(False)
        self._plot.scene().sigMouseClicked.connect(self._clicked)
        self._playhead = pg.InfiniteLine(angle=90, movable=False)
        self._marks: list[pg.GraphicsObject] = []
        self._places = QStackedLayout(self)
        self._places.addWidget(EmptyState(hint))
        self._places.addWidget(self._plot)
        theme().changed.connect(self._draw)
        self._draw()

    def show_day(self, day: OpenedDay | None) -> None:
        """Another day, or the same with later fixes."""
        if day is not self._day:
            self._day = day
            self._draw()

    def show_instant(self, at_ms: int) -> None:
        """Where the playhead stands."""
        self._playhead.setPos(at_ms / 1000)

    def _draw(self) -> None:
        plot = self._plot.getPlotItem()
        plot.clear()
        for mark in self._marks:
            plot.getViewBox().removeItem(mark)
        self._marks.clear()
        self._plot.setBackground(colour("bg1"))
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setPen(colour("line"))
            axis.setTextPen(colour("text2"))
            axis.setStyle(tickFont=font(Face.LABEL))
        plot.showGrid(x=False, y=True, alpha=0.15)
        self._playhead.setPen(pg.mkPen(colour("accent"), width=2))
        plot.addItem(self._playhead, ignoreBounds=True)
        is_there = self._day is not None and len(self._day.track.honest) > 0
        self._places.setCurrentIndex(int(is_there))
        if self._day is not None and is_there:
            self._draw_day(self._day)

    def _draw_day(self, day: OpenedDay) -> None:
        plot, track = self._plot.getPlotItem(), day.track
        seconds = track.honest.at_ms / 1000
        joins = np.ones(len(seconds), dtype=bool)
        for gap in track.gaps:
            joins[gap.first] = False
        curve = pg.PlotCurveItem(
            seconds, track.speed_kmh, connect=joins, pen=pg.mkPen(colour("text2"), width=1.5)
        )
        plot.addItem(curve)
        top = max(LEAST_KMH, float(track.speed_kmh.max())) * HEAD_ROOM
        plot.setYRange(0, top, padding=0)
        plot.setXRange(float(seconds[0]), float(seconds[-1]), padding=0.01)
        hatch = QBrush(QColor(colour("text3")), Qt.BrushStyle.BDiagPattern)
        for gap in track.gaps:
            region = pg.LinearRegionItem(
                (gap.start_ms / 1000, gap.end_ms / 1000), movable=False, brush=hatch,
                pen=pg.mkPen(colour("line")),
            )  # fmt: skip
            plot.addItem(region, ignoreBounds=True)
        if day.body.speed_limit_kmh is not None:
            pen = pg.mkPen(colour("p2_edge"), width=1, style=Qt.PenStyle.DashLine)
            plot.addItem(pg.InfiniteLine(day.body.speed_limit_kmh, angle=0, pen=pen))
        self._draw_marks(day, top)

    def _draw_marks(self, day: OpenedDay, top: float) -> None:
        told = [one for one in day.events if one.priority is not None and one.priority < 4]
        for event in told[:MOST_MARKS]:
            mark = pg.QtWidgets.QGraphicsPixmapItem(
                mark_pixmap(event.priority or 4, MARK_PX, self.devicePixelRatioF())
            )
            mark.setFlag(mark.GraphicsItemFlag.ItemIgnoresTransformations)
            mark.setOffset(-MARK_PX / 2, 0)
            mark.setPos(QPointF(event.start_ms / 1000, top))
            self._plot.getPlotItem().getViewBox().addItem(mark, ignoreBounds=True)
            self._marks.append(mark)

    def _clicked(self, event: object) -> None:
        box = self._plot.getPlotItem().getViewBox()
        at = box.mapSceneToView(event.scenePos())
        self.went.emit(int(at.x() * 1000))

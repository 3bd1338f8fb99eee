"""The panel's widgets and how they lie: vehicles | map over transport and chart | events.

At 1366 px the events become a tab beside the vehicles (I), and the chart is lower.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSplitter, QTabWidget, QVBoxLayout, QWidget

from plugins.tracks.chart import SpeedChart
from plugins.tracks.crowd_layer import CrowdLayer
from plugins.tracks.day_layer import DayLayer
from plugins.tracks.evidence import CameraFinder
from plugins.tracks.fleet_layer import FleetLayer
from plugins.tracks.legend import Legend
from plugins.tracks.now_layer import NowLayer
from plugins.tracks.side import Side
from plugins.tracks.transport import Transport
from plugins.tracks.vehicle_list import VehicleList
from plugins.tracks.words import Words
from ui.map import MapCanvas
from ui.records import PanelHeader
from ui.theme import px
from ui.widgets import Banner, BannerTone
from xiuzhou_desktop.plugin_api.context import PanelContext

LIST_PX, SIDE_PX = 372, 340
NARROW_BELOW_PX = 1500
CHART_PX, NARROW_CHART_PX = 200, 120


class TracksView(QWidget):
    """Made once; the panel wires it."""

    def __init__(self, context: PanelContext, words: Words, cameras: CameraFinder) -> None:
        super().__init__()
        text = context.text
        self._text = text
        self.header = PanelHeader(text("tracks.title"), text)
        self.search = QLineEdit()
        self.search.setPlaceholderText(text("tracks.search"))
        self.search.setAccessibleName(text("tracks.search"))
        self.search.setClearButtonEnabled(True)
        self.vehicles = VehicleList(words)
        self.map = MapCanvas(text)
        self.fleet = FleetLayer(words.plate)
        self.days = DayLayer(words.stop, words.gap)
        self.now = NowLayer()
        self.crowd = CrowdLayer(self.map, self.map.update)
        self.map.set_layers((self.crowd, self.days, self.fleet, self.now))
        self.transport = Transport(words)
        self.chart = SpeedChart(text("tracks.chart"), text("tracks.chart.none"))
        self.doubt = Banner("alert-triangle", "", "", BannerTone.NEUTRAL)
        self.doubt.hide()
        self.side = Side(context, words, cameras)
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._tabs.setAccessibleName(text("tracks.title"))
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        for part in (self._left(), self._middle(words), self.side):
            self._split.addWidget(part)
        self._split.setStretchFactor(1, 1)
        _column(self, self.header, self._split)
        self._split.setSizes([LIST_PX, 10 * LIST_PX, SIDE_PX])

    def show_events(self) -> None:
        """The events in sight, also where they share a place with the vehicles."""
        self._tabs.setCurrentWidget(self.side)

    def turn_tab(self) -> None:
        """From vehicles to events and back, where they share a place."""
        self._tabs.setCurrentIndex(1 - self._tabs.currentIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < px(NARROW_BELOW_PX)
        self.chart.setFixedHeight(px(NARROW_CHART_PX if is_narrow else CHART_PX))
        if is_narrow == (self._tabs.count() > 0):
            return
        if is_narrow:
            self._fold(self._split.widget(0))
        else:
            self._unfold(self._tabs.widget(0))
        self._split.setSizes([LIST_PX, self.width() - LIST_PX - SIDE_PX, SIDE_PX])

    def _fold(self, left: QWidget) -> None:
        self._split.insertWidget(0, self._tabs)
        self._tabs.addTab(left, self._text("tracks.vehicles"))
        self._tabs.addTab(self.side, self._text("tracks.events"))
        self._tabs.show()

    def _unfold(self, left: QWidget) -> None:
        self._split.insertWidget(0, left)
        self._split.addWidget(self.side)
        self._tabs.setParent(None)
        left.show()
        self.side.show()

    def _left(self) -> QWidget:
        left = QWidget()
        column = _column(left, self.search, self.vehicles)
        column.setContentsMargins(8, 8, 8, 0)
        column.setSpacing(8)
        left.setMinimumWidth(px(LIST_PX))
        return left

    def _middle(self, words: Words) -> QWidget:
        middle = QWidget()
        below = (Legend(words), self.transport, self.chart)
        column = _column(middle, self.doubt, self.map)
        for widget in below:
            column.addWidget(widget)
        return middle


def _column(parent: QWidget, head: QWidget, body: QWidget) -> QVBoxLayout:
    """A head of its own height over a body that takes the rest."""
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(head)
    column.addWidget(body, 1)
    return column

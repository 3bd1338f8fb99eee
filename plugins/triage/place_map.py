"""The small map of an item: where it is, which camera sees it, a 50 m circle. M makes it large."""

import asyncio

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget
from ui.map import CameraMarker, CameraState, FlagMarker, MapCanvas, load_base_map

from ui.start import start
from ui.theme.theme import px
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.camera_body import CameraBody
from xiuzhou_desktop.domain.envelope import Kind, Place, Record
from xiuzhou_desktop.plugin_api.context import PanelContext

HEIGHT_PX = 196
WIDE_M = 320
E7 = 10_000_000
MOST_CAMERAS = 400


class PlaceMap(QWidget):
    """Loads the base map once, then follows the item."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._canvas: MapCanvas | None = None
        self._shown: tuple[Record, Record | None] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setFixedHeight(px(HEIGHT_PX))
        self._large: QDialog | None = None

    def show_place(self, record: Record, camera: Record | None) -> None:
        """Centre on the item; a place that nobody gave shows no map."""
        self._shown = (record, camera)
        self.setVisible(record.place is not None)
        if self._canvas is None:
            start(self._open(), owner=self)
        else:
            self._draw(self._canvas)

    def enlarge(self) -> None:
        """M: the same map over the panel, back with M or Esc."""
        if self._canvas is None or self._shown is None:
            return
        if self._large is None:
            self._large = QDialog(self.window())
            self._large.setWindowTitle(self._context.text("triage.place"))
            QVBoxLayout(self._large).setContentsMargins(0, 0, 0, 0)
            self._large.finished.connect(self._shrink)
        self._large.layout().addWidget(self._canvas)
        self._large.resize(px(1100), px(700))
        self._large.open()

    def _shrink(self) -> None:
        if self._canvas is not None:
            self._column.addWidget(self._canvas)

    async def _open(self) -> None:
        base = await asyncio.to_thread(load_base_map)
        if self._canvas is not None:
            return
        self._canvas = MapCanvas(self._context.text, base)
        self._column.addWidget(self._canvas)
        query = RecordQuery(kinds=(Kind.CAMERA,), limit=MOST_CAMERAS)
        page = await self._context.engine.query(query)
        self._canvas.set_markers(
            cameras=[marker for one in page.views if (marker := _camera_marker(one.record))]
        )
        self._draw(self._canvas)

    def _draw(self, canvas: MapCanvas) -> None:
        if self._shown is None or self._shown[0].place is None:
            return
        record = self._shown[0]
        lon, lat = degrees(self._shown[0].place)
        canvas.set_markers(
            flags=[
                FlagMarker(id=record.id, lon=lon, lat=lat, priority=record.priority, pending=False)
            ]
        )
        canvas.select(record.id)
        canvas.centre_on(lon, lat, metres_wide=WIDE_M)


def degrees(place: Place) -> tuple[float, float]:
    """Longitude and latitude for drawing; records keep integers."""
    return place.lon_e7 / E7, place.lat_e7 / E7


def _camera_marker(camera: Record) -> CameraMarker | None:
    if camera.place is None or not isinstance(camera.body, CameraBody):
        return None
    lon, lat = degrees(camera.place)
    return CameraMarker(
        id=camera.id, code=camera.body.short_no, lon=lon, lat=lat,
        bearing_deg=camera.body.heading_deg, state=CameraState.ONLINE,
    )  # fmt: skip

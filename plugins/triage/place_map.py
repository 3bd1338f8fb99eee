"""The small map of an item: where it is, which camera sees it, a 50 m circle. M makes it large."""

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from ui.map import CameraHealth, CameraMarker, FlagMarker, MapCanvas, Markers, open_base
from ui.start import start
from ui.theme.theme import px
from xiuzhou_desktop.client.views import Changed, RecordQuery
from xiuzhou_desktop.contract.live import Health
from xiuzhou_desktop.domain.camera_body import CameraBody
from xiuzhou_desktop.domain.envelope import Kind, Place, Record
from xiuzhou_desktop.geo import Point
from xiuzhou_desktop.plugin_api.context import PanelContext

HEIGHT_PX = 196
LARGE_PX = (1100, 700)
WIDE_M = 320
MOST_CAMERAS = 400
HEALTH = {
    Health.ONLINE: CameraHealth.ONLINE, Health.FROZEN: CameraHealth.FROZEN,
    Health.OFFLINE: CameraHealth.OFFLINE, Health.FAULT: CameraHealth.OFFLINE,
}  # fmt: skip


class PlaceMap(QWidget):
    """Loads the base map once, then follows the item and the cameras' health."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._canvas = MapCanvas(context.text)
        self._is_open = False
        self._cameras: tuple[Record, ...] = ()
        self._shown: Record | None = None
        self._large: QDialog | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._canvas)
        self.setFixedHeight(px(HEIGHT_PX))

    def show_place(self, record: Record) -> None:
        """Centre on the item; one whose place nobody gave shows no map."""
        self._shown = record
        self.setVisible(record.place is not None)
        if not self._is_open:
            self._is_open = True
            start(self._open(), owner=self)
        self._draw()

    def news(self, changed: Changed) -> None:
        """A camera went dark or came back."""
        if Kind.CAMERA in changed.kinds:
            self._draw()

    def enlarge(self) -> None:
        """M: the same map over the panel, back with Esc."""
        if self._large is None:
            self._large = QDialog(self.window())
            self._large.setWindowTitle(self._context.text("triage.place"))
            QVBoxLayout(self._large).setContentsMargins(0, 0, 0, 0)
            self._large.finished.connect(self._shrink)
        layout = self._large.layout()
        if layout is not None:
            layout.addWidget(self._canvas)
        self._large.resize(px(LARGE_PX[0]), px(LARGE_PX[1]))
        self._large.open()

    def _shrink(self) -> None:
        self._column.addWidget(self._canvas)

    async def _open(self) -> None:
        await open_base(self._canvas, self._context.engine)
        page = await self._context.engine.query(
            RecordQuery(kinds=(Kind.CAMERA,), limit=MOST_CAMERAS)
        )
        self._cameras = tuple(one.record for one in page.views)
        self._draw()

    def _draw(self) -> None:
        record = self._shown
        if record is None or record.place is None:
            return
        here = point_of(record.place)
        flag = FlagMarker(id=record.id, place=here, priority=record.priority, is_pending=False)
        cameras = tuple(marker for one in self._cameras if (marker := self._camera(one)))
        self._canvas.set_markers(Markers(cameras=cameras, flags=(flag,)))
        self._canvas.select(record.id)
        self._canvas.centre_on(here, width_m=WIDE_M)

    def _camera(self, camera: Record) -> CameraMarker | None:
        if camera.place is None or not isinstance(camera.body, CameraBody):
            return None
        is_past = self._context.clock.view_at is not None  # how it stood then nobody kept
        live = None if is_past else self._context.engine.health(camera.id)
        return CameraMarker(
            id=camera.id, code=camera.body.short_no, name=camera.body.name,
            place=point_of(camera.place), bearing_deg=camera.body.heading_deg,
            health=HEALTH[live.health] if live else CameraHealth.UNKNOWN,
        )  # fmt: skip


def point_of(place: Place) -> Point:
    """A record's place for drawing; records keep integers."""
    return Point.from_e7(place.lon_e7, place.lat_e7)

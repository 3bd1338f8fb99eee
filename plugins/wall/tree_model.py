"""The camera tree as Qt's model: platform → street → camera. Rows are values; nothing is computed
while painting.

A camera can be dragged to a tile: its id travels as MIME.
"""

from collections.abc import Mapping, Sequence

import msgspec
from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from plugins.wall.cameras import Camera, Platform, Standing
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.plugin_api.context import Text

CAMERA_MIME = "application/x-xiuzhou-camera"
ROW_ROLE = Qt.ItemDataRole.UserRole + 1


class BranchRow(msgspec.Struct, frozen=True, kw_only=True):
    """A platform or a street: how many of its cameras have a picture."""

    title: str
    online: int
    total: int
    is_platform: bool


class CameraRow(msgspec.Struct, frozen=True, kw_only=True):
    """A camera, the word of its standing (none while all is well), and its tiles' numbers."""

    camera: Camera
    note: str
    tile: str


class CameraModel(QStandardItemModel):
    """Built anew when the list changes, told row by row when only a standing or a tile does."""

    def __init__(self, text: Text, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._rows: dict[RecordId, QStandardItem] = {}
        self._tiles: Mapping[RecordId, tuple[int, ...]] = {}

    def set_platforms(self, platforms: Sequence[Platform]) -> None:
        """Another list of cameras."""
        self.clear()
        self._rows = {}
        for platform in platforms:
            branch = self._branch(self._text(f"wall.platform.{platform.scope}"), platform.cameras)
            for street in platform.streets:
                twig = self._branch(street.name, street.cameras, is_platform=False)
                twig.appendRows([self._leaf(camera) for camera in street.cameras])
                branch.appendRow(twig)
            self.appendRow(branch)

    def set_tiles(self, tiles: Mapping[RecordId, tuple[int, ...]]) -> None:
        """Numbers of the tiles that show a camera."""
        moved = set(self._tiles.items()) ^ set(tiles.items())
        self._tiles = dict(tiles)
        for camera, _ in moved:
            item = self._rows.get(camera)
            if item is not None:
                self._put(item, item.data(ROW_ROLE).camera)

    def index_of(self, camera: RecordId) -> QModelIndex | None:
        item = self._rows.get(camera)
        return None if item is None else item.index()

    def camera_at(self, index: QModelIndex) -> Camera | None:
        row = index.data(ROW_ROLE)
        return row.camera if isinstance(row, CameraRow) else None

    def mimeTypes(self) -> list[str]:
        return [CAMERA_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        named = [camera for one in indexes if (camera := self.camera_at(one))]
        if named:
            data.setData(CAMERA_MIME, named[0].id.encode())
        return data

    def _branch(
        self, title: str, cameras: Sequence[Camera], *, is_platform: bool = True
    ) -> QStandardItem:
        online = sum(one.standing is Standing.ONLINE for one in cameras)
        row = BranchRow(title=title, online=online, total=len(cameras), is_platform=is_platform)
        item = QStandardItem()
        item.setEditable(False)
        item.setDragEnabled(False)
        item.setData(row, ROW_ROLE)
        spoken = self._text("wall.branch.spoken", title=title, online=online, total=len(cameras))
        item.setData(spoken, Qt.ItemDataRole.AccessibleTextRole)
        return item

    def _leaf(self, camera: Camera) -> QStandardItem:
        item = QStandardItem()
        item.setEditable(False)
        self._put(item, camera)
        self._rows[camera.id] = item
        return item

    def _put(self, item: QStandardItem, camera: Camera) -> None:
        word = self._text(f"wall.standing.{camera.standing.value}")
        note = "" if camera.standing is Standing.ONLINE else word
        tile = " ".join(str(one) for one in self._tiles.get(camera.id, ()))
        item.setData(CameraRow(camera=camera, note=note, tile=tile), ROW_ROLE)
        item.setData(f"{camera.code} {camera.name} {word}", Qt.ItemDataRole.AccessibleTextRole)

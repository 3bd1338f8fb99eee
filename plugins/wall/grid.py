"""The tiles in their layout: which camera is where, which tile the keys mean, one tile enlarged."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from plugins.wall.cameras import Camera
from plugins.wall.layouts import MOST_TILES, layout_for, placed
from plugins.wall.tile import WallTile
from xiuzhou_desktop.domain.ids import RecordId


class TileGrid(QWidget):
    """`changed`: a camera, the layout or the current tile is another; `dropped`: tile, camera id;
    `stated`: a tile's picture came, went or stands still."""

    changed = Signal()
    dropped = Signal(int, str)
    stated = Signal(int)

    def __init__(
        self,
        make_tile: Callable[[int], WallTile],
        show: Callable[[WallTile, Camera], None],
    ) -> None:
        super().__init__()
        self._make_tile, self._show = make_tile, show
        self._tiles: list[WallTile] = []
        self._cameras: list[Camera | None] = [None] * MOST_TILES
        self._count = 0
        self._current = 0
        self._large: int | None = None
        self.setProperty("surface", "canvas")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.set_layout(4)

    # -- layout ------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        return self._count

    @property
    def current(self) -> int:
        """The tile that keys mean, from 0."""
        return self._current

    @property
    def current_tile(self) -> WallTile:
        return self._tiles[self._current]

    @property
    def is_enlarged(self) -> bool:
        return self._large is not None

    @property
    def tiles(self) -> tuple[WallTile, ...]:
        """Those of the layout, in reading order."""
        return tuple(self._tiles[: self._count])

    def set_layout(self, tiles: int) -> None:
        """Show so many; cameras beyond them are remembered and come back with their place."""
        if tiles == self._count:
            return
        self._count, self._large = tiles, None
        while len(self._tiles) < tiles:
            self._add()
        self._current = min(self._current, tiles - 1)
        self._arrange()
        self._mark()
        self._put_again(None)
        self.changed.emit()

    def enlarge(self) -> None:
        """The current tile over the whole wall, or back among the others."""
        self._large = None if self._large is not None else self._current
        self._arrange()

    def go_to(self, tile: int) -> None:
        """Mean this tile; an enlarged one changes with it."""
        if not 0 <= tile < self._count or tile == self._current:
            return
        self._current = tile
        if self._large is not None:
            self._large = tile
            self._arrange()
        self._mark()
        self.changed.emit()

    # -- cameras -----------------------------------------------------------------------------

    @property
    def cameras(self) -> tuple[Camera | None, ...]:
        """Of every place, those beyond the layout as well."""
        return tuple(self._cameras)

    def shown(self) -> dict[RecordId, tuple[int, ...]]:
        """Cameras on the wall and the numbers of their tiles, from 1."""
        found: dict[RecordId, tuple[int, ...]] = {}
        for number, camera in enumerate(self._cameras[: self._count], start=1):
            if camera:
                found[camera.id] = (*found.get(camera.id, ()), number)
        return found

    def place(self, tile: int, camera: Camera | None) -> None:
        """Put a camera on a tile, or take it off."""
        before, self._cameras[tile] = self._cameras[tile], camera
        if tile < len(self._tiles):
            self._put(tile)
        self._put_again(before)
        self.changed.emit()

    def refresh(self, by_id: dict[RecordId, Camera]) -> None:
        """Cameras as they are recorded now; the picture goes on unless its source is another."""
        for tile, camera in enumerate(self._cameras):
            known = by_id.get(camera.id) if camera else None
            if known is not None and known != camera:
                self._cameras[tile] = known
                if tile < len(self._tiles):
                    self._put(tile)

    def reload(self) -> None:
        """Every tile's source anew: the clock went to the past or came back."""
        for tile in range(self._count):
            self._put(tile)

    # -- parts -------------------------------------------------------------------------------

    def _add(self) -> None:
        number = len(self._tiles)
        tile = self._make_tile(number + 1)
        tile.setParent(self)
        tile.entered.connect(lambda: self.go_to(number))
        tile.enlarged.connect(self.enlarge)
        tile.dropped.connect(lambda camera: self.dropped.emit(number, camera))
        tile.state_changed.connect(lambda _state: self.stated.emit(number))
        self._tiles.append(tile)
        self._put(number)

    def _put(self, tile: int) -> None:
        camera = self._cameras[tile]
        if camera is None:
            self._tiles[tile].show_nothing()
        else:
            self._show(self._tiles[tile], camera)

    def _put_again(self, gone: Camera | None) -> None:
        """Cameras of several tiles, and the one that went: their captions name each other."""
        shown = self.shown()
        for tile, camera in enumerate(self._cameras[: self._count]):
            if camera and (len(shown[camera.id]) > 1 or (gone and gone.id == camera.id)):
                self._put(tile)

    def _mark(self) -> None:
        for number, tile in enumerate(self._tiles):
            tile.set_current(is_current=number == self._current)

    def _arrange(self) -> None:
        """Only what is seen has a session: hidden tiles let theirs go. The keyboard stays here."""
        has_hand = any(tile.hasFocus() for tile in self._tiles)
        width, height = self.width(), self.height()
        boxes = placed(layout_for(self._count, width, height), width, height)
        for number, tile in enumerate(self._tiles):
            is_seen = number < self._count and self._large in {None, number}
            if is_seen:
                box = boxes[number] if self._large is None else (0, 0, width, height)
                tile.setGeometry(*box)
            if has_hand and number == self._current:
                tile.show()
                tile.setFocus()
            tile.setVisible(is_seen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

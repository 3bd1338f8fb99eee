"""One tile of the wall: it takes a dragged camera, says what to do while it is empty, and shows
whether the keys mean it."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)

from plugins.wall.tree_model import CAMERA_MIME
from ui.theme import Face, Ink, colour, draw_ring
from ui.video import TileCaption, VideoTile
from ui.video.picture_view import paint_lines
from xiuzhou_desktop.contract.live import Health
from xiuzhou_desktop.media import MediaHub, MediaSource, SessionStatus
from xiuzhou_desktop.plugin_api.context import Text

EMPTY_INK = Ink("text2", Face.BODY)
HINT_INK = Ink("text3", Face.LABEL)


class WallTile(VideoTile):
    """`dropped`: a camera's id; `entered`: hand or focus came; `enlarged`: double click."""

    dropped = Signal(str)
    entered = Signal()
    enlarged = Signal()

    def __init__(self, hub: MediaHub, text: Text, now: Callable[[], datetime], number: int) -> None:
        super().__init__(hub, text, now)
        self.number = number
        self.setAcceptDrops(True)
        self._words = text
        self._is_current = False
        self._is_empty, self._sentence = True, ""
        self.show_nothing()

    @property
    def status(self) -> SessionStatus | None:
        """What is seen of the camera, since when and why; None: nothing is being shown."""
        return None if self._session is None else self._session.status

    def camera_clock(self) -> datetime | None:
        """What the camera's own clock shows now; None where the source tells none."""
        return None if self._session is None else self._session.camera_clock()

    @property
    def health_then(self) -> Health | None:
        """What a recorded piece shows of its camera, once it was looked through; None: unknown."""
        stillness = None if self._session is None else self._session.stillness()
        if self._session is None or stillness is None:
            return None
        stands = stillness.at(self._session.progress.position_ms) is not None
        return Health.FROZEN if stands else Health.ONLINE

    def set_current(self, *, is_current: bool) -> None:
        """Whether digits, S, Z and Delete mean this one."""
        if is_current != self._is_current:
            self._is_current = is_current
            self.update()

    def show_nothing(self) -> None:
        """No camera here."""
        self._say_empty(self._words("wall.tile.empty", number=self.number))

    def show_none_of(self, code: str, standing: str) -> None:
        """A camera that gives no picture, such as one that is planned."""
        self._say_empty(self._words("wall.tile.without", code=code, standing=standing))

    def _say_empty(self, sentence: str) -> None:
        self.clear()
        self._is_empty = True
        self._sentence = sentence
        self.setAccessibleName(sentence)

    def show_source(self, key: str, source: MediaSource, caption: TileCaption) -> None:
        self._is_empty = False
        super().show_source(key, source, caption)

    @property
    def is_empty(self) -> bool:
        return self._is_empty

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        if self._is_empty:
            lines = (
                (self._sentence, EMPTY_INK),
                (self._words("wall.tile.hint"), HINT_INK),
            )
            paint_lines(painter, self.picture_area(), lines)
        if self._is_current:
            draw_ring(painter, self.rect(), colour("focus" if self.hasFocus() else "edge"))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.entered.emit()
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.enlarged.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(CAMERA_MIME):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.dropped.emit(bytes(event.mimeData().data(CAMERA_MIME).data()).decode())
        event.acceptProposedAction()

"""One camera or clip on screen: the picture edge to edge, a caption line below, the truth about it.

A timer looks at the session at display rate; the tile repaints only when picture or words changed.
Only a visible tile has a session: hidden, it lets its session go and keeps the last picture.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from ui.theme import px as scaled_px
from ui.video.controls import PlayControls
from ui.video.marks import paint_watermark
from ui.video.picture_view import CAPTION_PX, PictureView
from ui.video.sentences import Looked, Text, TileSays, say
from ui.video.tile_paint import (
    Dimming,
    TileCaption,
    paint_band,
    paint_caption,
    paint_over,
    paint_picture,
)
from ui.video.viewport import letterbox
from xiuzhou_desktop.media import (
    Frame,
    MediaHub,
    MediaSession,
    MediaSource,
    SessionState,
)
from xiuzhou_desktop.media.clock import utc_now

LOOK_EVERY_MS = 33
"""Thirty looks a second: above the 25 frames of the cameras."""

NOTHING_SAID = TileSays()
_DIMMED = {
    SessionState.OPENING: Dimming.HALF,
    SessionState.RECONNECTING: Dimming.HALF,
    SessionState.OFFLINE: Dimming.GREY,
    SessionState.ERROR: Dimming.HALF,
}


class _Source(msgspec.Struct, frozen=True):
    key: str
    media: MediaSource


class VideoTile(PictureView):
    """Shows one source; `controls` is what hand and keyboard do with it; `state_changed` carries
    the SessionState."""

    state_changed = Signal(object)

    def __init__(
        self,
        hub: MediaHub,
        text: Text,
        now: Callable[[], datetime] = utc_now,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._hub = hub
        self._text = text
        self._now = now
        self._source: _Source | None = None
        self._session: MediaSession | None = None
        self._frame: Frame | None = None
        self._image: QImage | None = None
        self._looked: Looked | None = None
        self._says = NOTHING_SAID
        self._caption = TileCaption()
        self._watermark = ""
        self.stood_since: datetime | None = None
        """When a frozen picture last moved, as the owner knows who has watched for longer."""
        self.controls = PlayControls(self._session_now, self._frame_now, self)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self.setAccessibleName(text("media.tile.name"))

    # -- what the owner says -----------------------------------------------------------------

    def show_source(self, key: str, source: MediaSource, caption: TileCaption) -> None:
        """Play this source; the old one is let go. The same key again changes the caption only. Of
        the same camera the old picture stays in sight, darker, till the new one is there."""
        before, self._caption = self._caption.code, caption
        name = " · ".join(part for part in (caption.name or caption.code, caption.twins) if part)
        self.setAccessibleName(self._text("media.tile.of", name=name))
        if self._source is not None and self._source.key == key:
            self.update()
            return
        is_same = self._image is not None and caption.code and caption.code == before
        kept = self._image.copy() if is_same else None  # its frame's memory is let go
        self.clear()
        self._image, self._caption = kept, caption
        self._source = _Source(key, source)
        if self.isVisible():
            self._attach()

    def clear(self) -> None:
        """No source, no picture."""
        self._detach()
        self._source = None
        self._frame = self._image = None
        self.stood_since = None
        self._caption = TileCaption()
        self.viewport.fit()
        self.update()

    def set_watermark(self, text: str) -> None:
        self._watermark = text
        self.update()

    @property
    def state(self) -> SessionState | None:
        """None: nothing is being shown."""
        return None if self._session is None else self._session.status.state

    @property
    def says(self) -> TileSays:
        """The words on the tile now; also its accessible description."""
        return self._says

    @property
    def source_key(self) -> str | None:
        """The key of what is shown; None: nothing."""
        return self._source.key if self._source is not None else None

    @property
    def frame(self) -> Frame | None:
        """The picture in view, in its original pixels."""
        return self._frame

    def _session_now(self) -> MediaSession | None:
        return self._session

    def _frame_now(self) -> Frame | None:
        return self._frame

    # -- looking at the session ------------------------------------------------------------------

    def _attach(self) -> None:
        if self._source is not None and self._session is None:
            self._session = self._hub.open(self._source.key, self._source.media)
            self._timer.start()
            self._look()

    def _detach(self) -> None:
        self._timer.stop()
        if self._session is not None and self._source is not None:
            self._hub.leave(self._source.key)
        self._session = None
        self._looked = None
        self._says = NOTHING_SAID

    def _look(self) -> None:
        if self._session is None:
            return
        frame = self._session.buffer.latest()
        looked = Looked.at(self._session, self.stood_since)
        says = say(looked, self._text, self._now())
        if frame is self._frame and says == self._says:
            return
        self._take(frame, looked, says)

    def _take(self, frame: Frame | None, looked: Looked, says: TileSays) -> None:
        if frame is not None and frame is not self._frame:
            self._frame = frame
            self._image = image_of(frame)
        was = self._looked
        self._looked, self._says = looked, says
        self.setAccessibleDescription("\n".join((*says.over, says.band)).strip())
        if was is None or was.status.state is not looked.status.state:
            self.state_changed.emit(looked.status.state)
        self.update()

    # -- geometry and paint ------------------------------------------------------------------------

    def picture_area(self) -> QRectF:
        return QRectF(0, 0, self.width(), self.height() - scaled_px(CAPTION_PX))

    def fitted_under(self, _point: QPointF) -> QRectF:
        if self._image is None:
            return QRectF()
        return letterbox(QSizeF(self._image.size()), self.picture_area())

    def sizeHint(self) -> QSize:
        return QSize(640, 360 + CAPTION_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_ground(painter)
        area = self.picture_area()
        if self._image is not None:
            self._paint_image(painter, area)
        paint_over(painter, area, self._says, self._text)
        paint_band(painter, self._visible(area), self._says)
        caption_line = QRectF(0, area.bottom(), self.width(), scaled_px(CAPTION_PX))
        paint_caption(painter, caption_line, self._caption, self._caption_note())
        self.paint_ring(painter)

    def _visible(self, area: QRectF) -> QRectF:
        """Where there is picture: its letterbox, or all of the area when zoomed."""
        fitted = self.fitted_under(area.center())
        return area if fitted.isEmpty() or not self.viewport.is_fitted else fitted

    def _caption_note(self) -> str:
        """What the picture is while all is well; otherwise what the session says."""
        is_well = self.state is SessionState.PLAYING and not self._says.caption
        return self._caption.note if is_well else self._says.caption

    def _paint_image(self, painter: QPainter, area: QRectF) -> None:
        fitted, visible = self.fitted_under(area.center()), self._visible(area)
        state = self._looked.status.state if self._looked else SessionState.CLOSED
        dimming = _DIMMED.get(state, Dimming.NONE)
        paint_picture(painter, self._image, self.viewport.place(fitted), visible, dimming)
        paint_watermark(painter, visible, self._watermark)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._attach()

    def hideEvent(self, event: QHideEvent) -> None:
        self._detach()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_bare = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if not (is_bare and self.controls.press(Qt.Key(event.key()))):
            super().keyPressEvent(event)


def image_of(frame: Frame) -> QImage:
    """A QImage over the frame's memory: valid while the frame is held."""
    return QImage(frame.memory, frame.width, frame.height, frame.pitch, QImage.Format.Format_RGB32)

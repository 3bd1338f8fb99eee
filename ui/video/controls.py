"""What hand and keyboard can do with a playing tile; a panel registers each as an action."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from xiuzhou_desktop.media import Frame, MediaSession, SourceKind

PLAYING_OFF_MS, STANDING_OFF_MS = 1500, 200
"""How far from the wanted instant a recorded picture may be before it is sought."""


class PlayControls(QObject):
    """Speaks to the session that the tile has at the moment; without one it does nothing.

    `snapshot_wanted` carries the Frame in view; `replay_wanted` is R on a live picture.
    """

    snapshot_wanted = Signal(object)
    replay_wanted = Signal()

    def __init__(
        self,
        session: Callable[[], MediaSession | None],
        frame: Callable[[], Frame | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._frame = frame

    def toggle(self) -> None:
        """Pause or play (Space)."""
        self._tell(MediaSession.toggle)

    def step_forward(self) -> None:
        """One picture on (.)."""
        self._tell(MediaSession.step_forward)

    def step_back(self) -> None:
        """One picture back (,)."""
        self._tell(MediaSession.step_back)

    def retry(self) -> None:
        """Connect now (F5)."""
        self._tell(MediaSession.restart)

    def replay(self) -> None:
        """A clip from its beginning; of a live picture the owner is asked (R)."""
        session = self._session()
        if session is not None and session.kind is SourceKind.CLIP:
            session.restart()
        else:
            self.replay_wanted.emit()

    def play_at(self, position_ms: int) -> None:
        """Play on, at about there: an instant that runs, as of a view clock."""
        session = self._session()
        if session is not None:
            session.play()
            _seek_beyond(session, position_ms, PLAYING_OFF_MS)

    def hold_at(self, position_ms: int) -> None:
        """Stand there: an instant that stands."""
        session = self._session()
        if session is not None:
            session.pause()
            _seek_beyond(session, position_ms, STANDING_OFF_MS)

    def snapshot(self) -> None:
        """The picture in view as evidence (S)."""
        frame = self._frame()
        if frame is not None:
            self.snapshot_wanted.emit(frame)

    def press(self, key: Qt.Key) -> bool:
        """Act on a bare key; False when it means nothing here."""
        act = _KEYS.get(key)
        if act is None:
            return False
        act(self)
        return True

    def _tell(self, act: Callable[[MediaSession], None]) -> None:
        session = self._session()
        if session is not None:
            act(session)


def _seek_beyond(session: MediaSession, position_ms: int, most_off_ms: int) -> None:
    if abs(session.progress.position_ms - position_ms) > most_off_ms:
        session.seek_ms(position_ms)


_KEYS: dict[Qt.Key, Callable[[PlayControls], None]] = {
    Qt.Key.Key_Space: PlayControls.toggle,
    Qt.Key.Key_Period: PlayControls.step_forward,
    Qt.Key.Key_Comma: PlayControls.step_back,
    Qt.Key.Key_R: PlayControls.replay,
    Qt.Key.Key_S: PlayControls.snapshot,
    Qt.Key.Key_F5: PlayControls.retry,
}

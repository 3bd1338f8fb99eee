"""Who plays what: one libVLC for the process, one session a camera however many tiles show it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

from xiuzhou_desktop.media.clock import MediaClock
from xiuzhou_desktop.media.libvlc import LibVlc, LibVlcMissing, load_libvlc
from xiuzhou_desktop.media.session import MediaSession
from xiuzhou_desktop.media.source import MediaSource

CLOSE_WITHIN_S = 5.0


class MediaHub:
    """Opens and counts sessions. The first session's thread loads libVLC, not the caller."""

    def __init__(
        self,
        clock: MediaClock | None = None,
        load: Callable[[], LibVlc | LibVlcMissing] = load_libvlc,
        dice: random.Random | None = None,
    ) -> None:
        self._clock = clock or MediaClock()
        self._load = load
        self._dice = dice or random.Random()
        self._lock = threading.Lock()
        self._decoder: LibVlc | LibVlcMissing | None = None
        self._shared: dict[str, tuple[MediaSession, int]] = {}
        self._ending: list[MediaSession] = []

    def open(self, key: str, source: MediaSource) -> MediaSession:
        """The session of this key, started if nobody has it; give it back with `leave(key)`."""
        session, users = self._shared.get(key, (None, 0))
        if session is None:
            session = MediaSession(source, self._load_once, self._clock, self._dice)
        self._shared[key] = (session, users + 1)
        return session

    @property
    def open_count(self) -> int:
        """How many sessions play, for the status bar."""
        return len(self._shared)

    def leave(self, key: str) -> None:
        """The last one to leave closes the session; does not wait for it."""
        session, users = self._shared.pop(key)
        if users > 1:
            self._shared[key] = (session, users - 1)
            return
        session.close()
        self._ending = [one for one in self._ending if not one.wait_closed(0)]
        self._ending.append(session)

    def close(self) -> None:
        """At the end of the process: every session ends, then libVLC is released."""
        for session, _users in self._shared.values():
            session.close()
            self._ending.append(session)
        self._shared.clear()
        are_closed = [session.wait_closed(CLOSE_WITHIN_S) for session in self._ending]
        self._ending.clear()
        if all(are_closed) and isinstance(self._decoder, LibVlc):
            self._decoder.release()
            self._decoder = None

    def _load_once(self) -> LibVlc | LibVlcMissing:
        with self._lock:
            if not isinstance(self._decoder, LibVlc):
                self._decoder = self._load()
            return self._decoder

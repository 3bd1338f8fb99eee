"""The one place that knows python-vlc: loading it, one instance, a player that fills a buffer.

libVLC may be missing (python-vlc is only a binding). Then `load_libvlc()` answers a `LibVlcMissing`
value with the command that mends it; nothing is raised, all but the moving picture works.

Decoder callbacks run on libVLC's threads. They write memory and count; they never touch a widget.
"""

from __future__ import annotations

import ctypes
import importlib
import logging
from collections.abc import Callable, Hashable
from enum import StrEnum
from types import ModuleType
from typing import Protocol

import msgspec

from xiuzhou_desktop.media.frames import BYTES_A_PIXEL, FrameBuffer, Size

logger = logging.getLogger(__name__)

INSTALL_COMMAND = "sudo apt install libvlc5 vlc-plugin-base"

INSTANCE_OPTIONS = (
    "--ignore-config",
    "--quiet",
    "--no-xlib",
    "--no-audio",
    "--avcodec-hw=none",
    "--no-spu",
    "--no-osd",
    "--no-stats",
    "--no-lua",
    "--no-interact",
    "--no-video-title-show",
    "--no-metadata-network-access",
)
"""Each known to libVLC 3.0: the instance is NULL when it does not know a single one."""

NETWORK_CACHING_MS = 300
DECODER_THREADS = 1
LARGEST_SIDE_PX = 4096
CHROMA = b"RV32"


class LibVlcMissing(msgspec.Struct, frozen=True, kw_only=True):
    """libVLC cannot be used; `command` installs it, `detail` is for the log."""

    detail: str
    command: str = INSTALL_COMMAND


class _Cells(Protocol):
    """Numbers behind a C pointer."""

    def __getitem__(self, at: int) -> int: ...
    def __setitem__(self, at: int, value: int) -> None: ...


class _Media(Protocol):
    def add_option(self, option: str) -> None: ...
    def release(self) -> None: ...


class _MediaPlayer(Protocol):
    """What is used of `vlc.MediaPlayer`; python-vlc has no types."""

    def set_media(self, media: _Media) -> None: ...
    def play(self) -> int: ...
    def stop(self) -> None: ...
    def set_pause(self, paused: int) -> None: ...
    def next_frame(self) -> None: ...
    def set_time(self, at_ms: int) -> None: ...
    def get_time(self) -> int: ...
    def get_length(self) -> int: ...
    def get_fps(self) -> float: ...
    def get_state(self) -> Hashable: ...
    def release(self) -> None: ...


class _Instance(Protocol):
    """What is used of `vlc.Instance`."""

    def media_new(self, url: str) -> _Media: ...
    def media_player_new(self) -> _MediaPlayer: ...
    def release(self) -> None: ...


class PlayerState(StrEnum):
    IDLE = "IDLE"
    OPENING = "OPENING"
    PLAYING = "PLAYING"
    PAUSED = "PAUSED"
    ENDED = "ENDED"
    FAILED = "FAILED"


class Player(Protocol):
    """What a session asks of a decoder. Every call may block; none is made on the UI thread."""

    def play(self) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def next_frame(self) -> None: ...
    def seek_ms(self, at_ms: int) -> None: ...
    def position_ms(self) -> int: ...
    def duration_ms(self) -> int: ...
    def frame_ms(self) -> float: ...
    def visible_size(self) -> Size | None: ...
    def state(self) -> PlayerState: ...
    def release(self) -> None: ...


class Decoder(Protocol):
    """Makes players; libVLC in the product."""

    def player(self, url: str, buffer: FrameBuffer, start_ms: int) -> Player: ...


def import_vlc() -> ModuleType:
    """Import the binding, which loads the library; raises what python-vlc raises."""
    return importlib.import_module("vlc")


def load_libvlc(loader: Callable[[], ModuleType] = import_vlc) -> LibVlc | LibVlcMissing:
    """One shared libVLC instance, or why there is none."""
    try:
        vlc = loader()
        instance = vlc.Instance(list(INSTANCE_OPTIONS))
    except (ImportError, OSError, NameError, AttributeError, NotImplementedError) as error:
        logger.warning("libvlc missing", extra={"detail": str(error)})
        return LibVlcMissing(detail=str(error))
    if instance is None:
        logger.warning("libvlc has no instance: plugins missing or an option unknown")
        return LibVlcMissing(detail="libvlc_new() gave NULL")
    return LibVlc(vlc, instance)


class LibVlc:
    """The shared instance."""

    def __init__(self, vlc: ModuleType, instance: _Instance) -> None:
        self._vlc = vlc
        self._instance = instance

    @property
    def version(self) -> str:
        return str(self._vlc.libvlc_get_version().decode())

    def player(self, url: str, buffer: FrameBuffer, start_ms: int = 0) -> VlcPlayer:
        media = self._instance.media_new(url)
        media.add_option(f":network-caching={NETWORK_CACHING_MS}")
        media.add_option(f":avcodec-threads={DECODER_THREADS}")
        if start_ms:
            media.add_option(f":start-time={start_ms / 1000:.3f}")
        player = self._instance.media_player_new()
        player.set_media(media)
        media.release()
        return VlcPlayer(self._vlc, player, buffer)

    def release(self) -> None:
        self._instance.release()


class VlcPlayer:
    """One libVLC media player with memory callbacks into a FrameBuffer."""

    def __init__(self, vlc: ModuleType, player: _MediaPlayer, buffer: FrameBuffer) -> None:
        self._player = player
        self._states = _state_names(vlc)
        self._callbacks = _Callbacks(vlc, player, buffer)
        self._callbacks.attach()

    def play(self) -> None:
        self._player.play()

    def pause(self) -> None:
        self._player.set_pause(1)

    def resume(self) -> None:
        self._player.set_pause(0)

    def next_frame(self) -> None:
        self._player.next_frame()

    def seek_ms(self, at_ms: int) -> None:
        self._player.set_time(max(0, at_ms))

    def position_ms(self) -> int:
        return max(0, int(self._player.get_time()))

    def duration_ms(self) -> int:
        return max(0, int(self._player.get_length()))

    def frame_ms(self) -> float:
        rate = float(self._player.get_fps())
        return 1000 / rate if rate > 1 else 40.0

    def visible_size(self) -> Size | None:
        """Of the picture, without the decoder's padding; None until the stream has told."""
        return self._callbacks.visible_size()

    def state(self) -> PlayerState:
        return self._states.get(self._player.get_state(), PlayerState.IDLE)

    def release(self) -> None:
        """Waits for libVLC's threads; afterwards no callback comes."""
        self._player.stop()
        self._player.release()


def _state_names(vlc: ModuleType) -> dict[Hashable, PlayerState]:
    state = vlc.State
    return {
        state.NothingSpecial: PlayerState.IDLE,
        state.Opening: PlayerState.OPENING,
        state.Buffering: PlayerState.OPENING,
        state.Playing: PlayerState.PLAYING,
        state.Paused: PlayerState.PAUSED,
        state.Stopped: PlayerState.IDLE,
        state.Ended: PlayerState.ENDED,
        state.Error: PlayerState.FAILED,
    }


_uint_p = ctypes.POINTER(ctypes.c_uint)
_FormatCb = ctypes.CFUNCTYPE(
    ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p, _uint_p, _uint_p, _uint_p, _uint_p
)


class _Callbacks:
    """The C function pointers of one player; they must live as long as it does."""

    def __init__(self, vlc: ModuleType, player: _MediaPlayer, buffer: FrameBuffer) -> None:
        self._vlc = vlc
        self._player = player
        self._buffer = buffer
        kinds = vlc.CallbackDecorators
        self._lock = kinds.VideoLockCb(self._on_lock)
        self._unlock = kinds.VideoUnlockCb(self._on_unlock)
        self._display = kinds.VideoDisplayCb(self._on_display)
        self._cleanup = kinds.VideoCleanupCb(self._on_cleanup)
        # python-vlc types the chroma as an immutable string, but the callback has to write it
        self._format = _FormatCb(self._on_format)

    def attach(self) -> None:
        self._vlc.libvlc_video_set_callbacks(
            self._player, self._lock, self._unlock, self._display, None
        )
        self._vlc.libvlc_video_set_format_callbacks(self._player, self._format, self._cleanup)

    def visible_size(self) -> Size | None:
        width, height = self._vlc.libvlc_video_get_size(self._player, 0)
        return (int(width), int(height)) if width and height else None

    def _on_format(
        self,
        _opaque: int,
        chroma: int,
        width: _Cells,
        height: _Cells,
        pitches: _Cells,
        lines: _Cells,
    ) -> int:
        # WORKAROUND: libVLC 3 offers the padded size (1090 rows of a 1080 picture) and scales the
        # picture to what we answer. The true size is known here for MP4, for MPEG-TS only later;
        # then the session opens again with it. Ends with libVLC 4, which offers both sizes.
        wide, high = self.visible_size() or self._buffer.told_size or (width[0], height[0])
        if not 0 < max(wide, high) <= LARGEST_SIDE_PX:
            return 0
        ctypes.memmove(chroma, CHROMA, len(CHROMA))
        width[0], height[0] = wide, high
        pitches[0] = wide * BYTES_A_PIXEL
        lines[0] = high
        self._buffer.reshape(wide, high)
        return 1

    def _on_lock(self, _opaque: int, planes: _Cells) -> None:
        planes[0] = self._buffer.lock_back()

    def _on_unlock(self, _opaque: int, _picture: int, _planes: int) -> None:
        """Nothing: the picture is published when libVLC says it is due."""

    def _on_display(self, _opaque: int, _picture: int) -> None:
        self._buffer.show()

    def _on_cleanup(self, _opaque: int) -> None:
        """Nothing: readers may still hold the last picture."""

"""Moving pictures without Qt: libVLC sessions, frame buffers in plain memory, evidence snapshots.

hub = MediaHub(clock)                     one a process
session = hub.open("camera/0137", live(url))
session.status, session.buffer.latest()   looked at from a timer of the reader
hub.leave("camera/0137"); hub.close()
"""

from xiuzhou_desktop.media.address import (
    Address,
    BadAddressError,
    Login,
    read_address,
    store_login,
    stored_login,
)
from xiuzhou_desktop.media.clock import MediaClock
from xiuzhou_desktop.media.evidence import Snapshot, take_snapshot
from xiuzhou_desktop.media.frames import Frame, FrameBuffer
from xiuzhou_desktop.media.hub import MediaHub
from xiuzhou_desktop.media.libvlc import INSTALL_COMMAND, LibVlc, LibVlcMissing, load_libvlc
from xiuzhou_desktop.media.picture_watch import FreezeCause, Stretch
from xiuzhou_desktop.media.session import MediaSession, Progress
from xiuzhou_desktop.media.source import (
    MediaSource,
    SourceKind,
    camera_source,
    clip,
    live,
    renewed,
)
from xiuzhou_desktop.media.status import Reason, SessionState, SessionStatus, Stream

__all__ = [
    "INSTALL_COMMAND",
    "Address",
    "BadAddressError",
    "Frame",
    "FrameBuffer",
    "FreezeCause",
    "LibVlc",
    "LibVlcMissing",
    "Login",
    "MediaClock",
    "MediaHub",
    "MediaSession",
    "MediaSource",
    "Progress",
    "Reason",
    "SessionState",
    "SessionStatus",
    "Snapshot",
    "SourceKind",
    "Stream",
    "Stretch",
    "camera_source",
    "clip",
    "live",
    "load_libvlc",
    "read_address",
    "renewed",
    "store_login",
    "stored_login",
    "take_snapshot",
]

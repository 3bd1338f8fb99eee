"""Moving pictures without Qt: libVLC sessions, frame buffers in plain memory, evidence snapshots.

hub = MediaHub(clock)                     one a process
session = hub.open("camera/0137", live(url))
session.status, session.buffer.latest()   looked at from a timer of the reader
hub.leave("camera/0137"); hub.close()
"""

from xiuzhou_desktop.media.clock import MediaClock
from xiuzhou_desktop.media.evidence import Snapshot, take_snapshot
from xiuzhou_desktop.media.frames import Frame, FrameBuffer
from xiuzhou_desktop.media.hub import MediaHub
from xiuzhou_desktop.media.libvlc import INSTALL_COMMAND, LibVlc, LibVlcMissing, load_libvlc
from xiuzhou_desktop.media.session import MediaSession, Progress
from xiuzhou_desktop.media.source import MediaSource, SourceKind, clip, live, renewed
from xiuzhou_desktop.media.status import Reason, SessionState, SessionStatus

__all__ = [
    "INSTALL_COMMAND",
    "Frame",
    "FrameBuffer",
    "LibVlc",
    "LibVlcMissing",
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
    "clip",
    "live",
    "load_libvlc",
    "renewed",
    "take_snapshot",
]

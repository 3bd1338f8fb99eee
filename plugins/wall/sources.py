"""Where a tile's picture comes from: live from the camera itself or through the district's server,
or, while the view clock is in the past, what was recorded then."""

from datetime import UTC, datetime, timedelta

import msgspec

from plugins.wall.cameras import Camera
from ui.video import engine_source
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.media import Address, MediaSource, SourceKind, camera_source
from xiuzhou_desktop.plugin_api.context import Engine

PIECE_S = 10
"""Recorded pictures come in pieces that begin at a whole ten seconds: neighbours share them."""
PIECE = timedelta(seconds=PIECE_S)


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded piece: its first instant, and how far into it the clock stands."""

    start: datetime
    into_ms: int


def piece_at(instant: datetime) -> Piece:
    """The piece in which an instant lies."""
    seconds = int(instant.timestamp()) // PIECE_S * PIECE_S
    start = datetime.fromtimestamp(seconds, UTC)
    return Piece(start=start, into_ms=(instant - start) // timedelta(milliseconds=1))


def live_source(engine: Engine, camera: Camera) -> tuple[str, MediaSource]:
    """One session a camera: the key is the camera's own."""
    if camera.stream_url:
        return f"camera/{camera.id}", camera_source(Address(camera.stream_url))
    path = f"/v1/cameras/{camera.id}/live"
    return f"camera/{camera.id}", engine_source(engine, path, SourceKind.LIVE)


def recorded_source(engine: Engine, camera: Camera, start: datetime) -> tuple[str, MediaSource]:
    """Ten seconds from `start`."""
    at = format_instant(start)
    path = f"/v1/cameras/{camera.id}/clip?from={at}&seconds={PIECE_S}"
    return f"recorded/{camera.id}/{at}", engine_source(engine, path, SourceKind.CLIP, start)

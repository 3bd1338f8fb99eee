"""The demonstration district: one world from a seed and a date, and the pictures of it."""

from xiuzhou_desktop.backend.demo.world.encode import clip, segment, still
from xiuzhou_desktop.backend.demo.world.fonts import FontMissing
from xiuzhou_desktop.backend.demo.world.render_jobs import (
    render_clip,
    render_segment,
    render_still,
)
from xiuzhou_desktop.backend.demo.world.scene import NoPicture
from xiuzhou_desktop.backend.demo.world.segment_cache import SegmentCache
from xiuzhou_desktop.backend.demo.world.ts_joiner import TsJoiner
from xiuzhou_desktop.backend.demo.world.world import World

__all__ = [
    "FontMissing",
    "NoPicture",
    "SegmentCache",
    "TsJoiner",
    "World",
    "clip",
    "render_clip",
    "render_segment",
    "render_still",
    "segment",
    "still",
]

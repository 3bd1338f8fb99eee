"""The renderer for worker processes: plain arguments in, bytes out, the world kept."""

from datetime import date, datetime
from functools import lru_cache

from xiuzhou_desktop.backend.demo.world.encode import clip, segment, still
from xiuzhou_desktop.backend.demo.world.world import World


@lru_cache(maxsize=2)
def world_of(seed: int, day: str) -> World:
    """The world of a seed and an ISO date."""
    return World(seed, date.fromisoformat(day))


def render_segment(seed: int, day: str, no: str, index: int) -> bytes:
    """`segment` by plain arguments."""
    return segment(world_of(seed, day), no, index)


def render_still(seed: int, day: str, no: str, at: str, width: int = 1280) -> bytes:
    """`still` by plain arguments; `at` is an ISO instant with its offset."""
    return still(world_of(seed, day), no, datetime.fromisoformat(at), width)


def render_clip(seed: int, day: str, no: str, at: str, seconds: int = 10) -> bytes:
    """`clip` by plain arguments; `at` is an ISO instant with its offset."""
    return clip(world_of(seed, day), no, datetime.fromisoformat(at), seconds)

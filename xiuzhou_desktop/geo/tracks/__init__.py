"""Tracks of vehicles: fixes as columns, and what they tell. On numpy, so a package of its own."""

from xiuzhou_desktop.geo.tracks.fixes import UNKNOWN, Fixes, drifting
from xiuzhou_desktop.geo.tracks.plane import Floats, Mask, Plane
from xiuzhou_desktop.geo.tracks.route import DatumDoubt, Deviation, datum_doubt, deviations
from xiuzhou_desktop.geo.tracks.track import Seen, Sight, Span, Stop, Track, Trip, read_track

__all__ = [
    "UNKNOWN",
    "DatumDoubt",
    "Deviation",
    "Fixes",
    "Floats",
    "Mask",
    "Plane",
    "Seen",
    "Sight",
    "Span",
    "Stop",
    "Track",
    "Trip",
    "datum_doubt",
    "deviations",
    "drifting",
    "read_track",
]

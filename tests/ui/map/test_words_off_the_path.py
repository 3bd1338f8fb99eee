"""What is said of a stop stands off the path."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSizeF

from plugins.tracks.speed_path import SpeedPath
from ui.map import Sight
from ui.map.labels import beside
from xiuzhou_desktop.geo import Point
from xiuzhou_desktop.geo.tracks import UNKNOWN, Fixes, Plane, read_track

SPOT, WORDS = QRectF(144, 94, 12, 12), QSizeF(60, 16)
ROOM = QRectF(0, 0, 300, 200)
SIGHT = Sight(middle=(0.0, 0.0), metres_a_px=5.0, size=QSizeF(300, 200))
AT = Point(120.72, 30.76)


def driven(east_m: float, north_m: float) -> SpeedPath:
    """Through the middle of the view, from end to end of it."""
    share, rest = np.linspace(-1, 1, 81), np.full(81, float(UNKNOWN))
    a_degree = 100_000.0  # of metres, near enough
    lon, lat = AT.lon + share * east_m / a_degree, AT.lat + share * north_m / a_degree
    at_ms = 1_790_000_000_000 + np.arange(81) * 10_000
    track = read_track(Fixes(at_ms, lon, lat, rest, rest, np.zeros(81, np.int64)))
    assert not track.gaps
    return SpeedPath(track, Plane(AT).metres(track.honest.lon, track.honest.lat))


@pytest.mark.parametrize(
    ("way", "at_the_right", "below"),
    [((700.0, 0.0), False, True), ((0.0, 450.0), True, False), ((600.0, -400.0), False, True)],
)
def test_words_of_a_stop_are_clear_of_the_path(
    way: tuple[float, float], at_the_right: bool, below: bool
) -> None:
    crosses = driven(*way).crosses(SIGHT)
    assert crosses(SPOT)
    box = beside(SPOT, WORDS, ROOM, [], lambda box: not crosses(box))
    assert box is not None
    assert not crosses(box)
    assert (box.center().x() > SPOT.center().x() + 1) is at_the_right
    assert (box.center().y() > SPOT.center().y() + 1) is below


def test_on_open_ground_they_stand_at_the_right() -> None:
    box = beside(SPOT, WORDS, ROOM, [])
    assert box is not None
    assert (box.left() > SPOT.right(), box.center().y()) == (True, SPOT.center().y())

"""A path coloured by speed, at the detail that a scale can show.

honest fixes ──level──► corners that cells tell apart ──► pieces, each once, with the speed of
the last time it was driven ──in view──► casing, then five colours
"""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from ui.map import Sight
from ui.theme import theme
from xiuzhou_desktop.geo.tracks import Track

SPEED_STEPS_KMH = (14, 28, 42, 56)
PATH_PX, CASING_PX = 4.0, 6.0
CELL_PX = 2.0
MOST_PIECES = 800
"""Of one picture: where the same streets were driven all day, passes that lie on one another are
merged until no more are left; a frame has sixteen milliseconds."""
COARSEST = 9


class SpeedPath:
    """One day's path in metres."""

    def __init__(self, track: Track, spots: tuple[np.ndarray, np.ndarray]) -> None:
        self._track = track
        self._east, self._north = spots
        self._steps = np.searchsorted(SPEED_STEPS_KMH, track.speed_kmh)
        self._levels: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self._seen: tuple[Sight, tuple[np.ndarray, np.ndarray]] | None = None

    def paint(self, painter: QPainter, sight: Sight) -> None:
        """Under the transform from metres to pixels."""
        pieces, steps = self._in_sight(sight)
        casing = wide_pen(QColor(theme().tokens.ramp_casing), CASING_PX)
        painter.strokePath(_path(pieces), casing)
        for step, tone in enumerate(theme().tokens.ramp):
            painter.strokePath(_path(pieces[steps == step]), wide_pen(QColor(tone), PATH_PX))

    def crosses(self, sight: Sight) -> Callable[[QRectF], bool]:
        """Whether a box on the screen would lie on the path."""
        pieces, _ = self._in_sight(sight)
        lines = np.empty_like(pieces)
        middle, size = sight.middle, sight.size
        lines[:, 0::2] = size.width() / 2 + (pieces[:, 0::2] - middle[0]) / sight.metres_a_px
        lines[:, 1::2] = size.height() / 2 - (pieces[:, 1::2] - middle[1]) / sight.metres_a_px
        spare = CASING_PX / 2
        return lambda box: _is_crossed(lines, box.adjusted(-spare, -spare, spare, spare))

    def _in_sight(self, sight: Sight) -> tuple[np.ndarray, np.ndarray]:
        """What is looked at, found once a sight."""
        if self._seen is None or self._seen[0] != sight:
            self._seen = (sight, self._found(sight))
        return self._seen[1]

    def _found(self, sight: Sight) -> tuple[np.ndarray, np.ndarray]:
        """At the finest detail that is worth its pixels and its time."""
        level = max(0, int(np.floor(np.log2(max(1.0, CELL_PX * sight.metres_a_px)))))
        while True:
            pieces, steps = self._level(level)
            seen = _in_view(pieces, sight)
            if seen.sum() <= MOST_PIECES or level >= COARSEST:
                return pieces[seen], steps[seen]
            level += 1

    def _level(self, level: int) -> tuple[np.ndarray, np.ndarray]:
        """Pieces (east, north, east, north) and the step of speed of each."""
        if level not in self._levels:
            parts = [self._part(span.first, span.last, 2.0**level) for span in self._track.parts()]
            rows = np.concatenate(parts) if parts else np.empty((0, 2), np.int64)
            start, end = rows.T
            pieces = np.stack(
                [self._east[start], self._north[start], self._east[end], self._north[end]], axis=1
            )
            once = _last_of_each(pieces, 2.0**level)
            self._levels[level] = (pieces[once], self._steps[end][once])
        return self._levels[level]

    def _part(self, first: int, last: int, cell_m: float) -> np.ndarray:
        """Rows of start and end of each piece between two gaps."""
        rows = np.arange(first, last + 1)
        x, y = (np.round(one[rows] / cell_m).astype(np.int64) for one in (self._east, self._north))
        is_kept = np.ones(len(rows), dtype=np.bool_)
        is_kept[1:-1] = (np.diff(x) != 0)[:-1] | (np.diff(y) != 0)[:-1]
        kept = rows[is_kept]
        return np.stack([kept[:-1], kept[1:]], axis=1)


def _is_crossed(lines: np.ndarray, box: QRectF) -> bool:
    """Whether one of the lines (x, y, x, y) enters the box: each is cut at its four edges, and
    something of it is left (Liang and Barsky)."""
    x, y = lines[:, 0], lines[:, 1]
    right, down = lines[:, 2] - x, lines[:, 3] - y
    enters, leaves = np.zeros(len(lines)), np.ones(len(lines))
    is_outside = np.zeros(len(lines), dtype=np.bool_)
    for step, room in (
        (-right, x - box.left()), (right, box.right() - x),
        (-down, y - box.top()), (down, box.bottom() - y),
    ):  # fmt: skip
        is_along = step == 0
        is_outside |= is_along & (room < 0)
        cut = room / np.where(is_along, 1.0, step)
        enters = np.where(step < 0, np.maximum(enters, cut), enters)
        leaves = np.where(step > 0, np.minimum(leaves, cut), leaves)
    return bool((~is_outside & (enters <= leaves)).any())


def wide_pen(tone: QColor, width: float) -> QPen:
    """Round, and as wide on every scale."""
    pen = QPen(tone, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCosmetic(True)
    return pen


def _last_of_each(pieces: np.ndarray, cell_m: float) -> np.ndarray:
    """Rows of pieces that cells tell apart, whichever way they were driven: the latest of each."""
    cells = np.round(pieces / cell_m).astype(np.int64)
    start, end = cells[:, 0] << 32 ^ cells[:, 1], cells[:, 2] << 32 ^ cells[:, 3]
    low, high = np.minimum(start, end), np.maximum(start, end)
    order = np.lexsort((high, low))  # stable: of equal ones the latest comes last
    is_last = (np.diff(low[order], append=0) != 0) | (np.diff(high[order], append=0) != 0)
    if len(order):
        is_last[-1] = True
    return np.sort(order[is_last])


def _in_view(pieces: np.ndarray, sight: Sight) -> np.ndarray:
    spare = CASING_PX
    window = sight.window.adjusted(-spare, -spare, spare, spare)
    west, north = sight.to_ground(window.topLeft())
    east, south = sight.to_ground(window.bottomRight())
    x, y = pieces[:, 0::2], pieces[:, 1::2]
    return np.asarray(
        (x.max(1) >= west) & (x.min(1) <= east) & (y.max(1) >= south) & (y.min(1) <= north)
    )


def _path(pieces: np.ndarray) -> QPainterPath:
    """Joined where one piece begins at the end of the one before."""
    path = QPainterPath()
    last: tuple[float, float] | None = None
    for ax, ay, bx, by in pieces.tolist():
        if (ax, ay) != last:
            path.moveTo(ax, ay)
        path.lineTo(bx, by)
        last = (bx, by)
    return path

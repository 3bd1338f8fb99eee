"""Where the columns of a queue row lie; the delegate and the header ask the same function.

Below WIDE px the place would have no room: the row is two lines high, the place goes to the
second, the confidence goes.
"""

from functools import lru_cache

import msgspec
from PySide6.QtCore import QRectF

WIDE_PX = 480
PAD_PX = 8
GAP_PX = 8
MARK_PX, TIME_PX, TYPE_PX, SUBJECT_PX, CONFIDENCE_PX, STATE_PX = 20, 66, 58, 122, 34, 80


class Span(msgspec.Struct, frozen=True):
    """Left edge and width."""

    x: float
    width: float

    def within(self, row: QRectF) -> QRectF:
        """The column's cell of a row."""
        return QRectF(row.x() + self.x, row.y(), self.width, row.height())


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """Spans of the columns in a row of a certain width; None where the row has no such column."""

    mark: Span
    time: Span
    type: Span
    subject: Span
    place: Span
    confidence: Span | None
    state: Span


@lru_cache(maxsize=64)
def columns_for(width: int, scale: float) -> Columns:
    if width < WIDE_PX * scale:
        return _narrow(width, scale)
    spans = _run(PAD_PX * scale, (MARK_PX, TIME_PX, TYPE_PX, SUBJECT_PX), scale)
    state = Span(width - (PAD_PX + STATE_PX) * scale, STATE_PX * scale)
    confidence = Span(state.x - (GAP_PX + CONFIDENCE_PX) * scale, CONFIDENCE_PX * scale)
    place_x = spans[-1].x + spans[-1].width + GAP_PX * scale
    return Columns(
        mark=spans[0],
        time=spans[1],
        type=spans[2],
        subject=spans[3],
        place=Span(place_x, max(0.0, confidence.x - GAP_PX * scale - place_x)),
        confidence=confidence,
        state=state,
    )


def _narrow(width: int, scale: float) -> Columns:
    mark, time, kind = _run(PAD_PX * scale, (MARK_PX, TIME_PX, TYPE_PX), scale)
    state = Span(width - (PAD_PX + STATE_PX) * scale, STATE_PX * scale)
    subject_x = kind.x + kind.width + GAP_PX * scale
    return Columns(
        mark=mark,
        time=time,
        type=kind,
        subject=Span(subject_x, max(0.0, state.x - GAP_PX * scale - subject_x)),
        place=Span(kind.x, max(0.0, width - PAD_PX * scale - kind.x)),
        confidence=None,
        state=state,
    )


def _run(start: float, widths: tuple[int, ...], scale: float) -> list[Span]:
    spans, x = [], start
    for width in widths:
        spans.append(Span(x, width * scale))
        x += (width + GAP_PX) * scale
    return spans

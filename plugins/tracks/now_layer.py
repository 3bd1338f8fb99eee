"""Where the opened vehicles are at the shown instant: a badge with the number of the list, and
beside it plate and speed in a box, so that nothing below shines through.

    measured  solid badge · not known (in a gap)  dotted and hollow

A box goes to the right of its badge, else to where the window ends and other boxes leave it room.
"""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen

from plugins.tracks.day_layer import Shown
from ui.map import Projection, Sight
from ui.map.labels import beside
from ui.theme import Align, Face, Ink, Weight, colour, draw_text, text_width
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.geo.tracks import Sight as Known

BADGE_PX, BOX_PX, PAD_PX, GAP_PX = 22.0, 22.0, 6.0, 4.0
MOST_BOXES = 24
FOOT_PX = 26.0  # attribution and scale stand there
NUMBER_INK = Ink("text1", Face.LABEL, Weight.BOLD)
LABEL_INK = Ink("text1", Face.LABEL)


class NowLayer:
    """Shows each opened vehicle; a click on its badge answers the vehicle."""

    def __init__(self) -> None:
        self._shown: tuple[Shown, ...] = ()
        self._chosen: int | None = None

    def show(self, shown: tuple[Shown, ...], chosen: int | None) -> None:
        """`chosen` is a place in `shown`: it is painted last and finds its room first."""
        self._shown, self._chosen = shown, chosen

    def paint(self, painter: QPainter, sight: Sight, projection: Projection) -> None:
        badges = self._badges(sight, projection)
        for one, box in reversed(self._boxes(sight, badges)):
            _paint_box(painter, box, one.label)
        for one, badge in badges:
            _paint_badge(painter, badge, one, "accent" if self._is_chosen(one) else "text2")

    def covered(self, sight: Sight, projection: Projection) -> list[QRectF]:
        """Badges and their words."""
        badges = self._badges(sight, projection)
        return [rect for _, rect in (*badges, *self._boxes(sight, badges))]

    def found_at(self, point: QPointF, sight: Sight, projection: Projection) -> RecordId | None:
        for one, badge in reversed(self._badges(sight, projection)):
            if badge.contains(point):
                return one.day.vehicle
        return None

    def _boxes(
        self, sight: Sight, badges: list[tuple[Shown, QRectF]]
    ) -> list[tuple[Shown, QRectF]]:
        """Where the words of the last ones stand, the chosen one's first."""
        taken = [badge for _, badge in badges]
        room = sight.window.adjusted(GAP_PX, GAP_PX, -GAP_PX, -FOOT_PX)
        boxes = []
        for one, badge in reversed(badges[-MOST_BOXES:]):
            box = _place(badge, one.label, room, taken)
            taken.append(box)
            boxes.append((one, box))
        return boxes

    def _badges(self, sight: Sight, projection: Projection) -> list[tuple[Shown, QRectF]]:
        """Those in view, the chosen one last."""
        found = []
        for one in sorted(self._shown, key=self._is_chosen):
            if one.seen.place is None:
                continue
            badge = QRectF(0, 0, BADGE_PX, BADGE_PX)
            badge.moveCenter(sight.to_screen(projection.to_metres(one.seen.place)))
            if badge.intersects(sight.window):
                found.append((one, badge))
        return found

    def _is_chosen(self, one: Shown) -> bool:
        return self._chosen is not None and one is self._shown[self._chosen]


def _place(badge: QRectF, label: str, room: QRectF, taken: list[QRectF]) -> QRectF:
    """Beside its badge, else at the right, drawn into the room."""
    size = QSizeF(text_width(label, LABEL_INK) + 2 * PAD_PX, BOX_PX)
    found = beside(badge, size, room, taken)
    if found is not None:
        return found
    box = QRectF(QPointF(badge.right() + GAP_PX, badge.top()), size)
    box.moveRight(min(box.right(), room.right()))
    return box


def _paint_box(painter: QPainter, box: QRectF, label: str) -> None:
    painter.setPen(QPen(colour("edge"), 1.0))
    painter.setBrush(colour("bg2"))
    painter.drawRoundedRect(box, 2, 2)
    draw_text(painter, box, label, LABEL_INK, Align.AlignHCenter)


def _paint_badge(painter: QPainter, badge: QRectF, one: Shown, tone: str) -> None:
    is_known = one.seen.sight is Known.MEASURED
    line = Qt.PenStyle.SolidLine if is_known else Qt.PenStyle.DotLine
    painter.setPen(QPen(colour(tone), 2.0, line))
    painter.setBrush(colour("bg2") if is_known else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(badge)
    draw_text(painter, badge, str(one.number), NUMBER_INK, Align.AlignHCenter)

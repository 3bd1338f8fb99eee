"""The way of a record: what is done, where it stands, what lies ahead, each with its limit."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.theme.icons import icon_pixmap
from ui.theme.textrun import Ink, draw_text, draw_wrapped, text_width
from ui.theme.theme import colour, px
from ui.theme.type import Face, Weight
from ui.widgets.painted import Painted, Policy

HEIGHT_PX = 56
CIRCLE_PX = 20
PAD_PX = 12
GAP_PX = 10
TOP_BAR_PX = 2
TIGHT_BELOW_PX, TIGHT_PAD_PX = 110, 6


class StepState(StrEnum):
    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"
    SKIPPED = "skipped"
    FAILED = "failed"


class Step(msgspec.Struct, frozen=True):
    """One station: its name, its time or limit, and how it stands."""

    title: str
    note: str
    state: StepState


TITLE_TONES = {
    StepState.DONE: "text2",
    StepState.CURRENT: "text1",
    StepState.AHEAD: "text3",
    StepState.SKIPPED: "text3",
    StepState.FAILED: "refused",
}


class Stepper(Painted):
    """Stations side by side, equally wide; in tight ones the name stands over circle and note."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[Step, ...] = ()
        self.setSizePolicy(Policy.Expanding, Policy.Fixed)

    def set_steps(self, steps: Sequence[Step]) -> None:
        self._steps = tuple(steps)
        self.setAccessibleName(" → ".join(f"{s.title} {s.note}" for s in self._steps))
        self._look_changed()

    def sizeHint(self) -> QSize:
        return QSize(px(110) * max(1, len(self._steps)), px(HEIGHT_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80) * max(1, len(self._steps)), px(HEIGHT_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colour("bg1"))
        painter.fillRect(QRectF(0, 0, self.width(), 1), colour("line"))
        if not self._steps:
            return
        width = self.width() / len(self._steps)
        is_tight = width < px(TIGHT_BELOW_PX) or not all(_fits(one, width) for one in self._steps)
        paint = _paint_tight if is_tight else _paint_step
        for number, step in enumerate(self._steps):
            cell = QRectF(round(number * width), 0, round(width), self.height())
            _paint_ground(painter, cell, step)
            paint(painter, cell, step)
            painter.fillRect(QRectF(cell.right() - 1, 0, 1, cell.height()), colour("line"))


def _paint_ground(painter: QPainter, cell: QRectF, step: Step) -> None:
    if step.state is StepState.CURRENT:
        painter.fillRect(cell, colour("bg2"))
        painter.fillRect(QRectF(cell.x(), 0, cell.width(), TOP_BAR_PX), colour("accent"))


def _inks(step: Step) -> tuple[Ink, Ink]:
    """Of the name and of the note."""
    is_current = step.state is StepState.CURRENT
    weight = Weight.BOLD if is_current else Weight.REGULAR
    title = Ink(TITLE_TONES[step.state], Face.BODY, weight)
    return title, Ink("text2" if is_current else "text3", Face.LABEL)


def _fits(step: Step, width: float) -> bool:
    """Whether the name has room beside its circle."""
    beside = px(PAD_PX) + px(CIRCLE_PX) + px(GAP_PX) + 4
    return text_width(step.title, _inks(step)[0]) <= width - beside


def _paint_step(painter: QPainter, cell: QRectF, step: Step) -> None:
    side = px(CIRCLE_PX)
    circle = QRectF(cell.x() + px(PAD_PX), cell.y() + px(8), side, side)
    _paint_circle(painter, circle, step.state)
    x = circle.right() + px(GAP_PX)
    width = cell.right() - x - 4
    title_ink, note_ink = _inks(step)
    if text_width(step.note, note_ink) <= width:
        draw_text(painter, QRectF(x, cell.y() + px(8), width, px(20)), step.title, title_ink)
        draw_text(painter, QRectF(x, cell.y() + px(30), width, px(18)), step.note, note_ink)
        return
    draw_text(painter, QRectF(x, cell.y() + px(1), width, px(19)), step.title, title_ink)
    draw_wrapped(painter, QRectF(x, cell.y() + px(19), width, px(36)), step.note, note_ink)


def _paint_tight(painter: QPainter, cell: QRectF, step: Step) -> None:
    side, x = px(CIRCLE_PX), cell.x() + px(TIGHT_PAD_PX)
    title_ink, note_ink = _inks(step)
    title = QRectF(x, cell.y() + px(6), cell.right() - x - 2, px(20))
    draw_text(painter, title, step.title, title_ink)
    circle = QRectF(x, cell.y() + px(29), side, side)
    _paint_circle(painter, circle, step.state)
    note = QRectF(circle.right() + 4, circle.y(), cell.right() - circle.right() - 6, side)
    draw_text(painter, note, step.note, note_ink)


def _paint_circle(painter: QPainter, circle: QRectF, state: StepState) -> None:
    tone = {StepState.CURRENT: "text1", StepState.FAILED: "refused"}.get(state, "edge")
    pen = QPen(colour(tone), 1.5)
    if state is StepState.SKIPPED:
        pen.setStyle(Qt.PenStyle.DotLine)
    painter.setPen(pen)
    painter.setBrush(colour("text1") if state is StepState.CURRENT else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(circle.adjusted(1, 1, -1, -1))
    if state is StepState.CURRENT:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("bg1"))
        painter.drawEllipse(circle.center(), px(3), px(3))
        return
    sign = {StepState.DONE: "check", StepState.FAILED: "x"}.get(state)
    if sign:
        size = px(14)
        ratio = painter.device().devicePixelRatioF()
        tone = "text2" if state is StepState.DONE else "refused"
        corner = circle.center() - QPointF(size / 2, size / 2)
        painter.drawPixmap(corner, icon_pixmap(sign, tone, size, ratio))

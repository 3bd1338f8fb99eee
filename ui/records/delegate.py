"""Paints the rows of a queue from prepared values: no index widgets, no style sheet, no computing.

mark 20 · time left 66 · type 58 · plate or subject 122 · place flex · confidence 34 · state 80
"""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.records.columns import Columns, Span, columns_for
from ui.records.rows import ROW_ROLE, GroupRow, QueueRow, TimeTone
from ui.theme.chips import Chip, ChipState, paint_chip, paint_plate, plate_width
from ui.theme.chosen import paint_chosen_bar
from ui.theme.icons import icon_pixmap
from ui.theme.marks import MarkFill, paint_mark
from ui.theme.style import draw_ring
from ui.theme.textrun import Align, Elide, Ink, draw_text, text_width
from ui.theme.theme import colour, px, row_height, theme
from ui.theme.type import Density, Face, Weight

TIME_BOX_PX = 22
TIME_BOX_PAD = 5
CHIP_OVERHANG_PX = 6
NO_VALUE = "—"

TYPE_INK = Ink("text1")
UNSEEN_TYPE_INK = Ink("text1", weight=Weight.BOLD)
TIME_INK = Ink("text1")
OVERDUE_INK = Ink("text1", weight=Weight.BOLD)
NOTHING_INK = Ink("text3")
SUBJECT_INK = Ink("text1")
PLACE_INK = Ink("text2", elide=Elide.ElideMiddle)
PLACE_SECOND_LINE_INK = Ink("text2", Face.LABEL, elide=Elide.ElideMiddle)
NOTE_INK = Ink("text3", Face.LABEL)
CONFIDENCE_INK = Ink("text2")
GROUP_INK = Ink("text1", weight=Weight.BOLD)
COUNT_INK = Ink("text3")

State = QStyle.StateFlag
Index = QModelIndex | QPersistentModelIndex


class RecordDelegate(QStyledItemDelegate):
    """Rows and group heads of a queue; `blink_is_hollow` is turned by the view, once a second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.density = Density.DENSE
        self.blink_is_hollow = False

    def set_density(self, density: Density) -> None:
        self.density = density

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, row_height(self.density))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        rect = QRectF(option.rect)
        is_selected = bool(option.state & State.State_Selected)
        if isinstance(row, GroupRow):
            painter.fillRect(rect, colour("sel" if is_selected else "bg2"))
            self._paint_group(painter, rect, row)
        elif isinstance(row, QueueRow):
            is_hovered = bool(option.state & State.State_MouseOver)
            _paint_ground(painter, rect, "sel" if is_selected else "bg3" if is_hovered else "bg1")
            self.paint_row(painter, rect, row)
        _paint_line(painter, rect)
        if is_selected:
            paint_chosen_bar(painter, rect)
        if option.state & State.State_HasFocus:
            draw_ring(painter, option.rect, colour("focus"))

    def _paint_group(self, painter: QPainter, rect: QRectF, group: GroupRow) -> None:
        columns = columns_for(int(rect.width()), theme().scale)
        size = px(16)
        chevron = icon_pixmap(
            "chevron-down" if group.is_open else "chevron-right", "text2", size, _dpr(painter)
        )
        x = rect.x() + columns.mark.x
        painter.drawPixmap(QPointF(x, round(rect.center().y() - size / 2)), chevron)
        x += size + 8
        title = QRectF(x, rect.y(), rect.right() - x, rect.height())
        x += draw_text(painter, title, group.title, GROUP_INK) + 8
        count = QRectF(x, rect.y(), rect.right() - x, rect.height())
        draw_text(painter, count, f"{group.count:,}", COUNT_INK)

    def paint_row(self, painter: QPainter, rect: QRectF, row: QueueRow) -> None:
        """The cells of one record; a list with columns of its own overrides it."""
        columns = columns_for(int(rect.width()), theme().scale)
        first, second = self._lines(rect)
        hollow = row.unseen and row.priority == 1 and self.blink_is_hollow
        fill = MarkFill.HOLLOW if hollow else MarkFill.NORMAL
        paint_mark(painter, columns.mark.within(first), row.priority, fill)
        paint_time(painter, columns.time.within(first), row)
        kind_ink = UNSEEN_TYPE_INK if row.unseen else TYPE_INK
        draw_text(painter, columns.type.within(first), row.type_text, kind_ink)
        chip = row.chip or (Chip(ChipState.HELD, row.holder) if row.holder else None)
        _paint_subject(painter, _subject_cell(columns, chip).within(first), row)
        _paint_place(painter, columns.place.within(second or first), row, _place_ink(columns))
        if columns.confidence is not None:
            cell = columns.confidence.within(first)
            draw_text(painter, cell, row.confidence, CONFIDENCE_INK, Align.AlignRight)
        if chip is not None:
            paint_chip(
                painter, columns.state.within(first).adjusted(0, 0, CHIP_OVERHANG_PX, 0), chip
            )

    def _lines(self, rect: QRectF) -> tuple[QRectF, QRectF | None]:
        if self.density is not Density.TWO_LINE:
            return rect, None
        top = px(4)
        first = QRectF(rect.x(), rect.y() + top, rect.width(), px(24))
        return first, QRectF(rect.x(), first.bottom(), rect.width(), px(20))


def _subject_cell(columns: Columns, chip: Chip | None) -> Span:
    """Of a row of two lines that has no state to show: to its end."""
    subject, state = columns.subject, columns.state
    if chip is not None or columns.confidence is not None:
        return subject
    return Span(subject.x, state.x + state.width - subject.x)


def _place_ink(columns: Columns) -> Ink:
    return PLACE_INK if columns.confidence is not None else PLACE_SECOND_LINE_INK


def _dpr(painter: QPainter) -> float:
    return painter.device().devicePixelRatioF()


def _paint_ground(painter: QPainter, rect: QRectF, token: str) -> None:
    painter.fillRect(rect, colour(token))


def _paint_line(painter: QPainter, rect: QRectF) -> None:
    pen = QPen(colour("line"), 0)
    painter.setPen(pen)
    y = rect.bottom() - 0.5
    painter.drawLine(QPointF(rect.x(), y), QPointF(rect.right(), y))


def paint_time(painter: QPainter, cell: QRectF, row: QueueRow) -> None:
    """The time left: filled, boxed or plain, at the right of its cell."""
    if row.time_tone is TimeTone.NONE:
        draw_text(painter, cell, row.time_left or NO_VALUE, NOTHING_INK, Align.AlignRight)
        return
    if row.time_tone is TimeTone.PLAIN:
        draw_text(painter, cell, row.time_left, TIME_INK, Align.AlignRight)
        return
    width = min(cell.width(), text_width(row.time_left, OVERDUE_INK) + 2 * TIME_BOX_PAD)
    height = px(TIME_BOX_PX)
    box = QRectF(
        round(cell.right() - width), round(cell.center().y() - height / 2), round(width), height
    )
    inner = box.adjusted(2, 0, -TIME_BOX_PAD, 0)
    if row.time_tone is TimeTone.FILLED:
        painter.fillRect(box, colour("p1_fill"))
        draw_text(painter, inner, row.time_left, _digit_ink(), Align.AlignRight)
        return
    painter.setPen(QPen(colour(f"p{row.priority}_edge"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
    draw_text(painter, inner, row.time_left, OVERDUE_INK, Align.AlignRight)


def _digit_ink() -> Ink:
    return Ink("p1_digit", weight=Weight.BOLD)


def _paint_subject(painter: QPainter, cell: QRectF, row: QueueRow) -> None:
    if row.plate is None:
        if _note_takes_subject(row):
            draw_text(painter, cell, row.note or "", NOTE_INK)
            return
        ink = SUBJECT_INK if row.subject_text else NOTHING_INK
        draw_text(painter, cell, row.subject_text or NO_VALUE, ink)
        return
    fits = plate_width(row.plate, row.plate_colour) <= cell.width()
    paint_plate(painter, cell, row.plate, row.plate_colour if fits else None)


def _paint_place(painter: QPainter, cell: QRectF, row: QueueRow, ink: Ink) -> None:
    if cell.width() <= 0:
        return
    x = cell.x()
    if row.is_exempt:
        size = px(16)
        badge = icon_pixmap("certificate", "text2", size, _dpr(painter))
        painter.drawPixmap(QPointF(round(x), round(cell.center().y() - size / 2)), badge)
        x += size + 4
    note = None if _note_takes_subject(row) else row.note
    note_width = text_width(note, NOTE_INK) + 8 if note else 0.0
    room = cell.right() - x
    place = QRectF(x, cell.y(), max(0.0, room - note_width), cell.height())
    x += draw_text(painter, place, row.place_text, ink) + 8
    if note:
        rest = QRectF(x, cell.y(), max(0.0, cell.right() - x), cell.height())
        draw_text(painter, rest, note, NOTE_INK)


def _note_takes_subject(row: QueueRow) -> bool:
    """A row without plate or object (a storm of one camera) says its note in their column."""
    return bool(row.note) and row.plate is None and not row.subject_text

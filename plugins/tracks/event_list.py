"""What happened on the way, oldest first: mark, words, and by which rule; three lines a row."""

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Signal,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from plugins.tracks.opened import TrackEvent
from plugins.tracks.words import Words
from ui.records import ROW_ROLE, PreparedList, PreparedRows
from ui.theme import (
    Face,
    Ink,
    Weight,
    colour,
    draw_ring,
    draw_text,
    draw_wrapped,
    fill_chosen,
    line_height,
    paint_mark,
    px,
    wrapped_height,
)

Index = QModelIndex | QPersistentModelIndex
MARK_PX, PAD_PX = 20, 8
TITLE_INK = Ink("text1", weight=Weight.BOLD)
NOTE_INK = Ink("text2", Face.LABEL)
State = QStyle.StateFlag


class EventRows(PreparedRows[TrackEvent]):
    """Events of the chosen day."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words

    def said(self, row: TrackEvent) -> str:
        return f"{self._words.event(row)} {self._words.event_note(row)}"


class EventList(PreparedList):
    """`chosen` with the event under the hand; `went` when a hand has gone to it."""

    chosen = Signal(object)
    went = Signal(object)
    rows: EventRows

    def __init__(self, words: Words) -> None:
        super().__init__(EventRows(words))
        self.setItemDelegate(_EventDelegate(self, words))
        self.setAccessibleName(words.text("tracks.events"))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.clicked.connect(lambda _: self.went.emit(self.current))
        self.activated.connect(lambda _: self.went.emit(self.current))

    def show_events(self, events: tuple[TrackEvent, ...]) -> None:
        """The same event stays chosen where it is still there; else the most urgent is."""
        if events == self.rows.rows:
            return
        kept = self.current
        self.rows.set_rows(events)
        again = events.index(kept) if kept in events else None
        first = min(range(len(events)), key=lambda n: events[n].priority or 9, default=None)
        self.go(again if again is not None else first or 0)

    @property
    def current(self) -> TrackEvent | None:
        """The event under the hand."""
        return self.rows.row(self.currentIndex().row())

    def step(self, by: int) -> None:
        """To the next or previous one."""
        self.go(self.currentIndex().row() + by)
        self.went.emit(self.current)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        self.chosen.emit(self.current)


class _EventDelegate(QStyledItemDelegate):
    """Paints a mark, a title and its wrapped note."""

    def __init__(self, parent: EventList, words: Words) -> None:
        super().__init__(parent)
        self._list, self._words = parent, words

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        note = self._words.event_note(index.data(ROW_ROLE))
        room = self._list.viewport().width() - px(MARK_PX) - 3 * PAD_PX
        height = line_height(TITLE_INK) + wrapped_height(note, room, NOTE_INK) + 2 * PAD_PX
        return QSize(0, round(height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        event, rect = index.data(ROW_ROLE), QRectF(option.rect)
        if option.state & State.State_Selected:
            fill_chosen(painter, rect)
        painter.setPen(QPen(colour("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        mark = QRectF(rect.x() + PAD_PX, rect.y() + PAD_PX, px(MARK_PX), px(MARK_PX))
        if event.priority is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_mark(painter, mark, event.priority)
        left = mark.right() + PAD_PX
        width = rect.right() - left - PAD_PX
        title = QRectF(left, rect.y() + PAD_PX, width, line_height(TITLE_INK))
        draw_text(painter, title, self._words.event(event), TITLE_INK)
        note = QRectF(left, title.bottom(), width, rect.bottom() - title.bottom())
        draw_wrapped(painter, note, self._words.event_note(event), NOTE_INK)
        if option.state & State.State_Selected and self._list.hasFocus():
            draw_ring(painter, option.rect, colour("focus"))

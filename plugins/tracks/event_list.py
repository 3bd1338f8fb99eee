"""What happened on the way, oldest first: mark, words, and by which rule; three lines a row."""

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from plugins.tracks.opened import TrackEvent
from plugins.tracks.words import Words
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
EVENT = int(Qt.ItemDataRole.UserRole) + 1
MARK_PX, PAD_PX = 20, 8
TITLE_INK = Ink("text1", weight=Weight.BOLD)
NOTE_INK = Ink("text2", Face.LABEL)
State = QStyle.StateFlag


class EventModel(QAbstractListModel):
    """Events of the chosen day."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self.events: tuple[TrackEvent, ...] = ()

    def show(self, events: tuple[TrackEvent, ...]) -> None:
        """Another day's events."""
        self.beginResetModel()
        self.events = events
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.events)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        event = self.events[index.row()]
        if role == EVENT:
            return event
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{self._words.event(event)} {self._words.event_note(event)}"
        return None


class EventList(QListView):
    """`chosen` with the event under the hand; `went` when a hand has gone to it."""

    chosen = Signal(object)
    went = Signal(object)

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.happened = EventModel(words)
        self.setModel(self.happened)
        self.setItemDelegate(_EventDelegate(self, words))
        self.setAccessibleName(words.text("tracks.events"))
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.clicked.connect(lambda _: self.went.emit(self.current))
        self.activated.connect(lambda _: self.went.emit(self.current))

    def show_events(self, events: tuple[TrackEvent, ...]) -> None:
        """The same event stays chosen where it is still there; else the most urgent is."""
        if events == self.happened.events:
            return
        kept = self.current
        self.happened.show(events)
        again = events.index(kept) if kept in events else None
        first = min(range(len(events)), key=lambda n: events[n].priority or 9, default=None)
        self.step_to(again if again is not None else first)

    @property
    def current(self) -> TrackEvent | None:
        """The event under the hand."""
        row = self.currentIndex().row()
        return self.happened.events[row] if 0 <= row < len(self.happened.events) else None

    def step(self, by: int) -> None:
        """To the next or previous one."""
        self.step_to(self.currentIndex().row() + by)
        self.went.emit(self.current)

    def step_to(self, row: int | None) -> None:
        """Choose a row, if there is one of that number."""
        if row is not None and 0 <= row < len(self.happened.events):
            self.setCurrentIndex(self.happened.index(row))

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        self.chosen.emit(self.current)


class _EventDelegate(QStyledItemDelegate):
    """Paints a mark, a title and its wrapped note."""

    def __init__(self, parent: EventList, words: Words) -> None:
        super().__init__(parent)
        self._list, self._words = parent, words

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        note = self._words.event_note(index.data(EVENT))
        room = self._list.viewport().width() - px(MARK_PX) - 3 * PAD_PX
        height = line_height(TITLE_INK) + wrapped_height(note, room, NOTE_INK) + 2 * PAD_PX
        return QSize(0, round(height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        event, rect = index.data(EVENT), QRectF(option.rect)
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

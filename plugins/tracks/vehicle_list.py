"""The vehicles: what is opened first, by its number, then all others; a row is 32 px.

1  黄 浙F·A3712   渣土   行驶      2 秒
"""

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from plugins.tracks.fleet import Presence, VehicleRow
from plugins.tracks.words import Words
from ui.records import ROW_ROLE, PreparedList, PreparedRows
from ui.theme import (
    Align,
    Density,
    Face,
    Ink,
    Weight,
    colour,
    draw_ring,
    draw_text,
    fill_chosen,
    icon_pixmap,
    paint_keycap,
    paint_plate,
    px,
    row_height,
)
from xiuzhou_desktop.domain.ids import RecordId

Index = QModelIndex | QPersistentModelIndex
BADGE_PX, PLATE_PX, TYPE_PX, PAD_PX = 26, 116, 58, 8
HEAD_INK = Ink("text1", weight=Weight.BOLD)
COUNT_INK = Ink("text3")
TYPE_INK, WORD_INK, QUIET_INK = Ink("text2"), Ink("text1"), Ink("text3")
AGE_INK = Ink("text2", Face.LABEL)
State = QStyle.StateFlag


class Head(tuple[str, int]):
    """A group's name and how many it has."""

    __slots__ = ()


class VehicleRows(PreparedRows[Head | VehicleRow]):
    """Heads and vehicles; `numbers` of the opened ones by their id."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self.numbers: dict[RecordId, int] = {}

    def show(self, rows: tuple[VehicleRow, ...], opened: tuple[RecordId, ...]) -> None:
        """The opened ones first, in their order; then all others."""
        self.numbers = {vehicle: n for n, vehicle in enumerate(opened, start=1)}
        by_id = {row.vehicle: row for row in rows}
        first = [by_id[one] for one in opened if one in by_id]
        others = [row for row in rows if row.vehicle not in self.numbers]
        lines: list[Head | VehicleRow] = []
        if first:
            lines += [Head((self._words.text("tracks.group.opened"), len(first))), *first]
        lines += [Head((self._words.text("tracks.group.all"), len(rows))), *others]
        self.set_rows(lines)

    def said(self, row: Head | VehicleRow) -> str:
        return row[0] if isinstance(row, Head) else self._words.sentence(row)

    def key_of(self, row: Head | VehicleRow) -> object:
        return row if isinstance(row, Head) else row.vehicle

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.row(index.row()), Head):
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def vehicle_at(self, row: int) -> RecordId | None:
        """The vehicle of a row; None for a head."""
        line = self.row(row)
        return line.vehicle if isinstance(line, VehicleRow) else None

    def ids(self) -> tuple[RecordId, ...]:
        """All that are listed, from the top."""
        rows = (self.vehicle_at(row) for row in range(len(self.rows)))
        return tuple(vehicle for vehicle in rows if vehicle is not None)

    def row_of(self, vehicle: RecordId) -> int | None:
        """Where it is listed."""
        return next((n for n in range(len(self.rows)) if self.vehicle_at(n) == vehicle), None)


class VehicleList(PreparedList):
    """The list; `chosen` when another vehicle is current, `toggled` for Enter or a double click."""

    chosen = Signal(str)
    toggled = Signal(str)
    rows: VehicleRows

    def __init__(self, words: Words) -> None:
        super().__init__(VehicleRows(words))
        self.setItemDelegate(_VehicleDelegate(self, words))
        self.setUniformItemSizes(True)
        self.setAccessibleName(words.text("tracks.vehicles"))
        self.activated.connect(lambda index: self._tell(self.toggled, index))

    def show_rows(self, rows: tuple[VehicleRow, ...], opened: tuple[RecordId, ...]) -> None:
        """What to list; the current vehicle stays current."""
        current = self.current
        self.rows.show(rows, opened)
        if self.current != current or current is None:
            self.select(current)

    @property
    def current(self) -> RecordId | None:
        """The vehicle under the hand."""
        return self.rows.vehicle_at(self.currentIndex().row())

    def select(self, vehicle: RecordId | None) -> None:
        """Make it current; without one, the first there is."""
        row = self.rows.row_of(vehicle) if vehicle else None
        if row is None:
            row = next((n for n in range(3) if self.rows.vehicle_at(n)), None)
        if row is not None:
            self.go(row)

    def step(self, by: int) -> None:
        """To the next or previous vehicle, over heads."""
        row = self.currentIndex().row() + by
        while 0 <= row < self.rows.rowCount() and self.rows.vehicle_at(row) is None:
            row += by
        if self.rows.vehicle_at(row) is not None:
            self.go(row)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        self._tell(self.chosen, current)

    def _tell(self, signal: object, index: Index) -> None:
        vehicle = self.rows.vehicle_at(index.row())
        if vehicle is not None:
            signal.emit(vehicle)


class _VehicleDelegate(QStyledItemDelegate):
    """Paints heads and rows."""

    def __init__(self, parent: VehicleList, words: Words) -> None:
        super().__init__(parent)
        self._list, self._words = parent, words

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, row_height(Density.DENSE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line, rect = index.data(ROW_ROLE), QRectF(option.rect)
        if isinstance(line, Head):
            painter.fillRect(rect, colour("bg2"))
            width = draw_text(painter, rect.adjusted(12, 0, 0, 0), line[0], HEAD_INK)
            room = rect.adjusted(12 + width + PAD_PX, 0, 0, 0)
            draw_text(painter, room, str(line[1]), COUNT_INK)
            return
        if option.state & State.State_Selected:
            fill_chosen(painter, rect)
        self._paint_row(painter, rect.adjusted(PAD_PX, 0, -PAD_PX, 0), line)
        if option.state & State.State_Selected and self._list.hasFocus():
            draw_ring(painter, option.rect, colour("focus"))

    def _paint_row(self, painter: QPainter, rect: QRectF, row: VehicleRow) -> None:
        number = self._list.rows.numbers.get(row.vehicle)
        if number is not None:
            paint_keycap(painter, _cut(rect, px(BADGE_PX)), str(number))
        rest = rect.adjusted(px(BADGE_PX) + 4, 0, 0, 0)
        paint_plate(painter, rest, self._words.plate(row.body), self._words.colour(row.body))
        rest = rest.adjusted(px(PLATE_PX) + PAD_PX, 0, 0, 0)
        draw_text(painter, _cut(rest, px(TYPE_PX)), self._words.type(row.body), TYPE_INK)
        rest = rest.adjusted(px(TYPE_PX), 0, 0, 0)
        is_quiet = row.presence in {Presence.OFFLINE, Presence.UNSEEN, Presence.NOT_OPENED}
        if row.presence is Presence.OFFLINE:
            icon = icon_pixmap("plug-connected-x", "offline", 16)
            painter.drawPixmap(int(rest.x()), int(rest.center().y() - 8), icon)
            rest = rest.adjusted(20, 0, 0, 0)
        word = self._words.presence(row.presence)
        draw_text(painter, rest, word, QUIET_INK if is_quiet else WORD_INK)
        draw_text(painter, rest, self._words.age(row), AGE_INK, Align.AlignRight)


def _cut(rect: QRectF, width: float) -> QRectF:
    return QRectF(rect.x(), rect.y(), width, rect.height())

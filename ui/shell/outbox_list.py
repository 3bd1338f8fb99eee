"""The upper half of the outbox: one row a command, the ones to settle first."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from ui.records.columns import Span
from ui.records.header import ColumnHeader
from ui.records.prepared import Index, PreparedList, PreparedRows
from ui.records.rows import ROW_ROLE
from ui.shell.outbox_rows import (
    Columns,
    aligned,
    laid_out,
    paint_ground,
)
from ui.shell.outbox_texts import OutboxRow
from ui.theme.chips import paint_chip
from ui.theme.icons import icon_pixmap
from ui.theme.style import draw_ring
from ui.theme.textrun import Align, Elide, Ink, draw_text, text_width
from ui.theme.theme import colour, px, row_height
from ui.theme.type import Face
from xiuzhou_desktop.plugin_api.context import Text

CHILD_INDENT_PX = 20
TICK_PX = 12

COLUMNS: Columns = (
    ("state", 112, False),
    ("verb", 150, False),
    ("object", 0, False),
    ("submitted", 84, True),
    ("waited", 76, True),
    ("attempts", 48, True),
    ("reason", 0, False),
    ("remedy", 96, False),
)
SHARES = {"object": 0.42, "reason": 0.58}
INKS = {
    "verb": Ink("text1", elide=Elide.ElideMiddle),
    "object": Ink("text2", elide=Elide.ElideMiddle),
    "submitted": Ink("text1"),
    "waited": Ink("text2"),
    "attempts": Ink("text2"),
    "reason": Ink("text2"),
}


def columns(width: float) -> dict[str, Span]:
    """Where each column lies in a row of a certain width."""
    return laid_out(width, COLUMNS, SHARES)


class OutboxRows(PreparedRows[OutboxRow]):
    """The journal holds dozens, not thousands."""

    def __init__(self) -> None:
        super().__init__()
        self.marked: set[str] = set()  # commands

    def said(self, row: OutboxRow) -> str:
        cells = (row.chip.text, row.verb, row.object, row.submitted, row.reason, row.remedy)
        return " · ".join(cell for cell in cells if cell)

    def set_rows(self, rows: Sequence[OutboxRow]) -> None:
        self.marked &= {row.entry.command.id for row in rows if row.is_to_settle}
        super().set_rows(rows)

    def is_marked(self, row: OutboxRow) -> bool:
        return row.entry.command.id in self.marked

    def find(self, command: str | None) -> int | None:
        for number, row in enumerate(self.rows):
            if row.entry.command.id == command:
                return number
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row(index.row())
        if row is not None and role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if self.is_marked(row) else None
        return super().data(index, role)


class OutboxDelegate(QStyledItemDelegate):
    """Paints one command."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, OutboxRow):
            return
        rect = paint_ground(painter, option)
        spans = columns(rect.width())
        shift = px(CHILD_INDENT_PX) if row.is_child else 0
        paint_chip(painter, spans["state"].within(rect).adjusted(shift, 0, 0, 0), row.chip)
        for name, align in aligned(COLUMNS):
            if name in INKS:
                draw_text(painter, spans[name].within(rect), getattr(row, name), INKS[name], align)
        if index.data(Qt.ItemDataRole.CheckStateRole):
            size = px(TICK_PX)
            tick = icon_pixmap("check", "accent", size, painter.device().devicePixelRatioF())
            painter.drawPixmap(int(rect.x()) + 4, round(rect.center().y() - size / 2), tick)
        if row.remedy:
            _paint_remedy(painter, spans["remedy"].within(rect), row)
        if option.state & QStyle.StateFlag.State_HasFocus:
            draw_ring(painter, option.rect, colour("focus"))


def _paint_remedy(painter: QPainter, cell: QRectF, row: OutboxRow) -> None:
    ink = Ink("text1", Face.LABEL)
    width = min(cell.width(), text_width(row.remedy, ink) + 2 * px(8))
    box = QRectF(cell.x(), cell.center().y() - px(11), width, px(22))
    painter.setPen(QPen(colour("edge"), 1))
    painter.setBrush(colour("bg2"))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
    draw_text(painter, box, row.remedy, ink, Align.AlignHCenter)


def outbox_header(text: Text) -> ColumnHeader:
    """Names of the columns."""
    titles = {name: text(f"outbox.column.{name}") for name, _, _ in COLUMNS}
    return ColumnHeader(titles, lambda width, _scale: columns(width), dict(aligned(COLUMNS)))


class OutboxList(PreparedList):
    """J, K and digits are keys."""

    marks_changed = Signal()
    rows: OutboxRows

    def __init__(self) -> None:
        super().__init__(OutboxRows())
        self.setItemDelegate(OutboxDelegate(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    def current(self) -> OutboxRow | None:
        return self.rows.row(self.currentIndex().row())

    def marked(self) -> list[OutboxRow]:
        return [row for row in self.rows.rows if self.rows.is_marked(row)]

    def toggle_mark(self) -> None:
        """X: mark the current command, or not."""
        row = self.current()
        if row is not None and row.is_to_settle:
            self._set_marks(self.rows.marked ^ {row.entry.command.id})

    def mark_alike(self) -> None:
        """Ctrl+A: all that stand here for the same reason; a second time none."""
        current = self.current()
        if current is None:
            return
        alike = {
            row.entry.command.id
            for row in self.rows.rows
            if row.is_to_settle and row.cause == current.cause
        }
        self._set_marks(set() if alike == self.rows.marked else alike)

    def unmark(self) -> None:
        self._set_marks(set())

    def _set_marks(self, marks: set[str]) -> None:
        self.rows.marked = marks
        self.viewport().update()
        self.marks_changed.emit()

    def show_rows(self, rows: list[OutboxRow]) -> None:
        """New rows; the selected command stays selected."""
        row = self.current()
        self.rows.set_rows(rows)
        found = self.rows.find(row.entry.command.id if row else None)
        self.go(found if found is not None else 0)

"""The files on their way: one row a file, in the order in which they go."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.records.columns import Span
from ui.records.header import ColumnHeader
from ui.records.prepared import Index, PreparedList, PreparedRows
from ui.records.rows import ROW_ROLE
from ui.shell.file_texts import FileRow
from ui.shell.outbox_rows import (
    Columns,
    aligned,
    laid_out,
    paint_ground,
)
from ui.theme.chips import paint_chip
from ui.theme.style import draw_ring
from ui.theme.textrun import Align, Elide, Ink, draw_text
from ui.theme.theme import colour, px, row_height
from xiuzhou_desktop.plugin_api.context import Text

COLUMNS: Columns = (
    ("state", 112, False),
    ("name", 0, False),
    ("about", 0, False),
    ("size", 76, True),
    ("percent", 132, False),
    ("reason", 0, False),
)
SHARES = {"name": 0.28, "about": 0.34, "reason": 0.38}
BAR_PX, FIGURE_PX = 6, 40
INKS = {
    "name": Ink("text1", elide=Elide.ElideMiddle),
    "about": Ink("text2", elide=Elide.ElideMiddle),
    "size": Ink("text2"),
    "reason": Ink("text2"),
}


def columns(width: float) -> dict[str, Span]:
    """Where each column lies in a row of a certain width."""
    return laid_out(width, COLUMNS, SHARES)


class FileRows(PreparedRows[FileRow]):
    """Where only their progress has moved, the rows stay what they are."""

    def said(self, row: FileRow) -> str:
        return " · ".join((row.chip.text, row.name, row.about, row.size, row.percent, row.reason))

    def key_of(self, row: FileRow) -> str:
        return row.file.blob

    def find(self, blob: str | None) -> int | None:
        blobs = [one.file.blob for one in self.rows]
        return blobs.index(blob) if blob in blobs else None


class FileDelegate(QStyledItemDelegate):
    """Paints one file."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, FileRow):
            return
        rect = paint_ground(painter, option)
        spans = columns(rect.width())
        paint_chip(painter, spans["state"].within(rect), row.chip)
        for name, align in aligned(COLUMNS):
            if name in INKS:
                draw_text(painter, spans[name].within(rect), getattr(row, name), INKS[name], align)
        _paint_progress(painter, spans["percent"].within(rect), row)
        if option.state & QStyle.StateFlag.State_HasFocus:
            draw_ring(painter, option.rect, colour("focus"))


def _paint_progress(painter: QPainter, cell: QRectF, row: FileRow) -> None:
    """The figure, and a bar of as much as the server has."""
    figure = QRectF(cell.x(), cell.y(), px(FIGURE_PX), cell.height())
    draw_text(painter, figure, row.percent, INKS["name"], Align.AlignRight)
    left = figure.right() + px(8)
    bar = QRectF(left, cell.center().y() - px(BAR_PX) / 2, cell.right() - left, px(BAR_PX))
    painter.fillRect(bar, colour("bg3"))
    painter.setPen(QPen(colour("edge"), 1))
    painter.drawRect(bar)
    if row.share:
        done = QRectF(bar.x(), bar.y(), bar.width() * min(row.share, 1.0), bar.height())
        painter.fillRect(done, colour("accent"))


def file_header(text: Text) -> ColumnHeader:
    """Names of the columns."""
    titles = {name: text(f"outbox.file.column.{name}") for name, _, _ in COLUMNS}
    return ColumnHeader(titles, lambda width, _scale: columns(width), dict(aligned(COLUMNS)))


class FileList(PreparedList):
    """J, K and P are keys."""

    rows: FileRows

    def __init__(self) -> None:
        super().__init__(FileRows())
        self.setItemDelegate(FileDelegate(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    def current(self) -> FileRow | None:
        return self.rows.row(self.currentIndex().row())

    def show_rows(self, rows: list[FileRow]) -> None:
        """New rows; the selected file stays selected."""
        row = self.current()
        self.rows.set_rows(rows)
        found = self.rows.find(row.file.blob if row else None)
        self.go(found if found is not None else 0)

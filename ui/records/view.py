"""The list that shows a queue: one column, equal rows, one delegate.

It is a table view, because a table's header knows where any row lies: a list view asks the model
for each of 200,000 rows at every layout, which takes seconds.

It turns the marks of unseen urgent rows once a second, goes to two-line rows where it is narrow
(heads keep one line), keeps the selected row in sight when its size changes, and takes no input
method, so that J and K are not swallowed by a Chinese one.
"""

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.records.columns import WIDE_PX
from ui.records.delegate import RecordDelegate
from ui.records.model import RecordListModel
from ui.records.rows import ROW_ROLE, QueueRow
from ui.records.sections import head_rows
from ui.theme.theme import row_height, theme
from ui.theme.type import Density

BLINK_HALF_PERIOD_MS = 500


class RecordListView(QTableView):
    """A queue; give it a model whose ROW_ROLE is a prepared row."""

    def __init__(self, delegate: RecordDelegate | None = None) -> None:
        super().__init__()
        self._wide_density = Density.DENSE
        self._heads: list[QPersistentModelIndex] = []  # whose rows are lower than the others
        self._delegate = delegate or RecordDelegate()
        self.setItemDelegate(self._delegate)
        self._hide_table()
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.installEventFilter(self)
        self._blink = QTimer(self)
        self._blink.setInterval(BLINK_HALF_PERIOD_MS)
        self._blink.timeout.connect(self._turn_urgent_marks)
        theme().changed.connect(self._relayout)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if isinstance(model, RecordListModel):
            for moved in (model.modelReset, model.rowsInserted, model.rowsRemoved):
                moved.connect(self._fit_heads)
            self._fit_heads()

    def set_density(self, density: Density) -> None:
        """The height of rows while the list is wide enough for one line each."""
        self._wide_density = density
        self._relayout()

    def scroll_bar_width(self) -> int:
        return self.verticalScrollBar().sizeHint().width()

    def _relayout(self) -> None:
        is_narrow = self.viewport().width() < WIDE_PX * theme().scale
        self._delegate.set_density(Density.TWO_LINE if is_narrow else self._wide_density)
        height = row_height(self._delegate.density)
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalScrollBar().setSingleStep(height)
        self._fit_heads()
        self.scheduleDelayedItemsLayout()
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def _fit_heads(self, *_: object) -> None:
        """One line for each head; what was one and is no longer has a row's height again."""
        model, header = self.model(), self.verticalHeader()
        heads = head_rows(model.extents) if isinstance(model, RecordListModel) else ()
        for index in self._heads:
            if index.isValid() and index.row() not in heads:
                header.resizeSection(index.row(), header.defaultSectionSize())
        height = row_height(min(self._wide_density, Density.DENSE))
        for row in heads:
            header.resizeSection(row, height)
        self._heads = [QPersistentModelIndex(model.index(row, 0)) for row in heads]

    def _hide_table(self) -> None:
        """One column as wide as the view, rows of one height, nothing drawn but the rows."""
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setStretchLastSection(True)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setMinimumSectionSize(1)
        down.setDefaultSectionSize(row_height(self._delegate.density))
        for header in (across, down):
            header.hide()
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)

    def _turn_urgent_marks(self) -> None:
        self._delegate.blink_is_hollow = not self._delegate.blink_is_hollow
        model = self.model()
        index = self.indexAt(self.viewport().rect().topLeft())
        if model is None or not index.isValid():
            return
        visible = self.viewport().height() // row_height(self._delegate.density) + 2
        for number in range(index.row(), min(index.row() + visible, model.rowCount())):
            row_index = model.index(number, 0)
            row = row_index.data(ROW_ROLE)
            if isinstance(row, QueueRow) and row.unseen and row.priority == 1:
                self.update(row_index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._relayout()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._blink.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._blink.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # WA_InputMethodEnabled alone does not hold on Wayland (CopyQ #3653)
        if watched is self and event.type() == QEvent.Type.InputMethod:
            return True
        return super().eventFilter(watched, event)

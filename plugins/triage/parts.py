"""Where the three parts of the panel stand: side by side, or, where it is narrow, stage and context
as two tabs beside the queue, between which I changes (look.md §6.1)."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QSplitter, QTabWidget, QWidget

from ui.theme.theme import px
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.plugin_api.context import Text

QUEUE_PX, STAGE_PX, CONTEXT_PX = 592, 860, 404
NARROW_QUEUE_PX = 400
NARROW_BELOW_PX = 1500


class Parts(QSplitter):
    """Queue | stage | context."""

    def __init__(self, queue: QWidget, stage: QWidget, column: QWidget, text: Text) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._stage, self._column, self._text = stage, column, text
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._tabs.setAccessibleName(text("triage.title"))
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        for part in (queue, stage, column):
            self.addWidget(part)
        self.setSizes([QUEUE_PX, STAGE_PX, CONTEXT_PX])
        self.setStretchFactor(1, 1)

    @property
    def is_narrow(self) -> bool:
        return self._tabs.count() > 0

    def show_stage(self) -> None:
        if self.is_narrow:
            self._tabs.setCurrentIndex(0)

    def turn_tab(self) -> None:
        if self.is_narrow:
            self._tabs.setCurrentIndex(1 - self._tabs.currentIndex())

    def save(self) -> Json:
        """How wide the parts are."""
        return {"sizes": self.sizes()}

    def restore(self, saved: Json) -> None:
        """As they were left; another version's words are ignored."""
        sizes = saved.get("sizes") if isinstance(saved, dict) else None
        if isinstance(sizes, list) and len(sizes) == self.count():
            self.setSizes([int(size) for size in sizes if isinstance(size, int)])

    def _fold(self) -> None:
        self.insertWidget(1, self._tabs)
        self._tabs.addTab(self._stage, self._text("triage.tab.stage"))
        self._tabs.addTab(self._column, self._text("triage.tab.context"))
        self.setSizes([NARROW_QUEUE_PX, self.width() - NARROW_QUEUE_PX])

    def _unfold(self) -> None:
        self.addWidget(self._stage)
        self.addWidget(self._column)
        self._tabs.setParent(None)
        self._stage.show()
        self._column.show()
        self.setSizes([QUEUE_PX, STAGE_PX, CONTEXT_PX])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < px(NARROW_BELOW_PX)
        if is_narrow == self.is_narrow:
            return
        focus = QApplication.focusWidget()
        if is_narrow:
            self._fold()
        else:
            self._unfold()
        if focus is not None and self.isAncestorOf(focus):
            focus.setFocus()  # a form that stands keeps the keyboard while its place moves

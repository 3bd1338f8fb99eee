"""Buttons in lines that break where the width ends."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

GAP_PX = 8
RING_PX = 4  # room for the focus ring around all of them


class FlowRows(QLayout):
    """A layout of rows; each widget keeps its own width."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        policy = parent.sizePolicy()
        policy.setHeightForWidth(True)
        parent.setSizePolicy(policy)

    def add(self, widget: QWidget) -> None:
        self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lowest = max((rect.bottom() + 1 for rect in self._rects(width)), default=0)
        return lowest + RING_PX

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        for item, place in zip(self._items, self._rects(rect.width()), strict=True):
            item.setGeometry(place.translated(rect.topLeft()))

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: N802 - an override of Qt
        widest = max((item.sizeHint().width() for item in self._items), default=0)
        widest += 2 * RING_PX
        return QSize(widest, self.heightForWidth(max(widest, self.geometry().width())))

    def _rects(self, width: int) -> list[QRect]:
        rects: list[QRect] = []
        at = QPoint(RING_PX, RING_PX)
        line = 0
        for item in self._items:
            size = item.sizeHint()
            if at.x() > RING_PX and at.x() + size.width() + RING_PX > width:
                at = QPoint(RING_PX, at.y() + line + GAP_PX)
                line = 0
            rects.append(QRect(at, size))
            at += QPoint(size.width() + GAP_PX, 0)
            line = max(line, size.height())
        return rects

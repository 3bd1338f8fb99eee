"""What is hidden and by which rule, and what the second scan still finds in the public notice."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from plugins.publication.notice_text import NumberedMask
from ui.records import Sentences
from ui.theme.textrun import Ink
from ui.theme.theme import px, row_height
from ui.theme.type import Face
from ui.widgets import IconLabel, wrapped
from ui.widgets import Text as Label
from xiuzhou_desktop.domain.redaction import MaskRule
from xiuzhou_desktop.plugin_api.context import Text

COLUMNS = ("number", "field", "rule", "shown")
SCAN_PX, MOST_ROWS = 220, 5
SMALL = Ink("text2", Face.LABEL)


class MaskTable(QTableWidget):
    """One line a mask; a mask set by hand can be taken away again."""

    def __init__(self, text: Text) -> None:
        super().__init__(0, len(COLUMNS))
        self._text, self._sentences = text, Sentences(text)
        self._masks: tuple[NumberedMask, ...] = ()
        self.setAccessibleName(text("publication.masks"))
        self.setHorizontalHeaderLabels([text(f"publication.masks.{name}") for name in COLUMNS])
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QTableWidget.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        across = self.horizontalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        across.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.verticalHeader().setDefaultSectionSize(row_height())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Whole rows: all of them, or as many as leave the notice its room."""
        rows = min(MOST_ROWS, max(1, self.rowCount()))
        height = self.horizontalHeader().sizeHint().height() + rows * row_height()
        return QSize(super().sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    @property
    def current_mask(self) -> NumberedMask | None:
        """The mask of the selected line."""
        row = self.currentRow()
        return self._masks[row] if 0 <= row < len(self._masks) else None

    def show_masks(self, masks: tuple[NumberedMask, ...]) -> None:
        """Another notice's masks."""
        self._masks = masks
        self.setRowCount(len(masks))
        for row, one in enumerate(masks):
            field = self._text(f"publication.field.{one.field}")
            rule = self._sentences.option("MaskRule", one.mask.rule.value)
            shown = one.mask.shown or self._text("publication.masks.left_out")
            for column, words in enumerate((str(one.number), field, rule, shown)):
                self.setItem(row, column, QTableWidgetItem(words))
        self.updateGeometry()
        if masks:
            self.setCurrentCell(0, 0)


class SecondScan(QWidget):
    """The scan that trusts no rule: counts by kind of what it finds."""

    def __init__(self, text: Text) -> None:
        super().__init__()
        self._text, self._sentences = text, Sentences(text)
        self._sign = IconLabel("shield-check", "ok")
        self._verdict = wrapped("", Ink("text1"))
        self._found = wrapped("", SMALL)
        row = QHBoxLayout()
        row.setSpacing(px(6))
        row.addWidget(self._sign)
        row.addWidget(self._verdict, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(6), px(12), px(6))
        column.setSpacing(px(4))
        column.addWidget(Label(text("publication.scan"), SMALL))
        column.addLayout(row)
        column.addWidget(self._found)
        column.addStretch(1)
        column.addWidget(wrapped(text("publication.whitelist"), SMALL))

    def show_leaks(self, found: Mapping[MaskRule, int]) -> None:
        """Nothing: the sign of it; else what, and how often."""
        key = "shield-x" if found else "shield-check"
        self._sign.set_icon(key, "refused" if found else "ok")
        self._verdict.setText(
            self._text("publication.scan.found" if found else "publication.scan.clean")
        )
        named = (
            self._text(
                "publication.scan.line",
                rule=self._sentences.option("MaskRule", rule.value),
                count=count,
            )
            for rule, count in found.items()
        )
        self._found.setText("\n".join(named))
        self._found.setVisible(bool(found))


class MaskDesk(QWidget):
    """Both, side by side."""

    removed = Signal(object)  # NumberedMask set by hand

    def __init__(self, text: Text) -> None:
        super().__init__()
        self.table = MaskTable(text)
        self.scan = SecondScan(text)
        self.scan.setFixedWidth(px(SCAN_PX))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.table, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.scan)

    def remove_current(self) -> None:
        """Delete: only what a hand has set can be taken away; rules cannot."""
        mask = self.table.current_mask
        if mask is not None and mask.mask.rule is MaskRule.BY_HAND:
            self.removed.emit(mask)

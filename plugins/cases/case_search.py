"""Words that narrow the queue: number, party, place, over the cache's full text."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.records import PanelHeader
from xiuzhou_desktop.plugin_api.context import Text

TYPING_PAUSE_MS = 200
WIDTH_PX = 200


class CaseSearch(QWidget):
    """The field in the panel's header."""

    changed = Signal(object)  # the words, or None
    done = Signal()  # the hand leaves the field

    def __init__(self, header: PanelHeader, text: Text) -> None:
        super().__init__(header)
        self.hide()
        self._field = QLineEdit()
        self._field.setPlaceholderText(text("cases.search"))
        self._field.setAccessibleName(text("cases.search"))
        self._field.setClearButtonEnabled(True)
        self._field.setMinimumWidth(WIDTH_PX)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._say)
        self._field.textChanged.connect(self._pause.start)
        self._field.returnPressed.connect(self.done)
        header.add(self._field)

    @property
    def words(self) -> str | None:
        """What is looked for."""
        return self._field.text().strip() or None

    def begin(self) -> None:
        """/ : type what to find."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def leave(self) -> None:
        """Esc: everything again."""
        self._field.clear()
        self.done.emit()

    def _say(self) -> None:
        self.changed.emit(self.words)

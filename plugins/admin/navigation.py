"""The column of sections: a digit each."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from plugins.admin.actions import digit_of
from plugins.admin.sections import SECTIONS
from ui.theme.theme import px
from ui.widgets import ButtonKind, RowButton
from xiuzhou_desktop.plugin_api.context import Text

ROW_PX = 32


class Navigation(QFrame):
    """A button a section, one of them chosen."""

    chosen = Signal(str)

    def __init__(self, text: Text) -> None:
        super().__init__()
        self.setProperty("surface", "panel")
        self.buttons: dict[str, RowButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(px(8), px(8), px(8), px(8))
        column.setSpacing(px(4))
        for number, one in enumerate(SECTIONS, 1):
            button = RowButton(
                text(f"admin.section.{one.name}"), key=digit_of(number), icon_name=one.icon,
                height=ROW_PX,
            )  # fmt: skip
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(partial(self._press, one.name))
            self.buttons[one.name] = button
            column.addWidget(button)
        column.addStretch(1)

    def choose(self, name: str) -> None:
        """Show which section is listed."""
        for one, button in self.buttons.items():
            button.set_kind(ButtonKind.CHOSEN if one == name else ButtonKind.QUIET)

    def _press(self, name: str) -> None:
        self.chosen.emit(name)

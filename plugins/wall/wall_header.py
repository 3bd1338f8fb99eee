"""The wall's first line: layouts, the push to another monitor, how the tiles are."""

from collections import Counter

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent

from plugins.wall import actions as keys
from plugins.wall.grid import TileGrid
from plugins.wall.layouts import LAYOUTS
from plugins.wall.tile import WallTile
from ui.records import PanelHeader
from ui.theme import Face, Ink, px
from ui.widgets import Button, ButtonKind, Text
from xiuzhou_desktop.media import SessionState
from xiuzhou_desktop.plugin_api.context import Text as Sentence

BUTTON_PX = 24
BRIEF_BELOW_PX = 800  # with all its words it needs 775
GAP_PX, BRIEF_GAP_PX = 8, 4
GONE = (SessionState.OFFLINE, SessionState.RECONNECTING, SessionState.ERROR)


class WallHeader(PanelHeader):
    """`layout_chosen`: how many tiles; `second_wanted`: the other monitor."""

    layout_chosen = Signal(int)
    second_wanted = Signal()

    def __init__(self, text: Sentence) -> None:
        super().__init__(text("wall.title"), text)
        self._words = text
        self._layout_word = Text(text("wall.layout"), Ink("text2", Face.LABEL))
        self.add(self._layout_word)
        self._layouts = {tiles: Button(str(tiles), height=BUTTON_PX) for tiles in LAYOUTS}
        for tiles, button in self._layouts.items():
            button.setAccessibleName(text("wall.layout.of", count=tiles))
            button.clicked.connect(lambda count=tiles: self.layout_chosen.emit(count))
            self.add(button)
        self._second = Button(
            text("wall.second.push"), key=keys.SECOND.keys[0], icon_name="device-desktop",
            height=BUTTON_PX,
        )  # fmt: skip
        self._second.clicked.connect(self.second_wanted)
        self.add(self._second)

    def set_pushed(self, *, is_pushed: bool) -> None:
        """Whether this wall stands on another monitor as well."""
        self._second.set_text(self._words("wall.second.pull" if is_pushed else "wall.second.push"))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Words where there is room. Where there is none the wall stands beside another panel: its
        tab names it, the button's words are its tool tip, and so are the layouts'; how old the
        records are is said by that panel and by the status bar.
        """
        said, is_brief = self._second.accessibleName(), self.width() < px(BRIEF_BELOW_PX)
        self._second.setText("" if is_brief else said)
        self._second.setToolTip(said)
        self._controls.setSpacing(BRIEF_GAP_PX if is_brief else GAP_PX)
        for words in (self._title, self._layout_word, self._age):
            words.setVisible(not is_brief)
        for button in self._layouts.values():
            button.setToolTip(button.accessibleName())

    def show_grid(self, grid: TileGrid) -> None:
        """The chosen layout, and how many tiles play, stand still or have no picture."""
        for tiles, button in self._layouts.items():
            button.set_kind(ButtonKind.CHOSEN if tiles == grid.count else ButtonKind.QUIET)
        states = Counter(_state_of(tile) for tile in grid.tiles)
        gone = sum(states[one] for one in GONE)
        self.set_summary(
            self._words(
                "wall.summary", playing=states[SessionState.PLAYING],
                frozen=states[SessionState.FROZEN], gone=gone,
            )
        )  # fmt: skip


def _state_of(tile: WallTile) -> SessionState | None:
    """A recorded piece of a camera that was frozen counts as frozen, however it is played."""
    return SessionState.FROZEN if tile.says.band else tile.state

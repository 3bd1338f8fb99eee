"""The wall's keys, as data: menu, palette, key bar and shortcut sheet all come from here."""

from xiuzhou_desktop.plugin_api.context import Action

TILES = tuple(
    Action(id=f"wall.tile.{number}", text="wall.action.tile", keys=(str(number),), in_key_bar=False)
    for number in range(1, 10)
)
ENLARGE = Action(
    id="wall.enlarge", text="wall.action.enlarge", icon="arrows-maximize", keys=("Return", "Enter")
)
PLACE = Action(
    id="wall.place", text="wall.action.place", icon="plus", keys=("Return", "Enter"),
    in_key_bar=False,
)  # fmt: skip
LAYOUT = Action(id="wall.layout", text="wall.action.layout", icon="layout-grid", keys=("L",))
FIND = Action(id="wall.find", text="wall.action.find", icon="search", keys=("/", "Ctrl+F"))
SNAPSHOT = Action(id="wall.snapshot", text="wall.action.snapshot", icon="camera", keys=("S",))
REPLAY = Action(id="wall.replay", text="wall.action.replay", icon="history", keys=("R",))
PAUSE = Action(id="wall.pause", text="wall.action.pause", icon="player-pause", keys=("Space",))
STEP_ON = Action(
    id="wall.step_on", text="wall.action.step_on", icon="player-track-next", keys=(".",),
    in_key_bar=False,
)  # fmt: skip
STEP_BACK = Action(
    id="wall.step_back", text="wall.action.step_back", icon="player-track-prev", keys=(",",),
    in_key_bar=False,
)  # fmt: skip
FIT = Action(id="wall.fit", text="wall.action.fit", icon="focus-2", keys=("Z",))
REMOVE = Action(id="wall.remove", text="wall.action.remove", icon="trash", keys=("Del",))
SECOND = Action(id="wall.second", text="wall.action.second", icon="device-desktop", keys=("W",))
RETRY = Action(
    id="wall.retry", text="wall.action.retry", icon="refresh", keys=("F5",), in_key_bar=False
)
BACK = Action(id="wall.back", text="wall.action.back", keys=("Esc",), in_key_bar=False)

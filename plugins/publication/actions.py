"""The panel's keys, as data: menu, palette, key bar and shortcut sheet all come from here."""

from xiuzhou_desktop.plugin_api.context import Action

NEXT = Action(
    id="publication.next", text="publication.action.next", icon="arrow-down", keys=("J", "Down")
)
PREVIOUS = Action(
    id="publication.previous", text="publication.action.previous", icon="arrow-up",
    keys=("K", "Up"),
)  # fmt: skip
TURN = Action(id="publication.turn", text="publication.action.turn", icon="eye", keys=("I",))
HIDE = Action(id="publication.hide", text="publication.action.hide", icon="eye-off", keys=("M",))
UNHIDE = Action(
    id="publication.unhide", text="publication.action.unhide", icon="trash", keys=("Delete",)
)
NOTE = Action(id="publication.note", text="publication.action.note", icon="note", keys=("N",))
CASE = Action(id="publication.case", text="publication.action.case", icon="gavel", keys=("H",))
FILTER = Action(
    id="publication.filter", text="publication.action.filter", icon="filter", keys=("/", "Ctrl+F")
)
CLEAR = Action(
    id="publication.clear", text="publication.action.clear", keys=("Esc",), in_key_bar=False
)
SECONDARY = Action(
    id="publication.secondary", text="publication.action.secondary", icon="arrow-back-up",
    keys=("Ctrl+Backspace",),
)  # fmt: skip
PRIMARY = Action(
    id="publication.primary", text="publication.action.primary", icon="check",
    keys=("Ctrl+Return", "Ctrl+Enter"),
)  # fmt: skip
UNDO = Action(
    id="publication.undo", text="publication.action.undo", icon="arrow-back-up",
    keys=("U", "Ctrl+Z"), in_key_bar=False,
)  # fmt: skip

"""The panel's keys, as data: menu, palette, key bar and shortcut sheet all come from here."""

from plugins.admin.sections import SECTIONS
from xiuzhou_desktop.plugin_api.context import Action

NEXT = Action(id="admin.next", text="admin.action.next", icon="arrow-down", keys=("J", "Down"))
PREVIOUS = Action(
    id="admin.previous", text="admin.action.previous", icon="arrow-up", keys=("K", "Up")
)
OPEN = Action(
    id="admin.open", text="admin.action.open", icon="pencil", keys=("Return", "Enter"),
    roles=("administrator",),
)  # fmt: skip
NEW = Action(
    id="admin.new", text="admin.action.new", icon="plus", keys=("Ctrl+N",),
    roles=("administrator",),
)  # fmt: skip
PUT_BACK = Action(
    id="admin.put_back", text="admin.action.put_back", icon="history", keys=("Ctrl+Backspace",),
    roles=("administrator",),
)  # fmt: skip
PLAY = Action(id="admin.play", text="admin.action.play", icon="player-play", keys=("Space",))
DRAWN = Action(
    id="admin.drawn", text="admin.action.drawn", icon="check", keys=("Ctrl+Return", "Ctrl+Enter"),
    roles=("administrator",),
)  # fmt: skip
UNDO = Action(
    id="admin.undo", text="admin.action.undo", icon="arrow-back-up", keys=("U", "Ctrl+Z"),
    in_key_bar=False,
)  # fmt: skip
LEAVE = Action(id="admin.leave", text="admin.action.leave", keys=("Esc",), in_key_bar=False)


def digit_of(number: int) -> str:
    """The key of the first, second … tenth."""
    return str(number % 10)


OF_SECTIONS = tuple(
    Action(
        id=f"admin.section.{one.name}", text=f"admin.section.{one.name}", keys=(digit_of(number),),
        in_key_bar=False,
    )
    for number, one in enumerate(SECTIONS, 1)
)  # fmt: skip

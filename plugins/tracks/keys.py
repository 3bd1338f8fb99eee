"""The panel's actions: what each is called, its picture and its keys."""

from xiuzhou_desktop.plugin_api.context import Action

NEXT = Action(id="tracks.next", text="tracks.action.next", keys=("J", "D"), in_key_bar=False)
PREVIOUS = Action(
    id="tracks.previous", text="tracks.action.previous", keys=("K", "E"), in_key_bar=False
)
OPEN = Action(id="tracks.open", text="tracks.action.open", icon="route", keys=("T",))
OPEN_ALL = Action(id="tracks.open_all", text="tracks.action.open_all", keys=("Ctrl+A",))
CLOSE = Action(id="tracks.close", text="tracks.action.close", keys=("Delete",))
PLAY = Action(id="tracks.play", text="tracks.action.play", icon="player-play", keys=("Space",))
SLOWER = Action(id="tracks.slower", text="tracks.action.slower", keys=("-",))
FASTER = Action(id="tracks.faster", text="tracks.action.faster", keys=("=",))
BACK = Action(id="tracks.back", text="tracks.action.back", keys=(",",), in_key_bar=False)
ON = Action(id="tracks.on", text="tracks.action.on", keys=(".",), in_key_bar=False)
EVENT_BEFORE = Action(id="tracks.event_before", text="tracks.action.event_before", keys=("[",))
EVENT_AFTER = Action(id="tracks.event_after", text="tracks.action.event_after", keys=("]",))
FOLLOW = Action(id="tracks.follow", text="tracks.action.follow", keys=("F",))
FIT = Action(id="tracks.fit", text="tracks.action.fit", keys=("Z",))
MAKE_FLAG = Action(
    id="tracks.make_flag", text="tracks.make_flag", icon="flag", keys=("Ctrl+Return",)
)
EXPORT = Action(id="tracks.export", text="tracks.action.export", icon="download", keys=("Ctrl+E",))
SEARCH = Action(
    id="tracks.search", text="tracks.action.search", icon="search", keys=("/", "Ctrl+F")
)
CLEAR = Action(id="tracks.clear", text="tracks.action.clear", keys=("Esc",), in_key_bar=False)
DETAILS = Action(id="tracks.details", text="tracks.action.details", keys=("I",))
CHOOSE = tuple(
    Action(id=f"tracks.choose_{n}", text="tracks.action.choose", keys=(str(n),), in_key_bar=n == 1)
    for n in range(1, 10)
)

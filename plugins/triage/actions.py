"""The panel's keys, as data: menu, palette, key bar and shortcut sheet all come from here."""

from xiuzhou_desktop.plugin_api.context import Action

VERDICT_KEYS = tuple(
    Action(
        id=f"triage.verdict.{number}",
        text=f"triage.action.verdict.{number}",
        keys=(str(number),),
        in_key_bar=False,
    )
    for number in range(1, 6)
)

NEXT = Action(
    id="triage.next", text="triage.action.next", icon="arrow-down", keys=("J", "Down", "D")
)
PREVIOUS = Action(
    id="triage.previous", text="triage.action.previous", icon="arrow-up", keys=("K", "Up", "E")
)
FIRST = Action(id="triage.first", text="triage.action.first", keys=("Home",), in_key_bar=False)
LAST = Action(id="triage.last", text="triage.action.last", keys=("End",), in_key_bar=False)
PLAY = Action(id="triage.play", text="triage.action.play", icon="player-play", keys=("Space",))
LIVE = Action(id="triage.live", text="triage.action.live", icon="video", keys=("V",))
UNDO = Action(
    id="triage.undo", text="triage.action.undo", icon="arrow-back-up", keys=("U", "Ctrl+Z")
)
MAP = Action(id="triage.map", text="triage.action.map", icon="map", keys=("M",))
CLAIM = Action(id="triage.claim", text="triage.action.claim", icon="user-check", keys=("B",))
BREAK_CLAIM = Action(
    id="triage.break_claim", text="triage.action.break_claim", icon="lock-open",
    keys=("Ctrl+Shift+B",), roles=("supervisor",), in_key_bar=False,
)  # fmt: skip
MARK = Action(id="triage.mark", text="triage.action.mark", icon="list-check", keys=("X",))
NOTE = Action(id="triage.note", text="triage.action.note", icon="note", keys=("N",))
DETAILS = Action(id="triage.details", text="triage.action.details", icon="info-circle", keys=("I",))
REPORT_FLAG = Action(id="triage.report", text="triage.action.report", icon="plus", keys=("Ctrl+N",))
REPORT_ORDER = Action(
    id="triage.report_order", text="triage.action.report_order", icon="file-plus",
    keys=("Ctrl+Shift+N",), in_key_bar=False,
)  # fmt: skip
CORRECT_PLATE = Action(
    id="triage.correct_plate", text="triage.action.correct_plate", icon="edit", keys=("Ctrl+B",),
    in_key_bar=False,
)  # fmt: skip
VOID = Action(
    id="triage.void", text="triage.action.void", icon="ban", keys=("Ctrl+Backspace",),
    in_key_bar=False,
)  # fmt: skip
REOPEN = Action(
    id="triage.reopen", text="triage.action.reopen", icon="refresh", keys=("Ctrl+R",),
    in_key_bar=False,
)  # fmt: skip
DETACH = Action(
    id="triage.detach", text="triage.action.detach", icon="unlink", keys=("Ctrl+D",),
    in_key_bar=False,
)  # fmt: skip
FILTER = Action(
    id="triage.filter", text="triage.action.filter", icon="filter", keys=("/", "Ctrl+F")
)
SAVE_VIEW = Action(
    id="triage.save_view", text="triage.action.save_view", icon="bookmark", keys=("Ctrl+Shift+S",),
    in_key_bar=False,
)  # fmt: skip
CLEAR_FILTER = Action(
    id="triage.clear_filter", text="triage.action.clear_filter", keys=("Esc",), in_key_bar=False
)
MARK_STORM = Action(
    id="triage.mark_storm", text="triage.action.mark_storm", icon="stack-2", keys=("Ctrl+G",),
    in_key_bar=False,
)  # fmt: skip
GROUP = Action(id="triage.group", text="triage.action.group", icon="layout-list", keys=("G",))
SERVE_ORDER = Action(
    id="triage.serve_order", text="triage.action.serve_order", icon="file-text", keys=("Ctrl+O",),
    in_key_bar=False,
)  # fmt: skip
READ_REPLY = Action(
    id="triage.read_reply", text="triage.action.read_reply", icon="message", keys=("Ctrl+Y",),
    in_key_bar=False,
)  # fmt: skip

"""The panel's keys, as data: menu, palette, key bar and shortcut sheet all come from here."""

from xiuzhou_desktop.plugin_api.context import Action

EVIDENCE_KEYS = tuple(
    Action(
        id=f"cases.evidence.{number}", text="cases.action.evidence", keys=(str(number),),
        in_key_bar=number == 1,
    )
    for number in range(1, 10)
)  # fmt: skip
NEXT = Action(id="cases.next", text="cases.action.next", icon="arrow-down", keys=("J", "Down", "D"))
PREVIOUS = Action(
    id="cases.previous", text="cases.action.previous", icon="arrow-up", keys=("K", "Up", "E")
)
ACT = Action(id="cases.act", text="cases.action.act", icon="check", keys=("Ctrl+Return",))
RETURN = Action(
    id="cases.return", text="cases.action.return", icon="arrow-back-up", keys=("Ctrl+Backspace",),
    roles=("reviewer",),
)  # fmt: skip
MORE = Action(id="cases.more", text="cases.action.more", icon="dots", keys=("Return",))
TURN = Action(id="cases.turn", text="cases.action.turn", icon="file-text", keys=("Ctrl+P",))
EXPORT = Action(id="cases.export", text="cases.action.export", icon="download", keys=("Ctrl+E",))
DETAILS = Action(id="cases.details", text="cases.action.details", icon="info-circle", keys=("I",))
LEAD = Action(id="cases.lead", text="cases.action.lead", icon="file-plus", keys=("Ctrl+N",))
ON_THE_SPOT = Action(
    id="cases.on_the_spot", text="cases.action.on_the_spot", icon="gavel", keys=("Ctrl+Shift+N",),
    roles=("duty_officer", "supervisor"), in_key_bar=False,
)  # fmt: skip
PARTY = Action(
    id="cases.party", text="cases.action.party", icon="user", keys=("Ctrl+O",),
    roles=("supervisor", "reviewer", "clerk"), in_key_bar=False,
)  # fmt: skip
INQUIRY = Action(
    id="cases.inquiry", text="cases.action.inquiry", icon="search", keys=("Ctrl+I",),
    roles=("supervisor", "reviewer", "clerk"),
)  # fmt: skip
REVIEW_EVIDENCE = Action(
    id="cases.review_evidence", text="cases.action.review_evidence", icon="eye",
    keys=("Ctrl+R",), in_key_bar=False,
)  # fmt: skip
EXCLUDE_EVIDENCE = Action(
    id="cases.exclude_evidence", text="cases.action.exclude_evidence", icon="ban",
    keys=("Ctrl+D",), in_key_bar=False,
)  # fmt: skip
ATTACH = Action(
    id="cases.attach", text="cases.action.attach", icon="upload", keys=("Ctrl+U",),
    roles=("duty_officer", "supervisor", "reviewer"),
)  # fmt: skip
FILTER = Action(id="cases.filter", text="cases.action.filter", icon="filter", keys=("/", "Ctrl+F"))
CLEAR = Action(id="cases.clear", text="cases.action.clear", keys=("Esc",), in_key_bar=False)

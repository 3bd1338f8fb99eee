"""What the palette finds: actions of the registry at once, records by the engine's full text.

>word  actions only        @word  places: cameras and flags there      #word  numbers and cases
浙…    plates              word   everything
"""

from collections.abc import Callable

import msgspec

from ui.actions import ActionRegistry, Registered, key_name
from ui.records.sentences import Sentences
from xiuzhou_desktop.client.views import Order, RecordQuery, RecordView
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.plugin_api.context import Engine, Selected, Text
from xiuzhou_desktop.plugin_api.subjects import selected_record

EACH_GROUP = 6
MOST_ACTIONS = 40
ICONS = {
    Kind.CAMERA: "device-cctv",
    Kind.FLAG: "flag",
    Kind.ORDER: "inbox",
    Kind.CASE: "gavel",
    Kind.OFFICER: "id-badge-2",
}
PLATE_ICON = "car"
PLATE_PREFIX = "plate:"


class Group(msgspec.Struct, frozen=True):
    """A question to the engine and the head under which its answers stand."""

    key: str
    kinds: tuple[Kind, ...]


PLATES = Group("plate", (Kind.FLAG,))
CAMERAS = Group("camera", (Kind.CAMERA,))
FLAGS = Group("flag", (Kind.FLAG,))
ORDERS = Group("order", (Kind.ORDER,))
CASES = Group("case", (Kind.CASE,))
OFFICERS = Group("officer", (Kind.OFFICER,))

GROUPS_BY_PREFIX = {
    ">": (),
    "@": (CAMERAS, FLAGS, ORDERS),
    "#": (CASES, FLAGS, ORDERS),
    "浙": (PLATES,),
}
ALL_GROUPS = (CAMERAS, PLATES, CASES, FLAGS, ORDERS, OFFICERS)


class PaletteRow(msgspec.Struct, frozen=True, kw_only=True):
    """A head (no icon), an action, or a record."""

    text: str
    icon: str = ""
    context: str = ""
    key: str = ""
    run: Callable[[], None] | None = None
    selected: Selected | None = None

    @property
    def is_head(self) -> bool:
        return not self.icon


def parse(typed: str) -> tuple[str, tuple[Group, ...], str]:
    """The prefix, which groups it asks, and the words. A plate keeps its 浙."""
    words = typed.strip()
    prefix = words[:1]
    if prefix not in GROUPS_BY_PREFIX:
        return "", ALL_GROUPS, words
    rest = words if prefix == "浙" else words[1:].strip()
    return prefix, GROUPS_BY_PREFIX[prefix], rest


class PaletteSearch:
    """Answers one typed line."""

    def __init__(self, engine: Engine, actions: ActionRegistry, text: Text) -> None:
        self._engine, self._actions, self._text = engine, actions, text
        self._names = Sentences(text)

    def actions(self, typed: str, reachable: tuple[Registered, ...]) -> list[PaletteRow]:
        """Actions whose name or key holds the words."""
        prefix, _groups, words = parse(typed)
        if prefix not in ("", ">"):
            return []
        rows = [self._action_row(one) for one in reachable if one.action.id != "shell.palette"]
        found = [row for row in rows if words.casefold() in f"{row.text} {row.key}".casefold()]
        if not found:
            return []
        return [PaletteRow(text=self._text("palette.group.action")), *found[:MOST_ACTIONS]]

    async def records(self, typed: str) -> list[PaletteRow]:
        """Records of each group that the prefix asks."""
        _prefix, groups, words = parse(typed)
        if not words:
            return []
        rows: list[PaletteRow] = []
        for group in groups:
            page = await self._engine.query(
                RecordQuery(kinds=group.kinds, text=words, order=Order.NEWEST, limit=EACH_GROUP * 3)
            )
            found = self._rows(group, page.views)
            if found:
                rows += [PaletteRow(text=self._text(f"palette.group.{group.key}")), *found]
        return rows

    def _rows(self, group: Group, views: tuple[RecordView, ...]) -> list[PaletteRow]:
        if group is PLATES:
            return self._plates(views)
        return [self._record_row(view) for view in views[:EACH_GROUP]]

    def _plates(self, views: tuple[RecordView, ...]) -> list[PaletteRow]:
        """One row a vehicle, however often it was seen."""
        by_plate: dict[str, RecordView] = {}
        for view in views:
            subject = view.record.subject_key
            if subject and subject.startswith(PLATE_PREFIX):
                by_plate.setdefault(subject, view)
        rows = []
        for subject, view in list(by_plate.items())[:EACH_GROUP]:
            plate = subject.removeprefix(PLATE_PREFIX).partition("/")[0]
            row = self._record_row(view)
            rows.append(msgspec.structs.replace(row, text=plate, icon=PLATE_ICON, context=row.text))
        return rows

    def _record_row(self, view: RecordView) -> PaletteRow:
        record = view.record
        context = " · ".join(
            part for part in (record.number, self._names.state(record.kind, record.state)) if part
        )
        return PaletteRow(
            text=record.title or record.number or self._names.kind(record.kind),
            icon=ICONS.get(record.kind, "file-text"),
            context=context,
            selected=selected_record(record),
        )

    def _action_row(self, one: Registered) -> PaletteRow:
        words = one.words or self._text
        action = one.action
        return PaletteRow(
            text=words(action.text),
            icon=action.icon or "chevron-right",
            key=key_name(action.keys[0]) if action.keys else "",
            run=one.run,
        )

"""What the palette finds: actions of the registry at once, records by the engine's full text, all
kinds in one search, and streets of the base map.

>word  actions only        @word  places: cameras, streets, flags there     #word  numbers and cases
浙…    plates              word   everything

People are found by whoever's grants brought their records to this workstation, and by nobody else.
Actions and streets answer to pinyin initials, too.
"""

from collections.abc import Callable, Mapping

import msgspec

from ui.actions import ActionRegistry, Registered, key_name
from ui.records.sentences import Sentences
from ui.shell.streets import Streets
from xiuzhou_desktop.client.views import RecordView
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.plate import pretty_plate, pretty_title
from xiuzhou_desktop.plugin_api.context import Engine, Scheme, Selected, Text
from xiuzhou_desktop.plugin_api.subjects import selected_record
from xiuzhou_desktop.text.initials import initials

EACH_GROUP = 6
ASKED = 18  # of a kind: several flags of one vehicle become one row
MOST_ACTIONS = 40
PLATE_SIGN = "浙"
SHORTEST_PLATE = 2
DEFAULT_ICON = "file-text"
STREET_ICON, PLATE_ICON = "map-pin", "car"
ICONS = {
    Kind.CAMERA: "device-cctv",
    Kind.FLAG: "flag",
    Kind.ORDER: "inbox",
    Kind.CASE: "gavel",
    Kind.OFFICER: "id-badge-2",
    Kind.PARTY: "user",
    Kind.VEHICLE: "car",
}
Found = Mapping[Kind, tuple[RecordView, ...]]


class Group(msgspec.Struct, frozen=True):
    """Kinds that stand together under one head."""

    key: str
    kinds: tuple[Kind, ...] = ()


PLATES = Group("plate", (Kind.VEHICLE, Kind.FLAG))
CAMERAS = Group("camera", (Kind.CAMERA,))
STREETS = Group("street")
FLAGS = Group("flag", (Kind.FLAG,))
ORDERS = Group("order", (Kind.ORDER,))
CASES = Group("case", (Kind.CASE,))
PEOPLE = Group("officer", (Kind.OFFICER, Kind.PARTY))

GROUPS_BY_PREFIX: dict[str, tuple[Group, ...]] = {
    ">": (),
    "@": (CAMERAS, STREETS, FLAGS, ORDERS),
    "#": (CASES, FLAGS, ORDERS),
    PLATE_SIGN: (PLATES,),
}
ALL_GROUPS = (CAMERAS, PLATES, CASES, STREETS, FLAGS, ORDERS, PEOPLE)


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
    """The prefix, which groups it asks, and the words. A plate keeps its 浙, which alone asks
    nothing."""
    words = typed.strip()
    prefix = words[:1]
    if prefix not in GROUPS_BY_PREFIX:
        return "", ALL_GROUPS, words
    if prefix != PLATE_SIGN:
        return prefix, GROUPS_BY_PREFIX[prefix], words[1:].strip()
    return prefix, GROUPS_BY_PREFIX[prefix], words if len(words) >= SHORTEST_PLATE else ""


class PaletteSearch:
    """Answers one typed line. `finds` tells whether a panel shows subjects of a scheme."""

    def __init__(
        self,
        engine: Engine,
        actions: ActionRegistry,
        text: Text,
        finds: Callable[[Scheme], bool],
    ) -> None:
        self._engine, self._actions, self._text, self._finds = engine, actions, text, finds
        self._names = Sentences(text)
        self._streets = Streets(engine.fetch)

    def actions(self, typed: str, reachable: tuple[Registered, ...]) -> list[PaletteRow]:
        """Actions whose name, key or initials hold the words."""
        prefix, _groups, words = parse(typed)
        if prefix not in ("", ">"):
            return []
        rows = [self._action_row(one) for one in reachable if one.action.id != "shell.palette"]
        found = [row for row in rows if _holds(row, words.casefold())]
        if not found:
            return []
        return [PaletteRow(text=self._text("palette.group.action")), *found[:MOST_ACTIONS]]

    async def records(self, typed: str) -> list[PaletteRow]:
        """Records and streets of each group that the prefix asks."""
        _prefix, groups, words = parse(typed)
        if not words or not groups:
            return []
        kinds = tuple(dict.fromkeys(kind for group in groups for kind in group.kinds))
        found = await self._engine.find(words, kinds, ASKED)
        streets = await self._street_rows(words) if STREETS in groups else []
        rows: list[PaletteRow] = []
        for group in groups:
            answers = streets if group is STREETS else self._rows(group, found)
            if answers:
                head = PaletteRow(text=self._text(f"palette.group.{group.key}"))
                rows += [head, *answers[:EACH_GROUP]]
        return rows

    def _rows(self, group: Group, found: Found) -> list[PaletteRow]:
        views = [view for kind in group.kinds for view in found[kind]]
        return self._plates(views) if group is PLATES else [self._record_row(v) for v in views]

    def _plates(self, views: list[RecordView]) -> list[PaletteRow]:
        """One row a vehicle, however often it was seen."""
        by_plate: dict[str, RecordView] = {}
        for view in views:
            plate = selected_record(view.record).plate()
            if plate is not None:
                by_plate.setdefault(plate, view)
        rows = []
        for plate, view in by_plate.items():
            row = self._record_row(view)
            rows.append(
                msgspec.structs.replace(
                    row, text=pretty_plate(plate), icon=PLATE_ICON, context=row.text
                )
            )
        return rows

    async def _street_rows(self, words: str) -> list[PaletteRow]:
        if not self._finds(Scheme.PLACE):
            return []
        return [
            PaletteRow(
                text=one.name, icon=STREET_ICON, selected=Selected(subject_key=one.place)
            )
            for one in await self._streets.named(words)
        ]  # fmt: skip

    def _record_row(self, view: RecordView) -> PaletteRow:
        record = view.record
        context = " · ".join(
            part for part in (record.number, self._names.state(record.kind, record.state)) if part
        )
        return PaletteRow(
            text=pretty_title(record.title, record.subject_key)
            or record.number
            or self._names.kind(record.kind),
            icon=ICONS.get(record.kind, DEFAULT_ICON),
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


def _holds(row: PaletteRow, words: str) -> bool:
    return words in f"{row.text} {row.key}".casefold() or words in initials(row.text)

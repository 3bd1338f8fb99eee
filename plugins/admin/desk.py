"""The lines of the section in front: records by the record desk, rows of settings and of the
server's lists by a model of their own, both in the same list.
"""

from functools import partial
from itertools import chain

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from plugins.admin.actions import digit_of
from plugins.admin.entries import Entry, World, entries_of, record_entry
from plugins.admin.entry_list import AdminRow, EntryRows, Page, row_of
from plugins.admin.sections import OF_KIND, SECTIONS, AdminSection
from plugins.admin.server_lists import ServerLists
from plugins.admin.words import Words
from ui.records import FoundGroup, RecordDesk, RecordListView, Section
from ui.start import start
from xiuzhou_desktop.client.views import Changed, Link, Order, RecordQuery, RecordView
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.setting_body import SettingBody
from xiuzhou_desktop.domain.setting_sound import Rules
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.domain.writing import body_of
from xiuzhou_desktop.plugin_api.context import PanelContext

MOST_SETTINGS, PAGE = 100, 500
GATHER_MS = 1000  # cameras tell how they are all the time
Views = dict[str, RecordView]


class Lines(QWidget):
    """One section at a time."""

    selected = Signal(object)  # Entry | None
    opened = Signal()
    summed = Signal(str)
    zones_read = Signal()
    arrived = Signal(int)

    def __init__(self, context: PanelContext, words: Words) -> None:
        super().__init__()
        self._context, self._words = context, words
        self.section = SECTIONS[0]
        self.current: Entry | None = None
        self._settings: Views | None = None  # not read yet
        self._is_stale = self._is_reading = False
        self.told = ServerLists(context.engine, self)
        self.told.changed.connect(self._show_entries)
        self._exemptions: tuple[Record, ...] = ()
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._soon.timeout.connect(self.refresh)
        self._pages = {one.name: Page(one, context.text) for one in SECTIONS}
        self._desks: dict[str, RecordDesk] = {}
        self._by_name: dict[str, FoundGroup] = {}
        self._models: dict[str, EntryRows] = {}
        self._stack = QStackedWidget()
        for one in SECTIONS:
            self._stack.addWidget(self._pages[one.name])
            (self._join_records if one.kind else self._join_entries)(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _join_records(self, section: AdminSection) -> None:
        view = self._pages[section.name].view
        make_row = partial(self._row, section)
        desk = RecordDesk(view, self._context.engine, self._context.clock, make_row)
        desk.selected.connect(partial(self._record_selected, section))
        desk.opened.connect(self._opened)
        desk.arrived.connect(self.arrived)
        desk.counted.connect(partial(self._counted, section))
        by_name = FoundGroup(
            desk, self._context.engine, (section.kind,), self._words.say("group.found")
        )
        regroup = partial(self._regroup, desk, section, by_name)
        by_name.changed.connect(regroup)
        regroup()
        self._desks[section.name] = desk
        self._by_name[section.name] = by_name

    def _join_entries(self, section: AdminSection) -> None:
        view, model = self._pages[section.name].view, EntryRows()
        model.setParent(view)
        view.setModel(model)
        view.selectionModel().currentChanged.connect(self._entry_selected)
        view.activated.connect(self._opened)
        self._models[section.name] = model

    def _opened(self, _what: object) -> None:
        self.opened.emit()

    @property
    def world(self) -> World:
        """What the lines are made from now."""
        engine = self._context.engine
        return World(
            rules=Rules(policy=engine.policy, calendar=engine.calendar),
            settings=self._settings or {}, accounts=self.told.accounts or (),
            sessions=self.told.sessions, workstations=self.told.workstations or (),
            words=self._words, now=self._context.clock.now(),
        )  # fmt: skip

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The lines of a section that lists no records."""
        model = self._models.get(self.section.name)
        return model.entries if model is not None else ()

    @property
    def has_hand(self) -> bool:
        """Whether a hand is in the list, so that what is selected was chosen by it."""
        return self.view.hasFocus()

    @property
    def may_change(self) -> bool:
        """An administrator; anybody else reads."""
        return Role.ADMINISTRATOR in self._context.engine.signed.account.roles

    @property
    def view(self) -> RecordListView:
        """The list in front."""
        return self._pages[self.section.name].view

    def records(self) -> tuple[Record, ...]:
        """The exemptions, for the map."""
        return self._exemptions

    def show_section(self, section: AdminSection) -> None:
        """List another one."""
        self.section = section
        page = self._pages[section.name]
        self._stack.setCurrentWidget(page)
        self.setFocusProxy(page)
        desk = self._desks.get(section.name)
        if desk is not None:
            self._take(self._entry_of(desk.current))
        else:
            self._show_entries()
        self.refresh()

    def take_keys(self) -> None:
        """The keyboard belongs to the list."""
        if self.isVisible():
            self._pages[self.section.name].setFocus()

    def refresh(self) -> None:
        """Ask again now, once more after a reading that is under way."""
        self.told.read(self.section.name)
        self._is_stale = True
        if not self._is_reading:
            self._is_reading = True
            start(self._read(), owner=self)

    def news(self, changed: Changed) -> None:
        """Take a batch from the engine."""
        for desk in self._desks.values():
            desk.news(changed)
        if changed.is_wholesale or Kind.SETTING in changed.kinds:
            self.refresh()  # at once: a line's earlier versions are among them
        elif changed.kinds & {*OF_KIND} and not self._soon.isActive():
            self._soon.start()
        if changed.link is not None and changed.link.link is Link.ONLINE:
            self.told.read_missing()

    def accept_arrivals(self) -> None:
        """Let in what waits."""
        if self._desk is not None:
            self._desk.accept_arrivals()

    def select(self, record: str) -> None:
        """Bring a record under the hand."""
        if self._desk is not None:
            self._by_name[self.section.name].go_to(RecordId(record))

    def next(self) -> None:
        """J."""
        self._step(+1)

    def previous(self) -> None:
        """K."""
        self._step(-1)

    def _step(self, by: int) -> None:
        if self._desk is not None:
            (self._desk.next if by > 0 else self._desk.previous)()
            return
        row = self.view.currentIndex().row() + by
        if 0 <= row < len(self.entries):
            self.view.setCurrentIndex(self.view.model().index(row, 0))

    @property
    def _desk(self) -> RecordDesk | None:
        """Of the section in front, if it lists records."""
        return self._desks.get(self.section.name)

    # reading

    async def _read(self) -> None:
        try:
            while self._is_stale:
                self._is_stale = False
                await self._read_settings()
                await self._read_records()
        finally:
            self._is_reading = False

    async def _read_settings(self) -> None:
        asked = RecordQuery(kinds=(Kind.SETTING,), limit=MOST_SETTINGS)
        page = await self._context.engine.query(asked)
        self._settings = {
            body_of(one.record, SettingBody).name: one for one in page.views
        }  # fmt: skip
        self._show_entries()

    async def _read_records(self) -> None:
        """The zones for the map, and how much has ended or soon will."""
        views = {kind: await self._all_open(kind) for kind in OF_KIND}
        self._exemptions = tuple(one.record for one in views[Kind.EXEMPTION])
        self.zones_read.emit()
        world = self.world
        count = sum(record_entry(one, world).warning is not None for one in chain(*views.values()))
        self.summed.emit(self._words.say("summary", count=count) if count else "")
        if self._desk is not None:
            self._desk.refresh()

    async def _all_open(self, kind: Kind) -> list[RecordView]:
        found: list[RecordView] = []
        query, is_more = self._context.engine.query, True
        while is_more:
            page = await query(
                RecordQuery(kinds=(kind,), is_open=True, limit=PAGE, offset=len(found))
            )
            found += page.views
            is_more = bool(page.views) and len(found) < page.total
        return found

    def _show_entries(self) -> None:
        model = self._models.get(self.section.name)
        if model is None:
            return
        row = self.view.currentIndex().row()
        key = model.entries[row].key if 0 <= row < len(model.entries) else None
        found = entries_of(self.section, self.world) if self._is_read(self.section) else ()
        self._say_empty(self.section, len(found))
        model.show_entries(found, self.section.columns)
        at = next((row for row, one in enumerate(found) if one.key == key), 0)
        self.view.setCurrentIndex(model.index(at, 0))
        self._take(found[at] if found else None)

    def _counted(self, section: AdminSection, totals: tuple[int, ...]) -> None:
        self._say_empty(section, sum(totals))

    def _say_empty(self, section: AdminSection, count: int) -> None:
        digit = digit_of(SECTIONS.index(section) + 1)
        said = "" if count else self._words.say(self._why_empty(section), digit=digit)
        self._pages[section.name].say_empty(said)

    def _why_empty(self, section: AdminSection) -> str:
        """The text key of why nothing is listed."""
        if not self._is_read(section):
            return "empty.reading"
        missing = self.told.why_missing(section.name)
        return missing or (f"empty.{section.name}" if self.may_change else "empty.nothing")

    def _is_read(self, section: AdminSection) -> bool:
        """Whether what this workstation keeps is there; of the server's lists `told` knows."""
        if section.kind is not None:
            return self._context.engine.link.data_as_of is not None
        return not section.settings or self._settings is not None

    def _groups(self, section: AdminSection) -> tuple[Section, ...]:
        if section.kind is None:
            return ()
        groups = (("standing", True), ("ended", False))
        return tuple(
            Section(
                key=key, title=self._words.say(f"group.{section.kind.value}.{key}"),
                is_open=is_open, hides_when_empty=not is_open,
                query=RecordQuery(kinds=(section.kind,), is_open=is_open, order=Order.PLACE),
            )
            for key, is_open in groups
        )  # fmt: skip

    def _regroup(self, desk: RecordDesk, section: AdminSection, by_name: FoundGroup) -> None:
        desk.set_sections((*self._groups(section), by_name.section()))

    def _row(self, section: AdminSection, view: RecordView) -> AdminRow:
        return row_of(record_entry(view, self.world), section.columns)

    def _entry_of(self, view: RecordView | None) -> Entry | None:
        return record_entry(view, self.world) if view is not None else None

    def _record_selected(self, section: AdminSection, view: RecordView | None) -> None:
        if section is self.section:
            self._take(self._entry_of(view))

    def _entry_selected(self, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self.entries):
            self._take(self.entries[index.row()])

    def _take(self, entry: Entry | None) -> None:
        self.current = entry
        self.selected.emit(entry)

"""The lines of the section in front: records by the record desk, rows of settings and accounts by a
model of their own, both in the same list.
"""

from functools import partial

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from plugins.admin.entries import Entry, World, entries_of, record_entry
from plugins.admin.entry_list import AdminRow, EntryModel, Page, row_of
from plugins.admin.sections import SECTIONS, AdminSection
from plugins.admin.words import Words
from ui.records import RecordDesk, RecordListView, Section
from ui.start import start
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.client.views import Changed, Link, Order, RecordQuery, RecordView
from xiuzhou_desktop.contract.administration import AccountLine, AccountList
from xiuzhou_desktop.contract.sessions import EnrolmentLine, Enrolments, SessionLine, Sessions
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.setting_body import SettingBody
from xiuzhou_desktop.domain.setting_sound import Rules
from xiuzhou_desktop.domain.writing import body_of
from xiuzhou_desktop.plugin_api.context import PanelContext

MOST_SETTINGS, PAGE = 100, 500
GATHER_MS = 1000  # cameras tell how they are all the time
WARNED = (Kind.OFFICER, Kind.EXEMPTION, Kind.CAMERA)
Views = dict[str, RecordView]


class Lines(QWidget):
    """One section at a time."""

    selected = Signal(object)  # Entry | None
    opened = Signal()
    summed = Signal(str)
    arrived = Signal(int)
    accounts_read = Signal(object)  # AccountList

    def __init__(self, context: PanelContext, words: Words) -> None:
        super().__init__()
        self._context, self._words = context, words
        self.section = SECTIONS[0]
        self.current: Entry | None = None
        self._settings: Views = {}
        self._accounts: tuple[AccountLine, ...] = ()
        self._sessions: tuple[SessionLine, ...] = ()
        self._workstations: tuple[EnrolmentLine, ...] = ()
        self._exemptions: tuple[Record, ...] = ()
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._soon.timeout.connect(self.refresh)
        self._pages = {one.name: Page(one, context.text) for one in SECTIONS}
        self._desks: dict[str, RecordDesk] = {}
        self._models: dict[str, EntryModel] = {}
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
        desk.set_sections(self._groups(section))
        self._desks[section.name] = desk

    def _join_entries(self, section: AdminSection) -> None:
        view, model = self._pages[section.name].view, EntryModel(self)
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
            rules=Rules(policy=engine.policy, calendar=engine.calendar), settings=self._settings,
            accounts=self._accounts, sessions=self._sessions,
            workstations=self._workstations, words=self._words,
            now=self._context.clock.now(),
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
        if self.isVisible():
            page.setFocus()
        desk = self._desks.get(section.name)
        self._take(self._entry_of(desk.current) if desk is not None else None)
        self.refresh()

    def refresh(self) -> None:
        """Ask again now."""
        start(self._read(), owner=self)

    def news(self, changed: Changed) -> None:
        """Take a batch from the engine."""
        for desk in self._desks.values():
            desk.news(changed)
        if changed.is_wholesale or Kind.SETTING in changed.kinds:
            self.refresh()  # at once: a line's earlier versions are among them
        elif changed.kinds & {*WARNED} and not self._soon.isActive():
            self._soon.start()

    def take_accounts(self, accounts: AccountList) -> None:
        """What the server says of accounts."""
        self._accounts = accounts.accounts
        self.accounts_read.emit(accounts)
        self._show_entries()

    def take(self, told: Sessions | Enrolments) -> None:
        """What the server says of who is signed in, or of the workstations that are let in."""
        if isinstance(told, Sessions):
            self._sessions = told.sessions
        else:
            self._workstations = told.enrolments
        self._show_entries()

    def accept_arrivals(self) -> None:
        """Let in what waits."""
        if self._desk is not None:
            self._desk.accept_arrivals()

    def select(self, record: str) -> None:
        """Bring a record under the hand."""
        if self._desk is not None:
            self._desk.select(record)

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
        engine = self._context.engine
        asked = RecordQuery(kinds=(Kind.SETTING,), limit=MOST_SETTINGS)
        page = await engine.query(asked)
        self._settings = {
            body_of(one.record, SettingBody).name: one for one in page.views
        }  # fmt: skip
        await self._read_records()
        if not self._accounts or self.section.name == "accounts":
            await self._read_accounts()
        if self.section.name == "workstations":
            await self._read_workstations()
        self._show_entries()

    async def _read_records(self) -> None:
        """The zones for the map, and how much has ended or soon will."""
        views = [one for kind in WARNED for one in await self._all_open(kind)]
        self._exemptions = tuple(
            one.record for one in views if one.record.kind is Kind.EXEMPTION
        )  # fmt: skip
        world = self.world
        count = sum(record_entry(one, world).warning is not None for one in views)
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

    async def _read_accounts(self) -> None:
        try:
            self.take_accounts(await self._context.engine.accounts())
        except ClientError:
            self.accounts_read.emit(AccountList(accounts=self._accounts))
            return
        try:
            self.take(await self._context.engine.sessions())
        except ClientError:  # a supervisor reads accounts, not who is signed in
            self.take(Sessions(sessions=()))

    async def _read_workstations(self) -> None:
        try:
            self.take(await self._context.engine.enrolments())
        except ClientError:  # offline, or a supervisor, who does not let anybody in
            self._show_entries()

    def _show_entries(self) -> None:
        model = self._models.get(self.section.name)
        if model is None:
            return
        row = self.view.currentIndex().row()
        key = model.entries[row].key if 0 <= row < len(model.entries) else None
        found = entries_of(self.section, self.world)
        page = self._pages[self.section.name]
        page.say_empty("" if found else self._words.say(self._why_empty()))
        model.show_entries(found, self.section.columns)
        at = next((row for row, one in enumerate(found) if one.key == key), 0)
        self.view.setCurrentIndex(model.index(at, 0))
        self._take(found[at] if found else None)

    def _why_empty(self) -> str:
        is_up = self._context.engine.link.link is Link.ONLINE
        known = "empty.workstations" if self.section.name == "workstations" else "empty.lines"
        return known if is_up else "empty.offline"

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

"""The lines of the section in front: records by the record desk, rows of settings and accounts by a
model of their own, both in the same list.
"""

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from plugins.admin.entries import Entry, World, entries_of, record_entry
from plugins.admin.entry_list import AdminDelegate, AdminHeader, AdminRow, EntryModel, row_of
from plugins.admin.sections import SECTIONS, AdminSection
from plugins.admin.words import Words
from ui.records import RecordDesk, RecordListView, Section
from ui.start import start
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.client.views import Changed, Order, RecordQuery, RecordView
from xiuzhou_desktop.contract.administration import AccountLine, AccountList
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.setting_body import SettingBody
from xiuzhou_desktop.domain.setting_sound import Rules
from xiuzhou_desktop.domain.writing import body_of
from xiuzhou_desktop.plugin_api.context import PanelContext

MOST_SETTINGS, MOST_WARNED = 100, 500
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
        self._exemptions: tuple[Record, ...] = ()
        self._titles = AdminHeader(context.text)
        self.records_view = RecordListView(AdminDelegate())
        self.entries_view = RecordListView(AdminDelegate())
        self._desk = RecordDesk(self.records_view, context.engine, context.clock, self._row)
        self._model = EntryModel(self)
        self.entries_view.setModel(self._model)
        self._stack = QStackedWidget()
        for view in (self.records_view, self.entries_view):
            view.setAccessibleName(context.text("admin.lines"))
            self._stack.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._titles)
        column.addWidget(self._stack, 1)
        self._desk.selected.connect(self._record_selected)
        self._desk.opened.connect(lambda _view: self.opened.emit())
        self._desk.arrived.connect(self.arrived)
        self.entries_view.selectionModel().currentChanged.connect(self._entry_selected)
        self.entries_view.activated.connect(lambda _index: self.opened.emit())

    @property
    def world(self) -> World:
        """What the lines are made from now."""
        engine = self._context.engine
        return World(
            rules=Rules(policy=engine.policy, calendar=engine.calendar), settings=self._settings,
            accounts=self._accounts, words=self._words, now=self._context.clock.now(),
        )  # fmt: skip

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The lines of a section that lists no records."""
        return self._model.entries

    @property
    def has_hand(self) -> bool:
        """Whether a hand is in the list, so that what is selected was chosen by it."""
        return self.view.hasFocus()

    @property
    def view(self) -> RecordListView:
        """The list in front."""
        return self.records_view if self.section.kind else self.entries_view

    def records(self) -> tuple[Record, ...]:
        """The exemptions, for the map."""
        return self._exemptions

    def show_section(self, section: AdminSection) -> None:
        """List another one."""
        self.section = section
        margin = self.entries_view.scroll_bar_width()
        self._titles.set_columns(section.columns, margin)
        self._stack.setCurrentWidget(self.view)
        self.setFocusProxy(self.view)
        if self.isVisible():
            self.view.setFocus()
        self._take(None)
        if section.kind is not None:
            self._desk.set_sections(self._sections(section.kind))
        else:
            self._model.show_entries((), self._shares)
        self.refresh()

    def refresh(self) -> None:
        """Ask again now."""
        start(self._read(), owner=self)

    def news(self, changed: Changed) -> None:
        """Take a batch from the engine."""
        self._desk.news(changed)
        if changed.is_wholesale or changed.kinds & {Kind.SETTING, *WARNED}:
            self.refresh()

    def take_accounts(self, accounts: AccountList) -> None:
        """What the server says of accounts."""
        self._accounts = accounts.accounts
        self.accounts_read.emit(accounts)
        self._show_entries()

    def accept_arrivals(self) -> None:
        """Let in what waits."""
        self._desk.accept_arrivals()

    def select(self, record: str) -> None:
        """Bring a record under the hand."""
        self._desk.select(record)

    def next(self) -> None:
        """J."""
        self._step(+1)

    def previous(self) -> None:
        """K."""
        self._step(-1)

    def _step(self, by: int) -> None:
        if self.section.kind is not None:
            (self._desk.next if by > 0 else self._desk.previous)()
            return
        row = self.entries_view.currentIndex().row() + by
        if 0 <= row < len(self._model.entries):
            self.entries_view.setCurrentIndex(self._model.index(row, 0))

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
        self._show_entries()

    async def _read_records(self) -> None:
        """The zones for the map, and how much has ended or soon will."""
        warned = RecordQuery(kinds=WARNED, is_open=True, limit=MOST_WARNED)
        views = (await self._context.engine.query(warned)).views
        self._exemptions = tuple(
            one.record for one in views if one.record.kind is Kind.EXEMPTION
        )  # fmt: skip
        world = self.world
        count = sum(record_entry(one, world).warning is not None for one in views)
        self.summed.emit(self._words.say("summary", count=count) if count else "")
        if self.section.kind is not None:
            self._desk.refresh()

    async def _read_accounts(self) -> None:
        try:
            self.take_accounts(await self._context.engine.accounts())
        except ClientError:
            self.accounts_read.emit(AccountList(accounts=self._accounts))

    def _show_entries(self) -> None:
        if self.section.kind is not None:
            return
        key = self.current.key if self.current else None
        found = entries_of(self.section, self.world)
        self._model.show_entries(found, self._shares)
        rows = [row for row, one in enumerate(found) if one.key == key]
        at = rows[0] if rows else 0
        self.entries_view.setCurrentIndex(self._model.index(at, 0))
        self._take(found[at] if found else None)

    @property
    def _shares(self) -> tuple[int, ...]:
        return tuple(share for _, share in self.section.columns)

    def _sections(self, kind: Kind) -> tuple[Section, ...]:
        groups = (("standing", True), ("ended", False))
        return tuple(
            Section(
                key=key, title=self._words.say(f"group.{kind.value}.{key}"), is_open=is_open,
                hides_when_empty=not is_open,
                query=RecordQuery(kinds=(kind,), is_open=is_open, order=Order.PLACE),
            )
            for key, is_open in groups
        )  # fmt: skip

    def _row(self, view: RecordView) -> AdminRow:
        return row_of(record_entry(view, self.world), self._shares)

    def _record_selected(self, view: RecordView | None) -> None:
        if self.section.kind is None:
            return
        is_ours = view is not None and view.record.kind is self.section.kind
        self._take(record_entry(view, self.world) if view is not None and is_ours else None)

    def _entry_selected(self, index: QModelIndex) -> None:
        entries = self._model.entries
        if self.section.kind is None and 0 <= index.row() < len(entries):
            self._take(entries[index.row()])

    def _take(self, entry: Entry | None) -> None:
        self.current = entry
        self.selected.emit(entry)

"""The administration panel 管理: sections 1–9, 0 | lines | the selected one with what may be done.

Enter ─► which change (a digit) ─► its form ─► what it will affect ─► saved; U takes it back
Ctrl+Backspace ─► an earlier version put back          Ctrl+N ─► a new line
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from plugins.admin import actions as keys
from plugins.admin.acting import Acting
from plugins.admin.change import Change
from plugins.admin.changes import changes_of, new_in
from plugins.admin.desk import Lines
from plugins.admin.detail import Detail
from plugins.admin.entries import Entry
from plugins.admin.following import WAYS
from plugins.admin.navigation import Navigation
from plugins.admin.putting_back import answers, as_it_stood, put_back, versions
from plugins.admin.sections import BY_NAME, OF_KIND, SECTIONS, AdminSection, Pane
from plugins.admin.words import Words
from ui.records import Following, PanelHeader, Spoken, TakeBack
from ui.start import start
from ui.theme.theme import px
from ui.widgets import Answer, QuestionSheet
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.client.views import Changed, RecordView
from xiuzhou_desktop.contract.administration import AccountAct, AccountList, AccountSay
from xiuzhou_desktop.contract.sessions import Enrolments, EnrolmentSay
from xiuzhou_desktop.domain.envelope import LogEntry, Record
from xiuzhou_desktop.domain.ids import CommandId
from xiuzhou_desktop.plugin_api.context import Action, PanelContext

NAVIGATION_PX, DETAIL_PX, WIDE_PX = 176, 520, 1400
NARROW_NAVIGATION_PX = 132


def create_panel(context: PanelContext) -> QWidget:
    """The entry point that the manifest names."""
    return AdminPanel(context)


class AdminPanel(QWidget):
    """An administrator's desk; a supervisor reads in it."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self._words = Words(context.text)
        self._header = PanelHeader(context.text("admin.title"), context.text)
        self._navigation = Navigation(context.text)
        self.detail = Detail(context, self._words)
        self.lines = Lines(context, self._words)
        self.acting = Acting(self, context, self._words)
        self._question = QuestionSheet(self)
        self._answers: tuple[Callable[[], None], ...] = ()
        self._drawn: Change | None = None
        self._take_back = TakeBack(
            self, self.detail.undo_bar, context.engine, context.text("admin.too_late")
        )
        self._lay_out()
        self._connect()
        self._registered = [
            context.actions.register(action, run, self._when(action))
            for action, run in self._key_table()
        ]
        self._observation = context.engine.observe(self._news)
        self._following = Following(self, context, WAYS, self._show_followed)
        self.go_to(SECTIONS[1 if self._may_read_only else 0].name)
        self._following.again()

    @property
    def current(self) -> Entry | None:
        """The selected line."""
        return self.lines.current

    @property
    def section(self) -> AdminSection:
        """What is listed."""
        return self.lines.section

    @property
    def question(self) -> QuestionSheet:
        """The sheet of numbered answers."""
        return self._question

    @property
    def _may_read_only(self) -> bool:
        return not self.lines.may_change

    def go_to(self, name: str) -> None:
        """A digit: another section."""
        self._stop_drawing()
        self.detail.tell("")
        self._navigation.choose(name)
        self.lines.show_section(BY_NAME[name])
        self.lines.take_keys()

    def shut_down(self) -> None:
        """The panel closes: subscriptions, keys and pictures end."""
        self.detail.tile.clear()
        for one in (self._observation, self._following, *self._registered):
            one.close()

    # layout

    def _lay_out(self) -> None:
        self._split = QSplitter()
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        for part in (self._navigation, self.lines, self.detail):
            self._split.addWidget(part)
        self._split.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._split, 1)
        self.setFocusProxy(self.lines)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            is_wide = self.width() >= px(WIDE_PX)
            left = px(NAVIGATION_PX if is_wide else NARROW_NAVIGATION_PX)
            right = min(px(DETAIL_PX), (self.width() - left) * 2 // 5)
            self._split.setSizes([left, self.width() - left - right, right])

    # wiring

    def _connect(self) -> None:
        self._navigation.chosen.connect(self.go_to)
        self.lines.selected.connect(self._show)
        self.lines.opened.connect(self._open)
        self.lines.summed.connect(self._header.set_summary)
        self.lines.zones_read.connect(self._show_zones)
        self.lines.arrived.connect(self._header.set_arrivals)
        self.lines.told.changed.connect(self._take_accounts)
        self._header.arrivals_accepted.connect(self.lines.accept_arrivals)
        self.detail.opened.connect(self._open)
        self.detail.added.connect(self._add)
        self.detail.map.chosen.connect(self.lines.select)
        self._question.answered.connect(self._answered)
        self._take_back.taken.connect(lambda _record: self.lines.refresh())
        self._take_back.refused.connect(self.detail.show_refused)
        self.acting.saved.connect(self._saved)
        self.acting.done.connect(self._said)
        self.acting.ended.connect(self.lines.told.take)
        self.acting.enrolled.connect(self._enrolled)

    def _key_table(self) -> tuple[tuple[Action, Callable[[], None]], ...]:
        sections = tuple(
            (action, partial(self.go_to, one.name))
            for action, one in zip(keys.OF_SECTIONS, SECTIONS, strict=True)
        )
        return (
            (keys.NEXT, self.lines.next), (keys.PREVIOUS, self.lines.previous),
            (keys.OPEN, self._open), (keys.NEW, self._add), (keys.PUT_BACK, self._put_back),
            (keys.PLAY, self._play), (keys.DRAWN, self._finish_drawing),
            (keys.UNDO, self._take_back), (keys.LEAVE, self._stop_drawing), *sections,
        )  # fmt: skip

    def _when(self, action: Action) -> Callable[[], bool] | None:
        """A key that means nothing here is not offered."""
        return {
            keys.PLAY: lambda: self.section.pane is Pane.CAMERA,
            keys.DRAWN: lambda: self.detail.map.is_drawing,
            keys.LEAVE: lambda: self.detail.map.is_drawing,
            keys.PUT_BACK: lambda: self.current is not None and self.current.view is not None,
        }.get(action)

    def _news(self, changed: Changed) -> None:
        self.lines.news(changed)

    def _show_followed(self, record: Record) -> None:
        """In its section; not while something is being changed here."""
        section, is_busy = OF_KIND[record.kind], self._is_changing()
        if not is_busy and section is not self.section:
            self.detail.tell("")
            self._navigation.choose(section.name)
            self.lines.show_section(section)
        if not is_busy:
            self.lines.select(record.id)

    def _is_changing(self) -> bool:
        standing = (self.acting.form, self._question)
        return self.detail.map.is_drawing or any(one.isVisible() for one in standing)

    def _show(self, entry: Entry | None) -> None:
        self.detail.show_entry(entry)
        self.detail.show_refused(None)
        reason = self._text("admin.read_only") if self._may_read_only else None
        self.detail.primary.set_reason(reason or self._nothing_to_do(entry))
        self.detail.secondary.set_reason(reason or self._nothing_to_add(entry))
        if entry is not None and entry.view is not None and self.lines.has_hand:
            self._following.shows(entry.view)
        self._show_zones()

    def _show_zones(self) -> None:
        """Once they are read, and again with each reading, whatever the hand is on."""
        if self.section.pane is Pane.MAP:
            self.detail.map.show_zones(self.lines.records())

    def _nothing_to_do(self, entry: Entry | None) -> str | None:
        is_open = entry is not None and changes_of(entry, self.lines.world)
        return None if is_open else self._text("admin.nothing_to_do")

    def _nothing_to_add(self, entry: Entry | None) -> str | None:
        change = new_in(self.section, entry, self.lines.world)
        return None if change is not None else self._text("admin.nothing_to_add")

    def _take_accounts(self) -> None:
        self.acting.accounts = self.lines.world.accounts

    # acting

    def _open(self) -> None:
        """Enter: the one change, or which of several."""
        entry = self.current
        is_free = entry is not None and self.detail.primary.reason is None
        if entry is None or not is_free or self.acting.form.come_back():
            return
        found = changes_of(entry, self.lines.world)
        if len(found) == 1:
            self._ask(found[0])
            return
        self._choose(entry.title, [(self._titled(one), partial(self._ask, one)) for one in found])

    def _titled(self, change: Change) -> Answer:
        return Answer(title=self._text(change.text, **change.named))

    def _choose(self, title: str, rows: list[tuple[Answer, Callable[[], None]]]) -> None:
        self._answers = tuple(run for _, run in rows)
        self._question.ask(title, [answer for answer, _ in rows])

    def _answered(self, number: int) -> None:
        self._answers[number]()

    def _ask(self, change: Change) -> None:
        if change.is_drawn:
            self._drawn = change
            self.detail.draw()
            return
        self._asked(change)

    def _asked(self, change: Change) -> None:
        form = self.acting.ask(change)
        editor = form.editors.get("value")
        if self.section.pane is Pane.MESSAGE and editor is not None:
            editor.changed.connect(lambda: self._preview(editor.value()))

    def _preview(self, words: object) -> None:
        self.detail.preview.show_words(str(words or ""))

    def _add(self) -> None:
        """Ctrl+N."""
        change = new_in(self.section, self.current, self.lines.world)
        is_free = change is not None and self.detail.secondary.reason is None
        if change is not None and is_free and not self.acting.form.come_back():
            self._ask(change)

    def _finish_drawing(self) -> None:
        """Ctrl+Enter: the zone is drawn, the rest is asked."""
        change, self._drawn = self._drawn, None
        if change is None or not self.detail.map.is_drawing:
            return
        ring = self.detail.map.drawn
        known = {"zone": ring} if ring else {}
        self.detail.map.stop()
        self._show(self.current)
        self.acting.ask(change, known)

    def _stop_drawing(self) -> None:
        self._drawn = None
        if self.detail.map.is_drawing:
            self.detail.map.stop()
            self._show(self.current)
            self.lines.setFocus()

    def _play(self) -> None:
        """Space."""
        entry = self.current
        if self.section.pane is Pane.CAMERA and entry is not None and entry.view is not None:
            self.detail.play(entry.view)

    def _put_back(self) -> None:
        """Ctrl+Backspace: which of the earlier versions."""
        view = self.current.view if self.current else None
        if view is None or self._may_read_only or self.acting.form.come_back():
            return
        found = versions(view)
        if not found:
            self.detail.show_refused(Spoken(text=self._text("admin.no_versions")))
            return
        told = answers(found, view.record.kind, self._words)
        rows = [
            (answer, partial(self._put_back_to, view, one))
            for answer, one in zip(told, found, strict=True)
        ]
        self._choose(self._text("admin.which_version"), rows)

    def _put_back_to(self, view: RecordView, entry: LogEntry) -> None:
        start(self._read_version(view, entry), owner=self)

    async def _read_version(self, view: RecordView, entry: LogEntry) -> None:
        try:
            then: Record | None = await as_it_stood(self._context.engine, view, entry)
        except ClientError:
            self.detail.show_refused(Spoken(text=self._text("admin.past_offline")))
            return
        if then is not None:
            self._asked(put_back(view, then, self._words))

    def _saved(self, change: Change, command: CommandId) -> None:
        act = self._text(change.text, **change.named)
        self._take_back.offer((command,), self._text("admin.saved", act=act))
        self.lines.refresh()

    def _said(self, change: Change, said: AccountSay, answer: AccountList) -> None:
        self.lines.told.take(answer)
        self.detail.tell(self._told(change, said, answer.password))

    def _enrolled(self, change: Change, said: EnrolmentSay, answer: Enrolments) -> None:
        self.lines.told.take(answer)
        if answer.code is not None:
            told = {"place": said.workstation, "code": answer.code}
            self.detail.tell(self._text("admin.workstation.code", **told))
            return
        act = self._text(change.text, **change.named)
        self.detail.tell(self._text("admin.workstation.done", act=act))

    def _told(self, change: Change, said: AccountSay, password: str | None) -> str:
        if password is not None:
            return self._text("admin.account.password", user=said.user, password=password)
        act = self._text(change.text, **change.named)
        back = "" if said.act is AccountAct.RESET else self._text("admin.account.back")
        return self._text("admin.account.done", act=act, user=said.user, back=back)

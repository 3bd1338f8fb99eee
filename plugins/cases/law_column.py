"""The right column: what the next step asks by law, the limits that run, what was done so far, and
the acts themselves. A blocked act says why beneath it.
"""

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from plugins.cases.checks import LineList, check_line, limit_line
from ui.records import Sentences, Spoken
from ui.theme.textrun import Ink
from ui.theme.type import Face
from ui.widgets import Button, ButtonKind, Rule, SectionTitle, ThreadEntry, ThreadList, wrapped
from xiuzhou_desktop.domain.case_dates import deadlines
from xiuzhou_desktop.domain.case_rules import CaseFile, Check
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.plugin_api.context import PanelContext

ACT_PX = 40
FAST_TRACK = "fast_track"


class ActsShown(msgspec.Struct, frozen=True, kw_only=True):
    """The act that a case waits for; `blocked` says why it cannot be done now."""

    next: str | None = None
    blocked: Spoken | None = None
    may_return: bool = False
    has_more: bool = False


class LawColumn(QWidget):
    """Checklist, limits, thread, acts."""

    act_pressed = Signal()
    return_pressed = Signal()
    more_pressed = Signal()

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self._sentences = Sentences(context.text)
        self._checks_title = SectionTitle(self._text("cases.checks"))
        self._checks = LineList()
        self._fast_title = SectionTitle(self._text("cases.fast"))
        self._fast = LineList()
        self._limits_title = SectionTitle(self._text("cases.limits"))
        self._limits = LineList()
        self._thread_title = SectionTitle(self._text("cases.thread"))
        self._thread = ThreadList()
        self._blocked = wrapped("", Ink("refused", Face.BODY))
        self._more = Button(self._text("cases.action.more"), key="Enter", height=ACT_PX)
        self._return = Button(
            self._text("cases.action.return"), key="Ctrl+Backspace", height=ACT_PX
        )
        self._act = Button("", key="Ctrl+Enter", kind=ButtonKind.PRIMARY, height=ACT_PX)
        self._act.hide()  # until there is a case
        self._act.clicked.connect(self.act_pressed)
        self._return.clicked.connect(self.return_pressed)
        self._more.clicked.connect(self.more_pressed)
        self._lay_out()

    def _lay_out(self) -> None:
        inside = QWidget()
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(12, 8, 12, 12)
        lines.setSpacing(6)
        for part in (
            self._checks_title, self._checks, self._fast_title, self._fast, self._limits_title,
            self._limits, self._thread_title, self._thread,
        ):  # fmt: skip
            lines.addWidget(part)
        lines.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inside)
        scroll.setAccessibleName(self._text("cases.checks"))
        keys = QHBoxLayout()
        keys.setSpacing(8)
        for button in (self._more, self._return):
            keys.addWidget(button)
        keys.addStretch(1)
        keys.addWidget(self._act)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 8, 12, 12)
        foot.setSpacing(8)
        foot.addWidget(self._blocked)
        foot.addLayout(keys)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addWidget(Rule())
        column.addLayout(foot)

    @property
    def may_act(self) -> bool:
        """Whether the primary act may be pressed."""
        return self._act.isVisible() and self._act.isEnabled()

    def show_checks(self, step: str, checks: tuple[Check, ...]) -> None:
        """The requirements of the step that comes next."""
        met = sum(one.is_met for one in checks)
        name = self._sentences.transition(Kind.CASE, step)
        self._checks_title.set_texts(
            self._text("cases.checks.of", step=name),
            self._text("cases.checks.met", met=met, of=len(checks)),
        )
        self._checks.set_lines([check_line(one, self._text, self._sentences) for one in checks])
        for part in (self._checks_title, self._checks):
            part.setVisible(bool(checks))

    def show_fast_track(self, checks: tuple[Check, ...]) -> None:
        """Whether the fast track is open, and what stands against it; nothing: it is no matter."""
        unmet = sum(not one.is_met for one in checks)
        note = self._text("cases.fast.closed" if unmet else "cases.fast.open")
        self._fast_title.set_texts(self._text("cases.fast"), note)
        self._fast.set_lines([check_line(one, self._text, self._sentences) for one in checks])
        for part in (self._fast_title, self._fast):
            part.setVisible(bool(checks))

    def show_limits(self, file: CaseFile) -> None:
        """The limits that run, each with its article and its own days."""
        engine = self._context.engine
        running = deadlines(file.record, engine.policy, engine.calendar)
        self._limits.set_lines(
            [limit_line(one, file.now, self._text, self._sentences) for one in running]
        )
        for part in (self._limits_title, self._limits):
            part.setVisible(bool(running))

    def show_thread(self, entries: tuple[ThreadEntry, ...]) -> None:
        """From the flag to now."""
        self._thread_title.set_texts(
            self._text("cases.thread"), self._text("cases.thread.count", count=len(entries))
        )
        self._thread.set_entries(entries)

    def step_back(self) -> None:
        """A form stands in front: the act here is not the primary one."""
        self._act.set_kind(ButtonKind.NORMAL)

    def step_forward(self) -> None:
        """The act here is the primary one again."""
        self._act.set_kind(ButtonKind.PRIMARY)

    def show_acts(self, acts: ActsShown) -> None:
        """The act that comes next, and why it cannot be done now."""
        self._act.setVisible(acts.next is not None)
        self._return.setVisible(acts.may_return)
        self._more.setVisible(acts.has_more)
        if acts.next is not None:
            self._act.set_text(self._sentences.transition(Kind.CASE, acts.next))
            self._act.set_reason(acts.blocked.text if acts.blocked else None)
        self._blocked.setVisible(acts.blocked is not None)
        if acts.blocked is not None:
            key = "cases.blocked.article" if acts.blocked.article else "cases.blocked"
            named = {"article": acts.blocked.article} if acts.blocked.article else {}
            self._blocked.setText(self._text(key, why=acts.blocked.text, **named))

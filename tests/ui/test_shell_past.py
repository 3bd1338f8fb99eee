"""The view clock in the window: which panels it moves, what they wear and refuse there, and the way
back."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import a_folder_of_panels, a_window, running_loop
from tests.unit.domain.builders import a_flag, rid
from ui.shell.clock import WindowClock
from ui.shell.scrubber import DAY_S, Scrubber
from ui.shell.selection import WindowSelection
from ui.shell.window import ShellWindow
from ui.start import start
from ui.theme.theme import theme
from ui.theme.tokens import ThemeName
from xiuzhou_desktop.client.views import Draft, Forecast, Submitted
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.plugin_api.context import Scheme, Selected, ViewMode
from xiuzhou_desktop.plugin_api.subjects import selected_record, subject

ACTING_PANEL = '''
"""Keeps its context for the test."""
from PySide6.QtCore import Qt
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from PySide6.QtWidgets import QLabel

def create_panel(context):
    label = QLabel("here")
    label.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    label.context = context
    return label
'''
HOUR = timedelta(hours=1)


class Passing:
    """Seconds of the computer's own clock, moved by hand."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    theme().apply(qapp, ThemeName.DARK)
    with running_loop(qapp) as running:
        yield running


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(a_flag())


@pytest.fixture
def window(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop, engine: FakeEngine, tmp_path: Path
) -> ShellWindow:
    folder = a_folder_of_panels(
        tmp_path / "panels", queue=ACTING_PANEL, replay=ACTING_PANEL, asked=ACTING_PANEL
    )
    for name, use in (("replay", "follows"), ("asked", "asked")):
        manifest = folder / name / "manifest.toml"
        more = f'view_clock = "{use}"\nsubjects = ["plate"]\n'
        manifest.write_text(manifest.read_text(encoding="utf-8") + more, encoding="utf-8")
    window = a_window(engine, tmp_path / "profile", panels=folder)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    return window


@pytest.mark.usefixtures("loop")
def test_the_shown_instant_runs_at_its_speed_and_becomes_live_at_the_present() -> None:
    engine, passing = FakeEngine(), Passing()
    clock = WindowClock(engine.business_now, passing)
    heard: list[ViewMode] = []
    clock.observe(lambda view: heard.append(view.mode))
    clock.go_to(engine.now - HOUR)
    passing.s += 5
    assert clock.view_at == engine.now - HOUR
    clock.play(4)
    passing.s += 60
    assert clock.view_at == engine.now - HOUR + timedelta(minutes=4)
    clock.pause()
    passing.s += 60
    assert clock.view_at == engine.now - HOUR + timedelta(minutes=4)
    clock.go_to(engine.now + HOUR)
    assert clock.view_at is None
    assert clock.view.at == engine.now
    assert heard == [ViewMode.PAUSED, ViewMode.PLAYING, ViewMode.PAUSED, ViewMode.LIVE]


def test_replay_moves_the_panels_that_are_for_it_and_no_other(window: ShellWindow) -> None:
    window.place.clock.go_to(window.place.clock.now() - HOUR)
    past = {frame.found.id: frame.time.clock.view_at is not None for frame in window.panels()}
    assert past == {"queue": False, "replay": True, "asked": False}
    worn = {frame.found.id: frame.property("past") for frame in window.panels()}
    assert worn["replay"] == "true"
    assert worn["queue"] != "true"


def test_a_panel_in_the_past_refuses_every_act_and_says_why(
    qtbot: QtBot, window: ShellWindow, engine: FakeEngine
) -> None:
    window.show_panel("replay")
    context = window.docks.frame("replay").panel.context
    window.place.clock.go_to(window.place.clock.now() - HOUR)
    answers: list[object] = []

    async def act() -> None:
        answers.append(await context.engine.offers(Kind.FLAG, rid(1)))
        draft = Draft(kind=Kind.FLAG, record=rid(1), transition="dismiss")
        answers.append(await context.engine.submit(draft))

    start(act(), owner=window)
    qtbot.waitUntil(lambda: len(answers) == 2)
    offers, submitted = answers
    assert offers
    assert {one.refusal.slug for one in offers} == {"viewing-past"}
    assert isinstance(submitted, Submitted)
    assert submitted.forecast is Forecast.REFUSED
    assert window.place.names.refusal(submitted.refusal).text == "回看中不能处置"
    assert not engine.entries


def test_a_subject_opens_in_the_panel_that_finds_it(window: ShellWindow) -> None:
    flag = selected_record(a_flag(case=rid(7), camera=rid(8)))
    assert flag.plate() == "浙FD8K31"
    assert flag.about(Scheme.CASE) == rid(7)
    assert flag.place() is not None
    window.place.selection.open(flag, Scheme.PLATE)
    assert window.docks.current() == "replay"
    window.place.selection.open(flag)
    assert window.docks.current() == "queue"


def test_the_flag_that_was_selected_last_is_kept_beside_the_selection() -> None:
    selection = WindowSelection()
    flag = selected_record(a_flag())
    selection.select(flag)
    selection.select(Selected(subject_key=subject(Scheme.CAMERA, rid(8))))
    assert selection.latest(Kind.FLAG) == flag
    assert selection.before() == flag
    assert not selection.has_before()


def test_one_key_shows_the_time_bar_and_one_returns_to_live(
    qtbot: QtBot, window: ShellWindow
) -> None:
    clock = window.place.clock
    assert not window.time_bar.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert window.time_bar.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    clock.go_to(clock.now() - HOUR)
    assert window.time_bar.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert clock.view_at is None
    assert not window.time_bar.isVisible()


def test_a_panel_is_sent_to_the_past_on_purpose_and_comes_back_with_the_clock(
    qtbot: QtBot, window: ShellWindow
) -> None:
    frame, clock = window.docks.frame("asked"), window.place.clock
    window.show_panel("asked")
    clock.go_to(clock.now() - HOUR)
    assert frame.time.clock.view_at is None
    qtbot.keyClick(frame.panel, Qt.Key.Key_Q)
    assert frame.time.clock.view_at == clock.view_at
    clock.go_live()
    clock.go_to(clock.now() - HOUR)
    assert frame.time.clock.view_at is None


def test_the_scrubber_leads_into_the_past_and_never_ahead(window: ShellWindow) -> None:
    bar, clock = window.time_bar, window.place.clock
    window.toggle_time_bar()
    bar.findChild(Scrubber).setValue(0)
    assert window.place.names.hms(clock.view_at) == "00:00:00"
    clock.go_to(clock.now() - timedelta(days=1))
    assert bar.findChild(Scrubber).maximum() == DAY_S

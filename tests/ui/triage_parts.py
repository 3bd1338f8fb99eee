"""A window with the triage panel over the fake engine, and keys as a person presses them."""

from datetime import timedelta
from pathlib import Path

import msgspec
from pytestqt.qtbot import QtBot

from tests.e2e.hands import press, type_text
from tests.e2e.sight import Sight, words
from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import a_window, in_front
from tests.unit.domain.builders import MORNING, a_flag, rid
from ui.records import FormSheet
from ui.widgets import QuestionSheet
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.flag_body import FlagState
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.text.catalogue import Catalogue

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"


def triage_text(language: str) -> Catalogue:
    """The words of the product and of this panel."""
    return Catalogue(language, (PLUGINS / "triage",))


def flag(number: int, **columns: object) -> Record:
    """A flag of its own car; the higher the number, the later its deadline."""
    plate = f"浙F{number:05d}"
    record = a_flag(plate=plate, address=f"中山西路{number}号")
    changes = {
        "id": rid(1000 + number), "title": f"{plate} 中山西路{number}号", "subject_key": plate,
        "number": f"XZ-F-{number:04d}", "due_at": MORNING + timedelta(minutes=30 + number),
    } | columns  # fmt: skip
    return msgspec.structs.replace(record, **changes)


class Shift:
    """One officer before the panel."""

    def __init__(
        self, qtbot: QtBot, engine: FakeEngine, folder: Path, language: str = "zh_CN"
    ) -> None:
        self.qtbot, self.engine = qtbot, engine
        self.window = a_window(engine, folder, panels=PLUGINS, language=language)
        in_front(qtbot, self.window)
        qtbot.waitUntil(lambda: self.window.docks.frame("triage") is not None)
        self.window.show_panel("triage")  # behind another one in a supervisor's workspace
        self.sight = Sight(self.window)
        self.sight.queue.setFocus()

    # what is seen

    def until_selected(self, record: RecordId) -> None:
        self.qtbot.waitUntil(lambda: self.sight.current_id() == record)

    def until_offers(self) -> None:
        self.qtbot.waitUntil(lambda: self.sight.stage.knows_offers)

    def until_says(self, sentence: str) -> None:
        self.qtbot.waitUntil(lambda: sentence in words(self.sight.panel))

    def until_saved(self, transition: str) -> None:
        self.qtbot.waitUntil(lambda: transition in self.transitions())

    def question(self) -> QuestionSheet:
        self.qtbot.waitUntil(lambda: self.sight.question() is not None)
        found = self.sight.question()
        assert found is not None
        return found

    def form(self) -> FormSheet:
        self.qtbot.waitUntil(lambda: self.sight.form() is not None)
        found = self.sight.form()
        assert found is not None
        return found

    def transitions(self) -> list[str]:
        """What was saved, oldest first."""
        return [entry.command.transition for entry in self.engine.entries.values()]

    def state(self, record: RecordId) -> str:
        return self.engine.district.records[record].state

    def chip(self, record: RecordId) -> str | None:
        row = self.sight.model.find(record)
        line = self.sight.model.line(row) if row is not None else None
        return line.row.chip.text if line and line.row.chip else None

    def new_records(self, kind: Kind) -> list[Record]:
        made = {entry.command.record for entry in self.engine.entries.values()}
        return [
            record
            for record in self.engine.district.records.values()
            if record.id in made and record.kind is kind
        ]

    # what is done

    def press(self, *keys: str) -> None:
        press(*keys)

    def type(self, text: str) -> None:
        type_text(text)


def judged(number: int, state: FlagState) -> Record:
    """A flag that has already moved on."""
    return msgspec.structs.replace(flag(number), state=state.value)

"""Who walks: the product, what is seen of it, the server as others see it, and what is remembered
from step to step."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.e2e.hands import bring_to_front, press
from tests.e2e.pictures import Pictures
from tests.e2e.product import Product
from tests.e2e.server_eye import ServerEye
from tests.e2e.sight import Sight, has_keyboard, stands, words
from tests.e2e.waits import PATIENCE_S, until, until_delivered
from ui.records import FormSheet
from ui.shell.demo_bar import DemoBar
from ui.shell.window import ShellWindow
from xiuzhou_desktop.client.views import Link, OutboxEntry, RecordQuery, RecordView
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.plugin_api.context import Engine, Selected

READER = "supervisor"
SHEETS_TO_LEAVE = 3


class Walker:  # noqa: PLR0904 - one walk, whose steps ask it
    """One walk through a demonstration."""

    def __init__(self, root: Path, pictures: Pictures) -> None:
        self.product = Product(root)
        self.pictures = pictures
        self._eye: ServerEye | None = None
        self.measured: Callable[[bool], None] = _by_nobody
        self.kept: dict[str, str] = {}  # ids that later steps go on with

    @property
    def window(self) -> ShellWindow:
        return self.product.window

    @property
    def engine(self) -> Engine:
        return self.window.place.engine

    @property
    def sight(self) -> Sight:
        return Sight(self.window)

    @property
    def bar(self) -> DemoBar:
        """The 演示 bar. Raises AssertionError where it is not shown."""
        bar = self.product.application.demo_bar
        assert bar is not None, "the demonstration's bar is not there"
        return bar

    @property
    def eye(self) -> ServerEye:
        """The server as the supervisor reads it."""
        if self._eye is None:
            backend = self.product.application.backend
            assert backend is not None and backend.server is not None, "no server runs"
            self._eye = ServerEye(backend.server, backend.account(READER))
        return self._eye

    async def open(self, *arguments: str) -> None:
        """Start the product; the UI thread is measured once the first item is shown."""
        self.measured(False)
        await self.product.open(*arguments)
        await until(lambda: self.window.place.selection.current, "the first item is shown")
        self.measured(True)

    async def close(self) -> None:
        self.measured(False)
        await self.product.close()

    def text(self, key: str, **arguments: object) -> str:
        """A sentence of the shell."""
        return self.window.place.text(key, **arguments)

    async def ready(self) -> None:
        """Before a step: the window in front, no sheet open, the queue has the keyboard where it
        stands."""
        if not self.product.is_open:
            return
        window = self.window
        for other in QApplication.topLevelWidgets():
            if other is not window and other.isVisible() and other.isWindow():
                other.close()
        await bring_to_front(window)
        sight = Sight(window) if stands(window) else None
        for _ in range(SHEETS_TO_LEAVE):
            is_asked = sight is not None and (sight.question() or sight.form())
            if window.palette_window.isVisible() or is_asked:
                press("Esc")
        if sight is not None:
            sight.queue.setFocus()

    # records

    async def find(self, *states: str, **narrow: object) -> list[RecordView]:
        """Flags as the window's engine has them, most urgent first."""
        query = RecordQuery(kinds=(Kind.FLAG,), states=states, limit=200, **narrow)  # type: ignore[arg-type]
        return list((await self.engine.query(query)).views)

    async def view(self, record: str, kind: Kind = Kind.FLAG) -> RecordView:
        """A record as the window has it. Raises AssertionError where it has none."""
        found = await self.engine.get(kind, RecordId(record))
        assert found is not None, f"{kind}/{record} is not known here"
        return found

    async def select(self, record: str) -> None:
        """Bring a flag under the hand as the palette does; it stands there as the engine has it."""
        sight = self.sight
        if sight.current_id() != record:
            self.window.open_record(Selected(kind=Kind.FLAG, record=RecordId(record)))
        await until(lambda: self._stands(record), f"{record} is selected, as it is now")
        sight.queue.setFocus()

    async def judge(self, record: str, digit: str) -> None:
        """A digit for that flag, once the verdict bar knows what the rules allow for it: for this
        one, and not as it was before it moved on."""
        await self.select(record)
        stage, key = self.sight.stage, self.sight.digits()[int(digit) - 1]

        async def can_be_pressed() -> bool:
            return await self._stands(record) and stage.knows_offers and key.isEnabled()

        await until(can_be_pressed, f"{digit} can be pressed for {record}")
        press(digit)

    async def _stands(self, record: str) -> bool:
        """Whether the list and the item show a flag in the step in which the engine has it: what
        has just been saved or heard reaches the list a moment later."""
        now = (await self.view(record)).record
        seen = self.sight.current
        if seen is None or not self.sight.shows(record):
            return False
        return (seen.record.state, seen.record.state_version) == (now.state, now.state_version)

    async def form(self) -> FormSheet:
        """The form stands and has the keyboard."""
        found = await until(self.sight.form, "the form")
        assert isinstance(found, FormSheet)
        await until(lambda: has_keyboard(found), f"the form has the keyboard: {words(found)}")
        return found

    async def answer(self, digit: str) -> None:
        """The second question stands and has the keyboard; a digit answers it."""
        asked = await until(self.sight.question, "the question")
        await until(asked.hasFocus, "the question has the keyboard")  # type: ignore[attr-defined]
        press(digit)
        await until(lambda: self.sight.question() is None, "the question is answered")

    async def state_here(self, record: str, kind: Kind = Kind.FLAG) -> str:
        return str((await self.view(record, kind)).record.state)

    async def outbox(self) -> tuple[OutboxEntry, ...]:
        return await self.engine.outbox()

    async def entries_of(self, record: str) -> list[OutboxEntry]:
        """The outbox's entries of one record, oldest first."""
        found = [e for e in await self.outbox() if e.command.record == record]
        return sorted(found, key=lambda entry: entry.command.client_seq)

    async def until_delivered(self, seconds: float = PATIENCE_S) -> None:
        """Everything that was saved has reached the server."""
        await until_delivered(self.engine, seconds)

    async def until_link(self, link: Link, seconds: float = PATIENCE_S) -> None:
        await until(lambda: self.engine.link.link is link, f"the link is {link.value}", seconds)

    async def until_state(self, record: str, state: str, seconds: float = PATIENCE_S) -> None:
        """The server has moved a flag to a state."""

        async def is_there() -> bool:
            return await self.eye.state("flag", record) == state

        await until(is_there, f"flag {record} is {state} on the server", seconds)

    async def until_here(self, record: str, *states: str, seconds: float = PATIENCE_S) -> None:
        """The window shows a flag in one of the states."""

        async def is_there() -> bool:
            return await self.state_here(record) in states

        await until(is_there, f"flag {record} is {' or '.join(states)} here", seconds)


def _by_nobody(_is_shown: bool) -> None:
    """Nobody measures."""

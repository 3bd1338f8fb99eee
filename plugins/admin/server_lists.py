"""Accounts, sessions and workstations: lists that the server alone keeps.

    read(section) ──► the server, one reading at a time ──► changed
                          └ no: `why_missing` says the text key of the reason

A list is None until the server has told it once; what was told stays when it cannot be asked.
"""

from collections.abc import Awaitable, Callable, Mapping

from PySide6.QtCore import QObject, Signal

from ui.start import start
from xiuzhou_desktop.client.errors import ClientError, Rejected
from xiuzhou_desktop.client.views import Link
from xiuzhou_desktop.contract.administration import AccountLine, AccountList
from xiuzhou_desktop.contract.sessions import EnrolmentLine, Enrolments, SessionLine, Sessions
from xiuzhou_desktop.plugin_api.context import Engine

Told = AccountList | Enrolments | Sessions
READS: Mapping[str, Callable[[Engine], Awaitable[Told]]] = {
    "accounts": lambda engine: engine.accounts(),
    "workstations": lambda engine: engine.enrolments(),
}
SESSIONS = "sessions"


class ServerLists(QObject):
    """What the server last told."""

    changed = Signal()

    def __init__(self, engine: Engine, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self.accounts: tuple[AccountLine, ...] | None = None
        self.workstations: tuple[EnrolmentLine, ...] | None = None
        self.sessions: tuple[SessionLine, ...] = ()
        self._failed: dict[str, ClientError] = {}
        self._wanted: set[str] = set()
        self._is_reading = False

    def take(self, told: Told) -> None:
        """An answer of the server, to a question or to an act."""
        match told:
            case AccountList():
                self.accounts = told.accounts
            case Enrolments():
                self.workstations = told.enrolments
            case Sessions():
                self.sessions = told.sessions
        self.changed.emit()

    def read(self, section: str) -> None:
        """Ask for what that section lists, and who is signed in; no question for other sections."""
        if section not in READS:
            return
        self._wanted |= {section}
        if not self._is_reading:
            self._is_reading = True
            start(self._read(), owner=self)

    def read_missing(self) -> None:
        """Ask again for what could not be had; not for what is none of this role's."""
        for section, failed in [*self._failed.items()]:
            if not isinstance(failed, Rejected):
                self.read(section)

    def why_missing(self, section: str) -> str | None:
        """The text key of why that section lists nothing; None: the server has told that."""
        failed = self._failed.get(section)
        if failed is not None and failed.slug == "forbidden":
            return "empty.forbidden"
        if failed is not None:
            is_off = self._engine.link.link is Link.OFFLINE
            return "empty.offline" if is_off else "empty.unavailable"
        told = {"accounts": self.accounts, "workstations": self.workstations}
        return "empty.reading" if section in told and told[section] is None else None

    async def _read(self) -> None:
        try:
            while self._wanted:
                section = self._wanted.pop()
                await self._ask(section, READS[section](self._engine))
                await self._ask(SESSIONS, self._engine.sessions())
        finally:
            self._is_reading = False

    async def _ask(self, name: str, answer: Awaitable[Told]) -> None:
        try:
            told = await answer
        except ClientError as error:  # offline; or a supervisor, who does not read all of it
            self._failed[name] = error
            self.changed.emit()
            return
        self._failed.pop(name, None)
        self.take(told)

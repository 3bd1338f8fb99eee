"""The demonstration's server as a process of its own, which the window owns: started with it,
stopped with it.

    start ──► line 1 {"listening": …} ──► line 2 {"accounts": […]} ──► ready
    unplug ──SIGTERM──► stopped            plug in: the same port, the same data
"""

import logging
import shutil
import sys
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from xiuzhou_desktop.contract.demo import DemoAccount

logger = logging.getLogger(__name__)

DATA_FOLDER = "demo-district"
PORT_FILE = "port"
MODULE = "xiuzhou_desktop.backend"
KILL_AFTER_MS = 8000
STDERR_KEPT = 2000
PROJECT = Path(__file__).resolve().parents[2]


class Listening(msgspec.Struct, frozen=True):
    """The first line of `serve`."""

    listening: str


class Accounts(msgspec.Struct, frozen=True):
    """The second line of `serve --demo`."""

    accounts: tuple[DemoAccount, ...]


class DemoBackend(QObject):
    """One demonstration server; `server` is None while it does not run."""

    ready = Signal()
    stopped = Signal()
    failed = Signal(str)

    def __init__(
        self, profile_root: Path, speed: str | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._folder = profile_root / DATA_FOLDER
        self._speed = speed
        self._process: QProcess | None = None
        self._complaint = ""
        self.server: str | None = None
        self.accounts: tuple[DemoAccount, ...] = ()

    @property
    def is_running(self) -> bool:
        return self._process is not None and self.server is not None

    def start(self) -> None:
        """Start it on the port of last time, so that the profile is the same one."""
        if self._process is not None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        self._complaint = ""
        process = QProcess(self)
        process.setWorkingDirectory(str(PROJECT))
        process.setProgram(sys.executable)
        process.setArguments(self._arguments())
        if shutil.which("setpriv"):  # ends with this process, should it be killed
            process.setProgram("setpriv")
            process.setArguments(["--pdeathsig", "TERM", sys.executable, *self._arguments()])
        process.readyReadStandardOutput.connect(self._read_lines)
        process.readyReadStandardError.connect(self._read_complaints)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._not_started)
        self._process = process
        process.start()

    def stop(self) -> None:
        """Ask it to end; `stopped` comes when it has."""
        process = self._process
        if process is None:
            self.stopped.emit()
            return
        process.terminate()
        QTimer.singleShot(KILL_AFTER_MS, process, process.kill)

    def account(self, user: str) -> DemoAccount:
        """Raises StopIteration for an account that the demonstration does not have."""
        return next(one for one in self.accounts if one.user == user)

    def _arguments(self) -> list[str]:
        port = _read_port(self._folder / PORT_FILE)
        arguments = ["-m", MODULE, "serve", "--demo", "--data", str(self._folder)]
        arguments += ["--port", port]
        return [*arguments, "--speed", self._speed] if self._speed else arguments

    def _read_lines(self) -> None:
        process = self._process
        while process is not None and process.canReadLine():
            self._take_line(bytes(process.readLine().data()))

    def _take_line(self, line: bytes) -> None:
        try:
            if b'"listening"' in line:
                self.server = msgspec.json.decode(line, type=Listening).listening
                port = self.server.rpartition(":")[2].strip("/")
                (self._folder / PORT_FILE).write_text(port, encoding="ascii")
            elif b'"accounts"' in line:
                self.accounts = msgspec.json.decode(line, type=Accounts).accounts
                self.ready.emit()
        except msgspec.MsgspecError as error:
            self.failed.emit(str(error))

    def _read_complaints(self) -> None:
        if self._process is None:
            return
        said = bytes(self._process.readAllStandardError().data()).decode(errors="replace")
        self._complaint = (self._complaint + said)[-STDERR_KEPT:]

    def _finished(self, code: int, _status: QProcess.ExitStatus) -> None:
        was_ready = bool(self.server)
        self._process = None
        self.server = None
        if code and not was_ready:
            (self._folder / PORT_FILE).unlink(missing_ok=True)
            last = self._complaint.strip().splitlines()
            logger.error("demonstration server ended", extra={"code": code})
            self.failed.emit(last[-1] if last else str(code))
        self.stopped.emit()

    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._process = None
            self.failed.emit(error.name)


def _read_port(path: Path) -> str:
    try:
        port = path.read_text(encoding="ascii").strip()
    except OSError:
        return "0"
    return port if port.isdigit() else "0"

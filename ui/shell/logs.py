"""Where errors go: one JSON line an event in the profile's rotating log, and a line on stderr for
warnings and worse.

Fields come from `extra=`; a message is a constant. Names, plates, phones and tokens are never
logged, so the file may be sent away.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOG_BYTES = 2_000_000
LOG_FILES = 5
FOLDER, FILE = "logs", "window.log"
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """One event, one line."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        event: dict[str, object] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        event |= {
            name: _plain(value) for name, value in vars(record).items() if name not in STANDARD
        }
        if record.exc_info and record.exc_info[1] is not None:
            event["trace"] = "".join(traceback.format_exception(record.exc_info[1]))
        return json.dumps(event, ensure_ascii=False)


def log_path(profile_root: Path) -> Path:
    return profile_root / FOLDER / FILE


def set_up_logging(profile_root: Path) -> Path:
    """Send the program's events to file and stderr; returns the file."""
    path = log_path(profile_root)
    path.parent.mkdir(parents=True, exist_ok=True)
    file = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    file.setFormatter(JsonLines())
    screen = logging.StreamHandler(sys.stderr)
    screen.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    screen.setLevel(logging.WARNING)
    root = logging.getLogger()
    root.handlers = [file, screen]
    root.setLevel(logging.INFO)
    for chatty in ("httpx", "httpcore", "qasync", "asyncio", "fontTools"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return path


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)

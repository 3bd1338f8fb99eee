"""The log: one JSON object a line on stderr, with fields, without personal data."""

import json
import logging
import sys
from pathlib import Path

import msgspec

STANDARD = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


OURS = "xiuzhou_desktop"
LEVELS = ("debug", "info", "warning", "error")
USUAL = {"": "info", "alembic": "warning", "fontTools": "warning", "uvicorn.error": "warning"}


class LevelError(Exception):
    """The file of levels says something else; the text says what."""


class JsonLines(logging.Formatter):
    """A record as one line; what was given as `extra` becomes fields."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        told: dict[str, object] = {
            "at": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        told |= {k: str(v) for k, v in record.__dict__.items() if k not in STANDARD}
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def apply_levels(file: Path) -> None:
    """Set the levels that a file names, {"": "info", "xiuzhou_desktop.backend.effects": "debug"},
    and the usual ones where it names none. Raises LevelError.
    """
    wanted = USUAL | read_levels(file)
    for name in [name for name in logging.root.manager.loggerDict if name.startswith(OURS)]:
        logging.getLogger(name).setLevel(logging.NOTSET)
    for name, level in wanted.items():
        logging.getLogger(name).setLevel(level.upper())


def read_levels(file: Path) -> dict[str, str]:
    """What the file names; nothing where there is none. Raises LevelError."""
    try:
        told = msgspec.json.decode(file.read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}
    except msgspec.MsgspecError as error:
        raise LevelError(f"{file}: {error}") from error
    if odd := set(told.values()) - set(LEVELS):
        raise LevelError(f"{file}: no level {', '.join(sorted(odd))}; there are {LEVELS}")
    return told


def log_to_stderr() -> None:
    """Set up the process's log."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name, level in USUAL.items():
        logging.getLogger(name).setLevel(level.upper())

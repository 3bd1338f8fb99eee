"""The prepared row: everything the delegate paints, as text, so that painting computes nothing.

A model answers `ROW_ROLE` with a QueueRow or a GroupRow.
"""

from enum import StrEnum

import msgspec
from PySide6.QtCore import Qt

from ui.theme.chips import Chip

ROW_ROLE = Qt.ItemDataRole.UserRole + 1


class TimeTone(StrEnum):
    """How the time left is shown: filled in the colour of the mark, boxed, plain, or absent."""

    FILLED = "filled"
    OVERDUE = "overdue"
    PLAIN = "plain"
    NONE = "none"


class QueueRow(msgspec.Struct, frozen=True, kw_only=True):
    """One record of a queue."""

    record: str
    kind: str
    priority: int
    time_left: str
    time_tone: TimeTone
    type_text: str
    plate: str | None = None
    plate_colour: str | None = None
    subject_text: str = ""
    place_text: str = ""
    confidence: str = ""
    chip: Chip | None = None
    holder: str | None = None
    note: str | None = None
    is_exempt: bool = False
    unseen: bool = False


class GroupRow(msgspec.Struct, frozen=True, kw_only=True):
    """The head of a group of rows."""

    title: str
    count: int
    is_open: bool = True


Row = QueueRow | GroupRow

"""Phases of a record: names for (record, now), computed and never stored (architecture.md rule
4).
"""

from datetime import datetime

from .envelope import Record
from .kinds import KINDS
from .policy import Policy


def phases(record: Record, now: datetime, policy: Policy) -> tuple[str, ...]:
    """The phases that hold, in the order in which the kind lists them."""
    return tuple(one.name for one in KINDS[record.kind].phases if one.holds(record, now, policy))

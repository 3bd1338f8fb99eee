"""Names of things: typed ids, and the two rules by which they are made (sync.md §0.3).

A record that a person makes has a UUIDv7 (made by the client, never here: the domain draws no
randomness). A record that a command spawns, and a command of actor `system`, have derived ids, so
that whoever computes them gets the same one.
"""

import hashlib
from datetime import datetime
from functools import lru_cache
from typing import NewType

from .canonical import format_instant

RecordId = NewType("RecordId", str)
CommandId = NewType("CommandId", str)
Scope = NewType("Scope", str)  # "330411" the district, "330411103" a town
AreaCode = NewType("AreaCode", str)  # street or town, nine digits
CategoryCode = NewType("CategoryCode", str)  # "05-05" 机动车乱停放, domain.md §2.2
SubjectKey = NewType("SubjectKey", str)  # "plate:浙FD8K31/blue", "uscc:…", "shop:…"
Grant = NewType("Grant", str)  # "330411103:dispatch"

DISTRICT = Scope("330411")
ID_LENGTH, ID_DASHES = 36, 4
MOST_SPAWNED = 16  # records that one command may make: more than any table declares


def spawned_id(command: str, index: int) -> RecordId:
    """The id of the index-th record that a command spawns: UUIDv8 of BLAKE2b-128 over (command
    id, index).
    """
    return RecordId(_uuid8(f"{command}/{index}"))


def spawned_ids(command: str) -> tuple[RecordId, ...]:
    """Every id that a command may give to records which it spawns."""
    return tuple(spawned_id(command, index) for index in range(MOST_SPAWNED))


@lru_cache(maxsize=4096)  # a record's timers are named with each of its changes
def timer_command_id(record: str, timer: str, due: datetime) -> CommandId:
    """The id of the one command that a timer issues for a record at a time; two timer processes
    make the same one (R16).
    """
    return CommandId(_uuid8(f"{record}/{timer}/{format_instant(due)}"))


def derived_id(*parts: str) -> RecordId:
    """An id that follows from a natural key, for imports: the same camera imported twice is the
    same record.
    """
    return RecordId(_uuid8("/".join(parts)))


def is_id(value: object) -> bool:
    """Whether it looks like the id of a record or command."""
    return isinstance(value, str) and len(value) == ID_LENGTH and value.count("-") == ID_DASHES


def _uuid8(seed: str) -> str:
    text = hashlib.blake2b(seed.encode(), digest_size=16).hexdigest()
    variant = "89ab"[int(text[16], 16) & 3]
    return f"{text[:8]}-{text[8:12]}-8{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"

"""What an officer asks for, and what may come of it (sync.md §0.2, §4.1).

Command ──judge──► Outcome    every record written + effects       applied
                   Refusal    not allowed; says why and the remedy  shown until a person settles it
                   Undecided  a fact is not on this computer        saved; the server decides
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

import msgspec

from .canonical import Json
from .envelope import Kind, Record, Struct
from .ids import CommandId, RecordId

OFFLINE_HOURS = 72  # as long a workstation may hold work back; what it keeps then lapses


class Expect(Struct, frozen=True, kw_only=True):
    """The state that the officer saw: a state_version, or that the record does not exist yet."""

    state_version: int | msgspec.UnsetType = msgspec.UNSET
    absent: bool | msgspec.UnsetType = msgspec.UNSET


class FieldChange(Struct, frozen=True, kw_only=True):
    """A three-way edit of a free text: a conflict only if the server's value is neither `base`
    nor `new`.
    """

    base: str | None
    new: str | None


class Command(Struct, frozen=True, kw_only=True):
    """A request for one transition of one record. Immutable from its first send; its digest is
    its fingerprint.
    """

    id: CommandId
    client_seq: int
    kind: Kind
    record: RecordId
    transition: str
    v: int = 1
    expect: Expect | None = None  # None only in a journal, before it is stamped
    after: tuple[CommandId, ...] = ()
    args: Mapping[str, Json] = {}
    fields: Mapping[str, FieldChange] = {}
    issued_at: datetime
    not_after: datetime
    blobs: tuple[str, ...] = ()


class EffectKind(StrEnum):
    """What the backend does in the world outside; nobody else carries one out."""

    SMS = "sms"
    CASE_PACKAGE = "case_package"


class Effect(Struct, frozen=True, kw_only=True):
    """One act in the world outside; its key is (command id, index), given to the provider."""

    kind: EffectKind
    args: Mapping[str, Json]

    @property
    def name(self) -> str:
        """Which one it is: of a message its template, else the kind."""
        return str(self.args.get("template", self.kind.value))


class Outcome(Struct, frozen=True, kw_only=True):
    """All that a command writes, target first. The store stamps version, state_version, number
    and seq.
    """

    written: tuple[Record, ...]
    effects: tuple[Effect, ...] = ()
    reason: str | None = None  # for the log, when the transition has one


class Refusal(Struct, frozen=True, kw_only=True):
    """Not allowed. `slug` chooses the sentence (text key `refusal.<slug>`), `facts` are its named
    arguments.

    `article` names the rule's source where it is law, such as "行政处罚法 art. 42".
    """

    slug: str
    facts: Mapping[str, Json] = {}
    article: str | None = None


class Undecided(Struct, frozen=True, kw_only=True):
    """The forecast lacks facts; names of the facts that this computer cannot know."""

    missing: tuple[str, ...]


Judgement: TypeAlias = Outcome | Refusal | Undecided

"""A stored record as the rows of the cache, and the words under which it is found."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from xiuzhou_desktop.client.sync.lists import NEVER, instant_ms
from xiuzhou_desktop.client.sync.stored import Envelope, Stored
from xiuzhou_desktop.client.sync.words import words_of, written_texts
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.kinds import RULING

from .tables import record, staging

FEW_KINDS = RULING | {Kind.CAMERA, Kind.EXEMPTION, Kind.OFFICER}
GROUPED = {"kind": "κ", "state": "δ", "is_closed": "ω", "category": "χ"}
NO_WORD = re.compile(r"[^a-z0-9]")
Row = tuple[int | str | None, ...]
_body = msgspec.json.Decoder(dict[str, Any])
_SLOTS = ", ".join("?" for _ in record.columns)
INSERT = f"INSERT INTO {record.name} VALUES ({_SLOTS})"  # noqa: S608 - names of our own tables
STAGE = f"INSERT INTO {staging.name} VALUES ({_SLOTS})"  # noqa: S608
ADD_DOCUMENT = "INSERT INTO document (n, raw) VALUES (?, ?)"
ADD_WORDS = "INSERT INTO search (rowid, words) VALUES (?, ?)"


class Rows(Struct, frozen=True):
    """What one record becomes: values of INSERT, ADD_DOCUMENT and ADD_WORDS."""

    record: Row
    document: tuple[int, bytes]
    words: tuple[int, str]


def rows_of(n: int, stored: Stored, gen: int) -> Rows:
    """Its body is decoded once, for both what lists filter by and what is found by words."""
    e, body = stored.envelope, _body.decode(stored.envelope.body)
    opened = instant_ms(e.opened_at)
    texts = written_texts((e.title, e.number, e.subject_key), body)
    return Rows(
        (
            n, e.id, e.kind.value, stored.grant, e.seq, gen, e.state, e.scope, e.parent_id,
            e.category, e.area, e.subject_key, e.assignee, e.priority,
            0 if e.closed_at is None else 1, opened, -opened, instant_ms(e.due_at),
            None if e.closed_at is None else instant_ms(e.closed_at),
            _snoozed(body.get("snoozed_until")), e.area or "", e.title,
            e.kind.value if e.kind in FEW_KINDS else None,
        ),
        (n, stored.raw),
        (n, " ".join((*_group_words(e), *words_of(*texts)))),
    )  # fmt: skip


def group_word(column: str, value: str) -> str:
    """The word under which all records with this value in a column of GROUPED are found.

    It begins with a Greek letter: no word that is searched for (sync/words.py) reaches it.
    """
    return GROUPED[column] + NO_WORD.sub("", value.lower())


def _group_words(envelope: Envelope) -> Iterator[str]:
    yield group_word("kind", envelope.kind.value)
    yield group_word("state", envelope.state)
    yield group_word("is_closed", "0" if envelope.closed_at is None else "1")
    if envelope.category is not None:
        yield group_word("category", envelope.category)


def _snoozed(until: str | None) -> int | None:
    """The one field of a body that lists filter by."""
    at = instant_ms(None if until is None else msgspec.convert(until, datetime, strict=False))
    return None if at == NEVER else at

"""Tables of the precious file (sync.md §4.3).

What is typed in Entry lies here as JSON text of that field.

`body` is the command with its `after`, which names its causes once and for all: no second table
repeats them.
"""

from sqlalchemy import Column, Integer, MetaData, Table, Text

metadata = MetaData()

command = Table(
    "command",
    metadata,
    Column("client_seq", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("transition", Text, nullable=False),
    Column("v", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("seen", Text),
    Column("writer", Text),
    Column("fallback", Text),
    Column("prints", Text, nullable=False),
    Column("first_epoch", Text),
    Column("status", Text, nullable=False),
    Column("resolves", Text),
    Column("resolved_by", Text),
    Column("epoch", Text),
    Column("receipt", Text),
    Column("left", Text, nullable=False),
    Column("problem", Text),
    Column("made", Text),
    Column("besides", Text),
    Column("current", Text),
    Column("attempts", Integer, nullable=False),
    Column("failing_since", Text),
    Column("next_at", Text),
    Column("hold_until", Text),
    Column("saved_at", Text, nullable=False),
    Column("applied_at", Text),
)

attachment = Table(
    "attachment",
    metadata,
    Column("blob", Text, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("saved_at", Text, nullable=False),
    Column("epoch", Text),
    Column("place", Text),
)

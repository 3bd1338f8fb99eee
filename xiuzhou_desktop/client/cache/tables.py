"""Tables of the cache file.

    record     the envelope's columns, which are the indexed ones     narrow: an index is built fast
    document   the record itself, as received, under the same number
    search     the words under which it is found, under the same number
    staging    closed records of a cold start: without index, and unseen until they are admitted

Each order of a list has an index which also holds the columns that lists filter by, so that a page
is found and a total counted without touching a record. Equal columns are on the backend
(architecture.md rule 1).
"""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()
temporary = MetaData()  # of the reader's connection alone


def _columns() -> tuple[Column[object], ...]:
    return (
        Column("n", Integer, primary_key=True),
        Column("id", Text, nullable=False, unique=True),
        Column("kind", Text, nullable=False),
        Column("grant", Text, nullable=False),
        Column("seq", Integer, nullable=False),
        Column("gen", Integer, nullable=False),
        Column("state", Text),
        Column("scope", Text),
        Column("parent_id", Text),
        Column("category", Text),
        Column("area", Text),
        Column("subject_key", Text),
        Column("assignee", Text),
        Column("priority", Integer),
        Column("is_closed", Integer, nullable=False),  # 0 open, 1 closed, 2 a stub
        Column("opened", Integer),  # instants in milliseconds since 1970
        Column("newest", Integer),  # the same negated: every order ascends
        Column("due", Integer),  # not set sorts last
        Column("closed", Integer),
        Column("snoozed", Integer),
        Column("area_key", Text),
        Column("title", Text),
        Column("few_kind", Text),  # the kind, if there are only some hundred of it
    )


record = Table("record", metadata, *_columns())
staging = Table("staging", metadata, *_columns())
document = Table(
    "document",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("raw", LargeBinary, nullable=False),
)

FILTERED = ("id", "kind", "state", "category", "area", "scope", "snoozed", "opened")

c = record.c
FILTERS = tuple(c[name] for name in FILTERED)
Index("by_urgency", c.is_closed, c.priority, c.due, *FILTERS)
Index("by_deadline", c.is_closed, c.due, *FILTERS)
Index("by_newest", c.newest, *FILTERS, c.is_closed)
Index("by_place", c.area_key, c.title, *FILTERS, c.is_closed)
Index("by_subject", c.subject_key, c.kind, sqlite_where=c.subject_key.is_not(None))
Index("by_parent", c.parent_id, c.kind, sqlite_where=c.parent_id.is_not(None))
Index("by_snoozed", c.snoozed, sqlite_where=c.snoozed.is_not(None))
Index("by_few_kind", c.few_kind, sqlite_where=c.few_kind.is_not(None))
Index("stubs", c.kind, sqlite_where=c.is_closed == 2)
Index("by_area_open", c.area, c.kind, sqlite_where=c.is_closed == 0)

part = Table(
    "grant",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("x", Text, nullable=False),  # XOR in hex: it may not fit a signed integer
)

meta = Table(
    "meta",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("json", LargeBinary, nullable=False),
)

# Contentless: the words are nowhere stored, only found.
CREATE_SEARCH = """
CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(
    words, content='', contentless_delete=1, detail=none, tokenize='unicode61'
)
"""

# The answer of one search (found.py).
hit = Table("hit", temporary, Column("n", Integer, primary_key=True), prefixes=["TEMPORARY"])
found = Table(
    "found",
    temporary,
    Column("n", Integer, primary_key=True),
    Column("id", Text),
    Column("kind", Text),
    Column("state", Text),
    Column("category", Text),
    Column("area", Text),
    Column("scope", Text),
    Column("priority", Integer),
    Column("is_closed", Integer),
    Column("opened", Integer),
    Column("newest", Integer),
    Column("due", Integer),
    Column("snoozed", Integer),
    prefixes=["TEMPORARY"],
)

"""Tables of the cache file.

The envelope's columns are the indexed ones; the record itself lies beside them as received.

Each order of a list has an index which also holds the columns that lists filter by, so that a page
is found and a total counted without touching a record. Equal columns are on the backend
(architecture.md rule 1).
"""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()

record = Table(
    "record",
    metadata,
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
    Column("raw", LargeBinary),
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

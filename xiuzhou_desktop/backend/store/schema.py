"""The server's tables (sync.md §4.3), in SQLAlchemy Core, the same on SQLite and PostgreSQL.

    record ─┬─ tombstone          the feed: each record once, at its last seq, and what left a grant
            ├─ grant_digest       n and XOR of each grant, kept line by line
            └─ blob_ref           which records name a blob; blob_sender, who uploaded it
    receipt · transition_log · effect          what a command left behind, all with its one seq
    sync_meta · counter · timer_lease          one row each: horizon and epoch; numbers for people;
        who runs the timers
    claim                         who works on what, where several processes share a PostgreSQL
    account · account_role · sign_in_failure · session · workstation · device
    audit                         append-only, each row with the hash of the one before
    party_secret · party_index    numbers of parties, sealed; by what they are found again
    sealed_work                   unsent commands of officers whose access ended

Instants are text in canonical form, which sorts as time. `doc` is the record as it travels, log
included.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

record = Table(
    "record",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("grant_key", String(32), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("state_version", BigInteger, nullable=False),
    Column("number", String(40)),
    Column("scope", String(12), nullable=False),
    Column("state", String(40), nullable=False),
    Column("is_open", SmallInteger, nullable=False),
    Column("parent_id", String(64)),
    Column("category", String(16)),
    Column("area", String(12)),
    Column("subject_key", String(120)),
    Column("camera", String(36)),  # of a flag: its precision so far is counted by it
    Column("source", String(80)),
    Column("external_id", String(200)),
    Column("opened_at", String(24), nullable=False),
    Column("due_at", String(24)),
    Column("closed_at", String(24)),
    Column("timer_at", String(24)),
    Column("doc", Text, nullable=False),
)

# Built after a bulk load: three indexes in place cost it 0.85 of its speed (sync.md §6).
RECORD_INDEXES = (
    Index("ix_record_seq", record.c.seq),
    Index("ix_record_grant", record.c.grant_key, record.c.is_open, record.c.id),
    Index("ix_record_subject", record.c.kind, record.c.subject_key),
    Index("ix_record_parent", record.c.parent_id),
    Index("ix_record_area", record.c.kind, record.c.area, record.c.is_open),
    Index("ix_record_timer", record.c.timer_at),
    Index("ix_record_camera", record.c.camera, record.c.state),
    Index("ix_record_opened", record.c.kind, record.c.opened_at),
    Index("ix_record_external", record.c.source, record.c.external_id, unique=True),
)

tombstone = Table(
    "tombstone",
    metadata,
    Column("seq", BigInteger, nullable=False),
    Column("id", String(36), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("grant_key", String(32), nullable=False),
    Column("why", String(8), nullable=False),
    Column("at", String(24), nullable=False),
    PrimaryKeyConstraint("seq", "id", "grant_key"),
)

grant_digest = Table(
    "grant_digest",
    metadata,
    Column("grant_key", String(32), primary_key=True),
    Column("n", BigInteger, nullable=False),
    Column("n_open", BigInteger, nullable=False),
    Column("x", String(16), nullable=False),
)

blob_ref = Table(
    "blob_ref",
    metadata,
    Column("blob", String(71), nullable=False),
    Column("record_id", String(36), nullable=False),
    PrimaryKeyConstraint("blob", "record_id"),
)

blob_sender = Table(
    "blob_sender",
    metadata,
    Column("blob", String(71), nullable=False),
    Column("user", String(64), nullable=False),
    PrimaryKeyConstraint("blob", "user"),
)

sealed_work = Table(
    "sealed_work",
    metadata,
    Column("id", String(64), primary_key=True),  # the hash of what is sealed
    Column("user", String(64), nullable=False),
    Column("workstation", String(80), nullable=False),
    Column("commands", Integer, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("at", String(24), nullable=False),
)

receipt = Table(
    "receipt",
    metadata,
    Column("command_id", String(36), primary_key=True),
    Column("user", String(64), nullable=False),
    Column("client_id", String(80)),
    Column("fingerprint", String(64), nullable=False),
    Column("status", String(12), nullable=False),
    Column(
        "result", Text, nullable=False
    ),  # whole; filtered by the reader's grants at each answer (R14)
    Column("mac", String(64)),
    Column("seq", BigInteger, nullable=False),
    Column("at", String(24), nullable=False),
)

transition_log = Table(
    "transition_log",
    metadata,
    Column("seq", BigInteger, nullable=False),
    Column("command_id", String(36), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("id", String(36), nullable=False),
    Column("at", String(24), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("name", String(48), nullable=False),
    Column("from_state", String(40)),
    Column("to_state", String(40), nullable=False),
    Column("image", Text, nullable=False),
    Index("ix_transition_log_record", "id", "seq"),
    Index("ix_transition_log_at", "kind", "at"),
)

effect = Table(
    "effect",
    metadata,
    Column("command_id", String(36), nullable=False),
    Column("place", Integer, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("record_id", String(36), nullable=False),
    Column("args", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("told", Boolean, nullable=False),  # whether the workflow knows how it ended
    Column("attempts", Integer, nullable=False),
    Column("not_before", String(24), nullable=False),
    Column("at", String(24), nullable=False),
    PrimaryKeyConstraint("command_id", "place"),
    Index("ix_effect_state", "told", "state"),
)

sync_meta = Table(
    "sync_meta",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("epoch", String(32), nullable=False),
    Column("version_base", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("floor", BigInteger, nullable=False),
    Column("born_at", String(24), nullable=False),
    Column("replay_until", String(24)),
    Column("moved_to", String(200)),  # the district lives there now: nobody serves this one again
    Column("key_mark", String(64)),  # of the key under which its parties lie sealed
    Column("receipt_key_mark", String(64)),  # and of its other keys (district_keys.py)
    Column("sealing_key_mark", String(64)),
)

counter = Table(
    "counter",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

timer_lease = Table(
    "timer_lease",
    metadata,
    Column("name", String(24), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("until", String(24), nullable=False),
)

claim = Table(
    "claim",
    metadata,
    Column("kind", String(32), nullable=False),
    Column("record", String(36), nullable=False),
    Column("holder", String(64), nullable=False),
    Column("holder_name", String(64), nullable=False),
    Column("grant_key", String(32)),
    Column("ends_ms", BigInteger, nullable=False),  # by the clock of the database
    PrimaryKeyConstraint("kind", "record"),
)

account = Table(
    "account",
    metadata,
    Column("user", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("officer", String(36)),
    Column("password_hash", String(200), nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("made_at", String(24), nullable=False),
)

account_role = Table(
    "account_role",
    metadata,
    Column("user", String(64), ForeignKey("account.user"), nullable=False),
    Column("role", String(24), nullable=False),
    Column("scope", String(12), nullable=False),
    UniqueConstraint("user", "role", "scope"),
)

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("user", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", String(24), nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("user", String(64), ForeignKey("account.user"), nullable=False),
    Column("workstation", String(80), nullable=False),
    Column("opened_at", String(24), nullable=False, server_default=""),
    Column("access_hash", String(64), nullable=False, unique=True),
    Column("access_until", String(24), nullable=False),
    Column("refresh_hash", String(64), nullable=False, unique=True),
    Column("refresh_until", String(24), nullable=False),
    Column(
        "spent_hash", String(64), index=True
    ),  # the refresh token before: seen again, it was stolen
)

device = Table(
    "device",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("made_at", String(24), nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", String(24), nullable=False),
    Column("who", String(64), nullable=False),
    Column("act", String(48), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("detail", Text, nullable=False),
    Column("prev", String(64), nullable=False, server_default=""),
    Column("hash", String(64), nullable=False, server_default=""),
)

party_secret = Table(
    "party_secret",
    metadata,
    Column("record_id", String(36), primary_key=True),
    Column("sealed", Text, nullable=False),
)

party_index = Table(
    "party_index",
    metadata,
    Column("field", String(24), nullable=False),
    Column("blind", String(64), nullable=False),
    Column("record_id", String(36), nullable=False),
    PrimaryKeyConstraint("field", "blind", "record_id"),
    Index("ix_party_index_record", "record_id"),
)

platform_link = Table(
    "platform_link",
    metadata,
    Column("scope", String(12), primary_key=True),
    Column("heard_at", String(24), nullable=False),  # of its workstations; business time
)

workstation = Table(
    "workstation",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("code_hash", String(64), unique=True),  # of a code that was not used yet
    Column("code_until", String(24)),
    Column("key_hash", String(64), unique=True),  # of what the workstation shows at sign-in
    Column("enrolled_at", String(24)),
)

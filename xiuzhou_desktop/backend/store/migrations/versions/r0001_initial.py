"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MADE = (
    "session", "account_role", "transition_log", "tombstone", "timer_lease", "sync_meta",
    "sign_in_failure", "record", "receipt", "grant_digest", "effect", "device", "counter",
    "blob_ref", "audit", "account",
)  # fmt: skip


def upgrade() -> None:
    """Make every table."""
    _account()
    _audit()
    _blob_ref()
    _counter()
    _device()
    _effect()
    _grant_digest()
    _receipt()
    _record()
    _sign_in_failure()
    _sync_meta()
    _timer_lease()
    _tombstone()
    _transition_log()
    _account_role()
    _session()


def downgrade() -> None:
    """Nothing is left."""
    for name in MADE:
        op.drop_table(name)


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.String(length=36), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_account")),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.String(length=24), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=48), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )


def _blob_ref() -> None:
    op.create_table(
        "blob_ref",
        sa.Column("blob", sa.String(length=71), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("blob", "record_id", name=op.f("pk_blob_ref")),
    )


def _counter() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )


def _device() -> None:
    op.create_table(
        "device",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
    )


def _effect() -> None:
    op.create_table(
        "effect",
        sa.Column("command_id", sa.String(length=36), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.String(length=24), nullable=False),
        sa.Column("at", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("command_id", "place", name=op.f("pk_effect")),
    )
    op.create_index("ix_effect_state", "effect", ["told", "state"], unique=False)


def _grant_digest() -> None:
    op.create_table(
        "grant_digest",
        sa.Column("grant_key", sa.String(length=32), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("n_open", sa.BigInteger(), nullable=False),
        sa.Column("x", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("grant_key", name=op.f("pk_grant_digest")),
    )


def _receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("command_id", sa.String(length=36), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.String(length=80), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("command_id", name=op.f("pk_receipt")),
    )


def _record() -> None:
    op.create_table(
        "record",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("grant_key", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("state_version", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("is_open", sa.SmallInteger(), nullable=False),
        sa.Column("parent_id", sa.String(length=64), nullable=True),
        sa.Column("category", sa.String(length=16), nullable=True),
        sa.Column("area", sa.String(length=12), nullable=True),
        sa.Column("subject_key", sa.String(length=120), nullable=True),
        sa.Column("camera", sa.String(length=36), nullable=True),
        sa.Column("source", sa.String(length=80), nullable=True),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("opened_at", sa.String(length=24), nullable=False),
        sa.Column("due_at", sa.String(length=24), nullable=True),
        sa.Column("closed_at", sa.String(length=24), nullable=True),
        sa.Column("timer_at", sa.String(length=24), nullable=True),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
    )
    op.create_index("ix_record_area", "record", ["kind", "area", "is_open"], unique=False)
    op.create_index("ix_record_camera", "record", ["camera", "state"], unique=False)
    op.create_index("ix_record_external", "record", ["source", "external_id"], unique=True)
    op.create_index("ix_record_grant", "record", ["grant_key", "is_open", "id"], unique=False)
    op.create_index("ix_record_opened", "record", ["kind", "opened_at"], unique=False)
    op.create_index("ix_record_parent", "record", ["parent_id"], unique=False)
    op.create_index("ix_record_seq", "record", ["seq"], unique=False)
    op.create_index("ix_record_subject", "record", ["kind", "subject_key"], unique=False)
    op.create_index("ix_record_timer", "record", ["timer_at"], unique=False)


def _sign_in_failure() -> None:
    op.create_table(
        "sign_in_failure",
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_sign_in_failure")),
    )


def _sync_meta() -> None:
    op.create_table(
        "sync_meta",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.String(length=32), nullable=False),
        sa.Column("version_base", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.Column("born_at", sa.String(length=24), nullable=False),
        sa.Column("replay_until", sa.String(length=24), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_meta")),
    )


def _timer_lease() -> None:
    op.create_table(
        "timer_lease",
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("until", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_timer_lease")),
    )


def _tombstone() -> None:
    op.create_table(
        "tombstone",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("grant_key", sa.String(length=32), nullable=False),
        sa.Column("why", sa.String(length=8), nullable=False),
        sa.Column("at", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("seq", "id", "grant_key", name=op.f("pk_tombstone")),
    )


def _transition_log() -> None:
    op.create_table(
        "transition_log",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("command_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=24), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=True),
        sa.Column("to_state", sa.String(length=40), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
    )
    op.create_index("ix_transition_log_at", "transition_log", ["kind", "at"], unique=False)
    op.create_index("ix_transition_log_record", "transition_log", ["id", "seq"], unique=False)


def _account_role() -> None:
    op.create_table(
        "account_role",
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["account.user"], name=op.f("fk_account_role_user")),
        sa.UniqueConstraint("user", "role", "scope", name=op.f("uq_account_role_user_role_scope")),
    )


def _session() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("workstation", sa.String(length=80), nullable=False),
        sa.Column("access_hash", sa.String(length=64), nullable=False),
        sa.Column("access_until", sa.String(length=24), nullable=False),
        sa.Column("refresh_hash", sa.String(length=64), nullable=False),
        sa.Column("refresh_until", sa.String(length=24), nullable=False),
        sa.Column("spent_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["user"], ["account.user"], name=op.f("fk_session_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("access_hash", name=op.f("uq_session_access_hash")),
        sa.UniqueConstraint("refresh_hash", name=op.f("uq_session_refresh_hash")),
    )
    op.create_index(op.f("ix_session_spent_hash"), "session", ["spent_hash"], unique=False)

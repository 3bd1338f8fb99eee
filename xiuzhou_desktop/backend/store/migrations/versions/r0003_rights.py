"""The audit as a chain that is only added to; sealed particulars of parties; enrolled workstations;
since when a session is open.
"""

import sqlalchemy as sa
from alembic import op

from xiuzhou_desktop.backend.store.audit import COLUMNS, GENESIS, row_hash

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$""",
    """CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()""",
    """CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()""",
)
DROPPED = {
    "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"),
    "postgresql": (
        "DROP TRIGGER audit_no_change ON audit",
        "DROP TRIGGER audit_no_truncate ON audit",
        "DROP FUNCTION audit_is_append_only()",
    ),
}


def upgrade() -> None:
    """Chain what is there, then shut it."""
    for name in ("prev", "hash"):
        op.add_column("audit", sa.Column(name, sa.String(64), nullable=False, server_default=""))
    _chain()
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name]:
        op.execute(statement)
    op.add_column(
        "session", sa.Column("opened_at", sa.String(24), nullable=False, server_default="")
    )
    op.create_table(
        "party_secret",
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_party_secret")),
    )
    op.create_table(
        "party_index",
        sa.Column("blind", sa.String(length=64), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("blind", "record_id", name=op.f("pk_party_index")),
    )
    op.create_table(
        "workstation",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_until", sa.String(length=24), nullable=True),
        sa.Column("key_hash", sa.String(length=64), nullable=True),
        sa.Column("enrolled_at", sa.String(length=24), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workstation")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_workstation_code_hash")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_workstation_key_hash")),
    )


def downgrade() -> None:
    """Back to rows without a chain."""
    for name in ("workstation", "party_index", "party_secret"):
        op.drop_table(name)
    op.drop_column("session", "opened_at")
    for statement in DROPPED[op.get_bind().dialect.name]:
        op.execute(statement)
    for name in ("hash", "prev"):
        op.drop_column("audit", name)


def _chain() -> None:
    """Ids without gaps, each row with the hash of the one before."""
    table = sa.table("audit", *map(sa.column, (*COLUMNS, "hash")))
    known = op.get_bind().execute(sa.select(table).order_by(table.c.id)).all()
    prev = GENESIS
    for place, row in enumerate(known, 1):
        columns = {name: getattr(row, name) for name in COLUMNS} | {"id": place, "prev": prev}
        prev = row_hash(columns)
        op.execute(sa.update(table).where(table.c.id == row.id).values(**columns, hash=prev))

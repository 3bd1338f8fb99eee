"""Claims that several processes share; where a district went that was moved."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table, and a column of the one row of sync_meta."""
    op.create_table(
        "claim",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("record", sa.String(length=36), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("holder_name", sa.String(length=64), nullable=False),
        sa.Column("grant_key", sa.String(length=32), nullable=True),
        sa.Column("ends_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "record", name=op.f("pk_claim")),
    )
    op.add_column("sync_meta", sa.Column("moved_to", sa.String(length=200), nullable=True))


def downgrade() -> None:
    """Claims are of the hour; they are taken again."""
    op.drop_column("sync_meta", "moved_to")
    op.drop_table("claim")

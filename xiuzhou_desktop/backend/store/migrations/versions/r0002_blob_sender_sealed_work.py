"""Who uploaded a blob; work that was sealed when its officer's access ended."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "blob_sender",
        sa.Column("blob", sa.String(length=71), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("blob", "user", name=op.f("pk_blob_sender")),
    )
    op.create_table(
        "sealed_work",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("workstation", sa.String(length=80), nullable=False),
        sa.Column("commands", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_work")),
    )


def downgrade() -> None:
    """Who uploaded what is lost with it, and what was sealed: export that first."""
    op.drop_table("sealed_work")
    op.drop_table("blob_sender")

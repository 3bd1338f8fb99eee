"""When each platform was last heard of."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has been heard of yet."""
    op.create_table(
        "platform_link",
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("heard_at", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("scope"),
    )


def downgrade() -> None:
    """It is measured anew."""
    op.drop_table("platform_link")

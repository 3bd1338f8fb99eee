"""By which the key is known again that seals what names a party."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Noted when the server starts: a step has no say in which key is the right one."""
    op.add_column("sync_meta", sa.Column("key_mark", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Forgotten."""
    op.drop_column("sync_meta", "key_mark")

"""By which the keys of receipts and of sealed work are known again."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MARKS = ("receipt_key_mark", "sealing_key_mark")


def upgrade() -> None:
    """Noted when the server starts: a step has no say in which key is the right one."""
    for mark in MARKS:
        op.add_column("sync_meta", sa.Column(mark, sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Forgotten."""
    for mark in MARKS:
        op.drop_column("sync_meta", mark)

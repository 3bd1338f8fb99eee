"""Texts that name a party lie sealed; its name and address are found again by a blind index.

SQLite overwrites what stood there (`secure_delete`). PostgreSQL keeps the old rows until a VACUUM
FULL: docs/operations.md.
"""

from collections.abc import Callable

import msgspec
import sqlalchemy as sa
from alembic import op

from xiuzhou_desktop.backend.store.at_rest import MARK, is_sealed, opened, seal, vault_of
from xiuzhou_desktop.backend.store.codec import decode
from xiuzhou_desktop.backend.store.receipts import StoredResult
from xiuzhou_desktop.backend.store.records import index
from xiuzhou_desktop.domain.envelope import SEALED, Kind
from xiuzhou_desktop.domain.kinds import KINDS

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBERS = ("resident_id", "phone")
KINDS_SEALED = tuple(kind.value for kind, spec in KINDS.items() if spec.group in SEALED)
RECORD = sa.table("record", *map(sa.column, ("id", "kind", "doc")))
LOG = sa.table("transition_log", *map(sa.column, ("command_id", "id", "kind", "image")))
RECEIPT = sa.table("receipt", *map(sa.column, ("command_id", "result")))
SECRET = sa.table("party_secret", sa.column("record_id"))
INDEX = sa.table("party_index", *map(sa.column, ("field", "blind", "record_id")))


def upgrade() -> None:
    """Seal what stands in clear, and index it."""
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        op.execute("PRAGMA secure_delete=ON")
    _turn_all(lambda text: seal(bind, text))
    op.drop_table("party_index")
    _make_index(sa.Column("field", sa.String(length=24), nullable=False))
    op.create_index("ix_party_index_record", "party_index", ["record_id"], unique=False)
    for doc in bind.execute(sa.select(RECORD.c.doc).where(RECORD.c.kind == Kind.PARTY.value)):
        index(bind, decode(opened(bind, doc[0])))
    for record in list(bind.execute(sa.select(SECRET.c.record_id)).scalars()):
        vault_of(bind).index(bind, record, vault_of(bind).open(bind, record))


def downgrade() -> None:
    """In clear again; numbers stay sealed and are found as before."""
    bind = op.get_bind()
    _turn_all(lambda text: opened(bind, text))
    numbers = sa.select(INDEX.c.blind, INDEX.c.record_id).where(INDEX.c.field.in_(NUMBERS))
    kept = [row._asdict() for row in bind.execute(numbers)]
    op.drop_table("party_index")
    _make_index()
    op.bulk_insert(sa.table("party_index", sa.column("blind"), sa.column("record_id")), kept)


def _make_index(*more: "sa.Column[str]") -> None:
    names = [one.name for one in more]
    op.create_table(
        "party_index",
        *more,
        sa.Column("blind", sa.String(length=64), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint(*names, "blind", "record_id", name=op.f("pk_party_index")),
    )


def _turn_all(turn: Callable[[str], str]) -> None:
    is_named = sa.or_(*(RECEIPT.c.result.like(f'%:{group.value}"%') for group in SEALED))
    _turn(RECORD, "doc", (RECORD.c.id,), RECORD.c.kind.in_(KINDS_SEALED), turn)
    _turn(LOG, "image", (LOG.c.command_id, LOG.c.id), LOG.c.kind.in_(KINDS_SEALED), turn)
    _turn(
        RECEIPT, "result", (RECEIPT.c.command_id,),
        sa.or_(is_named, RECEIPT.c.result.startswith(MARK)),
        lambda text: turn(text) if _is_secret(text) else text,
    )  # fmt: skip


def _turn(
    table: sa.TableClause, text: str, keys: "tuple[sa.ColumnClause[str], ...]",
    wanted: "sa.ColumnElement[bool]", turn: Callable[[str], str],
) -> None:  # fmt: skip
    """Put another text in place of each: the keys first, then row by row."""
    bind, column = op.get_bind(), table.c[text]
    for values in bind.execute(sa.select(*keys).where(wanted)).all():
        here = sa.and_(*(key == value for key, value in zip(keys, values, strict=True)))
        found = bind.execute(sa.select(column).where(here)).scalars().first()
        bind.execute(sa.update(table).where(here).values({text: turn(str(found))}))


def _is_secret(text: str) -> bool:
    if text.startswith(MARK):
        return True
    result = msgspec.json.decode(text, type=StoredResult)
    return any(is_sealed(one.grant) for one in result.images)

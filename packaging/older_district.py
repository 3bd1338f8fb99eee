"""For `make package-test`, on standard input of the installed Python: a party for the district in
the folder that is named, then its schema as it was before parties lay sealed (docs/decisions/0014).
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from alembic import command as alembic

from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import open_store
from xiuzhou_desktop.backend.store.migrating import steps_of
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import derived_id
from xiuzhou_desktop.domain.party import PartyBody, PartyState, PartyType

IN_CLEAR = "0004"


def main(folder: Path, name: str) -> None:
    """The district must not be served meanwhile."""
    now = datetime.now(UTC)
    store = open_store(Settings(folder=folder), now)
    party = Record(
        kind=Kind.PARTY, id=derived_id("party", name), state=PartyState.ACTIVE, opened_at=now,
        body=PartyBody(type=PartyType.CITIZEN, name=name),
    )  # fmt: skip
    store.bulk_load([party])
    with store.transaction() as connection:
        alembic.downgrade(steps_of(connection), IN_CLEAR)
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

"""Every cell of the rights, asked of a running backend: allowed, or refused by 403 and noted."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby, product
from pathlib import Path
from typing import NamedTuple

import httpx
import msgspec
import pytest
from sqlalchemy import select

from tests.backend.every_right import FIRST, HELD_IN, Cell, cells, command_of, every_record
from tests.backend.process import PASSWORD, Backend, administer
from xiuzhou_desktop.backend.accounts import Accounts, NewAccount
from xiuzhou_desktop.backend.problems import RIGHTS
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import open_store, schema
from xiuzhou_desktop.backend.store.leases import Lease
from xiuzhou_desktop.backend.timers import LEASE_NAME
from xiuzhou_desktop.contract.sync import CommandResult, PushAnswer, Status
from xiuzhou_desktop.domain.areas import SCOPES, SHARED, TOWNS
from xiuzhou_desktop.domain.grants import acting_grants, grants_for
from xiuzhou_desktop.domain.ids import DISTRICT
from xiuzhou_desktop.domain.rights import PERSONS, rights, table

ROOT = Path(__file__).parents[2]
A_BATCH = 50
AGES = timedelta(days=365)


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """All records, all persons; somebody else holds the timers, so that nothing moves by itself."""
    folder, now = tmp_path_factory.mktemp("every") / "data", datetime.now(UTC)
    store = open_store(Settings(folder=folder), now)
    store.bulk_load(every_record(now))
    for role, scope in product(PERSONS, HELD_IN):
        Accounts(store).add(
            NewAccount(
                user=f"{role}-{scope}", name=role, password=PASSWORD, officer=FIRST,
                assignments=((role, scope),),
            )
        )  # fmt: skip
    with store.writing() as tables:
        assert tables.take_lease(Lease(name=LEASE_NAME, holder="nobody", until=now + AGES), now)
    store.close()
    with Backend(folder) as one:
        yield one


def test_every_cell_is_as_the_table_says_and_refusals_are_in_the_audit(backend: Backend) -> None:
    tried: list[Asked] = []
    by_user = sorted(cells(), key=lambda cell: cell.user)
    for user, group in groupby(by_user, key=lambda cell: cell.user):
        with backend.client(user) as client:
            tried += _try(client, list(group))
    stands = standing(backend.folder)
    wrong = [fault for one in tried if (fault := _fault(one, stands.get(one.record)))]
    assert not wrong, "\n".join(wrong)
    told = administer(backend.folder, "audit", "export").stdout.splitlines()
    noted = [row for row in map(json.loads, told) if row["act"] == "command-refused"]
    refused = sum(not one.cell.is_allowed for one in tried)
    assert refused > 1_000
    assert len(noted) == refused
    assert administer(backend.folder, "audit", "verify").returncode == 0


class Asked(NamedTuple):
    """A cell, the record that was asked about, and the answer."""

    cell: Cell
    record: str
    told: CommandResult


class Stand(NamedTuple):
    """A record as it lies in the database."""

    version: int
    state: str


def standing(folder: Path) -> dict[str, Stand]:
    """Every record by its id."""
    store = open_store(Settings(folder=folder), datetime.now(UTC))
    columns = (schema.record.c.id, schema.record.c.version, schema.record.c.state)
    try:
        with store.snapshot() as connection:
            rows = connection.execute(select(*columns)).all()
    finally:
        store.close()
    return {row.id: Stand(row.version, row.state) for row in rows}


def _try(client: httpx.Client, asked: list[Cell]) -> Iterator[Asked]:
    epoch = client.get("/v1/sync/session").json()["epoch"]
    for start in range(0, len(asked), A_BATCH):
        batch = asked[start : start + A_BATCH]
        commands = [command_of(cell) for cell in batch]
        answer = client.post("/v1/commands", json={"epoch": epoch, "commands": commands})
        assert answer.status_code == httpx.codes.OK, answer.text
        told = msgspec.json.decode(answer.content, type=PushAnswer).results
        for cell, command, one in zip(batch, commands, told, strict=True):
            yield Asked(cell, str(command["record"]), one)


def _fault(asked: Asked, stand: Stand | None) -> str | None:
    """What is wrong with the answer, or with what came of it; or None."""
    cell, told = asked.cell, asked.told
    before = 0 if cell.row.creates else 1
    if cell.is_allowed:
        moved = stand is not None and stand.state in cell.row.targets
        is_right = told.status is Status.APPLIED and moved and stand.version == before + 1
    else:
        slug, status = (told.problem.slug, told.problem.status) if told.problem else ("", 0)
        is_as_before = (stand.version if stand else 0) == before
        is_right = slug in RIGHTS and status == httpx.codes.FORBIDDEN and is_as_before
    where = f"{cell.user} {cell.right.kind}.{cell.right.transition} in {cell.lies_in}"
    return None if is_right else f"{where}: {told.status} {told.problem} {stand}"


def test_each_town_is_like_every_other() -> None:
    for role, held_in in product(PERSONS, TOWNS):
        assert grants_for([(role, held_in)]) - acting_grants(role, held_in) == {f"{SHARED}:base"}
        assert {grant.partition(":")[0] for grant in acting_grants(role, held_in)} == {held_in}
    for role in PERSONS:
        reached = {grant.partition(":")[0] for grant in acting_grants(role, DISTRICT)}
        assert reached == {*SCOPES, SHARED}


def test_the_page_of_rights_is_what_the_tables_say() -> None:
    page = (ROOT / "docs/rights.md").read_text("utf-8")
    assert page == table(), "run: python -m xiuzhou_desktop.domain rights > docs/rights.md"
    assert len(list(rights())) == sum(line.startswith("| ") for line in page.splitlines()) - 9

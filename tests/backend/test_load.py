"""`make load` in small: a day of a few seconds with its kill, and the count that finds what is
missing or there twice.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from tests.backend.district import District, open_district
from tests.load.audit import Audit, audit
from tests.load.plan import Plan
from tests.load.run import run
from tests.load.tally import Tally
from xiuzhou_desktop.backend.positions.store import Fix, open_positions
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store.schema import record, transition_log
from xiuzhou_desktop.domain.ids import CommandId

NOON_MS = 1_764_000_000_000


def test_a_few_seconds_with_a_kill_lose_nothing(tmp_path: Path) -> None:
    said: list[str] = []
    done = run(tmp_path, Plan(seconds=6, stations=4, calm_per_s=150), said.append)
    assert not done.tally.errors
    assert (done.audit.lost, done.audit.twice) == (0, 0)
    assert "one process was killed and serves again" in said
    assert done.tally.crossed
    assert done.tally.answered
    assert done.tally.flags
    assert done.tally.fixes


class Served:
    """A district with one flag and one truck's place, and the tally of who was told so."""

    def __init__(self, district: District, url: str) -> None:
        self.district, self.url, self.tally = district, url, Tally()
        told = district.report()
        district.send(told)
        self.tally.answered.add(told.id)
        with district.store.transaction() as connection:
            connection.execute(update(record).values(external_id="load-0"))
        self.tally.flags.add("load-0")
        fix = Fix("T0", NOON_MS, 1_207_000_000, 307_000_000, 0, 0, 0)
        positions = open_positions(url, Path())
        positions.add([fix], NOON_MS)
        positions.close()
        self.tally.fixes[NOON_MS] = 1

    def counted(self) -> Audit:
        return audit(self.url, self.tally)


@pytest.fixture
def served(tmp_path: Path, new_database: Callable[[], str]) -> Iterator[Served]:
    url = new_database()
    with open_district(Settings(folder=tmp_path, database=url)) as district:
        yield Served(district, url)


def test_what_was_promised_and_is_there_counts_nothing(served: Served) -> None:
    assert served.counted() == Audit(lost=0, twice=0)


def test_each_thing_that_was_promised_and_is_not_there_is_lost(served: Served) -> None:
    served.tally.answered.add(CommandId("never"))
    served.tally.flags.add("load-1")
    served.tally.fixes |= {NOON_MS: 3, NOON_MS + 1: 1}
    assert served.counted() == Audit(lost=5, twice=0)


def test_what_is_there_again_is_twice(served: Served) -> None:
    with served.district.store.transaction() as connection:
        (row,) = connection.execute(select(transition_log)).mappings()
        connection.execute(insert(transition_log), {**row, "seq": row["seq"] + 1})
    served.tally.fixes[NOON_MS] = 0
    assert served.counted() == Audit(lost=0, twice=2)

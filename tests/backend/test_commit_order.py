"""No commit is missed by a cursor (sync.md §0.4): eight writers on PostgreSQL, and the naive cursor
beside them, which must lose some, or the test could see nothing.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.backend.commit_order import from_a_sequence, make_sequence, missed, under_the_lock
from tests.backend.district import open_district
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import Store

COMMITS = 600  # make bench: 100,000


@pytest.fixture
def store(tmp_path: Path, new_database: Callable[[], str]) -> Iterator[Store]:
    with open_district(Settings(folder=tmp_path, database=new_database())) as district:
        yield district.store


def test_no_commit_of_eight_writers_is_missed(store: Store) -> None:
    assert missed(store, under_the_lock, COMMITS) == 0


def test_a_sequence_as_cursor_loses_commits(store: Store) -> None:
    make_sequence(store)
    assert missed(store, from_a_sequence, COMMITS) > 0

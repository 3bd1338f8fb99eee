"""The schema's steps on a district with data, down and up again, on both databases; one that is cut
off half-way; and the schema of a newer program.
"""

import pytest
from alembic import command as alembic
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text

from tests.backend.district import MORNING, PASSWORD, District
from xiuzhou_desktop.backend.cli import main
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import Store, at_rest, open_store, receipts
from xiuzhou_desktop.backend.store import schema as s
from xiuzhou_desktop.backend.store.copying import Copied, count_rows
from xiuzhou_desktop.backend.store.migrating import UnusableError, revision, steps_of
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.workflow import Role

FIRST = "0001"
AS_THEY_WERE = (
    s.record, s.receipt, s.transition_log, s.tombstone, s.grant_digest, s.counter, s.effect,
    s.account, s.account_role, s.audit,
)  # fmt: skip
"""Tables of the first step that no later one takes anything from."""


class CutOffError(Exception):
    """The power goes."""


@pytest.fixture
def lived_in(district: District) -> District:
    """With records, a session and a line of the audit."""
    flag = district.reported(plate="浙F12345", plate_colour="blue")
    district.send(district.command("confirm", flag))
    district.accounts.sign_in("duty", PASSWORD, "ws-1")
    district.accounts.reset_password("duty", PASSWORD)
    return district


def held(store: Store) -> list[Copied]:
    with store.snapshot() as connection:
        return [count_rows(connection, table) for table in AS_THEY_WERE]


def step_down(store: Store, to: str) -> None:
    with store.transaction() as connection:
        alembic.downgrade(steps_of(connection), to)


def test_what_names_a_party_is_in_clear_below_and_sealed_above(lived_in: District) -> None:
    lived_in.add_officer("lead", Role.SUPERVISOR)
    args = {"type": "citizen", "name": "欧阳不见", "phone": "13805731234"}
    party = lived_in.command("register", kind=Kind.PARTY, args=args)
    told = lived_in.send(party, "lead").result
    held_texts = {}
    for revision_ in ("0004", "head"):
        with lived_in.store.transaction() as connection:
            turn = alembic.downgrade if revision_ == "0004" else alembic.upgrade
            turn(steps_of(connection), revision_)
            held_texts[revision_] = [
                connection.execute(select(column).where(key == wanted)).scalar_one()
                for column, key, wanted in (
                    (s.record.c.doc, s.record.c.id, party.record),
                    (s.transition_log.c.image, s.transition_log.c.id, party.record),
                    (s.receipt.c.result, s.receipt.c.command_id, party.id),
                )
            ]
    assert all("欧阳不见" in one for one in held_texts["0004"])
    assert all(one.startswith(at_rest.MARK) for one in held_texts["head"])
    with lived_in.store.snapshot() as connection:
        for field, value in (("name", "欧阳不见"), ("phone", "13805731234")):
            assert lived_in.store.vault.find(connection, field, value) == (party.record,)
        assert receipts.load(connection, party.id) == told


def test_down_and_up_again_keeps_what_was_there(lived_in: District) -> None:
    before = held(lived_in.store)
    step_down(lived_in.store, FIRST)
    again = open_store(lived_in.settings, MORNING)
    try:
        assert held(again) == before
        with again.database.writing.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), s.metadata) == []
    finally:
        again.close()
    assert lived_in.reported().number is not None


def test_a_step_that_was_cut_off_is_taken_again(lived_in: District) -> None:
    step_down(lived_in.store, FIRST)
    with lived_in.store.snapshot() as connection:
        before = count_rows(connection, s.record)
    with pytest.raises(CutOffError), lived_in.store.transaction() as connection:
        alembic.upgrade(steps_of(connection), "0003")
        raise CutOffError
    with lived_in.store.snapshot() as connection:
        assert revision(connection) == FIRST
    again = open_store(lived_in.settings, MORNING)
    with again.snapshot() as connection:
        assert count_rows(connection, s.record) == before
    again.close()


def test_a_newer_schema_is_refused_and_left_alone(
    lived_in: District, capsys: pytest.CaptureFixture[str]
) -> None:
    with lived_in.store.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UnusableError, match="newer than this program"):
        open_store(lived_in.settings, MORNING)
    assert main(["user", "list", *where(lived_in.settings)]) == 1
    assert "newer than this program" in capsys.readouterr().err
    with lived_in.store.snapshot() as connection:
        assert revision(connection) == "9999"


def where(settings: Settings) -> list[str]:
    database = ["--database", settings.database] if settings.database else []
    return ["--data", str(settings.folder), *database]

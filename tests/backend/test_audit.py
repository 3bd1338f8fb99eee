"""The audit is a chain that is only added to: whoever changes it is found, and named."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.backend.at_console import at_console
from tests.backend.district import MORNING, PASSWORD, District
from tests.backend.process import with_officer
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import audit
from xiuzhou_desktop.backend.store.port import Note

UNLOCK = {
    "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"),
    "postgresql": ("ALTER TABLE audit DISABLE TRIGGER ALL",),
}


def chain(district: District, head: str | None = None) -> audit.Chain:
    with district.store.snapshot() as connection:
        return audit.walk(audit.lines(connection), head)


def note(district: District, count: int) -> None:
    for place in range(count):
        with district.store.writing() as tables:
            at = MORNING + timedelta(minutes=place)
            tables.note(Note(at=at, who="duty", act="look", subject=f"s{place}", detail="…"))


def unlocked(connection: Connection) -> None:
    """As somebody with the database's own password may."""
    for statement in UNLOCK[connection.dialect.name]:
        connection.execute(text(statement))


@pytest.mark.parametrize(
    "change", ["UPDATE audit SET who = 'nobody' WHERE id = 2", "DELETE FROM audit WHERE id = 2"]
)
def test_a_row_is_neither_changed_nor_taken_out(district: District, change: str) -> None:
    note(district, 3)
    with pytest.raises(DBAPIError, match="append-only"), district.store.transaction() as connection:
        connection.execute(text(change))
    assert chain(district).rows == 3


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE audit SET who = 'nobody' WHERE id = 2", (2, "changed")),
        ("DELETE FROM audit WHERE id = 2", (2, "missing")),
        ("UPDATE audit SET hash = prev WHERE id = 2", (2, "changed")),
    ],
)
def test_what_was_done_behind_the_triggers_is_found_and_named(
    district: District, change: str, named: tuple[int, str]
) -> None:
    note(district, 4)
    assert chain(district).faults == ()
    with district.store.transaction() as connection:
        unlocked(connection)
        connection.execute(text(change))
    row, why = chain(district).faults[0]
    assert (row, why.partition(":")[0]) == named


def test_rows_cut_off_at_the_end_show_against_a_head_kept_elsewhere(district: District) -> None:
    note(district, 3)
    head = chain(district).head
    note(district, 1)
    assert chain(district, head).has_expected
    with district.store.transaction() as connection:
        unlocked(connection)
        connection.execute(text("DELETE FROM audit WHERE id >= 3"))
    cut = chain(district, head)
    assert (cut.faults, cut.has_expected) == ((), False)


def test_who_signs_in_and_out_and_who_fails_is_noted(small_district: District) -> None:
    tokens = small_district.accounts.sign_in("duty", PASSWORD, "desk 1")
    small_district.accounts.sign_out(tokens.access)
    for user in ("duty", "my-password"):
        with pytest.raises(ProblemError):
            small_district.accounts.sign_in(user, "wrong", "desk 1")
    with small_district.store.snapshot() as connection:
        told = [(one.who, one.act) for one in audit.lines(connection)]
    assert told[:3] == [("duty", "sign-in"), ("duty", "sign-out"), ("duty", "sign-in-refused")]
    assert told[3][0].startswith("?")  # what somebody typed there may be a password


def test_the_command_line_verifies_and_exports(tmp_path: Path) -> None:
    folder = with_officer(tmp_path / "data")
    verified = at_console(folder, "audit", "verify")
    assert verified.returncode == 0, verified.stderr
    assert verified.stdout.endswith(", 0 faults\n")
    assert '"act":"officer.enrol"' in at_console(folder, "audit", "export").stdout
    lost = at_console(folder, "audit", "verify", "--head", "f" * 64)
    assert lost.returncode == 1
    assert "cut off" in lost.stderr


def test_the_last_administrator_is_not_locked_out(tmp_path: Path) -> None:
    folder = with_officer(tmp_path / "data")
    chief = ("--role", "administrator")
    assert not at_console(folder, "user", "grant", "duty", *chief).returncode
    for verb, more in (("revoke", chief), ("disable", ())):
        refused = at_console(folder, "user", verb, "duty", *more)
        assert (refused.returncode, refused.stderr.strip()) == (
            1, "The district would have no administrator",
        )  # fmt: skip
    assert not at_console(
        folder, "user", "add", "second", *chief, stdin="right-horse\n"
    ).returncode  # fmt: skip
    assert not at_console(folder, "user", "revoke", "duty", *chief).returncode
    noted = at_console(folder, "audit", "export").stdout
    assert noted.count('"act":"user-revoke"') == 1

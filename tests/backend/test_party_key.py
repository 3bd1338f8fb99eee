"""The key under which a district's parties lie sealed: lost, another's, or of before it was noted.
A key that was made anew in its place would leave two halves that no one key opens.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command as alembic

from tests.backend.district import MORNING, District
from xiuzhou_desktop.backend.cli import main
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import open_store
from xiuzhou_desktop.backend.store.migrating import UnusableError, steps_of
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.workflow import Role

BEFORE_IT_WAS_NOTED = "0005"


@pytest.fixture
def with_a_party(district: District) -> District:
    """A district that has sealed something."""
    district.add_officer("lead", Role.SUPERVISOR)
    args = {"type": "citizen", "name": "欧阳不见", "phone": "13805731234"}
    district.send(district.command("register", kind=Kind.PARTY, args=args), "lead")
    return district


def key_of(district: District) -> Path:
    return district.settings.key_folder / "party.key"


def opens(district: District) -> None:
    """As a server of it would start."""
    open_store(district.settings, MORNING).close()


def test_a_lost_key_is_not_made_anew(with_a_party: District) -> None:
    key = key_of(with_a_party)
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(UnusableError, match=r"party\.key"):
        opens(with_a_party)
    assert not key.exists()
    key.write_bytes(kept)
    opens(with_a_party)


def test_another_key_is_refused(with_a_party: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIUZHOU_PARTY_KEY", "ab" * 32)
    with pytest.raises(UnusableError, match="another key"):
        opens(with_a_party)


def test_a_second_server_brings_no_key_of_its_own(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    """Before anything is sealed: else each would seal for itself."""
    database = new_database()
    first, second = (Settings(folder=tmp_path / name, database=database) for name in "ab")
    open_store(first, MORNING).close()
    with pytest.raises(UnusableError, match=r"party\.key"):
        open_store(second, MORNING)
    assert not second.key_folder.joinpath("party.key").exists()


def test_a_district_of_before_is_held_to_the_key_that_opens_it(
    with_a_party: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    with with_a_party.store.transaction() as connection:
        alembic.downgrade(steps_of(connection), BEFORE_IT_WAS_NOTED)
    key = key_of(with_a_party)
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(UnusableError, match=r"party\.key"):
        opens(with_a_party)
    with monkeypatch.context() as other:
        other.setenv("XIUZHOU_PARTY_KEY", "ab" * 32)
        with pytest.raises(UnusableError, match="another key"):
            opens(with_a_party)
    key.write_bytes(kept)
    opens(with_a_party)


def test_commands_and_the_doctor_say_what_to_do(
    with_a_party: District, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = with_a_party.settings
    key_of(with_a_party).unlink()
    database = ["--database", settings.database] if settings.database else []
    where = ["--data", str(settings.folder), *database]
    assert main(["user", "list", *where]) == 1
    assert "put it back" in capsys.readouterr().err
    assert main(["doctor", *where]) == 1
    assert "put it back" in capsys.readouterr().out


def test_a_district_is_not_moved_without_its_key(
    tmp_path: Path, new_database: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(folder=tmp_path)
    open_store(settings, MORNING).close()
    settings.key_folder.joinpath("party.key").unlink()
    assert (
        main(["move", "--from", f"sqlite:///{settings.sqlite_file}", "--to", new_database()]) == 1
    )
    assert "put it back" in capsys.readouterr().err

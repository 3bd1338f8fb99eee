"""The keys that a district has once and for ever: lost, another's, or of before they were noted.
One that was made anew in its place would leave two halves that no one key opens.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command as alembic

from tests.backend.district import MORNING, District
from xiuzhou_desktop.backend.cli import main
from xiuzhou_desktop.backend.sealed_work import Safe
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import open_store
from xiuzhou_desktop.backend.store.keys import KEY_BYTES
from xiuzhou_desktop.backend.store.migrating import UnusableError, steps_of
from xiuzhou_desktop.backend.store.vault import Vault
from xiuzhou_desktop.contract.sealing import SealedSay
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.workflow import Role

BEFORE_ANY_WAS_NOTED = "0005"
BEFORE_ALL_WERE_NOTED = "0007"
KEYS = ("party.key", "receipt.key", "sealing.key")


@pytest.fixture
def with_a_party(district: District) -> District:
    """A district that has sealed something."""
    district.add_officer("lead", Role.SUPERVISOR)
    args = {"type": "citizen", "name": "欧阳不见", "phone": "13805731234"}
    district.send(district.command("register", kind=Kind.PARTY, args=args), "lead")
    return district


def key_of(district: District, name: str = "party.key") -> Path:
    return district.settings.key_folder / name


def opens(district: District) -> None:
    """As a server of it would start."""
    open_store(district.settings, MORNING).close()


@pytest.mark.parametrize("name", KEYS)
def test_a_lost_key_is_not_made_anew(district: District, name: str) -> None:
    key = key_of(district, name)
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(UnusableError, match=f"^{name} .*put back what is kept of the keys"):
        opens(district)
    assert not key.exists()
    key.write_bytes(kept)
    opens(district)


@pytest.mark.parametrize("name", KEYS)
def test_an_exchanged_key_is_refused(district: District, name: str) -> None:
    key = key_of(district, name)
    kept = key.read_bytes()
    key.write_bytes(bytes(32))
    with pytest.raises(UnusableError, match=f"^{name} .*another key"):
        opens(district)
    assert key.read_bytes() == bytes(32)
    key.write_bytes(kept)
    opens(district)


def test_all_that_is_lost_is_named_at_once(district: District) -> None:
    for name in KEYS:
        key_of(district, name).unlink()
    with pytest.raises(UnusableError, match=r"^party\.key, receipt\.key, sealing\.key "):
        opens(district)


def test_another_key_of_the_environment_is_refused(
    with_a_party: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIUZHOU_PARTY_KEY", "ab" * 32)
    with pytest.raises(UnusableError, match="another key"):
        opens(with_a_party)


def test_of_two_that_begin_together_one_was_the_first(
    tmp_path: Path, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = new_database()
    first, second = (Settings(folder=tmp_path / name, database=database) for name in "ab")

    def vault(key: bytes) -> Vault:
        """Made when a server has its keys and has not noted them yet."""
        monkeypatch.undo()
        open_store(first, MORNING).close()
        return Vault(key)

    monkeypatch.setattr("xiuzhou_desktop.backend.store.store.Vault", vault)
    with pytest.raises(UnusableError, match="another key"):
        open_store(second, MORNING)


def test_a_second_server_brings_no_key_of_its_own(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    """Before anything is sealed: else each would seal for itself."""
    database = new_database()
    first, second = (Settings(folder=tmp_path / name, database=database) for name in "ab")
    open_store(first, MORNING).close()
    with pytest.raises(UnusableError, match=r"party\.key"):
        open_store(second, MORNING)
    assert not second.key_folder.exists()


def test_a_district_of_before_is_held_to_the_key_that_opens_it(
    with_a_party: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    with with_a_party.store.transaction() as connection:
        alembic.downgrade(steps_of(connection), BEFORE_ANY_WAS_NOTED)
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


def test_receipts_of_before_the_mark_know_their_key(district: District) -> None:
    district.reported()
    with district.store.transaction() as connection:
        alembic.downgrade(steps_of(connection), BEFORE_ALL_WERE_NOTED)
    key = key_of(district, "receipt.key")
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(UnusableError, match=r"^receipt\.key .*missing"):
        opens(district)
    key.write_bytes(bytes(32))
    with pytest.raises(UnusableError, match=r"^receipt\.key .*another key"):
        opens(district)
    key.write_bytes(kept)
    opens(district)


def test_sealed_work_of_before_the_mark_keeps_its_key_from_being_made_anew(
    district: District,
) -> None:
    safe = Safe(district.store)
    said = SealedSay(
        user="duty", ticket=safe.sealing_for("duty").ticket, workstation="ws", commands=1,
        sealed="ab" * 80,
    )  # fmt: skip
    safe.keep(said, MORNING)
    with district.store.transaction() as connection:
        alembic.downgrade(steps_of(connection), BEFORE_ALL_WERE_NOTED)
    key = key_of(district, "sealing.key")
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(UnusableError, match=r"^sealing\.key .*missing"):
        opens(district)
    key.write_bytes(kept)
    opens(district)


def test_a_district_that_never_had_a_key_gets_one(district: District) -> None:
    """`init` of an older version made no key for sealed work."""
    with district.store.transaction() as connection:
        alembic.downgrade(steps_of(connection), BEFORE_ALL_WERE_NOTED)
    key_of(district, "sealing.key").unlink()
    opens(district)
    assert len(key_of(district, "sealing.key").read_bytes()) == KEY_BYTES


@pytest.mark.parametrize("name", KEYS)
def test_commands_and_the_doctor_say_what_to_do(
    district: District, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    settings = district.settings
    key_of(district, name).unlink()
    database = ["--database", settings.database] if settings.database else []
    where = ["--data", str(settings.folder), *database]
    assert main(["user", "list", *where]) == 1
    assert "put back what is kept of the keys" in capsys.readouterr().err
    assert main(["doctor", *where]) == 1
    assert "put back what is kept of the keys" in capsys.readouterr().out


def test_a_district_is_not_moved_without_its_key(
    tmp_path: Path, new_database: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(folder=tmp_path)
    open_store(settings, MORNING).close()
    settings.key_folder.joinpath("party.key").unlink()
    assert (
        main(["move", "--from", f"sqlite:///{settings.sqlite_file}", "--to", new_database()]) == 1
    )
    assert "put back what is kept of the keys" in capsys.readouterr().err

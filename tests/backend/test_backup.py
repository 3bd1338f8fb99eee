"""A backup is taken beside the running server, verified, and put back under a new epoch."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.backend.at_console import Ended, at_console
from tests.backend.process import Backend, push, report, with_officer
from xiuzhou_desktop.backend.blobs import Blobs
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store.engine import unpooled


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return with_officer(tmp_path / "data")


def elsewhere(folder: Path) -> Path:
    """Another computer, to which the keys were brought."""
    other = folder.parent / "elsewhere"
    shutil.copytree(folder / "keys", other / "keys")
    return other


def saved(folder: Path) -> tuple[Path, Ended]:
    to = folder.parent / "backup"
    return to, at_console(folder, "backup", "--to", str(to))


def test_what_was_answered_before_a_backup_is_back_elsewhere_under_a_new_epoch(
    folder: Path,
) -> None:
    blob = Blobs(Settings(folder=folder).blob_folder).put(b"a picture")
    with Backend(folder) as backend, backend.client() as client, backend.client() as busy:
        before, told = report(), report()
        push(client, before)
        epoch = client.get("/v1/sync/session").json()["epoch"]
        thread = threading.Thread(target=keep_pushing, args=(busy,))
        thread.start()
        backup, done = saved(folder)
        thread.join()
        push(client, told)
    assert done.returncode == 0, done.stderr
    other = elsewhere(folder)
    back = at_console(other, "restore", str(backup))
    assert back.returncode == 0, back.stderr
    assert Blobs(Settings(folder=other).blob_folder).get(blob) == b"a picture"
    with Backend(other) as backend, backend.client() as client:
        begun = client.get("/v1/sync/session").json()
        assert begun["epoch"] != epoch
        assert begun["replay_until"] is not None
        assert client.get(f"/v1/records/flag/{before['record']}").status_code == httpx.codes.OK
        later = client.get(f"/v1/records/flag/{told['record']}")
        assert later.status_code == httpx.codes.NOT_FOUND
    assert '"act":"restore"' in at_console(other, "audit", "export").stdout
    assert at_console(other, "audit", "verify").returncode == 0


def keep_pushing(client: httpx.Client) -> None:
    for _ in range(5):
        push(client, *(report() for _ in range(10)))


def test_a_damaged_or_unfinished_backup_is_refused_and_nothing_is_changed(folder: Path) -> None:
    backup, _ = saved(folder)
    other = elsewhere(folder)
    database = backup / "district.db"
    sound = database.read_bytes()
    database.write_bytes(sound[:5000] + b"\xff" + sound[5001:])
    refused = at_console(other, "restore", str(backup))
    assert refused.returncode == 1
    assert "damaged" in refused.stderr
    assert not (other / "district.db").exists()
    database.write_bytes(sound)
    (backup / "manifest.json").unlink()
    assert "never finished" in at_console(other, "restore", str(backup)).stderr


def test_a_district_that_is_there_is_replaced_only_when_told_and_kept_aside(folder: Path) -> None:
    backup, _ = saved(folder)
    with Backend(folder):
        running = at_console(folder, "restore", str(backup), "--force")
        assert "stop it first" in running.stderr
    refused = at_console(folder, "restore", str(backup))
    assert (refused.returncode, "--force" in refused.stderr) == (1, True)
    (folder / "district.db").write_bytes(b"the disk broke")
    assert at_console(folder, "restore", str(backup), "--force").returncode == 0
    [aside] = folder.glob("before-restore-*")
    assert (aside / "district.db").read_bytes() == b"the disk broke"
    with Backend(folder) as backend, backend.client() as client:
        assert client.get("/v1/sync/session").status_code == httpx.codes.OK


def test_files_whose_database_is_gone_are_kept_aside(folder: Path) -> None:
    blob = Blobs(Settings(folder=folder).blob_folder).put(b"a picture")
    backup, _ = saved(folder)
    (folder / "district.db").unlink()
    back = at_console(folder, "restore", str(backup))
    assert back.returncode == 0, back.stderr
    [aside] = folder.glob("before-restore-*")
    for kept in (folder, aside):
        assert Blobs(Settings(folder=kept).blob_folder).get(blob) == b"a picture"


def test_without_the_districts_keys_nothing_is_put_back(folder: Path) -> None:
    backup, _ = saved(folder)
    other = elsewhere(folder)
    (other / "keys/receipt.key").write_bytes(bytes(32))
    refused = at_console(other, "restore", str(backup))
    assert (refused.returncode, "receipt.key" in refused.stderr) == (1, True)


def test_a_full_folder_takes_no_backup(folder: Path) -> None:
    saved(folder)
    assert "not empty" in saved(folder)[1].stderr


def test_a_postgresql_is_dumped_and_loaded(
    folder: Path, new_database: Callable[[], str], tmp_path: Path
) -> None:
    one, two = ("--database", new_database()), ("--database", new_database())
    user = ("user", "add", "pia", "--role", "duty_officer")
    assert not at_console(folder, *user, *one, stdin="right-horse\n").returncode
    to = tmp_path / "dump"
    done = at_console(folder, "backup", "--to", str(to), *one)
    assert done.returncode == 0, done.stderr
    back = at_console(folder, "restore", str(to), *two)
    assert back.returncode == 0, back.stderr
    assert "pia" in at_console(folder, "user", "list", *two).stdout
    assert at_console(folder, "doctor", *two).returncode == 0
    assert "backup of postgresql" in at_console(folder, "restore", str(to)).stderr


def test_a_postgresql_that_refuses_the_dump_leaves_the_files_where_they_are(
    folder: Path, new_database: Callable[[], str], tmp_path: Path
) -> None:
    url = new_database()
    there = ("--database", url)
    blob = Blobs(Settings(folder=folder).blob_folder).put(b"a picture")
    assert not at_console(folder, "backup", "--to", str(tmp_path / "dump"), *there).returncode
    with unpooled(url).begin() as connection:
        connection.exec_driver_sql("CREATE VIEW report AS SELECT * FROM account")
    refused = at_console(folder, "restore", str(tmp_path / "dump"), "--force", *there)
    assert (refused.returncode, "nothing was put back" in refused.stderr) == (1, True)
    assert Blobs(Settings(folder=folder).blob_folder).get(blob) == b"a picture"
    assert at_console(folder, "user", "list", *there).returncode == 0
    gone = ("--database", f"{url}_gone")
    assert (
        "nothing was put back"
        in at_console(folder, "restore", str(tmp_path / "dump"), *gone).stderr
    )

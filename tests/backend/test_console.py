"""The administrator's command line: what is bad is named, the rest lands."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.backend.district import District, open_district
from tests.backend.process import administer
from xiuzhou_desktop.backend.blobs import Blobs
from xiuzhou_desktop.backend.cli import main
from xiuzhou_desktop.backend.config import ConfigError, export_config, import_config, read_config
from xiuzhou_desktop.backend.console import Acts, Console
from xiuzhou_desktop.backend.csv_import import FileError, import_cameras, import_flags
from xiuzhou_desktop.backend.ingest import Intake
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import records
from xiuzhou_desktop.backend.timers import Timers
from xiuzhou_desktop.domain.camera_body import CameraBody
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import RecordId

CAMERAS = """short_no,gb_id,area,lon,lat,crs,address
C-0001,33041100081326000001,330411002,120.709000,30.763300,WGS84,中山西路 1 号
C-0002,,330411103,120.7132889,30.7609787,GCJ02,洪兴西路 2 号
C-0003,123,330411002,120.7,30.7,,a
C-0004,,330411002,120.7,,,half a position
C-0005,,330411002,east,30.7,,no number
"""
FLAGS = """source,external_id,category,captured_at,camera,plate
old,1,05-05,2026-11-22T08:00:00+08:00,C-0001,浙F12345
old,2,05-05,2026-11-22T08:00:00,C-0001,
old,3,05-05,2026-11-22T08:00:00+08:00,C-0099,
"""


@pytest.fixture
def one(tmp_path: Path) -> Iterator[District]:
    with open_district(Settings(folder=tmp_path / "data")) as district:
        yield district


@pytest.fixture
def console(one: District) -> Console:
    return Console(one.store, one.clock)


def written(folder: Path, name: str, content: str, encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_text(content, encoding)
    return file


def test_good_lines_land_and_bad_ones_are_named(
    one: District, console: Console, tmp_path: Path
) -> None:
    done = import_cameras(written(tmp_path, "c.csv", CAMERAS), console)

    assert (done.new, [line for line, _ in done.faults]) == (2, [4, 5, 6])
    with one.store.snapshot() as connection:
        first, second = records.of_kind(connection, Kind.CAMERA)
    places = {(c.place.lon_e7, c.place.lat_e7) for c in (first, second) if c.place}
    assert places == {(1_207_090_000, 307_633_000)}  # GCJ-02 came to where WGS-84 already was


def test_the_same_file_again_changes_nothing_and_a_changed_line_one_camera(
    one: District, console: Console, tmp_path: Path
) -> None:
    import_cameras(written(tmp_path, "c.csv", CAMERAS), console)
    cursor = one.pull(one.cursor()).cursor
    again = import_cameras(written(tmp_path, "c.csv", CAMERAS), console)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    assert one.pull(cursor).changes == ()

    moved = CAMERAS.replace("中山西路 1 号", "中山西路 9 号")
    changed = import_cameras(written(tmp_path, "c.csv", moved), console)
    assert (changed.changed, changed.unchanged) == (1, 1)
    (change,) = one.pull(cursor).changes
    camera = one.record(change.id)
    assert camera is not None and isinstance(camera.body, CameraBody)
    assert camera.body.address == "中山西路 9 号"


def test_flags_come_in_once(one: District, console: Console, tmp_path: Path) -> None:
    import_cameras(written(tmp_path, "c.csv", CAMERAS), console)
    intake = Intake(one.store, one.clock, one.desk, Blobs(tmp_path / "blobs"))
    file = written(tmp_path, "f.csv", FLAGS)

    first, second = import_flags(file, intake), import_flags(file, intake)

    assert (first.new, [line for line, _ in first.faults]) == (1, [3, 4])
    assert (second.new, second.unchanged) == (0, 1)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("short_no,colour\nC-1,red\n", "utf-8"),
        ("name\nx\n", "utf-8"),
        ("short_no,name\nC-1,中山\n", "gb18030"),
        ("", "utf-8"),
    ],
    ids=["unknown-column", "no-key", "not-utf8", "empty"],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    console: Console, tmp_path: Path, content: str, encoding: str
) -> None:
    with pytest.raises(FileError):
        import_cameras(written(tmp_path, "c.csv", content, encoding), console)


def test_settings_are_taken_whole_or_not_at_all(tmp_path: Path) -> None:
    file = written(tmp_path, "s.json", '{"receipt_within_min": 5, "correct_by_min": 3, "nix": 1}')
    with pytest.raises(ConfigError) as refused:
        read_config(file)
    assert [fault.partition(":")[0] for fault in refused.value.faults] == ["correct_by_min", "nix"]


@pytest.mark.parametrize("content", ["<html>", "[1]", '{"receipt_within_min": 1.5}', "[" * 9999])
def test_a_settings_file_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(ConfigError):
        read_config(written(tmp_path, "s.json", content))


def test_a_setting_is_versioned_logged_and_counts_at_once(
    one: District, console: Console, tmp_path: Path
) -> None:
    flag = one.reported(plate="浙F12345", plate_colour="blue")
    one.send(one.command("confirm", flag))
    toml = 'receipt_within_min = 3\nholidays = [2027-01-01]\n[correct_by_min]\n"05-05" = 7\n'
    values = read_config(written(tmp_path, "s.toml", toml))

    changed = import_config(one.store, console, values, "办公会 2026-11-23")
    again = import_config(one.store, console, values, "…")

    assert {(c.name, c.version) for c in changed} == {
        ("receipt_within_min", 1), ("holidays", 1), ("correct_by_min", 1),
    }  # fmt: skip
    assert again == []
    assert export_config(one.store)["correct_by_min"] == {"05-05": 7}
    setting = console.external("setting", "holidays")
    assert setting is not None
    assert [(e.actor, e.reason) for e in setting.log] == [("console", "办公会 2026-11-23")]


class CutOffError(Exception):
    """The power goes."""


class CutOff(Acts):
    """The power goes once that is made."""

    def create(
        self, kind: Kind, record: RecordId, transition: str, args: Mapping[str, Json]
    ) -> Record:
        done = super().create(kind, record, transition, args)
        if args["name"] == "receipt_within_min":
            raise CutOffError
        return done


def test_settings_that_are_cut_off_half_way_change_nothing(
    one: District, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = export_config(one.store)
    two: dict[str, Json] = {"due_soon_min": 7, "receipt_within_min": 3}
    with monkeypatch.context() as patched:
        patched.setattr("xiuzhou_desktop.backend.console.Acts", CutOff)
        with pytest.raises(CutOffError):
            import_config(one.store, console, two, "")
    assert export_config(one.store) == before
    assert [done.version for done in import_config(one.store, console, two, "")] == [1, 1]


def test_what_is_exported_can_be_imported(one: District, console: Console, tmp_path: Path) -> None:
    whole = json.dumps(export_config(one.store))
    values = read_config(written(tmp_path, "s.json", whole))
    assert import_config(one.store, console, values, "") == []


def test_an_account_is_made_listed_and_shut_by_command_line(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert administer(folder, "init").returncode == 0
    assert administer(folder, "init").returncode == 1
    certificate = (
        "--certificate",
        "ZJ-1",
        "--valid-from",
        "2026-01-01",
        "--valid-to",
        "2027-01-01",
    )
    made = administer(
        folder, "user", "add", "li", "--role", "duty_officer", *certificate, stdin="long-enough\n"
    )
    twice = administer(
        folder, "user", "add", "li", "--role", "clerk", *certificate, stdin="long-enough\n"
    )
    short = administer(folder, "user", "add", "wu", "--role", "clerk", stdin="short\n")
    administer(folder, "user", "grant", "li", "--role", "supervisor", "--scope", "330411103")
    administer(folder, "user", "disable", "li")
    assert (made.returncode, twice.returncode, short.returncode) == (0, 1, 1)
    listed = administer(folder, "user", "list").stdout.splitlines()
    assert [line.split("\t")[0::2] for line in listed] == [["admin", "active"], ["li", "disabled"]]
    assert "duty_officer@330411 supervisor@330411103" in listed[1]
    told = administer(folder, "audit", "export").stdout
    assert told.count('"act":"officer.certify"') == 1, "refused, it leaves no certificate behind"


def test_a_limit_that_was_promised_stays_when_the_setting_changes(
    one: District, console: Console
) -> None:
    flag = one.reported(plate="浙F12345", plate_colour="blue")
    one.send(one.command("confirm", flag))
    import_config(one.store, console, {"receipt_within_min": 60}, "")
    one.wall.advance(minutes=11)
    Timers(one.store, one.clock, one.desk, one.wall).turn()
    judged = one.record(flag.id)
    assert judged is not None
    assert judged.state == "L3_DISPATCHED"  # its receipt was promised under the old limit


@pytest.mark.parametrize("address", ["nonsense", "mysql://a@b/c"])
@pytest.mark.parametrize("what", [["serve", "--data", "d"], ["move", "--from", "sqlite:///d.db"]])
def test_an_address_of_no_database_of_ours_is_said(
    what: list[str], address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    option = "--database" if what[0] == "serve" else "--to"
    with pytest.raises(SystemExit) as ended:
        main([*what, option, address])
    assert ended.value.code == 2
    assert f"argument {option}: " in capsys.readouterr().err

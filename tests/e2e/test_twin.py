"""The command-line twin against a real backend process."""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from tests.e2e.twin import Backend, Twin, running_backend

pytestmark = pytest.mark.xdist_group("twin")
KILLS = 14


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with running_backend(tmp_path_factory.mktemp("district"), "duty", "duty2") as running:
        yield running


@pytest.fixture(scope="module")
def duty(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Twin:
    return Twin(tmp_path_factory.mktemp("duty")).login(backend, "duty")


@pytest.fixture(scope="module")
def duty2(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Twin:
    return Twin(tmp_path_factory.mktemp("duty2")).login(backend, "duty2")


def test_a_report_is_judged_and_shown_with_its_thread(duty: Twin) -> None:
    flag = duty.report("中山西路 12 号")
    assert duty.run("sync").code == 0
    shown = duty.run("show", flag).json
    assert shown["record"]["state"] == "DETECTED"
    assert shown["record"]["number"].startswith("XZ-F-")
    assert [one["name"] for one in shown["transitions"]] == ["report"]
    assert set(shown["transitions"][0]) == {"at", "actor", "name", "from", "to", "command"}
    without_fields = [one["name"] for one in shown["available"] if not one["fields"]]
    assert "confirm" in without_fields and "dismiss" in without_fields
    assert "parent" in next(o for o in shown["available"] if o["name"] == "attach")["fields"]
    done = duty.run("do", flag, "confirm")
    assert (done.code, done.json["status"], done.json["problem"]) == (0, "applied", None)
    duty.run("sync")
    assert duty.run("show", flag).json["record"]["state"] != "DETECTED"


def test_a_refused_forecast_is_exit_3_and_not_saved(duty: Twin) -> None:
    flag = duty.report("中山西路 13 号")
    before = len(duty.run("outbox").json)
    refused = duty.run("do", flag, "find_corrected")
    assert refused.code == 3
    assert refused.json["command"] is None
    assert refused.json["problem"]["slug"] == "state"
    bad = duty.run("do", flag, "snooze", "--set", "minutes=soon")
    assert bad.code == 3
    assert len(duty.run("outbox").json) == before


def test_list_is_an_array_of_envelopes_open_first(duty: Twin) -> None:
    closed, open_ = duty.report("中山西路 14 号"), duty.report("中山西路 15 号")
    duty.run("do", closed, "dismiss")
    duty.run("sync")
    listed = duty.run("list", "flag", "--limit", "500").json
    names = [f"flag/{one['id']}" for one in listed]
    assert names.index(open_) < names.index(closed)
    assert all(one["pending"] == [] for one in listed)
    assert "body" not in listed[0]
    detected = duty.run("list", "flag", "--state", "DETECTED").json
    assert {one["state"] for one in detected} == {"DETECTED"}


def test_work_goes_on_without_a_server_and_is_delivered_once(
    backend: Backend, duty: Twin, tmp_path: Path
) -> None:
    old = duty.report("中山西路 16 号")
    duty.run("sync")
    backend.stop()
    try:
        assert duty.run("sync").code == 4
        assert duty.run("do", old, "confirm").json["status"] == "queued"
        new = duty.report("中山西路 17 号")
        assert duty.run("do", new, "send_onsite").json["status"] == "queued"
        shown = duty.run("show", new).json["record"]
        assert (shown["state"], len(shown["pending"]), shown["is_local"]) == (
            "L3_DISPATCHED", 2, True,
        )  # fmt: skip
        waiting = [one for one in duty.run("outbox").json if one["status"] == "queued"]
        assert [one["record"] for one in waiting] == [old, new, new]
    finally:
        backend.start()
    assert duty.run("sync").code == 0
    assert {one["status"] for one in duty.run("outbox").json} == {"applied"}
    assert [one["name"] for one in duty.run("show", new).json["transitions"]] == [
        "report", "send_onsite",
    ]  # fmt: skip
    out = tmp_path / "flags.csv"
    assert duty.run("export", "flag", "--format", "csv", "--out", str(out)).code == 0
    assert "中山西路 17 号" in out.read_text("utf-8-sig")
    out = tmp_path / "flags.geojson"
    assert duty.run("export", "flag", "--format", "geojson", "--out", str(out)).code == 0
    assert json.loads(out.read_text())["type"] == "FeatureCollection"


def test_two_twins_race_for_one_flag_and_one_conflict_stays_in_sight(
    duty: Twin, duty2: Twin
) -> None:
    flag = duty.report("中山西路 18 号")
    assert duty2.run("sync").code == 0
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda twin: twin.run("do", flag, "confirm"), (duty, duty2)))
    assert [one.code for one in told] == [0, 0]
    assert sorted(one.json["status"] for one in told) == ["applied", "conflict"]
    loser = (duty, duty2)[[one.json["status"] for one in told].index("conflict")]
    (concern,) = [o for o in loser.run("doctor").json if o["check"] == "refused_unseen"]
    assert concern["ok"] is False
    assert "F8" in str(concern)  # the remedy
    entry = next(one for one in loser.run("outbox").json if one["status"] == "conflict")
    assert (entry["record"], entry["problem"]["slug"]) == (flag, "version")
    loser.run("sync")
    transitions = loser.run("show", flag).json["transitions"]
    assert [one["name"] for one in transitions].count("confirm") == 1
    settled = loser.run("resolve", entry["command"], "theirs")
    assert settled.code == 0
    assert not [one for one in loser.run("outbox").json if one["status"] == "conflict"]


def test_a_twin_killed_at_random_moments_loses_and_doubles_nothing(duty: Twin, duty2: Twin) -> None:
    random = Random(20261124)
    flags = [duty.report(f"禾兴路 {n} 号") for n in range(KILLS)]
    duty.run("sync")
    for flag in flags:
        process = duty.open("do", flag, "dismiss")
        try:
            process.communicate(timeout=random.uniform(0.25, 1.6))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
    assert duty.run("sync").code == 0
    saved = {
        one["record"]: one for one in duty.run("outbox").json if one["transition"] == "dismiss"
    }
    assert duty2.run("sync").code == 0
    for flag in flags:
        shown = duty2.run("show", flag).json
        done = [one for one in shown["transitions"] if one["name"] == "dismiss"]
        if flag in saved:
            assert saved[flag]["status"] == "applied"
            assert [one["command"] for one in done] == [saved[flag]["command"]]
            assert shown["record"]["state"] == "FALSE_ALARM"
        else:
            assert not done
            assert shown["record"]["state"] == "DETECTED"


def test_a_wrong_password_and_a_wrong_server_are_told_apart(
    backend: Backend, tmp_path: Path
) -> None:
    twin = Twin(tmp_path / "nobody")
    wrong = twin.run("login", "--server", backend.url, "--user", "duty2", stdin="no\n")
    assert (wrong.code, wrong.json["problem"]["slug"]) == (1, "wrong-password")
    nowhere = twin.run("login", "--server", "http://127.0.0.1:9", "--user", "duty", stdin="x\n")
    assert nowhere.code == 4
    assert twin.run("list", "flag").json["problem"]["slug"] == "no-profile"


def test_a_corrupt_cache_is_rebuilt_and_the_journal_survives(backend: Backend, duty: Twin) -> None:
    flag = duty.report("中山西路 19 号")
    backend.stop()
    try:
        command = duty.run("do", flag, "dismiss").json["command"]
        (cache,) = duty.root.glob("*/duty/cache-*.db")
        cache.write_bytes(b"nonsense" * 4096)
        for tail in ("-wal", "-shm"):
            Path(f"{cache}{tail}").unlink(missing_ok=True)
        assert command in [one["command"] for one in duty.run("outbox").json]
    finally:
        backend.start()
    assert duty.run("sync").code == 0
    assert duty.run("show", flag).json["record"]["state"] == "FALSE_ALARM"

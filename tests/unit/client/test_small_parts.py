"""Key, profile, clock, blobs, words, back-off: each promise once."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Thread

import pytest

from xiuzhou_desktop.client.backoff import Backoff
from xiuzhou_desktop.client.blobs import BlobCache, is_cacheable
from xiuzhou_desktop.client.clock import Anchor, BusinessClock
from xiuzhou_desktop.client.engine.waking import woken
from xiuzhou_desktop.client.errors import NoProfile, ProfileInUse, WrongServer
from xiuzhou_desktop.client.key import KeyPlace, load_or_make_key, seal, unseal
from xiuzhou_desktop.client.profile import Profile, folder_name, last_login, normal_server
from xiuzhou_desktop.client.sync.words import asked_words, has_words, words_of

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
KEY = bytes(range(32))


class HandClocks:
    """Clocks that a test moves."""

    def __init__(self, wall: datetime = NOON) -> None:
        self.now, self.passed_s = wall, 0.0

    def wall(self) -> datetime:
        return self.now

    def monotonic_s(self) -> float:
        return self.passed_s

    def pass_s(self, seconds: float) -> None:
        self.passed_s += seconds
        self.now += timedelta(seconds=seconds)


def test_without_a_keyring_the_key_is_a_file_for_its_owner_only(tmp_path: Path) -> None:
    key, place = load_or_make_key(tmp_path)
    assert place is KeyPlace.FILE
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert load_or_make_key(tmp_path) == (key, KeyPlace.FILE)


def test_sealed_bytes_open_under_their_own_name_only() -> None:
    sealed = seal(KEY, b"plain", b"a")
    assert unseal(KEY, sealed, b"a") == b"plain"
    assert unseal(KEY, sealed, b"b") is None
    assert unseal(KEY, sealed[:-1], b"a") is None
    assert unseal(KEY, b"", b"a") is None


def test_a_second_opener_is_told_by_whom_a_profile_is_held(tmp_path: Path) -> None:
    first = Profile(tmp_path, "http://h:1", "duty", NOON)
    with pytest.raises(ProfileInUse) as raised:
        Profile(tmp_path, "http://h:1", "duty", NOON)
    assert raised.value.facts["user"] == "duty"
    assert raised.value.facts["since"] == "2026-11-24T04:00:00.000Z"
    first.close()
    Profile(tmp_path, "http://h:1", "duty", NOON).close()


def test_a_profile_is_let_go_of_by_another_thread_than_took_it(tmp_path: Path) -> None:
    first = Profile(tmp_path, "http://h:1", "duty", NOON)
    closing = Thread(target=first.close)
    closing.start()
    closing.join()
    Profile(tmp_path, "http://h:1", "duty", NOON).close()


def test_another_user_on_the_same_computer_has_another_profile(tmp_path: Path) -> None:
    first = Profile(tmp_path, "http://h:1", "duty", NOON)
    second = Profile(tmp_path, "http://h:1", "../duty2", NOON)
    assert second.folder.parent == first.folder.parent
    second.remember()
    assert last_login(tmp_path).user == "../duty2"
    first.close()
    second.close()


def test_there_is_no_profile_before_a_login(tmp_path: Path) -> None:
    with pytest.raises(NoProfile):
        last_login(tmp_path)


@pytest.mark.parametrize("server", ["ftp://x", "http://", "file:///etc", "http:///x"])
def test_an_address_that_is_none_is_refused(server: str) -> None:
    with pytest.raises(WrongServer):
        normal_server(server)


def test_folders_are_named_for_host_and_port() -> None:
    assert folder_name(normal_server("10.1.2.3:8080/x")) == "10.1.2.3_8080"
    assert folder_name(normal_server("https://zhihui.example")) == "zhihui.example_443"


def test_business_time_is_the_servers_whatever_this_clock_says() -> None:
    clocks = HandClocks(NOON + timedelta(hours=1))
    clock = BusinessClock(clocks)
    clock.compared(NOON, 0.2)
    clock.told(NOON, 1, 0.2)
    clocks.pass_s(10)
    assert clock.now() == NOON + timedelta(seconds=10.1)
    assert clock.anchor.offset_ms == 3_600_000 - 100


def test_business_time_runs_at_the_rate_that_is_told() -> None:
    clocks = HandClocks()
    clock = BusinessClock(clocks)
    clock.told(NOON, 60)
    clocks.pass_s(2)
    assert clock.now() == NOON + timedelta(minutes=2)


def test_an_offline_start_goes_on_from_the_last_word() -> None:
    anchor = Anchor(server_time=NOON, wall=NOON - timedelta(days=90), rate=1)
    clock = BusinessClock(HandClocks(NOON - timedelta(days=90) + timedelta(hours=3)), anchor)
    assert clock.now() == NOON + timedelta(hours=3)


def test_a_clock_set_back_does_not_turn_business_time_back() -> None:
    anchor = Anchor(server_time=NOON, wall=NOON, rate=1)
    clock = BusinessClock(HandClocks(NOON - timedelta(hours=1)), anchor)
    assert clock.now() == NOON


def test_blobs_are_kept_sealed_and_bounded(tmp_path: Path) -> None:
    blobs = BlobCache(tmp_path / "blobs", KEY, limit_bytes=5_000)
    for n in range(10):
        blobs.put(f"/v1/blobs/{n}", bytes([n]) * 1_000, blobs.generation)
    assert blobs.get("/v1/blobs/9") == bytes([9]) * 1_000
    assert blobs.get("/v1/blobs/0") is None
    files = list((tmp_path / "blobs").iterdir())
    assert sum(file.stat().st_size for file in files) <= 5_000
    assert all(bytes([9]) * 1_000 not in file.read_bytes() for file in files)


def test_a_damaged_blob_is_as_good_as_none(tmp_path: Path) -> None:
    blobs = BlobCache(tmp_path / "blobs", KEY)
    blobs.put("/v1/blobs/a", b"x" * 100, blobs.generation)
    (file,) = (tmp_path / "blobs").iterdir()
    file.write_bytes(b"y" * 128)
    assert blobs.get("/v1/blobs/a") is None


def test_a_disk_that_fails_costs_no_more_than_the_keeping(tmp_path: Path) -> None:
    blobs = BlobCache(tmp_path / "blobs", KEY)
    (tmp_path / "blobs").write_bytes(b"no folder")
    blobs.put("/v1/basemap", b"x", blobs.generation)
    assert blobs.get("/v1/basemap") is None


def test_what_nobody_opened_for_long_goes_though_there_is_room(tmp_path: Path) -> None:
    blobs = BlobCache(tmp_path / "blobs", KEY)
    blobs.forget(NOON)  # nothing is there yet
    for path in ("old", "young"):
        blobs.put(path, b"x", blobs.generation)
        (file,) = set((tmp_path / "blobs").iterdir())
        os.utime(file, times=(0, NOON.timestamp()))
        blobs.forget(NOON + timedelta(seconds=1 if path == "old" else 0))
    assert (blobs.get("old"), blobs.get("young")) == (None, b"x")


def test_what_was_asked_for_before_all_was_let_go_is_not_kept(tmp_path: Path) -> None:
    blobs = BlobCache(tmp_path / "blobs", KEY)
    asked_in = blobs.generation
    blobs.put("here", b"x", asked_in)
    blobs.clear()
    blobs.put("on its way", b"x", asked_in)
    assert (blobs.get("here"), blobs.get("on its way")) == (None, None)


def test_only_what_never_changes_is_kept() -> None:
    assert is_cacheable("/v1/cameras/a/still?at=2026-11-24T00:00:00Z")
    assert not is_cacheable("/v1/cameras/a/live")
    assert not is_cacheable("/v1/cameras/a/still")


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("违停", True), ("停", True), ("停违", False), ("浙FD8K31", True), ("浙F", True),
        ("D8K31", True), ("k31", True), ("中山西路", True), ("中西", False), ("12", True),
        ("!?", True), ("无", False),
    ],
)  # fmt: skip
def test_chinese_words_plates_and_numbers_are_found(asked: str, is_found: bool) -> None:
    words = words_of("浙FD8K31 中山西路违停", "XZ-F-20261124-0012", "12 号")
    assert has_words(words, asked_words(asked)) is is_found


def test_back_off_is_jittered_bounded_and_yields_to_the_server() -> None:
    backoff = Backoff(Random(1))
    delays = [backoff.next_s() for _ in range(40)]
    assert max(delays) <= 60
    assert max(delays[10:]) > 30
    assert backoff.next_s(retry_after_s=90) == 90
    backoff.reset()
    assert backoff.next_s() <= 1


def test_a_loop_that_is_woken_and_ended_at_once_ends() -> None:
    async def woken_while_ended() -> object:
        wake = asyncio.Event()
        resting = asyncio.create_task(woken(wake, within_s=60))
        for _ in range(3):  # it waits
            await asyncio.sleep(0)
        wake.set()
        resting.cancel()
        (ended,) = await asyncio.gather(resting, return_exceptions=True)
        return ended

    assert isinstance(asyncio.run(woken_while_ended()), asyncio.CancelledError)

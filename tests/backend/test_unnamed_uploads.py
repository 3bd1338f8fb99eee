"""Uploads that no command names: thrown away in time, and so much a user; what a record names
stays.
"""

import asyncio
import errno
import hashlib
import os
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from tests.backend.district import District, note
from xiuzhou_desktop.backend import serve
from xiuzhou_desktop.backend.blobs import Blobs
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.restore import begin_after_restore
from xiuzhou_desktop.backend.store import uploads
from xiuzhou_desktop.backend.unfinished import Unfinished
from xiuzhou_desktop.backend.unnamed_uploads import MB, UnnamedUploads
from xiuzhou_desktop.contract.sync import Status
from xiuzhou_desktop.domain.policy import Policy

KEPT = timedelta(days=Policy().upload_keep_days)


class Store:
    """A folder of files beside a district, and the turns of the backend over both."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.blobs = Blobs(district.settings.blob_folder)
        self.unfinished = Unfinished(district.settings.upload_folder, self.blobs)
        self.unnamed = UnnamedUploads(district.store, self.blobs, self.unfinished)

    def uploaded(self, content: bytes, age: timedelta = timedelta()) -> str:
        blob = self.blobs.put(content)
        came = (self.district.wall() - age).timestamp()
        os.utime(self.blobs.file_of(blob.removeprefix("sha256:")), (came, came))
        with self.district.store.transaction() as connection:
            uploads.note_sender(connection, blob, "duty")
        return blob

    def named(self, blob: str) -> Status:
        flag = self.district.reported()
        command = self.district.command("annotate", flag, fields=note(None, f"see {blob}"))
        return self.district.send(command).result.status

    def sweep(self) -> None:
        now, store = self.district.wall(), self.district.store
        with store.snapshot() as connection:
            limit = self.unnamed.limit(connection, now)
            old = self.unnamed.old(connection, limit, now)
        self.unnamed.throw_away(self.unnamed.forget(old), limit)


@pytest.fixture
def store(district: District) -> Store:
    return Store(district)


def test_what_nobody_named_in_time_is_thrown_away_and_the_rest_stays(store: Store) -> None:
    late, young = store.uploaded(b"late", KEPT * 2), store.uploaded(b"young")
    named = store.uploaded(b"named", KEPT * 2)
    assert store.named(named) is Status.APPLIED
    store.sweep()
    assert [store.blobs.has(one) for one in (late, young, named)] == [False, True, True]
    assert store.named(young) is Status.APPLIED


def test_who_names_what_was_thrown_away_has_to_send_it_again(store: Store) -> None:
    late = store.uploaded(b"late", KEPT * 2)
    store.sweep()
    assert store.named(late) is Status.HELD
    assert store.uploaded(b"late") == late
    assert store.named(late) is Status.APPLIED


def test_a_file_that_comes_again_while_it_is_swept_stays(store: Store) -> None:
    late = store.uploaded(b"late", KEPT * 2)
    limit = store.district.wall() - KEPT
    unnamed = store.unnamed.forget((late,))
    store.uploaded(b"late")
    store.unnamed.throw_away(unnamed, limit)
    assert store.blobs.get(late) == b"late"
    assert store.named(late) is Status.APPLIED


def test_nothing_is_thrown_away_while_a_restore_waits_for_commands(store: Store) -> None:
    late = store.uploaded(b"late", KEPT * 2)
    begin_after_restore(store.district.store, store.district.clock.now())
    store.sweep()
    assert store.blobs.has(late)


def test_a_file_of_which_the_database_knows_nothing_is_never_touched(store: Store) -> None:
    late = store.uploaded(b"late", KEPT * 2)
    unknown = [store.blobs.put(str(one).encode()) for one in range(150)]
    for blob in (late, *unknown):
        os.utime(store.blobs.file_of(blob.removeprefix("sha256:")), (0, 0))
    district = store.district
    parts = SimpleNamespace(
        store=district.store, clock=district.clock, blobs=store.blobs, unfinished=store.unfinished
    )
    asyncio.run(serve.uploads(cast(Parts, parts)))
    assert [one for one in (late, *unknown) if not store.blobs.has(one)] == [late]


def test_a_user_holds_so_much_that_is_unnamed_and_no_more(store: Store) -> None:
    quota = Policy().upload_quota_mb * MB
    held = store.uploaded(b"x" * 1000)
    with store.district.store.snapshot() as connection:
        store.unnamed.refuse_over_quota(connection, "duty", quota - 1000)
        store.unnamed.refuse_over_quota(connection, "other", quota)
        with pytest.raises(ProblemError) as refused:
            store.unnamed.refuse_over_quota(connection, "duty", quota)
    assert (refused.value.slug, refused.value.status) == ("upload-quota", 429)
    store.named(held)
    with store.district.store.snapshot() as connection:
        store.unnamed.refuse_over_quota(connection, "duty", quota)


def test_what_was_begun_counts_whole_and_is_thrown_away_in_time(store: Store) -> None:
    quota = Policy().upload_quota_mb * MB
    one = store.unfinished.begin("duty", 1000, "0" * 64)
    with store.district.store.snapshot() as connection, pytest.raises(ProblemError) as refused:
        store.unnamed.refuse_over_quota(connection, "duty", quota - 999)
    assert refused.value.slug == "upload-quota"
    store.unfinished.append(one, 0, b"a part")
    store.sweep()
    assert store.unfinished.offset(store.unfinished.of("duty", one.id)) == 6
    with pytest.raises(ProblemError, match="not-found"):
        store.unfinished.of("other", one.id)
    old = (store.district.wall() - KEPT * 2).timestamp()
    for file in store.district.settings.upload_folder.iterdir():
        os.utime(file, (old, old))
    store.sweep()
    assert not [*store.district.settings.upload_folder.iterdir()]


def test_a_full_disk_in_the_middle_of_a_part_is_gone_on_with_later(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"%PDF- " + b"x" * 1000
    one = store.unfinished.begin("duty", len(content), hashlib.sha256(content).hexdigest())
    write, room = os.write, [400]

    def full(handle: int, part: memoryview) -> int:
        if not room[0]:
            raise OSError(errno.ENOSPC, "full")
        written = write(handle, part[: room[0]])
        room[0] -= written
        return written

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(OSError, match="full"):
            store.unfinished.append(one, 0, content)
    assert store.unfinished.offset(one) == 400
    store.unfinished.append(one, 400, content[400:])
    assert store.blobs.get(store.unfinished.finish(one)) == content

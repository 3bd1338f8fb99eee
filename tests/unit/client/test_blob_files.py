"""Files on a workstation: whole or not at all, within their quota, the longest unused first."""

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from xiuzhou_desktop.client.blob_files import MB, BlobFiles, Part, digest_in
from xiuzhou_desktop.client.errors import TooLarge
from xiuzhou_desktop.client.sealed_file import CHUNK_BYTES, sealed_size

KEY = bytes(32)
LONG = bytes(range(256)) * (CHUNK_BYTES * 5 // 2 // 256)
QUOTA_MB = 4


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def files(tmp_path: Path) -> BlobFiles:
    return BlobFiles(tmp_path / "files", KEY)


def part(content: bytes, first: int, last: int) -> Part:
    return Part(offset=first, content=content[first:last], total=len(content))


def keep(files: BlobFiles, content: bytes) -> str:
    digest = digest_of(content)
    files.reserve(digest, len(content), QUOTA_MB)
    files.append(digest, part(content, 0, len(content)), files.generation)
    assert files.finish(digest, files.generation) == content
    files.release(digest)
    return digest


def megabyte(fill: int) -> bytes:
    """With its seal just below one."""
    return bytes([fill]) * (MB - 1000)


def test_a_file_is_named_by_its_hash_with_or_without_the_name_of_the_hash() -> None:
    digest = digest_of(b"")
    assert digest_in(f"/v1/blobs/{digest}") == digest_in(f"/v1/blobs/sha256:{digest}") == digest
    assert digest_in(f"/v1/blobs/{digest}0") is None


def test_parts_make_the_file_sealed_and_a_torn_one_comes_again(
    files: BlobFiles, tmp_path: Path
) -> None:
    digest = digest_of(LONG)
    assert files.begun(digest) == 0
    files.append(digest, part(LONG, 0, CHUNK_BYTES), files.generation)
    files.append(digest, part(LONG, CHUNK_BYTES, 2 * CHUNK_BYTES), files.generation)
    (torn,) = (tmp_path / "files").iterdir()
    os.truncate(torn, torn.stat().st_size - 1)
    assert files.begun(digest) == 0
    files.append(digest, part(LONG, 0, 2 * CHUNK_BYTES), files.generation)
    assert files.begun(digest) == CHUNK_BYTES
    files.append(digest, part(LONG, CHUNK_BYTES, len(LONG)), files.generation)
    assert files.finish(digest, files.generation) == files.get(digest) == LONG
    (kept,) = (tmp_path / "files").iterdir()
    assert (kept.name, kept.stat().st_size) == (digest, sealed_size(len(LONG)))
    assert LONG[:64] not in kept.read_bytes()


def test_other_bytes_are_no_file(files: BlobFiles, tmp_path: Path) -> None:
    digest = digest_of(b"what was announced")
    files.append(digest, part(b"what came instead!", 0, 18), files.generation)
    assert files.finish(digest, files.generation) is None
    assert list((tmp_path / "files").iterdir()) == []


def test_a_damaged_or_exchanged_file_is_as_good_as_none(files: BlobFiles, tmp_path: Path) -> None:
    first, second = keep(files, b"first"), keep(files, b"second")
    (tmp_path / "files" / second).replace(tmp_path / "files" / first)
    assert files.get(first) is None
    third = keep(files, b"third")
    (tmp_path / "files" / third).write_bytes(b"damaged")
    assert files.get(third) is None
    assert list((tmp_path / "files").iterdir()) == []


def test_the_longest_unused_goes_first_and_what_is_pinned_stays(
    files: BlobFiles, tmp_path: Path
) -> None:
    one, two, three = (keep(files, megabyte(fill)) for fill in range(3))
    for second, digest in enumerate((one, two, three)):
        os.utime(tmp_path / "files" / digest, (second, second))
    assert files.get(two) is not None  # used just now
    files.pin({one})
    four = keep(files, megabyte(4))
    five = keep(files, megabyte(5))
    assert [files.get(each) is not None for each in (one, two, three, four, five)] == [
        True, True, False, True, True,
    ]  # fmt: skip


def test_a_file_larger_than_the_room_is_refused_and_nothing_has_gone(files: BlobFiles) -> None:
    kept = [keep(files, megabyte(fill)) for fill in range(3)]
    with pytest.raises(TooLarge) as refused:
        files.reserve(digest_of(LONG), QUOTA_MB * MB, QUOTA_MB)
    assert refused.value.slug == "file-quota"
    assert refused.value.facts == {"quota_mb": 4, "size_mb": 4, "stays_mb": 0}
    files.pin(kept[:2])
    with pytest.raises(TooLarge) as refused:
        files.reserve(digest_of(LONG), len(LONG), QUOTA_MB)
    assert refused.value.facts["stays_mb"] == 2
    assert all(files.get(each) is not None for each in kept)


def test_what_is_on_its_way_counts(files: BlobFiles) -> None:
    files.reserve(digest_of(b"a"), 3 * MB, QUOTA_MB)
    with pytest.raises(TooLarge):
        files.reserve(digest_of(b"b"), MB, QUOTA_MB)
    files.release(digest_of(b"a"))
    files.reserve(digest_of(b"b"), MB, QUOTA_MB)


def test_what_nobody_has_opened_for_long_is_let_go(files: BlobFiles, tmp_path: Path) -> None:
    old, young = keep(files, b"old"), keep(files, b"young")
    os.utime(tmp_path / "files" / old, (1000, 1000))
    files.forget(datetime.fromtimestamp(1001, UTC))
    assert (files.get(old), files.get(young)) == (None, b"young")


def test_letting_go_in_the_middle_begins_anew(files: BlobFiles) -> None:
    digest = digest_of(LONG)
    files.append(digest, part(LONG, 0, CHUNK_BYTES), files.generation)
    files.clear()
    with pytest.raises(FileNotFoundError):
        files.append(digest, part(LONG, CHUNK_BYTES, len(LONG)), files.generation)
    assert files.begun(digest) == 0


def test_a_part_asked_for_before_the_letting_go_does_not_bring_the_file_back(
    files: BlobFiles, tmp_path: Path
) -> None:
    digest, asked_in = digest_of(LONG), files.generation
    files.clear()
    with pytest.raises(FileNotFoundError):
        files.append(digest, part(LONG, 0, CHUNK_BYTES), asked_in)
    assert list((tmp_path / "files").iterdir()) == []
    files.append(digest, part(LONG, 0, len(LONG)), files.generation)
    with pytest.raises(FileNotFoundError):
        files.finish(digest, asked_in)
    assert files.finish(digest, files.generation) == LONG


def test_what_the_disk_will_not_let_go_keeps_no_other_here(
    files: BlobFiles, tmp_path: Path
) -> None:
    stays = tmp_path / "files" / digest_of(b"stays")
    for let_go in (lambda: files.forget(datetime.fromtimestamp(1001, UTC)), files.clear):
        old = keep(files, b"old")
        stays.mkdir(exist_ok=True)  # a folder cannot be unlinked, even by root
        for each in (stays, tmp_path / "files" / old):
            os.utime(each, (1000, 1000))
        let_go()
        assert list((tmp_path / "files").iterdir()) == [stays]

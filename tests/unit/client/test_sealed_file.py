"""Files sealed in chunks: read from anywhere, and nothing in them moves unseen."""

import io
from pathlib import Path

import pytest

from xiuzhou_desktop.client.sealed_file import (
    CHUNK_BYTES,
    FILE_ID_BYTES,
    SEALED_CHUNK,
    read_sealed,
    write_sealed,
)

KEY, OTHER = bytes(32), bytes(31) + b"1"
LONG = bytes(range(256)) * (CHUNK_BYTES * 5 // 2 // 256)


def sealed(folder: Path, content: bytes, name: str = "file") -> Path:
    file = folder / name
    assert write_sealed(file, KEY, io.BytesIO(content)).size == len(content)
    return file


@pytest.mark.parametrize("content", [b"", b"a", LONG[:CHUNK_BYTES], LONG])
def test_what_was_sealed_is_read(tmp_path: Path, content: bytes) -> None:
    file = sealed(tmp_path, content)
    assert read_sealed(file, KEY, 0, len(content) + 1) == content
    assert read_sealed(file, OTHER, 0, 1) is None


@pytest.mark.parametrize(
    ("offset", "size"),
    [(0, 10), (CHUNK_BYTES - 5, 10), (CHUNK_BYTES, CHUNK_BYTES), (len(LONG) - 3, 99)],
)
def test_a_part_is_read_from_anywhere(tmp_path: Path, offset: int, size: int) -> None:
    file = sealed(tmp_path, LONG)
    assert read_sealed(file, KEY, offset, size) == LONG[offset : offset + size]


def test_a_chunk_cut_off_moved_or_of_another_file_is_damage(tmp_path: Path) -> None:
    file, other = sealed(tmp_path, LONG), sealed(tmp_path, LONG, "other")
    whole = file.read_bytes()
    head = whole[:FILE_ID_BYTES]
    first, second, rest = (
        whole[FILE_ID_BYTES:][at : at + SEALED_CHUNK] for at in (0, SEALED_CHUNK, 2 * SEALED_CHUNK)
    )
    foreign = other.read_bytes()[FILE_ID_BYTES:][:SEALED_CHUNK]
    for spoiled in (
        head + first + second, head + second + first + rest, head + foreign + second + rest,
        whole[:-1], head,
    ):  # fmt: skip
        file.write_bytes(spoiled)
        assert read_sealed(file, KEY, 0, len(LONG)) is None

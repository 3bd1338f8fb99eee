"""The way up: what a limit lets through, and how much goes at once."""

from pathlib import Path

import pytest

from tests.unit.client.test_small_parts import HandClocks
from xiuzhou_desktop.client.line import (
    FILE,
    FIRST_BYTES,
    LEAST_BYTES,
    MOST_BYTES,
    Allowed,
    Line,
    keep_allowed,
    load_allowed,
)

RATE = 512 * 1024
LIMITED = Allowed(bytes_per_s=RATE)


def test_no_more_than_the_limit_goes_in_any_time() -> None:
    clocks = HandClocks()
    line, sent, part = Line(clocks.monotonic_s, LIMITED), 0, LIMITED.bytes_per_s or 0
    while clocks.monotonic_s() < 60:
        assert line.part_bytes <= RATE
        clocks.pass_s(line.book(part))
        sent += part
    assert sent <= RATE * clocks.monotonic_s() + part


def test_a_rest_is_not_saved_up() -> None:
    clocks = HandClocks()
    line = Line(clocks.monotonic_s, LIMITED)
    clocks.pass_s(3600)
    assert [line.book(RATE), line.book(RATE), line.book(RATE)] == [0.0, 1.0, 2.0]


def test_a_new_limit_does_not_wait_for_what_the_old_one_booked() -> None:
    clocks = HandClocks()
    line = Line(clocks.monotonic_s, Allowed(bytes_per_s=LEAST_BYTES))
    line.book(MOST_BYTES)
    assert line.book(LEAST_BYTES) == MOST_BYTES / LEAST_BYTES
    line.allow(Allowed())
    assert line.book(MOST_BYTES) == line.book(MOST_BYTES) == 0.0


@pytest.mark.parametrize(
    ("took_s", "part"),
    [(0.0, MOST_BYTES), (0.01, MOST_BYTES), (4.0, FIRST_BYTES // 4), (3600.0, LEAST_BYTES)],
)
def test_a_part_is_what_the_line_carries_in_a_second(took_s: float, part: int) -> None:
    clocks = HandClocks()
    line = Line(clocks.monotonic_s, Allowed())
    assert line.part_bytes == FIRST_BYTES
    began_s = clocks.monotonic_s()
    clocks.pass_s(took_s)
    line.carried(FIRST_BYTES, began_s)
    assert line.part_bytes == part


def test_the_limit_is_of_the_workstation_and_outlives_the_program(tmp_path: Path) -> None:
    assert load_allowed(tmp_path) == Allowed()
    keep_allowed(tmp_path, LIMITED)
    assert load_allowed(tmp_path) == LIMITED


@pytest.mark.parametrize("left", [b"", b"{", b'{"bytes_per_s": 0}', b'{"bytes_per_s": "x"}'])
def test_a_damaged_setting_is_no_limit(tmp_path: Path, left: bytes) -> None:
    (tmp_path / FILE).write_bytes(left)
    assert load_allowed(tmp_path) == Allowed()

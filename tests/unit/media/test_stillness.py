"""A piece looked through apart from its player: what counts as its beginning, and when it fails."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from tests.unit.media.streams import noisy_standing, stopping, write_clip
from tests.unit.media.waiting import wait_until
from xiuzhou_desktop.media import stillness
from xiuzhou_desktop.media.stillness import Stillness


def test_a_piece_that_begins_after_0_is_counted_from_its_first_picture(tmp_path: Path) -> None:
    always = write_clip(tmp_path / "always.ts", seconds=6, scene=noisy_standing, begins_s=2)
    later = write_clip(tmp_path / "later.ts", seconds=10, scene=stopping, begins_s=2)
    for path, from_ms in ((always, 0), (later, 3_000)):
        looked = Stillness(lambda path=path: str(path))
        wait_until(lambda looked=looked: looked.stretches is not None)
        (stretch,) = looked.stretches
        assert stretch.from_ms == pytest.approx(from_ms, abs=500 if from_ms else 0)


def test_the_address_is_asked_when_its_turn_has_come(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", seconds=1)
    asked: list[str] = []
    address = iter([str(path)])
    with stillness._ONE_AT_A_TIME:  # noqa: SLF001 - another piece is being looked through
        waiting = Stillness(lambda: asked.append("asked") or next(address))
        assert not asked
    wait_until(lambda: waiting.stretches == ())


def test_a_piece_without_pictures_is_no_defect_and_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8_000)
        sound.writeframes(bytes(16_000))
    looked = Stillness(lambda: str(path))
    looked._thread.join()  # noqa: SLF001 - an exception in it would fail this test
    assert looked.stretches is None

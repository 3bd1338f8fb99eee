"""Sounds: the most urgent first, not more than one in three seconds, until somebody has looked."""

import logging
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.shell_parts import running_loop
from ui.shell.silence import Silence
from ui.shell.sounds import Sounds, Speaker
from ui.shell.tones import RATE_HZ, Tone, samples
from xiuzhou_desktop.client.views import Changed, OutboxSummary


class Room:
    """Sounds with a clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.owner = QObject()
        self.silence = Silence(self.owner)
        self.heard: list[Tone] = []
        self.now_s = 100.0
        self.sounds = Sounds(self.silence, self.heard.append, self.owner, lambda: self.now_s)


def refused(count: int) -> Changed:
    summary = OutboxSummary(
        pending=0, refused=count, expired=0, parked=0, oldest_age_s=None, delivered_today=0
    )
    return Changed(outbox=summary)


def test_the_more_urgent_sound_does_not_wait(qtbot: QtBot) -> None:
    room = Room()
    room.sounds.unseen("queue", 1, 3)
    room.sounds.unseen("queue", 2, 1)
    assert room.heard == [Tone.MEDIUM, Tone.URGENT]


def test_one_sound_in_three_seconds(qtbot: QtBot) -> None:
    room = Room()
    room.sounds.news(refused(1))
    room.sounds.news(refused(2))
    room.now_s += 4
    room.sounds.news(refused(3))
    assert room.heard == [Tone.REFUSED, Tone.REFUSED]


def test_silence_mutes_all_but_the_most_urgent(qtbot: QtBot) -> None:
    room = Room()
    room.silence.start()
    room.sounds.news(refused(1))
    room.sounds.unseen("queue", 1, 1)
    assert room.heard == [Tone.URGENT]


def test_an_urgent_one_repeats_until_it_is_seen(qtbot: QtBot) -> None:
    room = Room()
    room.sounds.unseen("queue", 1, 1)
    assert room.sounds._again.isActive()  # noqa: SLF001 - the ten seconds are not waited for
    room.sounds.unseen("queue", 0, 0)
    assert not room.sounds._again.isActive()  # noqa: SLF001


def test_every_tone_is_a_short_sound(qtbot: QtBot) -> None:
    lengths = {tone: len(samples(tone)) / 2 / RATE_HZ for tone in Tone}
    assert all(0.1 < length < 1.0 for length in lengths.values())
    assert lengths[Tone.URGENT] > lengths[Tone.HIGH] > lengths[Tone.MEDIUM]


LONG_S = 600.0  # no player of these tests is taken for one that hangs


def a_player(folder: Path, script: str, name: str = "player") -> str:
    """A program that plays as `script` says."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_tone_is_heard_to_its_end_when_the_window_is_gone(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    heard = tmp_path / "heard"
    begun, gone = tmp_path / "begun", tmp_path / "gone"
    player = a_player(
        tmp_path, f'touch "{begun}"\nuntil [ -e "{gone}" ]; do sleep 0.02; done\ncp "$1" "{heard}"'
    )
    owner = QObject()
    with running_loop(qapp):
        Speaker(tmp_path / "tones", owner, (player,), LONG_S).play(Tone.URGENT)
        qtbot.waitUntil(begun.exists)
        owner.deleteLater()
        del owner
        qtbot.wait(0)
        gone.touch()
        qtbot.waitUntil(lambda: heard.exists() and heard.read_bytes().startswith(b"RIFF"))


def play_to_the_end(qtbot: QtBot, speaker: Speaker) -> None:
    with qtbot.waitSignal(speaker.played):
        speaker.play(Tone.URGENT)


def test_players_of_which_none_can_play_are_told_once(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    player = a_player(tmp_path, 'echo "no server" >&2\nexit 1')
    owner = QObject()
    with caplog.at_level(logging.WARNING, "ui.shell.sounds"), running_loop(qapp):
        speaker = Speaker(tmp_path / "tones", owner, (player,), LONG_S)
        play_to_the_end(qtbot, speaker)
        assert caplog.text.count("no server") == 1
        play_to_the_end(qtbot, speaker)
        assert caplog.text.count("no server") == 1


def test_a_player_that_fails_gives_way_to_one_that_is_heard(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    tried, heard = tmp_path / "tried", tmp_path / "heard"
    mute = a_player(tmp_path, f'echo x >> "{tried}"\nexit 1', "mute")
    loud = a_player(tmp_path, f'echo x >> "{heard}"', "loud")
    owner = QObject()
    with caplog.at_level(logging.WARNING, "ui.shell.sounds"), running_loop(qapp):
        speaker = Speaker(tmp_path / "tones", owner, (mute, loud), LONG_S)
        play_to_the_end(qtbot, speaker)
        play_to_the_end(qtbot, speaker)
    assert (tried.read_text().count("x"), heard.read_text().count("x")) == (1, 2)
    assert caplog.text == ""

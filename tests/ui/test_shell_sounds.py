"""Sounds: the most urgent first, not more than one in three seconds, until somebody has looked."""

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.shell.silence import Silence
from ui.shell.sounds import Sounds
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

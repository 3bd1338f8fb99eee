"""When a sound is heard: at most one in three seconds, the most urgent first, repeated until
somebody has looked.

    unseen p1   every 10 s until it is seen
    unseen p2   every 30 s, three times; p3 once
    refused, link lost   once                       F9 mutes all but p1

Every sound has its visible twin (rail, top bar, status bar); a computer that cannot play says so in
the log, once.
"""

import asyncio
import logging
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from ui.shell.silence import Silence
from ui.shell.tones import Tone, tone_file
from ui.start import start
from xiuzhou_desktop.client.views import Changed, Link

logger = logging.getLogger(__name__)

QUIET_S = 3.0
HANGS_S = 5.0  # a tone is shorter than a second
PLAYERS = ("pw-play", "paplay", "aplay", "afplay")
REPEATS = {1: (Tone.URGENT, 10_000, None), 2: (Tone.HIGH, 30_000, 3), 3: (Tone.MEDIUM, 0, 1)}
PRIORITY_OF = {Tone.URGENT: 1, Tone.HIGH: 2, Tone.MEDIUM: 3, Tone.REFUSED: 2, Tone.LINK_LOST: 2}


class Sounds(QObject):
    """Decides; `play` makes the noise."""

    sounded = Signal(str)

    def __init__(
        self,
        silence: Silence,
        play: Callable[[Tone], None],
        parent: QObject,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._silence, self._play, self._monotonic = silence, play, monotonic
        self._last: tuple[float, int] = (-QUIET_S, 9)  # when, how urgent
        self._unseen: dict[str, tuple[int, int]] = {}
        self._refused = 0
        self._link = Link.CONNECTING
        self._repeating: tuple[Tone, int | None] | None = None
        self._again = QTimer(self)
        self._again.timeout.connect(self._repeat)

    def unseen(self, panel: str, count: int, priority: int) -> None:
        """A panel says how much in it nobody has looked at, and how urgent the worst is."""
        before = self._unseen.get(panel, (0, 0))
        self._unseen[panel] = (count, priority)
        worst = min((p for c, p in self._unseen.values() if c and p), default=0)
        if worst not in REPEATS:
            self._stop()
            return
        is_new = count > before[0] or (priority and (not before[1] or priority < before[1]))
        if is_new and priority == worst:
            tone, every_ms, times = REPEATS[worst]
            self._sound(tone)
            self._repeating = (tone, None if times is None else times - 1)
            self._again.stop()
            if every_ms:
                self._again.start(every_ms)

    def news(self, changed: Changed) -> None:
        """What the engine says of outbox and link."""
        if changed.outbox is not None:
            refused = changed.outbox.refused + changed.outbox.expired
            if refused > self._refused:
                self._sound(Tone.REFUSED)
            self._refused = refused
        if changed.link is not None:
            if changed.link.link is Link.OFFLINE and self._link is not Link.OFFLINE:
                self._sound(Tone.LINK_LOST)
            self._link = changed.link.link

    def _repeat(self) -> None:
        if self._repeating is None:
            return
        tone, left = self._repeating
        if left == 0:
            self._stop()
            return
        self._repeating = (tone, None if left is None else left - 1)
        self._sound(tone)

    def _stop(self) -> None:
        self._repeating = None
        self._again.stop()

    def _sound(self, tone: Tone) -> None:
        now, urgency = self._monotonic(), PRIORITY_OF[tone]
        at, before = self._last
        is_too_soon = now - at < QUIET_S and urgency >= before
        if is_too_soon or self._silence.mutes(urgency):
            return
        self._last = (now, urgency)
        self.sounded.emit(tone.value)
        self._play(tone)


class Speaker(QObject):
    """Plays a file with whatever program of this computer can: one that fails (there, but its sound
    server is not) gives way to the next; the one that was heard stays. A player that takes longer
    than `hangs_s` hangs and is killed.
    """

    played = Signal()  # tried to the end, heard or not

    def __init__(
        self,
        folder: Path,
        parent: QObject,
        programs: Sequence[str] = PLAYERS,
        hangs_s: float = HANGS_S,
    ) -> None:
        super().__init__(parent)
        self._folder, self._hangs_s = folder, hangs_s
        self._programs = tuple(name for name in programs if shutil.which(name))
        self._has_complained = False
        if not self._programs:
            logger.info("no program to play sounds")

    def play(self, tone: Tone) -> None:
        if self._programs:
            start(self._play(tone), owner=self)

    async def _play(self, tone: Tone) -> None:
        path = await asyncio.to_thread(tone_file, self._folder, tone)
        # In a thread, not as a child of this object: the window may close while a tone is heard.
        programs = self._programs
        problems = await asyncio.to_thread(_try, programs, path, self._hangs_s)
        if len(problems) < len(programs):
            self._programs = (*programs[len(problems) :], *problems)
        elif not self._has_complained:
            self._has_complained = True
            told = "; ".join(f"{name}: {problem}" for name, problem in problems.items())
            logger.warning("no sound is heard: %s", told)
        self.played.emit()


def _try(programs: Sequence[str], path: Path, hangs_s: float) -> dict[str, str]:
    """Play with the first program that can; those before it, and why nobody heard them."""
    problems: dict[str, str] = {}
    for program in programs:
        problem = _problem_of_playing(program, path, hangs_s)
        if problem is None:
            break
        problems[program] = problem
    return problems


def _problem_of_playing(program: str, path: Path, hangs_s: float) -> str | None:
    """Play to the end; why nobody heard it, or None. A player that hangs is killed."""
    try:
        subprocess.run(
            [program, str(path)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=hangs_s,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        return error.stderr.strip() or f"exit {error.returncode}"
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return None

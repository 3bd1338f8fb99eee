"""One shift in this process: Qt, its loop, the product, and the walk through it."""

import asyncio
import sys
from functools import partial
from pathlib import Path
from typing import TextIO

import qasync

from tests.e2e.pictures import Pictures
from tests.e2e.slots import LIMIT_S, MeasuredApplication
from tests.e2e.steps import Done, walk
from tests.e2e.walk.table import STEPS
from tests.e2e.walker import Walker
from ui.garbage import GarbageCollector
from ui.shell.logs import set_up_logging
from ui.theme.theme import theme
from ui.theme.tokens import ThemeName

LONGEST_SHOWN = 12


def shift(
    profile: Path, pictures: Pictures, only: frozenset[int] | None, out: TextIO
) -> tuple[Done, ...]:
    """Walk; returns how each step went, the measure of the UI thread last."""
    set_up_logging(profile)
    qt = MeasuredApplication(sys.argv[:1])
    qt.setQuitOnLastWindowClosed(False)
    collector = GarbageCollector(qt)
    theme().apply(qt, ThemeName.DARK)
    loop = qasync.QEventLoop(qt)
    asyncio.set_event_loop(loop)
    walker = Walker(profile, pictures)
    walker.product.garbage = collector
    with loop:
        done = loop.run_until_complete(walk_and_measure(walker, qt, only, out))
    collector.stop()
    qt.close_watch()
    return done


async def walk_and_measure(
    walker: Walker, qt: MeasuredApplication, only: frozenset[int] | None, out: TextIO
) -> tuple[Done, ...]:
    steps = [
        (number, step)
        for number, step in enumerate(STEPS, start=1)
        if only is None or number in only
    ]
    walker.measured = partial(_measure, walker, qt)
    done = await walk(steps, walker, out)
    if walker.product.is_open:
        await walker.close()
    return (*done, _never_held(qt, len(STEPS) + 1, out))


def _measure(walker: Walker, qt: MeasuredApplication, is_shown: bool) -> None:
    """The first show of a window is exempt, and of each panel in it."""
    qt.is_measuring = is_shown
    if is_shown:
        for frame in walker.window.docks.frames():
            frame.loaded.connect(qt.first_show)


def _never_held(qt: MeasuredApplication, number: int, out: TextIO) -> Done:
    """No slot of the whole shift holds the UI thread for more than 50 ms of its CPU time."""
    says = f"界面线程每槽 ≤ {LIMIT_S * 1000:.0f} ms"
    longest = sorted(qt.long_slots, key=lambda slot: -slot.seconds)
    reason = None
    if longest:
        reason = f"{len(longest)} slots are longer; the longest: {longest[0]}"
        for slot in longest[:LONGEST_SHOWN]:
            print(f"     {slot}", file=out)
    rest = reason or f"longest {qt.longest_s * 1000:.0f} ms"
    print(f"measured {says}: {rest}", file=out)
    return Done(number=number, says=says, seconds=qt.longest_s, reason=reason)

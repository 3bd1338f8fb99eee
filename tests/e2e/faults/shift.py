"""A shift: some runs, one after another, on one district with two long-lived twins.

run ──► commands and faults, drawn by its seed ──► heal ──► drained? ──► Verdict of all so far
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import msgspec

from tests.e2e.faults.faults import COSTLY, FAULTS, Heal, Scene
from tests.e2e.faults.oracle import Intent, Verdict, epoch_of, judge, standing
from tests.e2e.faults.processes import PATIENCE_S, District, Station, wait_for
from tests.e2e.faults.proxy import FaultProxy
from tests.e2e.waits import NotSeen

COMMANDS = 50
OFFICERS = ("duty", "duty2")
MOST_FAULTS = 4
LASTS = (3, 16)  # commands that a fault lasts
REPORT = ("new", "flag", "--set", "category=05-05", "--set", "channel=phone", "--set")
ACTS = ("confirm", "dismiss", "send_onsite")
REPORTS = 0.5  # of the commands
AGAIN = 0.25  # of the acts: by whichever twin, on a flag that was judged already


class Run(msgspec.Struct, frozen=True):
    """One run's outcome."""

    seed: int
    faults: tuple[str, ...]
    verdict: Verdict
    drained_s: float


@contextmanager
def shift_of(folder: Path, seed: int) -> Iterator["Shift"]:
    """A fresh district with its people at work."""
    folder.mkdir(parents=True, exist_ok=True)
    district = District(folder, OFFICERS)
    district.start()
    proxy = FaultProxy(lambda: district.port, Random(seed)).start()
    stations: tuple[Station, ...] = ()
    try:
        server = f"http://127.0.0.1:{proxy.port}"
        stations = tuple(Station(user, folder, server) for user in OFFICERS)
        for station in stations:
            station.start()
        district.back_up()
        yield Shift(Scene(district, stations, proxy))
    finally:
        for process in (*stations, district):
            process.kill()
        proxy.stop()


class Shift:
    """Runs on one scene; the oracle looks at all of them together."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._intents: list[Intent] = []
        self._fresh: list[tuple[Station, str]] = []  # reported there, judged nowhere
        self._acted: list[str] = []

    def run(self, seed: int) -> Run:
        random = Random(seed)
        faults = _drawn(random)
        begins = {random.randrange(COMMANDS - LASTS[0]): name for name in faults}
        heals: list[tuple[int, Heal]] = []
        for place in range(COMMANDS):
            heals = _healed(heals, place)
            if place in begins:
                heal = FAULTS[begins[place]](self._scene, random)
                heals.append((place + random.randint(*LASTS), heal))
            self._command(seed, place, random)
        _healed(heals, COMMANDS + LASTS[1])
        drained_s = self._drain()
        verdict = judge(self._scene.district, self._scene.stations, self._intents)
        if random.random() < 0.2:
            self._scene.district.back_up()
        return Run(seed, tuple(begins.values()), verdict, drained_s)

    # -- parts ----------------------------------------------------------------------------------

    def _command(self, seed: int, place: int, random: Random) -> None:
        station = self._scene.any_station(random)
        if not self._fresh or random.random() < REPORTS:
            words: tuple[str, ...] = (*REPORT, f"address=中山西路 {seed}-{place} 号")
        elif self._acted and random.random() < AGAIN:
            words = ("do", random.choice(self._acted[-12:]), random.choice(ACTS))
        else:
            station, flag = self._fresh.pop(random.randrange(len(self._fresh)))
            self._acted.append(flag)
            words = ("do", flag, random.choice(ACTS))
        intent = Intent(station.user, words, station.ask(*words))
        self._intents.append(intent)
        if words[0] == "new" and intent.command:
            self._fresh.append((station, intent.told.value["record"]))

    def _drain(self) -> float:
        """Nobody does anything; what waits goes out by itself."""
        began = time.monotonic()
        epoch = epoch_of(self._scene.district)
        try:
            wait_for(
                lambda: not any(standing(one.journal(), epoch) for one in self._scene.stations),
                "the backlog drains", PATIENCE_S,
            )  # fmt: skip
        except NotSeen:
            return PATIENCE_S  # the oracle names what stands still
        return time.monotonic() - began


def _drawn(random: Random) -> list[str]:
    """This run's mix: some faults, at most one that begins processes anew."""
    cheap = [name for name in FAULTS if name not in COSTLY]
    found = random.sample(cheap, random.randint(1, MOST_FAULTS - 1))
    return [*found, random.choice(COSTLY)] if random.random() < 0.4 else found


def _healed(heals: list[tuple[int, Heal]], place: int) -> list[tuple[int, Heal]]:
    for until, heal in heals:
        if until <= place:
            heal()
    return [(until, heal) for until, heal in heals if until > place]

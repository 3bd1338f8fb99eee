"""The faults, as a table: each begins, and returns what heals it."""

from collections.abc import Callable, Mapping
from random import Random

import msgspec

from tests.e2e.faults.processes import District, Process, Station
from tests.e2e.faults.proxy import FaultProxy, Weather


class Scene(msgspec.Struct, frozen=True):
    """What faults may act on."""

    district: District
    stations: tuple[Station, ...]
    proxy: FaultProxy

    def any_station(self, random: Random) -> Station:
        return random.choice(self.stations)


Heal = Callable[[], None]
Begin = Callable[[Scene, Random], Heal]


def _nothing() -> None:
    """Healed by having happened."""


def _weather(weather: Weather) -> Begin:
    def begin(scene: Scene, _: Random) -> Heal:
        scene.proxy.change(weather)
        return lambda: scene.proxy.change(Weather.CLEAR)

    return begin


def _kill_client(scene: Scene, random: Random) -> Heal:
    station = scene.any_station(random)
    station.kill()
    return lambda: _up(station)


def _kill_server(scene: Scene, _: Random) -> Heal:
    scene.district.kill()
    return lambda: _up(scene.district)


def _full_disk_of_client(scene: Scene, random: Random) -> Heal:
    return _starved(scene.any_station(random), Process.fill_disk)


def _full_disk_of_server(scene: Scene, _: Random) -> Heal:
    return _starved(scene.district, Process.fill_disk)


def _short_writes_of_client(scene: Scene, random: Random) -> Heal:
    return _starved(scene.any_station(random), Process.shorten_writes)


def _short_writes_of_server(scene: Scene, _: Random) -> Heal:
    return _starved(scene.district, Process.shorten_writes)


def _power_cut_of_client(scene: Scene, random: Random) -> Heal:
    return _unplugged(scene.any_station(random))


def _power_cut_of_server(scene: Scene, _: Random) -> Heal:
    return _unplugged(scene.district)


def _backup_restored(scene: Scene, _: Random) -> Heal:
    scene.district.kill()
    scene.district.restore()
    return lambda: _up(scene.district)


def _starved(process: Process, how: Callable[[Process], None]) -> Heal:
    if not process.is_up:
        return _nothing
    how(process)
    return process.mend_disk


def _unplugged(process: Station | District) -> Heal:
    """From here on it runs under strace; the plug is pulled when it heals."""
    process.kill()
    process.start_traced()

    def heal() -> None:
        if process.is_up:
            process.cut_power()
        process.start()

    return heal


def _up(process: Station | District) -> None:
    if not process.is_up:
        process.start()


FAULTS: Mapping[str, Begin] = {
    **{weather.value: _weather(weather) for weather in Weather if weather is not Weather.CLEAR},
    "kill_client": _kill_client,
    "kill_server": _kill_server,
    "full_disk_client": _full_disk_of_client,
    "full_disk_server": _full_disk_of_server,
    "short_writes_client": _short_writes_of_client,
    "short_writes_server": _short_writes_of_server,
    "power_cut_client": _power_cut_of_client,
    "power_cut_server": _power_cut_of_server,
    "backup_restored": _backup_restored,
}
COSTLY = (
    "power_cut_client",
    "power_cut_server",
    "backup_restored",
)  # some processes are begun anew

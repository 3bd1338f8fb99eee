"""`backend config …`, `import …`, `device add`, `restored`."""

import argparse
import json
import sys
from collections.abc import Callable

from sqlalchemy.exc import IntegrityError

from xiuzhou_desktop.backend.blobs import Blobs
from xiuzhou_desktop.backend.cli.opened import Opened, noted, opened
from xiuzhou_desktop.backend.cli.refused import RefusedError
from xiuzhou_desktop.backend.commands import Desk
from xiuzhou_desktop.backend.config import (
    ConfigError,
    export_config,
    import_config,
    located,
    read_config,
)
from xiuzhou_desktop.backend.console import Console, NotDoneError
from xiuzhou_desktop.backend.csv_import import (
    FileError,
    Imported,
    import_cameras,
    import_flags,
    import_vehicles,
)
from xiuzhou_desktop.backend.high_water import HighWater
from xiuzhou_desktop.backend.ingest import Intake, add_device
from xiuzhou_desktop.backend.positions import PositionIntake, open_positions
from xiuzhou_desktop.backend.positions.importing import import_positions
from xiuzhou_desktop.backend.restore import begin_after_restore
from xiuzhou_desktop.backend.settings import Settings


def config_export(asked: argparse.Namespace) -> int:
    """All settings as JSON on stdout."""
    with opened(asked) as place:
        store = place.store
        print(json.dumps(export_config(store), ensure_ascii=False, indent=2, sort_keys=True))
        noted(place, "config-export", "")
    return 0


def config_import(asked: argparse.Namespace) -> int:
    """Settings from a JSON or TOML file; nothing where one of them is wrong."""
    try:
        values = read_config(asked.file)
        with opened(asked) as (store, clock):
            changed = import_config(
                store, Console(store, clock), values, asked.note or asked.file.name
            )
    except ConfigError as error:
        raise RefusedError("\n".join(located(asked.file, error.faults))) from error
    except (NotDoneError, OSError) as error:
        raise RefusedError(str(error)) from error
    for one in changed:
        print(f"{one.name}: version {one.version}")
    print(f"{len(changed)} changed, {len(values) - len(changed)} as they were")
    return 0


def import_file(asked: argparse.Namespace) -> int:
    """Records or positions from a file; 1 if a line was bad."""
    try:
        with opened(asked) as place:
            done = _import(place, asked)
    except FileError as error:
        raise RefusedError(str(error)) from error
    for line, reason in done.faults:
        print(f"line {line}: {reason}", file=sys.stderr)
    told = f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged"
    print(f"{told}, {len(done.faults)} bad")
    return 1 if done.faults else 0


def device_add(asked: argparse.Namespace) -> int:
    """A device's token, told once."""
    with opened(asked) as place:
        try:
            token = add_device(place.store, asked.name)
        except IntegrityError as error:
            raise RefusedError(f"there is a device {asked.name} already") from error
        noted(place, "device-add", asked.name)
    print(token)
    return 0


def restored(asked: argparse.Namespace) -> int:
    """Begin a new epoch on a database that was put back from a backup."""
    with opened(asked) as (store, clock):
        begun = begin_after_restore(store, clock.now())
        HighWater(Settings(folder=asked.data).high_water_file).rise(begun)
    print(f"epoch {begun.epoch}, replays until {begun.replay_until}")
    return 0


def _import(place: Opened, asked: argparse.Namespace) -> Imported:
    importing: Callable[[Opened, argparse.Namespace], Imported] = _IMPORTS[asked.kind]
    return importing(place, asked)


def _cameras(place: Opened, asked: argparse.Namespace) -> Imported:
    return import_cameras(asked.file, Console(*place))


def _vehicles(place: Opened, asked: argparse.Namespace) -> Imported:
    return import_vehicles(asked.file, Console(*place))


def _flags(place: Opened, asked: argparse.Namespace) -> Imported:
    store, clock = place
    blobs = Blobs(Settings(folder=asked.data).blob_folder)
    return import_flags(asked.file, Intake(store, clock, Desk(store, clock), blobs))


def _positions(place: Opened, asked: argparse.Namespace) -> Imported:
    store, clock = place
    settings = Settings(folder=asked.data, database=asked.database)
    positions = open_positions(settings.database, settings.positions_file)
    try:
        intake = PositionIntake(store, positions, clock)
        return import_positions(asked.file, asked.vehicle, intake)
    finally:
        positions.close()


_IMPORTS = {
    "cameras": _cameras, "vehicles": _vehicles, "flags": _flags, "positions": _positions,
}  # fmt: skip

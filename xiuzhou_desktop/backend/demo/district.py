"""The demonstration district as the backend sees it (hooks.DemoDistrict).

first start: world ─► pictures and records ─► store, accounts, clock at 08:30 of the demo day
every start: the same world again; media, running day and acts work on it
"""

import asyncio
import logging
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlalchemy import select

from xiuzhou_desktop.backend.accounts import Accounts
from xiuzhou_desktop.backend.blobs import Blobs
from xiuzhou_desktop.backend.case_packages import PACKAGES
from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.demo.acts import Acts
from xiuzhou_desktop.backend.demo.case_plans import CHANGED_PAPER
from xiuzhou_desktop.backend.demo.demo_date import demo_date
from xiuzhou_desktop.backend.demo.fleet import RunningFleet, backfill
from xiuzhou_desktop.backend.demo.media import WorldMedia
from xiuzhou_desktop.backend.demo.people import new_accounts, printed_accounts
from xiuzhou_desktop.backend.demo.phone_book import PhoneBook
from xiuzhou_desktop.backend.demo.pictures import Pictures
from xiuzhou_desktop.backend.demo.platforms import fall_silent
from xiuzhou_desktop.backend.demo.province import attend
from xiuzhou_desktop.backend.demo.running_day import RunningDay
from xiuzhou_desktop.backend.demo.seed import OpenEffect, Seed
from xiuzhou_desktop.backend.demo.stand_in_portal import StandInPortal
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.things import SituationKind
from xiuzhou_desktop.backend.hooks import DemoHands
from xiuzhou_desktop.backend.positions import open_positions
from xiuzhou_desktop.backend.publication.portal import Shown
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import Store, effects
from xiuzhou_desktop.backend.store.schema import account, effect, record
from xiuzhou_desktop.contract.demo import DemoAnswer, DemoSay
from xiuzhou_desktop.documents import pdf_of
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.envelope import Record, Struct
from xiuzhou_desktop.domain.plate import plate_key

log = logging.getLogger(__name__)

ABOUT = "demonstration.json"  # in DIR: which world this district is
VIDEO = "video"  # in DIR: rendered pieces, of limited size


class About(Struct, frozen=True, kw_only=True):
    """Which world a data folder holds, so that every later start shows the same one."""

    seed: int
    day: str
    is_made: bool = False  # its records are all there


class Running(NamedTuple):
    """What goes on by itself: detections and second looks, terminals on the road, the portal."""

    day: RunningDay
    fleet: RunningFleet
    portal: StandInPortal
    packages: Path  # where the stand-in for the province's system watches


class District:
    """Accounts, media, contacts, acts and the day of one demonstration."""

    def __init__(
        self, world: World, pictures: Pictures, store: Store, clock: BusinessClock, running: Running
    ) -> None:
        self.accounts = printed_accounts()
        self.media = WorldMedia(world, pictures, clock)
        self.portal = running.portal
        self.contacts = PhoneBook(_unreachable(world))
        self._pictures = pictures
        self._running = running
        self._acts = Acts(world, pictures, store)

    async def run(self, hands: DemoHands) -> None:
        """The running day."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._running.day.run(hands))
            group.create_task(self._running.fleet.run())
            group.create_task(attend(self._running.packages, hands.clock.now))

    async def act(self, say: DemoSay, hands: DemoHands) -> DemoAnswer:
        """What the 演示 bar asks for."""
        return await self._acts.act(say, hands)

    def close(self) -> None:
        """Let the renderers go."""
        self._pictures.close()
        self._running.fleet.close()


def open_demo(settings: Settings, store: Store, clock: BusinessClock) -> District:
    """The district of this data folder; made first if it is not, or not whole."""
    about = _about(settings)
    world = World(about.seed, date.fromisoformat(about.day))
    pictures = Pictures(world.seed, world.date, settings.folder / VIDEO)
    blobs = Blobs(settings.blob_folder)
    positions = open_positions(settings.database, settings.positions_file)
    portal = StandInPortal(settings.folder, clock)
    if not about.is_made:
        backfill(world, positions)
        portal.take(_make(world, pictures, store, blobs))
        made = msgspec.structs.replace(about, is_made=True)
        (settings.folder / ABOUT).write_bytes(canonical(made))
    if not clock.is_set:
        clock.set(world.opening.astimezone(UTC), settings.speed)
    running = Running(
        RunningDay(world, pictures, store, blobs, clock),
        RunningFleet(world, positions, clock),
        portal,
        settings.folder / PACKAGES,
    )
    return District(world, pictures, store, clock, running)


def _about(settings: Settings) -> About:
    file = settings.folder / ABOUT
    if file.exists():
        return msgspec.json.decode(file.read_bytes(), type=About)
    day = demo_date(settings.demo_date, datetime.now(UTC))
    about = About(seed=settings.seed, day=day.isoformat())
    file.write_bytes(canonical(about))
    return about


def _make(world: World, pictures: Pictures, store: Store, blobs: Blobs) -> tuple[Shown, ...]:
    """Workers render what the records show while the closed period is loaded. Done twice, as after
    a first start that was cut short, it adds only what lacks. Returns what the portal shows.
    """
    started = time.monotonic()
    pictures.warm_up()
    seed = Seed(world)
    rendering = pictures.begin(seed.shots())
    _load(store, seed.standing())
    papers = {key: blobs.put(pdf_of(sheet)) for key, sheet in seed.papers().items()}
    names = {shot: blobs.put(jpeg) for taken in rendering for shot, jpeg in taken.result().items()}
    opened = seed.opened(names, papers)
    _change(blobs, papers[CHANGED_PAPER])
    _load(store, opened.records)
    _owe(store, opened.effects)
    _open_accounts(store)
    fall_silent(store, world.opening)
    took = round(time.monotonic() - started, 1)
    log.info("district made", extra={"took_s": took, "pictures": len(names)})
    return opened.shown


def _change(blobs: Blobs, name: str) -> None:
    """One file of evidence is not any more what it was when it was taken: a byte more."""
    file = blobs.file_of(name.removeprefix("sha256:"))
    file.write_bytes(file.read_bytes() + b"\n")


def _load(store: Store, records: Iterable[Record]) -> None:
    with store.snapshot() as connection:
        known = frozenset(connection.execute(select(record.c.id)).scalars())
    count = store.bulk_load(one for one in records if one.id not in known)
    log.info("records loaded", extra={"records": count})


def _owe(store: Store, owed: Iterable[OpenEffect]) -> None:
    """Messages that are under way, and packages of cases to hand over."""
    with store.transaction() as connection:
        known = frozenset(connection.execute(select(effect.c.command_id)).scalars())
        for one in owed:
            origin = effects.Origin(
                command=one.owed.command, record=one.owed.record, at=one.owed.at
            )
            if origin.command not in known:
                effects.add(connection, origin, one.owed.effects, one.state)


def _open_accounts(store: Store) -> None:
    accounts = Accounts(store)
    with store.snapshot() as connection:
        known = frozenset(connection.execute(select(account.c.user)).scalars())
    for one in new_accounts():
        if one.user not in known:
            accounts.add(one)


def _unreachable(world: World) -> frozenset[str]:
    """Whose telephone the provider cannot reach: the failed message of the script."""
    failed = next(one for one in world.situations if one.kind is SituationKind.NOTICE_FAILED)
    found = world.detection(failed.detection or "")
    return frozenset({plate_key(found.plate or "", found.plate_colour)})

"""The running process: HTTP, and beside it the loops of pokes, timers, effects and leases.

    SIGTERM ─► streams end ─► running requests finish ─► loops stop (what hangs outside is left) ─►
        database closed ─► exit 0

The first line on stdout says where it listens, once it does; everything else goes to the log.
"""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial

import uvicorn
from sqlalchemy import Connection

from xiuzhou_desktop.backend import timers_anew
from xiuzhou_desktop.backend.app import create_app
from xiuzhou_desktop.backend.bounded_http import BoundedHttp
from xiuzhou_desktop.backend.clock import wall_clock
from xiuzhou_desktop.backend.demo_hands import Hands
from xiuzhou_desktop.backend.hooks import DemoDistrict
from xiuzhou_desktop.backend.housekeeping import keep_house
from xiuzhou_desktop.backend.outside import outside
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.platforms import KEEP_EVERY_S
from xiuzhou_desktop.backend.positions import kept_from_ms
from xiuzhou_desktop.backend.province import Judged
from xiuzhou_desktop.backend.publication.ledger import Errand
from xiuzhou_desktop.backend.reload import reload
from xiuzhou_desktop.backend.store import UnavailableError, records
from xiuzhou_desktop.backend.store.listening import Channel, hear
from xiuzhou_desktop.backend.tls import CertificateError, certificate_of
from xiuzhou_desktop.backend.unnamed_uploads import UnnamedUploads
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.envelope import Kind

log = logging.getLogger(__name__)

Turn = Callable[[Parts], Coroutine[object, object, None]]
DRAIN_S = 8  # what a request may still take after SIGTERM
TURNS_END_S = 4  # what a turn of the loops may, after that: systemd kills after 20 s
LOOK_AT_CLAIMS_S = 2.0  # an end that nobody tells is seen so late
LISTEN_AGAIN_S = 1.0
IDLE_S = 30  # keep-alive between a client's polls
UNHEARD_MS = 30_000  # for so long what was sent may go without an answer of the other computer


class HttpServer(uvicorn.Server):
    """Uvicorn, with the signals left to us: it would raise SIGTERM again after draining."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None of its own."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say that it serves, once it does."""
        await super().startup(sockets)
        if self.started:
            self._announce()


def serve(parts: Parts, say: Callable[[str], None]) -> None:
    """Run until a signal; `say` writes the lines on stdout."""
    listening = bind(parts.settings.host, parts.settings.port)
    try:
        asyncio.run(_run(parts, listening, say))
    finally:
        if parts.demo is not None:
            parts.demo.close()
        parts.positions.close()
        parts.store.close()


async def _run(parts: Parts, listening: socket.socket, say: Callable[[str], None]) -> None:
    host, port = listening.getsockname()[:2]
    config = uvicorn.Config(
        create_app(parts), http=BoundedHttp, log_config=None, access_log=False, lifespan="off",
        timeout_graceful_shutdown=DRAIN_S, timeout_keep_alive=IDLE_S, server_header=False,
        ssl_certfile=parts.settings.tls_cert, ssl_keyfile=parts.settings.tls_key,
    )  # fmt: skip
    config.load()
    scheme = "https" if config.ssl else "http"
    server = HttpServer(config, lambda: say(announcement(parts, f"{scheme}://{host}:{port}")))

    def stop() -> None:
        if not server.should_exit:
            log.info("stopping")
        server.should_exit = True
        parts.pokes.close()
        parts.live.close()

    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop)
    reload(parts, config.ssl)
    loop.add_signal_handler(signal.SIGHUP, reload, parts, config.ssl)
    async with asyncio.TaskGroup() as group:
        group.create_task(parts.pokes.watch())
        turns = [
            group.create_task(_kept_up(parts, turn, every_s), name=turn.__name__)
            for turn, every_s in LOOPS
        ]
        beside = [group.create_task(_demo_day(parts, parts.demo))] if parts.demo else []
        if parts.settings.database is not None:
            beside.append(group.create_task(_listen(parts, parts.settings.database)))
        await server.serve(sockets=[listening])
        stop()
        for task in beside:
            task.cancel()
        await _end_turns(turns)
    with suppress(UnavailableError):  # then the lease lapses by itself
        await platforms(parts)
        await parts.store.write(parts.timers.let_go)


async def _end_turns(turns: list[asyncio.Task[None]]) -> None:
    """What hangs outside is left behind, as a crash would leave it: what was being sent is asked
    for by its key at the next start.
    """
    _, hanging = await asyncio.wait(turns, timeout=TURNS_END_S)
    for task in hanging:
        log.warning("left hanging", extra={"turn": task.get_name()})
        task.cancel()


def announcement(parts: Parts, address: str) -> str:
    """The lines of stdout, written together."""
    lines = [canonical({"listening": address}).decode()]
    if parts.demo is not None:
        lines.append(canonical({"accounts": parts.demo.accounts}).decode())
    return "\n".join(lines)


async def _kept_up(parts: Parts, turn: Turn, every_s: float) -> None:
    """The top of a loop: what one turn meets ends neither the loop nor the others."""
    while not parts.pokes.is_closing:
        try:
            await turn(parts)
        except UnavailableError:
            log.warning("database not available")
        except Exception:
            log.exception("a turn failed", extra={"turn": turn.__name__})
        await parts.pokes.closing_within(every_s)


async def timers(parts: Parts) -> None:
    """Everything that is due."""
    await parts.store.write(parts.timers.turn)


async def limits(parts: Parts) -> None:
    """What a changed limit means for every timer, a job each: commands come between."""
    if await parts.store.read(timers_anew.is_asked):
        while not parts.pokes.is_closing and await parts.store.write(parts.timers.hold_lease):
            if not await parts.store.write(partial(timers_anew.turn, parts.store)):
                return


async def effects(parts: Parts) -> None:
    """What is owed to the world outside; a provider may hang while commands go on."""
    if await parts.store.write(parts.timers.hold_lease):
        await outside(parts.outbox.turn)


async def province(parts: Parts) -> None:
    """What the province has answered; its tray may hang while commands go on."""
    arrived = await outside(parts.province.look)
    if not arrived:
        return

    def work() -> tuple[Judged, ...]:
        return parts.province.turn(arrived) if parts.timers.hold_lease() else ()

    judged = await parts.store.write(work)
    await outside(partial(parts.province.put_away, judged))


async def ledger(parts: Parts) -> None:
    """Decided against published; portals are asked while commands go on."""
    shown = await outside(parts.ledger.look)

    def work() -> tuple[Errand, ...]:
        return parts.ledger.turn(shown) if parts.timers.hold_lease() else ()

    errands = await parts.store.write(work)
    await outside(partial(parts.ledger.run, errands))


async def certificate(parts: Parts) -> None:
    """One that ends tonight is in the log before anybody is refused."""
    found = certificate_of(parts.settings)
    if found is not None:
        with suppress(CertificateError):  # said when it was read; the one in use goes on
            found.say_end(wall_clock())


async def housekeeping(parts: Parts) -> None:
    """What may be forgotten."""
    now, wall = parts.clock.now(), wall_clock()
    await parts.store.write(partial(keep_house, parts.store, now, wall))
    await asyncio.to_thread(parts.positions.forget_before, kept_from_ms(now))


async def claims(parts: Parts) -> None:
    """Claims that were taken, let go or have ended, in whichever process."""
    await parts.live.moved_within(LOOK_AT_CLAIMS_S)
    await parts.live.look()


async def cameras(parts: Parts) -> None:
    """Cameras that froze."""
    parts.live.cameras_lie(await parts.store.read(_camera_grants))
    for camera, seen in parts.media.health().items():
        parts.live.see_camera(camera, seen)


async def uploads(parts: Parts) -> None:
    """Files that nobody has named in time, or whose record has let go of them."""
    kept = UnnamedUploads(parts.store, parts.blobs, parts.unfinished)
    wall, now = wall_clock(), parts.clock.now()
    limit = await parts.store.read(partial(kept.limit, wall=wall))
    old = await parts.store.read(partial(kept.old, limit=limit, now=now))
    unnamed = await parts.store.write(partial(kept.forget, old)) if old else ()
    await asyncio.to_thread(kept.throw_away, unnamed, limit)


async def platforms(parts: Parts) -> None:
    """When each platform was last heard of."""
    keep = partial(parts.platforms.keep, listening=parts.door.persons())

    def work() -> None:
        with parts.store.transaction() as connection:
            keep(connection)

    await parts.store.write(work)


async def positions(parts: Parts) -> None:
    """Vehicles that moved."""
    await parts.position_watch.turn()


LOOPS: tuple[tuple[Turn, float], ...] = (
    (timers, 0.3),  # one index each; a jump of the clock is followed at once
    (limits, 1.0),
    (effects, 0.3),
    (province, 1.0),
    (ledger, 2.0),
    (claims, 0.1),  # a storm of claims is told ten times a second
    (cameras, 2.0),
    (positions, 1.0),
    (platforms, KEEP_EVERY_S),
    (certificate, 3600.0),
    (housekeeping, 3600.0),
    (uploads, 3600.0),
)
"""What is done beside the requests, and how many seconds lie between two turns."""


async def _listen(parts: Parts, url: str) -> None:
    """What other processes commit is heard at once; while the ear is deaf the looks go on."""
    told: dict[Channel, Callable[[], None]] = {
        Channel.FEED: parts.pokes.committed, Channel.LIVE: parts.live.stir,
    }  # fmt: skip
    while not parts.pokes.is_closing:
        try:
            await hear(url, lambda channel: told[channel]())
        except UnavailableError:
            log.warning("not listening to the database")
        await parts.pokes.closing_within(LISTEN_AGAIN_S)


async def _demo_day(parts: Parts, demo: DemoDistrict) -> None:
    """The demonstration's own events; a defect there leaves the district running, and is in the
    log.
    """
    try:
        await demo.run(Hands(parts))
    except Exception:
        log.exception("the demonstration's day stopped")


def _camera_grants(connection: Connection) -> Mapping[str, str]:
    return records.grants_of_kind(connection, Kind.CAMERA)


def bind(host: str, port: int) -> socket.socket:
    """Where it listens; what is accepted there is alike.

    Named as TCP, or asyncio leaves Nagle's algorithm on: each small answer then waits 40 ms for the
    client's delayed acknowledgement. A cut cable ends a stream `UNHEARD_MS` after its next sign of
    life, not when TCP gives up, a quarter of an hour later: until then its town counts as heard.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if sys.platform == "linux":
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNHEARD_MS)
    listening.bind((host, port))
    return listening

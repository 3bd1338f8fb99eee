"""Pictures of the world, rendered in worker processes and kept in a folder of limited size.

    asked ─► kept? ─► worker process (two, started at the first question) ─► kept ─► given

Rendering takes the whole of a core; in processes of their own, at lower priority, it holds up
neither the event loop nor the store.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

from xiuzhou_desktop.backend.demo.world import (
    NoPicture,
    SegmentCache,
    render_clip,
    render_segment,
    render_still,
)
from xiuzhou_desktop.backend.demo.world.render_jobs import world_of
from xiuzhou_desktop.backend.hooks import NoPictureError

T = TypeVar("T")
WORKERS = 2
WAITERS = 12  # threads that wait for a worker; each viewer of a camera takes up to two
NICENESS = 5
PARENT_CHECK_S = 2.0
STILL_WIDTH = 1280
SMALL_WIDTH = 960  # of what is settled, and of an order's photographs
FRAME_WIDTH = 480  # of the strip


class Shot(NamedTuple):
    """One picture: of which camera, when, how wide."""

    camera: str
    at: datetime
    width: int = STILL_WIDTH


Taken: TypeAlias = dict[Shot, bytes]


class Pictures:
    """Stills, clips and segments of one world."""

    def __init__(self, seed: int, day: date, folder: Path) -> None:
        self._seed = seed
        self._day = day.isoformat()
        self._cache = SegmentCache(folder)
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._is_closed = False
        self._waiters = ThreadPoolExecutor(WAITERS, thread_name_prefix="pictures")

    def begin(self, shots: Iterable[Shot]) -> Sequence["Future[Taken]"]:
        """Start to render many stills, not kept here; those that cannot be had are left out. A
        camera's shots stay together: its background is drawn once.
        """
        of_camera: dict[str, list[Shot]] = {}
        for shot in dict.fromkeys(shots):
            of_camera.setdefault(shot.camera, []).append(shot)
        return [self._submit(_take, self._seed, self._day, some) for some in of_camera.values()]

    def warm_up(self) -> None:
        """Start the workers (the first job starts all), so that nobody waits for them later."""
        self._submit(_nothing)

    async def still(self, shot: Shot) -> bytes:
        """A JPEG. Raises NoPictureError."""
        at = shot.at.isoformat()
        return await self._fetch(
            f"still-{shot.camera}-{at}-{shot.width}", render_still, shot.camera, at, shot.width
        )

    async def clip(self, camera: str, start: datetime, seconds: int) -> bytes:
        """An MP4. Raises NoPictureError."""
        at = start.isoformat()
        return await self._fetch(f"clip-{camera}-{at}-{seconds}", render_clip, camera, at, seconds)

    async def segment(self, camera: str, index: int) -> bytes:
        """Two seconds of MPEG-TS. Raises NoPictureError."""
        return await self._fetch(f"segment-{camera}-{index}", render_segment, camera, index)

    def close(self) -> None:
        """Let the workers go."""
        self._is_closed = True
        self._waiters.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=False, cancel_futures=True)

    async def _fetch(self, key: str, job: Callable[..., bytes], *arguments: object) -> bytes:
        whole_key = f"{self._seed}-{self._day}-{key}"

        def make() -> bytes:
            return self._render(job, *arguments)

        if self._is_closed:
            raise NoPictureError("the district is closing")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._waiters, self._cache.fetch, whole_key, make)

    def _render(self, job: Callable[..., bytes], *arguments: object) -> bytes:
        try:
            return self._submit(job, self._seed, self._day, *arguments).result()
        except BrokenProcessPool:
            self._forget_pool()
            return self._submit(job, self._seed, self._day, *arguments).result()
        except NoPicture as error:
            raise NoPictureError(str(error)) from error

    def _submit(self, job: Callable[..., T], *arguments: object) -> "Future[T]":
        with self._lock:
            if self._is_closed:
                raise NoPictureError("the district is closing")
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    WORKERS, mp_context=multiprocessing.get_context("spawn"),
                    initializer=_begin_worker, initargs=(os.getpid(), self._seed, self._day),
                )  # fmt: skip
            return self._pool.submit(job, *arguments)

    def _forget_pool(self) -> None:
        """A worker was killed: the next question starts new ones."""
        with self._lock:
            self._pool = None


def _take(seed: int, day: str, shots: Sequence[Shot]) -> Taken:
    """A worker's job: some stills of one camera."""
    taken: Taken = {}
    for shot in shots:
        try:
            taken[shot] = render_still(seed, day, shot.camera, shot.at.isoformat(), shot.width)
        except NoPicture:
            continue
    return taken


def _nothing() -> None:
    return


def _begin_worker(parent: int, seed: int, day: str) -> None:
    os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the backend ends its workers itself
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    world_of(seed, day)


def _end_with(parent: int) -> None:
    """A backend that was killed leaves no worker behind."""
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(PARENT_CHECK_S)
    os._exit(0)

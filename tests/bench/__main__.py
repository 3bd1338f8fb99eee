"""`make bench`: all figures in one run, `build/bench.json`, a table; exits with 1 if one is not ok.

prepare   a profile with 200,000 flags (kept) │ a demonstration district (made anew)
measure   each part in a process of its own, so that none is warm or heavy for the next
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from tests.bench.figure import Figure, note, table, told_in, written
from tests.bench.many_flags import SERVER, USER, profile_root
from tests.display import virtual_display, windowed_environment
from tests.e2e.real_backend import serving
from xiuzhou_desktop.client.profile import folder_name

PROJECT = Path(__file__).resolve().parents[2]
BUILD = PROJECT / "build"
KEPT = BUILD / "bench"
DEMO_USER = "duty"
MEASURE_S = 400
LAST_LINES = 6


class Part(msgspec.Struct, frozen=True):
    """A program that measures, and the figures that it owes."""

    module: str
    owes: tuple[str, ...]
    needs: str  # which profile, or nothing


PARTS = (
    Part("window_figures", ("window.start", "window.memory"), "demo"),
    Part("queue_figures", ("queue.key_to_next", "queue.scroll_paint", "queue.search"), "many"),
    Part("palette_find", ("palette.find",), "many"),
    Part("view_pending", ("view.pending",), "many"),
    Part("outbox_commit", ("outbox.commit",), "none"),
    Part("sync_cold", ("sync.cold",), "none"),
    Part("sync_served", ("sync.first_useful", "sync.day", "sync.page"), "kept"),
    Part("judge_pace", ("judge.pace",), "demo"),
    Part("server_commands", ("server.commands",), "none"),
    Part("pg_commands", ("pg.commands",), "none"),
    Part("pg_feed", ("pg.feed",), "none"),
    Part("load_p99", ("load.p99",), "none"),
    Part("case_open", ("case.open",), "folder"),
    Part("track_figures", ("tracks.open", "tracks.live", "tracks.slot", "tracks.pan"), "none"),
    Part("wall_figures", ("wall.cpu", "wall.first_frame", "wall.memory", "wall.growth"), "none"),
    Part("poke_figures", ("poke.p99",), "none"),
    Part("growth_memory", ("growth.memory",), "none"),
    Part("restore_time", ("restore.time",), "none"),
    Part("blob_upload", ("blob.upload",), "none"),
    Part("sim_rate", ("sim.rate", "sim.rate_sql"), "none"),
    Part("shift_block", ("ui.block",), "folder"),
)


def main() -> int:
    """Measure what is asked for, write and print."""
    parser = argparse.ArgumentParser(description="Measures the product's figures.")
    parser.add_argument("--only", help="names of figures, e.g. window.start,queue.search")
    only = parser.parse_args().only
    wanted = frozenset(only.split(",")) if only else frozenset(n for p in PARTS for n in p.owes)
    parts = [part for part in PARTS if wanted & set(part.owes)]
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a warm start finds its modules compiled
    KEPT.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with virtual_display() as display:
        figures = _measured(parts, windowed_environment(display))
    (BUILD / "bench.json").write_bytes(written(figures))
    print(table(figures))
    print(f"{sum(one.is_ok for one in figures)} of {len(figures)} figures are ok", end="")
    print(f" ({time.monotonic() - began:.0f} s)", flush=True)
    return 0 if all(one.is_ok for one in figures) else 1


def _measured(parts: list[Part], environment: Mapping[str, str]) -> list[Figure]:
    needs = {part.needs for part in parts}
    figures: list[Figure] = []
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=BUILD)))
        filling = threading.Thread(target=profile_root, args=(KEPT,))
        if "many" in needs:
            filling.start()
        if "demo" in needs:
            stack.enter_context(_demonstration(folder / "demo"))
        if "many" in needs:
            filling.join()
        roots = {
            "demo": folder / "demo", "many": KEPT / "many-flags", "folder": folder, "kept": KEPT,
        }  # fmt: skip
        for part in parts:
            _forget_the_last_run()
            note(f"measuring {', '.join(part.owes)}")
            words = [str(roots[part.needs])] if part.needs in roots else []
            figures += _told(part, words, environment)
    return figures


def _told(part: Part, words: list[str], environment: Mapping[str, str]) -> list[Figure]:
    """A part's figures; what it did not tell counts as missed."""
    command = [sys.executable, "-m", f"tests.bench.{part.module}", *words]
    try:
        done = subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True,
            timeout=MEASURE_S, check=False,
        )  # fmt: skip
        said, errors = done.stdout, done.stderr
    except subprocess.TimeoutExpired as error:
        said, errors = "", f"not within {error.timeout:.0f} s"
    found = {one.name: one for one in told_in(said)}
    if set(part.owes) - set(found):
        note(errors)
    why = " | ".join(errors.strip().splitlines()[-LAST_LINES:])[-300:]
    missed = Figure(name="", value=0, unit="", is_measured=False, noise=f"not measured: {why}")
    return [found.get(name) or msgspec.structs.replace(missed, name=name) for name in part.owes]


@contextlib.contextmanager
def _demonstration(root: Path) -> Iterator[None]:
    """A running demonstration, and a profile of its duty officer that holds all of it."""
    note("making a demonstration district")
    data = root / "district"
    data.mkdir(parents=True)
    with serving(data, "--demo") as backend:
        _twin(root, "login", "--server", backend.address, "--user", DEMO_USER)
        _twin(root, "sync")
        yield


def _twin(root: Path, *words: str) -> None:
    command = [sys.executable, "-m", "xiuzhou_desktop", "--profile", str(root), *words]
    subprocess.run(
        command, cwd=PROJECT, input=f"xiuzhou-{DEMO_USER}\n", text=True, check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


def _forget_the_last_run() -> None:
    """The kept profile without the verdicts that the last part saved in it."""
    folder = KEPT / "many-flags" / folder_name(SERVER) / USER
    for path in folder.glob("journal.db*"):
        path.unlink()
    shutil.rmtree(folder / "window", ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

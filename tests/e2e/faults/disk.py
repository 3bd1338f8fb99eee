"""The disk that fails: full, short writes, power cut.

Full and short  libfiu, preloaded into the process and switched while it runs (fiu-ctrl)
Power cut       strace notes every write and sync; what was written after a file's last sync is
                wiped, as a disk forgets what lay only in its cache
"""

import re
import subprocess
from collections import defaultdict
from pathlib import Path

FIU = Path("/usr/lib/fiu")
FULL = ("posix/io/rw/pwrite", "posix/io/rw/write")
SHORT = ("posix/io/rw/pwrite/reduce", "posix/io/rw/write/reduce")
ENOSPC = 28
CALLS = "pwrite64,fdatasync,fsync"
LINE = re.compile(
    r"^(?P<pid>\d+) +(?:(?P<call>\w+)\(\d+<(?P<path>[^>]*)>(?P<rest>.*)"
    r"|<\.\.\. (?P<resumed>\w+) resumed>.*)$"
)
PLACE = re.compile(r", (?P<size>\d+), (?P<at>\d+)(?:\) += (?P<done>\d+)| <unfinished)")
SYNCS = ("fdatasync", "fsync")


def preloaded(control: Path) -> dict[str, str]:
    """What makes a process answer to `switch`."""
    libraries = (FIU / "fiu_run_preload.so", FIU / "fiu_posix_preload.so")
    return {
        "LD_PRELOAD": " ".join(map(str, libraries)),
        "FIU_CTRL_FIFO": str(control),
        "FIU_ENABLE": "",
    }


def fill(pid: int, control: Path) -> None:
    """No byte more fits."""
    _switch(pid, control, [f"enable name={name},failinfo={ENOSPC}" for name in FULL])


def shorten(pid: int, control: Path) -> None:
    """Some writes write less than they were given."""
    _switch(pid, control, [f"enable_random name={name},probability=0.3" for name in SHORT])


def mend(pid: int, control: Path) -> None:
    """There is room again."""
    _switch(pid, control, [f"disable name={name}" for name in (*FULL, *SHORT)])


def _switch(pid: int, control: Path, commands: list[str]) -> None:
    words = [word for command in commands for word in ("-c", command)]
    done = subprocess.run(
        ["fiu-ctrl", "-f", control, *words, str(pid)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def traced(log: Path, command: list[str]) -> list[str]:
    """The command, with every write and sync noted in `log`."""
    how = ["-f", "-y", "-qq", "-s", "0", "-e", f"trace={CALLS}", "-e", "signal=none"]
    return ["strace", *how, "--seccomp-bpf", "-o", str(log), *command]


def lose_power(log: Path, folder: Path) -> int:
    """Wipe what the files below `folder` were not synced of; how many bytes that were.

    Call it when the process is dead.
    """
    lost = 0
    for path, places in unsynced(log).items():
        file = Path(path)
        if file.is_relative_to(folder) and file.is_file():
            lost += _wipe(file, places)
    for memory in folder.rglob("*-shm"):  # it is shared memory, not the disk's
        memory.unlink()
    return lost


def unsynced(log: Path) -> dict[str, list[tuple[int, int]]]:
    """By file, the places written since its last sync that was begun and ended after them."""
    open_places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    begun: dict[str, tuple[str, int]] = {}
    for line in log.read_text(errors="replace").splitlines():
        found = LINE.match(line)
        if found is None:
            continue
        pid, path = found["pid"], found["path"]
        if found["resumed"] in SYNCS and pid in begun:
            synced, upto = begun.pop(pid)
            del open_places[synced][:upto]
        elif found["call"] in SYNCS and "unfinished" in found["rest"]:
            begun[pid] = (path, len(open_places[path]))
        elif found["call"] in SYNCS:
            open_places[path].clear()
        elif found["call"] == "pwrite64" and (place := PLACE.search(found["rest"])):
            open_places[path].append((int(place["at"]), int(place["done"] or place["size"])))
    return open_places


def _wipe(file: Path, places: list[tuple[int, int]]) -> int:
    size = file.stat().st_size
    with file.open("r+b") as opened:
        for at, length in places:
            opened.seek(at)
            opened.write(bytes(max(0, min(length, size - at))))
    return sum(length for _, length in places)

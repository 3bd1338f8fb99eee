"""outbox.commit: saving one command durably, beside appending 4 KiB to a file and `fsync`.

Both go to the same folder, in turns, so that a disk which is slow for a while is slow for both.
"""

import os
import statistics
import tempfile
import time
from pathlib import Path

import msgspec

from tests.bench.figure import Figure, spread, tell
from tests.bench.many_flags import flag
from xiuzhou_desktop.client.journal import SqlJournal
from xiuzhou_desktop.client.sync.entry import Entry, Prints
from xiuzhou_desktop.client.sync.keys import keys_of
from xiuzhou_desktop.domain.command import Command, Expect
from xiuzhou_desktop.domain.ids import CommandId

BLOCK = 4096
ROUNDS, A_ROUND = 12, 25
GOAL = 2.0


def main() -> None:
    """Measure and tell."""
    project = Path(__file__).resolve().parents[2]
    (project / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=project / "build") as name:
        ours, raw = _measured(Path(name))
    value, reference = statistics.median(ours), statistics.median(raw)
    tell(
        Figure(
            name="outbox.commit", value=value, unit="ms", ratio=value / reference, goal=GOAL,
            beside=f"4 KiB append+fsync {reference:.2f} ms", noise=spread(ours, "ms", "wall"),
        )
    )  # fmt: skip


def _measured(folder: Path) -> tuple[list[float], list[float]]:
    """Milliseconds of each commit, and of each raw append."""
    journal = SqlJournal(folder / "journal.db", bytes(range(32)))
    entries = iter([_an_entry(number) for number in range(ROUNDS * A_ROUND + A_ROUND)])
    ours: list[float] = []
    raw: list[float] = []
    block = os.urandom(BLOCK)
    file = os.open(folder / "raw", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for _ in range(A_ROUND):
        journal.write([next(entries)])  # warm
    for _ in range(ROUNDS):
        for _ in range(A_ROUND):
            begin = time.perf_counter()
            journal.write([next(entries)])
            ours.append((time.perf_counter() - begin) * 1000)
        for _ in range(A_ROUND):
            begin = time.perf_counter()
            os.write(file, block)
            os.fsync(file)
            raw.append((time.perf_counter() - begin) * 1000)
    os.close(file)
    journal.close()
    return ours, raw


def _an_entry(number: int) -> Entry:
    """A verdict, as an officer's digit saves it."""
    record = flag(number)
    command = Command(
        id=CommandId(f"00000000-0000-7000-9000-{number:012d}"), client_seq=number,
        kind=record.kind, record=record.id, transition="confirm",
        expect=Expect(state_version=record.state_version),
        issued_at=record.opened_at, not_after=record.opened_at,
    )  # fmt: skip
    entry = Entry(command=command, saved_at=record.opened_at)
    prints = Prints(writes=frozenset(keys_of(record)))
    return msgspec.structs.replace(entry, seen=record.state, prints=prints)


if __name__ == "__main__":
    main()

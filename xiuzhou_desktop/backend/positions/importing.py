"""`backend import positions`: a file in batches; each bad line with its number and reason."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from xiuzhou_desktop.backend.csv_import import Imported
from xiuzhou_desktop.backend.positions.files import Read, read_positions
from xiuzhou_desktop.backend.positions.intake import PositionIntake
from xiuzhou_desktop.contract.positions import MAX_POSITIONS, IngestPosition


def import_positions(file: Path, vehicle: str | None, intake: PositionIntake) -> Imported:
    """Keep what is new; a second run keeps nothing. Raises FileError, UnavailableError."""
    new = known = 0
    faults: list[tuple[int, str]] = []
    for batch in _batches(read_positions(file, vehicle)):
        good = [(line, read) for line, read in batch if isinstance(read, IngestPosition)]
        faults += [(line, read) for line, read in batch if isinstance(read, str)]
        checked = intake.take(read for _, read in good)
        faults += [(good[one.place][0], one.reason) for one in checked.faults]
        new, known = new + checked.new, known + checked.known
    return Imported(new=new, unchanged=known, faults=tuple(sorted(faults)))


def _batches(reads: Iterator[Read]) -> Iterator[list[Read]]:
    while batch := list(islice(reads, MAX_POSITIONS)):
        yield batch

"""A district whose server holds 200,000 flags, five thousand of them open; kept in `build/bench`
until the code that writes it changes.
"""

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tests.backend.process import with_officer
from tests.bench.figure import note
from tests.bench.many_flags import FLAGS, flag, settled
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import open_store
from xiuzhou_desktop.domain.envelope import Record

PROJECT = Path(__file__).resolve().parents[2]
OPEN = 5_000
A_LOAD = 20_000
WRITERS = ("backend/store/**/*.py", "domain/envelope.py", "domain/flag_body.py")


def served_folder(build: Path) -> Path:
    """The folder of the district, filled if it is not there or not as it would be filled now."""
    folder, stamp = build / "many-served", _stamp()
    seal = folder / "made-of"
    if not seal.exists() or seal.read_text("ascii") != stamp:
        shutil.rmtree(folder, ignore_errors=True)
        note(f"filling a district with {FLAGS:,} flags (once)")
        with_officer(folder / "district")
        _fill(folder / "district")
        seal.write_text(stamp, "ascii")
    return folder / "district"


def _fill(district: Path) -> None:
    store = open_store(Settings(folder=district), datetime.now(UTC))
    store.bulk_load(_unnumbered(flag(number)) for number in range(OPEN))
    for first in range(OPEN, FLAGS, A_LOAD):
        end = min(first + A_LOAD, FLAGS)
        store.bulk_load(_unnumbered(settled(number)) for number in range(first, end))
    store.close()


def _unnumbered(record: Record) -> Record:
    """A number is the server's to give."""
    return msgspec.structs.replace(record, number=None)


def _stamp() -> str:
    whole = hashlib.sha256()
    paths = [Path(__file__), Path(__file__).with_name("many_flags.py")]
    for pattern in WRITERS:
        paths += sorted((PROJECT / "xiuzhou_desktop").glob(pattern))
    for path in paths:
        whole.update(path.read_bytes())
    return whole.hexdigest()

"""The measured side: a PostgreSQL, a district in it, two backend processes; and what they cost."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.backend.cluster import create_database, running_cluster
from tests.backend.district import open_district
from tests.backend.process import Backend
from tests.load.plan import Plan
from tests.ports import lasting_port
from xiuzhou_desktop.backend.ingest import add_device
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store.engine import unpooled
from xiuzhou_desktop.domain.areas import SCOPES, TOWNS
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState
from xiuzhou_desktop.domain.ids import Scope, derived_id
from xiuzhou_desktop.domain.plate import PlateColour, plate_key
from xiuzhou_desktop.domain.vehicle import VehicleBody, VehicleType
from xiuzhou_desktop.domain.workflow import Role

A_LOAD = 20_000  # records a transaction
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


class Served:
    """Two processes over one database; `device`: the token of detectors and terminals."""

    def __init__(self, url: str, device: str, pair: list[Backend]) -> None:
        self.url, self.device, self.pair = url, device, pair
        self.spent_s = 0.0  # CPU of a process that was killed

    def kill(self) -> None:
        """One of them, as a power cut does."""
        self.spent_s = cpu_s(self.pair[0].process.pid)
        self.pair[0].kill()

    def start_again(self) -> None:
        """The killed one, at its old address."""
        self.pair[0].__exit__(None, None, None)
        self.pair[0].__enter__()

    def memory_mib(self) -> tuple[float, ...]:
        """Resident memory of each process."""
        return tuple(_resident_mib(one.process.pid) for one in self.pair)

    def server_cpu_s(self) -> float:
        """CPU of the processes so far."""
        return self.spent_s + sum(cpu_s(one.process.pid) for one in self.pair)

    def postgresql_cpu_s(self) -> float:
        """CPU of the database so far."""
        return postgresql_cpu_s(self.url)


@contextmanager
def served(folder: Path, plan: Plan) -> Iterator[Served]:
    """A district of six accounts, one a scope, and its trucks; both processes serve it."""
    with running_cluster() as cluster, ExitStack() as stack:
        url = create_database(cluster)
        data = folder / "district"
        data.mkdir()
        with open_district(Settings(folder=data, database=url)) as district:
            for scope in SCOPES:
                district.add_officer(account_of(scope), Role.DUTY_OFFICER, scope)
            device = add_device(district.store, "load")
            district.store.bulk_load(_truck(number) for number in range(plan.vehicles))
            for start in range(0, plan.held, A_LOAD):
                numbers = range(start, min(start + A_LOAD, plan.held))
                district.store.bulk_load(_judged(number) for number in numbers)
        addresses = [("--database", url, "--port", str(lasting_port())) for _ in range(2)]
        pair = [stack.enter_context(Backend(data, *words)) for words in addresses]
        yield Served(url, device, pair)


def account_of(scope: Scope) -> str:
    """The officer whose workstations are all of a scope."""
    return f"duty-{scope}"


def cpu_s(pid: int) -> float:
    """CPU that a process has used, in seconds; nothing if it is gone."""
    return sum(_ticks(pid)[:2]) / TICKS_PER_S


def postgresql_cpu_s(url: str) -> float:
    """CPU of the PostgreSQL behind that address: its postmaster, its processes that live, and
    those that have ended.
    """
    with unpooled(url).connect() as connection:
        file = connection.exec_driver_sql("SELECT pg_read_file('postmaster.pid')").scalar_one()
    postmaster = int(file.split()[0])
    children = (PROC / str(postmaster) / "task" / str(postmaster) / "children").read_text("ascii")
    return sum(_ticks(postmaster)) / TICKS_PER_S + sum(map(cpu_s, map(int, children.split())))


def _truck(number: int) -> Record:
    plate = f"浙FT{number:04d}"
    body = VehicleBody(
        plate=plate, plate_colour=PlateColour.YELLOW, type=VehicleType.MUCK,
        terminal=f"T{number:05d}",
    )  # fmt: skip
    return Record(
        kind=Kind.VEHICLE, id=derived_id("load-truck", str(number)), state="IN_SERVICE",
        scope=SCOPES[number % len(SCOPES)], opened_at=datetime.now(UTC), title=plate,
        subject_key=plate_key(plate, PlateColour.YELLOW), body=body,
    )  # fmt: skip


def _judged(number: int) -> Record:
    """A flag of an earlier day."""
    plate = f"浙F{number % 90_000 + 10_000}"
    seen = datetime.now(UTC) - timedelta(days=1)
    return Record(
        kind=Kind.FLAG, id=derived_id("load-judged", str(number)), state=FlagState.FALSE_ALARM,
        scope=TOWNS[number % len(TOWNS)], opened_at=seen, closed_at=seen, title=plate,
        subject_key=plate_key(plate, PlateColour.BLUE), body=FlagBody(captured_at=seen),
    )  # fmt: skip


def _resident_mib(pid: int) -> float:
    try:
        pages = int((PROC / str(pid) / "statm").read_text("ascii").split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return pages * PAGE_KIB / 1024


def _ticks(pid: int) -> tuple[int, ...]:
    """Of a process in its own code and in the kernel's, and the same of its children that ended."""
    try:
        fields = (PROC / str(pid) / "stat").read_text("utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return (0, 0, 0, 0)
    return tuple(map(int, fields[11:15]))

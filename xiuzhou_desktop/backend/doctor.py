"""What may be wrong with a district, each with its remedy: `backend doctor`.

It changes nothing, not even the schema, and may be asked beside a running server.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import UnavailableError, audit, effects, leases
from xiuzhou_desktop.backend.store.district_keys import (
    keys_at_hand,
    refuse_lost_keys,
    refuse_other_keys,
)
from xiuzhou_desktop.backend.store.engine import open_database
from xiuzhou_desktop.backend.store.migrating import STEPS, UnusableError, revision
from xiuzhou_desktop.backend.store.schema import transition_log
from xiuzhou_desktop.backend.store.surroundings import SurroundingsReader
from xiuzhou_desktop.backend.timers import LEASE_NAME
from xiuzhou_desktop.backend.tls import SOON, CertificateError, certificate_of
from xiuzhou_desktop.domain.canonical import format_instant, parse_instant
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.setting_sound import Rules, contradiction

GB = 10**9
LITTLE, NONE_LEFT = 5 * GB, GB // 2  # bytes free
STUCK_AFTER = timedelta(minutes=10)
SKEW = timedelta(minutes=5)


class How(StrEnum):
    """How it stands with one thing."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


class Finding(Struct, frozen=True, kw_only=True):
    """One thing looked at. `remedy` is empty where nothing is to be done."""

    name: str
    how: How
    told: str
    remedy: str = ""


class Looking(Struct, frozen=True, kw_only=True):
    """What the checks look at. `wall` is this computer's time, `now` the district's."""

    settings: Settings
    connection: Connection
    wall: datetime
    now: datetime


def examine(settings: Settings, wall: datetime, now: datetime) -> Iterator[Finding]:
    """Everything, worst or not, in a fixed order."""
    yield _disk(settings)
    yield _keys(settings)
    yield _certificate(settings, wall)
    if settings.database is None and not settings.sqlite_file.exists():
        yield Finding(
            name="database", how=How.BAD, told=f"{settings.sqlite_file} is not there",
            remedy="name the right --data, or begin with `backend init`",
        )  # fmt: skip
        return
    database = open_database(settings.database, settings.sqlite_file)
    try:
        with database.snapshot() as connection:
            looking = Looking(settings=settings, connection=connection, wall=wall, now=now)
            for check in CHECKS:
                yield check(looking)
    except (UnavailableError, DBAPIError) as error:
        yield Finding(
            name="database", how=How.BAD, told=str(error).partition("\n")[0],
            remedy="put a backup back: `backend restore FOLDER --force`",
        )  # fmt: skip
    finally:
        database.close()


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.folder).free
    how = How.BAD if free < NONE_LEFT else How.WARN if free < LITTLE else How.OK
    return Finding(
        name="disk", how=how, told=f"{free / GB:.1f} GB free",
        remedy="" if how is How.OK else "make room: commands are refused once it is full",
    )  # fmt: skip


def _keys(settings: Settings) -> Finding:
    files = sorted(settings.key_folder.glob("*.key"))
    open_ones = [file.name for file in files if file.stat().st_mode & 0o077]
    if open_ones:
        return Finding(
            name="keys", how=How.BAD, told=f"others may read {', '.join(open_ones)}",
            remedy=f"chmod 600 {settings.key_folder}/*.key",
        )  # fmt: skip
    return Finding(name="keys", how=How.OK, told=f"{len(files)}, for their owner only")


def _certificate(settings: Settings, wall: datetime) -> Finding:
    found = certificate_of(settings)
    if found is None:
        return Finding(name="certificate", how=How.OK, told="none named: --tls-cert, --tls-key")
    try:
        found.check()
        ends = found.ends_at()
    except CertificateError as error:
        return Finding(
            name="certificate", how=How.BAD, told=str(error), remedy="name files that fit together"
        )
    how = How.BAD if ends <= wall else How.WARN if ends <= wall + SOON else How.OK
    return Finding(
        name="certificate", how=how, told=f"until {format_instant(ends)}",
        remedy="" if how is How.OK else "put the new one in its place, then kill -HUP the server",
    )  # fmt: skip


def _schema(looking: Looking) -> Finding:
    here = revision(looking.connection)
    head = ScriptDirectory(str(STEPS)).get_current_head()
    if here == head:
        return Finding(name="schema", how=How.OK, told=str(here))
    return Finding(
        name="schema", how=How.WARN, told=f"{here}, this program has {head}",
        remedy="take a backup, then start the server: it brings the schema up to date",
    )  # fmt: skip


def _integrity(looking: Looking) -> Finding:
    if looking.settings.database is not None:
        return Finding(name="integrity", how=How.OK, told="PostgreSQL looks after its own")
    rows = [row[0] for row in looking.connection.exec_driver_sql("PRAGMA quick_check(3)")]
    if rows == ["ok"]:
        return Finding(name="integrity", how=How.OK, told="every page is sound")
    return Finding(
        name="integrity", how=How.BAD, told="; ".join(rows),
        remedy="stop the server and put a backup back: `backend restore FOLDER --force`",
    )  # fmt: skip


def _own_keys(looking: Looking) -> Finding:
    try:
        refuse_lost_keys(looking.connection, looking.settings)
        keys = keys_at_hand(looking.settings)
        if keys is not None:
            refuse_other_keys(looking.connection, keys)
    except UnusableError as error:
        told, _, remedy = str(error).partition(": ")
        return Finding(name="own keys", how=How.BAD, told=told, remedy=remedy)
    return Finding(name="own keys", how=How.OK, told="those that this district has")


def _audit(looking: Looking) -> Finding:
    chain = audit.walk(audit.lines(looking.connection))
    if not chain.faults:
        return Finding(name="audit", how=How.OK, told=f"{chain.rows} rows in one chain")
    row, fault = chain.faults[0]
    return Finding(
        name="audit", how=How.BAD, told=f"row {row}: {fault}",
        remedy="somebody wrote to the database itself: compare with an export kept elsewhere",
    )  # fmt: skip


def _clock(looking: Looking) -> Finding:
    newest = looking.connection.execute(select(func.max(transition_log.c.at))).scalar_one()
    if newest is not None and parse_instant(newest) > looking.now + SKEW:
        return Finding(
            name="clock", how=How.BAD, told=f"behind what was recorded at {newest}",
            remedy="set this computer's clock (NTP) before the server starts",
        )  # fmt: skip
    return Finding(name="clock", how=How.OK, told=format_instant(looking.now))


def _effects(looking: Looking) -> Finding:
    stuck = effects.unsettled_since(looking.connection, looking.now - STUCK_AFTER)
    if not stuck:
        return Finding(name="effects", how=How.OK, told="nothing waits")
    command, kind, state = stuck[0]
    return Finding(
        name="effects", how=How.WARN, told=f"{len(stuck)} wait, first {kind} of {command}: {state}",
        remedy="look at the provider and the log; `ask`: see `backend effects list`",
    )  # fmt: skip


def _lease(looking: Looking) -> Finding:
    until = leases.held_until(looking.connection, LEASE_NAME)
    if until is not None and until > format_instant(looking.wall):
        return Finding(name="timers", how=How.OK, told=f"a server holds them until {until}")
    return Finding(
        name="timers", how=How.WARN, told="no server holds them",
        remedy="start `backend serve`: deadlines and messages wait for it",
    )  # fmt: skip


def _configuration(looking: Looking) -> Finding:
    around = SurroundingsReader().read(looking.connection)
    found = contradiction(Rules(policy=around.policy, calendar=around.calendar))
    if found is None:
        return Finding(name="configuration", how=How.OK, told="the settings go together")
    facts = ", ".join(f"{name}: {value}" for name, value in found.facts.items())
    return Finding(
        name="configuration", how=How.BAD, told=f"{found.slug} ({facts})",
        remedy="`backend config export`, mend the file, `backend config import`",
    )  # fmt: skip


CHECKS: tuple[Callable[[Looking], Finding], ...] = (
    _schema, _integrity, _own_keys, _audit, _clock, _effects, _lease, _configuration,
)  # fmt: skip

"""Leases: one process of several works at a thing; a dead holder is replaced after its time."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from xiuzhou_desktop.backend.store.schema import timer_lease
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.envelope import Struct


class Lease(Struct, frozen=True, kw_only=True):
    """Who works at what, until when; real time, not the district's."""

    name: str
    holder: str
    until: datetime


def is_held(connection: Connection, lease: Lease) -> bool:
    """Whether this holder has it beyond `lease.until`."""
    row = connection.execute(_LEASE, {"wanted": lease.name}).first()
    return bool(row and row.holder == lease.holder and row.until > format_instant(lease.until))


def held_until(connection: Connection, name: str) -> str | None:
    """Until when somebody has it, whoever; None where nobody ever had."""
    row = connection.execute(_LEASE, {"wanted": name}).first()
    return row.until if row else None


def take(connection: Connection, lease: Lease, now: datetime) -> bool:
    """Take it or hold it longer; False while another process has it."""
    row = connection.execute(_LEASE, {"wanted": lease.name}).first()
    mine = {"name": lease.name, "holder": lease.holder, "until": format_instant(lease.until)}
    if row is None:
        connection.execute(insert(timer_lease).values(mine))
        return True
    if row.holder != lease.holder and row.until > format_instant(now):
        return False
    connection.execute(update(timer_lease).where(timer_lease.c.name == lease.name).values(mine))
    return True


_LEASE = select(timer_lease).where(timer_lease.c.name == bindparam("wanted"))

"""Ids of commands that the demonstration's people send: UUIDv7, as a workstation makes them."""

import secrets
from datetime import datetime
from uuid import UUID

from xiuzhou_desktop.domain.ids import CommandId


def command_id(at: datetime) -> CommandId:
    """A new id of that instant."""
    raw = bytearray(int(at.timestamp() * 1000).to_bytes(6, "big") + secrets.token_bytes(10))
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    return CommandId(str(UUID(bytes=bytes(raw))))

"""Ports for servers that stop and start again: below those that the system gives away, where no
outgoing connection of another test settles meanwhile.
"""

import itertools
import os
import socket
from pathlib import Path

LOWEST = 10_000
GIVEN_AWAY = Path("/proc/sys/net/ipv4/ip_local_port_range")


def lasting_port() -> int:
    """One that nobody listens on; processes begin to look at different places."""
    free = int(GIVEN_AWAY.read_text().split()[0]) - LOWEST
    numbers = (LOWEST + number % free for number in itertools.count(os.getpid() * 101))
    port = next(one for one in numbers if one not in _handed_out and _is_free(one))
    _handed_out.add(port)
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as one:
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


_handed_out: set[int] = set()

"""A district file, `*.xiuzhou`: what an administrator gives every workstation to open once.

    {"server": "https://zhihui.example:8443", "ca": "district-ca.pem"}

`ca` may lack; it names a file beside this one.
"""

from pathlib import Path

import msgspec


class District(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file's text: where the server is, and the name of the file of its CA."""

    server: str
    ca: str | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where the district's server is, and whose certificates to believe."""

    server: str
    ca: Path | None


def read_district(file: Path) -> Place | None:
    """What the file says; None where it cannot be read or says something else."""
    try:
        said = msgspec.json.decode(file.read_bytes(), type=District)
    except (OSError, msgspec.MsgspecError):
        return None
    beside = None if said.ca is None else (file.parent / said.ca).resolve()
    return Place(server=said.server, ca=beside)

"""Which servers this computer talks to: with TLS, unless it is this computer itself.

    https://…            the public authorities; where the district has its own CA, that one alone
    http://127.0.0.1     a server on this computer
    http://elsewhere     refused: passwords and cases would cross the network readable, unless this
                         very address was allowed by the person who installed the workstation

Kept in `trust.json` beside the profiles; written by `--ca FILE` and `--plain-http` at sign-in.
"""

import hashlib
import ipaddress
import re
import ssl
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from xiuzhou_desktop.domain.envelope import Struct

from .errors import WrongServer
from .key import write_private

FILE = "trust.json"
CERTIFICATE = re.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class Trust(Struct, frozen=True, kw_only=True):
    """`ca` is a PEM file; `plain` the addresses that may be reached without TLS; `keys` what this
    computer shows to a server that knows it as an enrolled workstation.
    """

    ca: str | None = None
    plain: tuple[str, ...] = ()
    keys: Mapping[str, str] = {}

    def verification(self, server: str) -> ssl.SSLContext | bool:
        """What a connection to this server is checked by. Raises WrongServer."""
        if urlsplit(server).scheme == "http":
            if not is_loopback(server) and server not in self.plain:
                raise WrongServer("plain-http", server=server)
            return True
        if self.ca is None:
            return True
        try:
            return ssl.create_default_context(cafile=self.ca)
        except (OSError, ssl.SSLError) as error:
            raise WrongServer("bad-ca", path=self.ca) from error


def load_trust(root: Path) -> Trust:
    """What was said at an earlier sign-in."""
    try:
        return msgspec.json.decode((root / FILE).read_bytes(), type=Trust)
    except (FileNotFoundError, msgspec.MsgspecError):
        return Trust()


def fingerprints(ca: Path) -> tuple[str, ...]:
    """SHA-256 of each certificate of a PEM file, in groups of four. Raises WrongServer."""
    try:
        found = CERTIFICATE.findall(ca.read_text("latin-1"))
        digests = [hashlib.sha256(ssl.PEM_cert_to_DER_cert(one)).hexdigest() for one in found]
    except (OSError, ValueError) as error:
        raise WrongServer("bad-ca", path=str(ca)) from error
    if not digests:
        raise WrongServer("bad-ca", path=str(ca))
    return tuple(" ".join(re.findall("....", one.upper())) for one in digests)


def keep_trust(root: Path, trust: Trust) -> None:
    """For every later start."""
    if trust != load_trust(root):
        write_private(root / FILE, msgspec.json.encode(trust))


def is_loopback(server: str) -> bool:
    """Whether the address is this computer."""
    host = urlsplit(server).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

"""Where a camera's own stream is, and who may have it.

An address on screen, in a list, a log or a record holds no name and no password; those lie in the
keyring of the operating system under the camera's host and are put in at the last moment, inside
this process.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit, urlunsplit

import keyring
import msgspec
from keyring.errors import KeyringError

SERVICE = "xiuzhou-desktop camera"
DEFAULT_PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
SCHEMES = frozenset({*DEFAULT_PORTS, "file", ""})


class BadAddressError(ValueError):
    """Not an address of a stream. `slug` chooses the sentence: scheme, password, host."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class Login(msgspec.Struct, frozen=True):
    """Name and password at a camera."""

    user: str
    password: str


class Address(msgspec.Struct, frozen=True):
    """An address that may be shown."""

    shown: str

    @property
    def place(self) -> str | None:
        """`host:port`, the name under which the keyring holds the login; None for a file."""
        parts = urlsplit(self.shown)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme)
        return f"{parts.hostname}:{port}" if parts.hostname else None

    def secret_url(self) -> str:
        """With name and password, for the library that connects. Never keep or show it."""
        login = stored_login(self.place) if self.place else None
        if login is None:
            return self.shown
        parts = urlsplit(self.shown)
        who = f"{quote(login.user, safe='')}:{quote(login.password, safe='')}"
        return urlunsplit(parts._replace(netloc=f"{who}@{parts.netloc}"))


def read_address(text: str) -> Address:
    """Check an address. Raises BadAddressError for another scheme, or one that tells a password."""
    parts = urlsplit(text.strip())
    if parts.scheme not in SCHEMES:
        raise BadAddressError("scheme")
    if parts.username is not None or parts.password is not None:
        raise BadAddressError("password")
    if parts.scheme in DEFAULT_PORTS and not parts.hostname:
        raise BadAddressError("host")
    return Address(text.strip())


def stored_login(place: str) -> Login | None:
    """What the keyring holds for that host; None where it holds nothing of ours, or is none."""
    try:
        told = keyring.get_password(SERVICE, place)
        return msgspec.json.decode(told, type=Login) if told else None
    except (KeyringError, RuntimeError, msgspec.MsgspecError):
        return None


def store_login(place: str, login: Login) -> bool:
    """Keep it; False where there is no keyring that keeps it."""
    try:
        keyring.set_password(SERVICE, place, msgspec.json.encode(login).decode())
    except (KeyringError, RuntimeError):
        return False
    return stored_login(place) == login

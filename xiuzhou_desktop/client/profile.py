"""A profile: one person on one server, with its own journal, cache and blobs (architecture.md rule
13).

    <root>/last_login.json         which profile starts next time
    <root>/<host_port>/<user>/     journal.db · cache-<epoch>.db · blobs/ · session · key
                                   holder.json · lock

One process holds it; a second opener is told who does.
"""

import os
import re
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

import msgspec
from filelock import FileLock, Timeout

from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.envelope import Struct

from .errors import NoProfile, ProfileInUse, WrongServer
from .key import KeyPlace, load_or_make_key, write_private

LAST_LOGIN = "last_login.json"


class LastLogin(Struct, frozen=True, kw_only=True):
    """Who signed in last below a root."""

    server: str
    user: str


class Holder(Struct, frozen=True, kw_only=True):
    """Which process holds a profile."""

    pid: int
    user: str
    since: datetime


class Profile:
    """An opened, locked profile. `close` lets go of it."""

    def __init__(self, root: Path, server: str, user: str, now: datetime) -> None:
        self.root = root
        self.server = normal_server(server)
        self.user = user
        self.folder = root / folder_name(self.server) / quote(user, safe="")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = FileLock(self.folder / "lock")
        self._take(now)
        self.key, self.key_place = load_or_make_key(self.folder)

    @property
    def journal_path(self) -> Path:
        """The precious file."""
        return self.folder / "journal.db"

    @property
    def key_is_in_file(self) -> bool:
        """Whether doctor has to name the key file."""
        return self.key_place is KeyPlace.FILE

    def remember(self) -> None:
        """The next start without an address is this profile's."""
        login = LastLogin(server=self.server, user=self.user)
        write_private(self.root / LAST_LOGIN, msgspec.json.encode(login))

    def close(self) -> None:
        """Let another process in."""
        self._lock.release()

    def _take(self, now: datetime) -> None:
        holder_path = self.folder / "holder.json"
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise _in_use(holder_path, self.user) from error
        holder = Holder(pid=os.getpid(), user=self.user, since=now)
        write_private(holder_path, msgspec.json.encode(holder))


def last_login(root: Path) -> LastLogin:
    """Raises NoProfile."""
    try:
        return msgspec.json.decode((root / LAST_LOGIN).read_bytes(), type=LastLogin)
    except (FileNotFoundError, msgspec.MsgspecError) as error:
        raise NoProfile(root=str(root)) from error


def normal_server(server: str) -> str:
    """The address without its tail. Raises WrongServer for what is no http(s) address."""
    text = server if "://" in server else f"http://{server}"
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongServer("bad-address", server=server)
    return f"{parts.scheme}://{parts.netloc}"


def folder_name(server: str) -> str:
    """`host_port`, safe on every file system."""
    parts = urlsplit(server)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = re.sub(r"[^A-Za-z0-9.-]", "-", parts.hostname or "")
    return f"{host}_{port}"


def _in_use(path: Path, user: str) -> ProfileInUse:
    try:
        holder = msgspec.json.decode(path.read_bytes(), type=Holder)
    except (FileNotFoundError, msgspec.MsgspecError):
        return ProfileInUse(pid=0, user=user, since="?")
    return ProfileInUse(pid=holder.pid, user=holder.user, since=format_instant(holder.since))

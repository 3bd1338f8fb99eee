"""A profile: one person on one server, with its own journal, cache and blobs (architecture.md rule
13).

    <root>/last_login.json         which profile starts next time
    <root>/<host_port>/<user>/     journal.db · cache-<epoch>.db · files/ · session · key
                                   holder.json · lock

One process holds it; a second opener is told who does, and where its door is (door.py). The lock
is the kernel's: it falls with its process, however that ends.
"""

import getpass
import os
import re
import shutil
from datetime import datetime
from pathlib import Path
from urllib.parse import SplitResult, quote, urlsplit

import msgspec
from filelock import FileLock, Timeout

from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.envelope import Struct

from .door import sweep
from .errors import NoProfile, ProfileInUse, WrongServer
from .key import destroy_key, load_or_make_key, write_private
from .trust import is_loopback

LAST_LOGIN = "last_login.json"
HOLDER = "holder.json"


class LastLogin(Struct, frozen=True, kw_only=True):
    """Who signed in last below a root."""

    server: str
    user: str


class Holder(Struct, frozen=True, kw_only=True):
    """Which process of which account of this computer holds a profile; `door` is its socket."""

    pid: int
    user: str
    since: datetime
    account: str = "?"
    door: str | None = None


class Profile:
    """An opened, locked profile. `close` lets go of it."""

    def __init__(self, root: Path, server: str, user: str, now: datetime) -> None:
        self.root = root
        self.server = normal_server(server)
        self.user = user
        self.folder = folder_of(root, self.server, user)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # one thread takes it, another lets go: a worker of the sign-in, the engine's own
        self._lock = FileLock(self.folder / "lock", thread_local=False)
        self._holder = Holder(pid=os.getpid(), user=user, since=now, account=_account())
        self._take()
        self.key, self.key_place = load_or_make_key(self.folder)

    @property
    def journal_path(self) -> Path:
        """The precious file."""
        return self.folder / "journal.db"

    def remember(self) -> None:
        """The next start without an address is this profile's."""
        login = LastLogin(server=self.server, user=self.user)
        write_private(self.root / LAST_LOGIN, msgspec.json.encode(login))

    def close(self) -> None:
        """Let another process in."""
        self._lock.release()

    def destroy(self) -> None:
        """The key first, so that whatever is left of the files is noise; then the files."""
        destroy_key(self.folder)
        self._lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)
        try:
            login = last_login(self.root)
        except NoProfile:
            return
        if (login.server, login.user) == (self.server, self.user):
            (self.root / LAST_LOGIN).unlink(missing_ok=True)

    def announce(self, door: str | None) -> None:
        """Say where this holder may be asked; None: no longer."""
        self._holder = msgspec.structs.replace(self._holder, door=door)
        write_private(self.folder / HOLDER, msgspec.json.encode(self._holder))

    def _take(self) -> None:
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise _in_use(self.folder, self.user) from error
        left = _holder_of(self.folder)
        self.announce(None)
        if left is not None:
            sweep(left.door)


def last_login(root: Path) -> LastLogin:
    """Raises NoProfile."""
    try:
        return msgspec.json.decode((root / LAST_LOGIN).read_bytes(), type=LastLogin)
    except (FileNotFoundError, msgspec.MsgspecError) as error:
        raise NoProfile(root=str(root)) from error


def normal_server(server: str) -> str:
    """The address without its tail; with TLS where nothing is said and it is not this computer.

    Raises WrongServer for what is no http(s) address.
    """
    text = server.strip()
    if "://" not in text:
        text = f"http://{text}" if is_loopback(f"http://{text}") else f"https://{text}"
    parts = _split(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongServer("bad-address", server=server)
    return f"{parts.scheme}://{parts.netloc}"


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError as error:  # such as half an IPv6 address
        raise WrongServer("bad-address", server=address) from error


def folder_of(root: Path, server: str, user: str) -> Path:
    """Where a person's profile on a server lies; `server` as `normal_server` gives it."""
    return root / folder_name(server) / quote(user, safe="")


def folder_name(server: str) -> str:
    """`host_port`, safe on every file system."""
    parts = urlsplit(server)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = re.sub(r"[^A-Za-z0-9.-]", "-", parts.hostname or "")
    return f"{host}_{port}"


def _in_use(folder: Path, user: str) -> ProfileInUse:
    holder = _holder_of(folder)
    if holder is None:
        return ProfileInUse(pid=0, user=user, since="?", account="?", door=None)
    return ProfileInUse(
        pid=holder.pid, user=holder.user, since=format_instant(holder.since),
        account=holder.account, door=holder.door,
    )  # fmt: skip


def _holder_of(folder: Path) -> Holder | None:
    try:
        return msgspec.json.decode((folder / HOLDER).read_bytes(), type=Holder)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a process without name or entry, as in a container
        return "?"

"""Signing in, and what a session leaves on the disk: tokens, who we are, and what the clock said
(all under the profile's key).

sign_in ──► tokens, session, grants ──► Profile with a Saved session ──► an offline start tomorrow
"""

import asyncio
from datetime import datetime
from pathlib import Path

import httpx
import msgspec

from xiuzhou_desktop.contract.sealing import Sealing
from xiuzhou_desktop.contract.session import SignIn, Tokens
from xiuzhou_desktop.contract.sessions import Enrol
from xiuzhou_desktop.contract.sync import SCHEMA, Account, Limits, SyncSession
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.ids import Grant

from .api import Api, Transport
from .clock import Anchor, BusinessClock, Clocks, SystemClocks
from .errors import NoProfile, SignedOut, UpgradeNeeded
from .key import seal, unseal, write_private
from .password import is_same, remembered
from .profile import Profile, folder_of, last_login, normal_server
from .trust import Trust, keep_trust, load_trust

ABOUT = b"session"
CLIENT_NAME = "xiuzhou-desktop"


class SavedSession(Struct, frozen=True, kw_only=True):
    """What an offline start needs."""

    tokens: Tokens | None = None
    account: Account | None = None
    grants: tuple[Grant, ...] = ()
    workstation: str = ""
    anchor: Anchor | None = None
    limits: Limits = Limits()
    is_demo: bool = False
    sealing: Sealing | None = None  # to whom unsent work is sealed, should access end
    password: str | None = None  # a slow hash: unlocking and changing persons without the server
    is_ended: bool = False  # access has ended and work is sealed: nothing here may be opened again
    heard_at: datetime | None = None  # business time of the server's last word, to the minute


class SessionFile:
    """The saved session of one profile; a TokenStore for the Api."""

    def __init__(self, profile: Profile) -> None:
        self._path = profile.folder / "session"
        self._key = profile.key
        self.saved = self._read()

    def tokens(self) -> Tokens | None:
        """The tokens of the last sign-in."""
        return self.saved.tokens

    def keep(self, tokens: Tokens | None) -> None:
        """On the disk before anybody uses the new ones."""
        self.write(msgspec.structs.replace(self.saved, tokens=tokens))

    def write(self, saved: SavedSession) -> None:
        """Replace the whole."""
        if saved == self.saved:
            return
        self.saved = saved
        write_private(self._path, seal(self._key, msgspec.json.encode(saved), ABOUT))

    def heard(self, at: datetime) -> None:
        """The server spoke then: an offline start says since when it has been silent."""
        self.write(msgspec.structs.replace(self.saved, heard_at=at))

    def end(self) -> None:
        """Access has ended."""
        self.write(msgspec.structs.replace(self.saved, is_ended=True, tokens=None))

    def learn(self, session: SyncSession, anchor: Anchor) -> None:
        """What the server said of us."""
        self.write(
            msgspec.structs.replace(
                self.saved, account=session.account, grants=session.grants, anchor=anchor,
                limits=session.limits, is_demo=session.demo, sealing=session.sealing,
            )
        )  # fmt: skip

    def _read(self) -> SavedSession:
        if not self._path.exists():
            return SavedSession()
        plain = unseal(self._key, self._path.read_bytes(), ABOUT)
        if plain is None:
            return SavedSession()
        try:
            return msgspec.json.decode(plain, type=SavedSession)
        except msgspec.MsgspecError:
            return SavedSession()


class MemoryTokens:
    """Tokens before there is a profile to keep them in."""

    def __init__(self) -> None:
        self._tokens: Tokens | None = None

    def tokens(self) -> Tokens | None:
        """What was kept last."""
        return self._tokens

    def keep(self, tokens: Tokens | None) -> None:
        """Remember for this process."""
        self._tokens = tokens


async def sign_in(  # noqa: PLR0913 - the five things a person types or starts with, and the seam for tests
    server: str,
    user: str,
    password: str,
    workstation: str,
    profile_root: Path,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    clocks: Clocks | None = None,
    trust: Trust | None = None,
) -> Profile:
    """Ask the server, then open and remember the profile, and what was said of `trust`.

    Raises SignedOut, Unavailable, WrongServer, UpgradeNeeded, ProfileInUse.
    """
    clocks = clocks or SystemClocks()
    tokens = MemoryTokens()
    trust = trust or load_trust(profile_root)
    wire = Transport(normal_server(server), CLIENT_NAME, transport, trust=trust)
    api = Api(wire, tokens)
    try:
        session, anchor = await _introduce(
            api,
            SignIn(
                user=user, password=password, workstation=workstation,
                workstation_key=trust.keys.get(normal_server(server)),
            ),
            clocks,
        )  # fmt: skip
    finally:
        await api.close()
    profile = Profile(profile_root, server, session.account.user, clocks.wall())
    file = SessionFile(profile)
    file.write(
        SavedSession(
            tokens=tokens.tokens(), account=session.account, grants=session.grants,
            workstation=workstation, anchor=anchor, limits=session.limits, is_demo=session.demo,
            sealing=session.sealing, password=await asyncio.to_thread(remembered, password),
        )
    )  # fmt: skip
    profile.remember()
    keep_trust(profile_root, trust)
    return profile


def trust_said(root: Path, server: str, ca: Path | None, *, is_plain_allowed: bool) -> Trust:
    """What is known already, and what the person who installs the workstation says now."""
    known = load_trust(root)
    plain = {normal_server(server)} if is_plain_allowed else set()
    return Trust(
        ca=str(ca.resolve()) if ca else known.ca, plain=tuple(sorted({*known.plain, *plain})),
        keys=known.keys,
    )  # fmt: skip


async def enrolled(server: str, code: str, trust: Trust, profile_root: Path) -> Trust:
    """What is trusted, with this computer's key for a server whose administrator gave out the code.
    It is kept before anything else can go wrong: a code works once.

    Raises Rejected, Unavailable, WrongServer.
    """
    address = normal_server(server)
    api = Api(Transport(address, CLIENT_NAME, trust=trust), MemoryTokens())
    try:
        key = (await api.enrol(Enrol(code=code))).key
    finally:
        await api.close()
    known = Trust(ca=trust.ca, plain=trust.plain, keys={**trust.keys, address: key})
    keep_trust(profile_root, known)
    return known


def open_profile(
    profile_root: Path, *, server: str | None = None, user: str | None = None,
    clocks: Clocks | None = None,
) -> Profile:  # fmt: skip
    """The profile of the last login (or the one named), without asking anybody.

    Raises NoProfile, ProfileInUse; SignedOut where access had ended, and destroys what is left.
    """
    now: datetime = (clocks or SystemClocks()).wall()
    if server is None or user is None:
        login = last_login(profile_root)
        server, user = login.server, login.user
    profile = Profile(profile_root, server, user, now)
    if SessionFile(profile).saved.is_ended:
        profile.destroy()
        raise SignedOut("account-disabled")
    return profile


def is_the_password(profile: Profile, password: str) -> bool | None:
    """Whether it is the person's, as of the last sign-in here; None: it is not known here."""
    kept = SessionFile(profile).saved.password
    return None if kept is None else is_same(kept, password)


def open_by_password(root: Path, server: str, user: str, password: str) -> Profile:
    """The profile of somebody who has signed in here before, without the server.

    Raises NoProfile, SignedOut (`wrong-password`), ProfileInUse.
    """
    if not folder_of(root, normal_server(server), user).is_dir():
        raise NoProfile(root=str(root))
    profile = open_profile(root, server=server, user=user)
    if not is_the_password(profile, password):
        profile.close()
        raise SignedOut("wrong-password")
    profile.remember()
    return profile


async def _introduce(api: Api, said: SignIn, clocks: Clocks) -> tuple[SyncSession, Anchor]:
    health, _ = await api.health()
    if not health.schema_min <= SCHEMA <= health.schema_max:
        raise UpgradeNeeded("schema", min=health.schema_min, max=health.schema_max, ours=SCHEMA)
    await api.sign_in(said)
    session, heard = await api.session()
    clock = BusinessClock(clocks)
    return session, clock.introduced(session, heard.date, heard.round_trip_s)

"""Claims: who works on what. A claim is a lease of the server's; ours are renewed while we hold
them.

    claim ──► mine ──renewed every 10 s──► mine …          release ──► free
                ├── its record moves on ──► released
                ├── the link is down ──► tentative (a mark of ours, told to nobody)
                │                            └── the link is back ──► claimed again
                └── late, broken by a supervisor, taken ──► lost: said; the draft stays

All spans are monotonic and the server's: no clock of this computer shortens or lengthens a claim.
"""

import asyncio
import logging
from datetime import timedelta

import msgspec

from xiuzhou_desktop.client.api import Api
from xiuzhou_desktop.client.errors import ClientError, Rejected, Unavailable
from xiuzhou_desktop.client.views import Lease
from xiuzhou_desktop.contract.live import LeaseState, LiveAct, LiveSay
from xiuzhou_desktop.domain.command import Refusal
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.ids import RecordId

from .link import LinkKeeper
from .news import News
from .spine import Spine

log = logging.getLogger(__name__)
RENEW_S = 10.0  # the server lets a claim stand for 30 s
TENTATIVE_FOR = timedelta(minutes=5)
ENDED = frozenset({"claimed", "lease-lost", "not-found", "grant-revoked"})


class _Held(Struct, frozen=True, kw_only=True):
    """A claim of ours: on which state of the record it was taken."""

    kind: Kind
    state_version: int | None


class Claims:
    """The leases that this workstation knows of, and its own among them."""

    def __init__(self, spine: Spine, api: Api, link: LinkKeeper, news: News) -> None:
        self._spine = spine
        self._api = api
        self._link = link
        self._news = news
        self._mine: dict[RecordId, _Held] = {}
        self.leases: dict[RecordId, Lease] = {}

    async def run(self) -> None:
        """Renew for ever."""
        while True:
            await asyncio.sleep(RENEW_S * self._spine.pace)
            await self._link.wait_up()
            for record, held in tuple(self._mine.items()):
                if self._mine.get(record) is held:  # not given back while others were renewed
                    await self._keep_or_leave(record, held)

    async def say(self, act: str, kind: Kind, record: RecordId) -> Lease | None:
        """Claim, renew, release, break. Raises Rejected where somebody else holds the claim."""
        said = LiveSay(act=LiveAct(act), kind=kind, record=record)
        if said.act is LiveAct.RELEASE:
            self._mine.pop(record, None)  # whatever becomes of it, it is not renewed
        if not self._link.is_up:
            return self._alone(said)
        try:
            told = await self._api.live_say(said)
        except Unavailable:
            return self._alone(said)
        if told is None:
            return None
        if told.holder == self._spine.account.user:
            self._mine[record] = _Held(kind=kind, state_version=self._version(record))
        else:
            self._mine.pop(record, None)
        return self._put(self._lease(told))

    def heard(self, told: LeaseState) -> None:
        """The live lane says who holds a record."""
        if told.record in self._mine and told.holder != self._spine.account.user:
            self._lost(told.record, told)
        elif told.record not in self._mine or told.holder is not None:
            self._put(self._lease(told))

    def unheard(self) -> None:
        """The live lane is silent: nobody knows whether a colleague's claim still stands, and ours
        is a mark until the server has said it again.
        """
        for lease in tuple(self.leases.values()):
            if lease.is_mine:
                self._put(msgspec.structs.replace(lease, is_tentative=True))
            else:
                self._put(_free(lease.record))

    def refusal(self, record: RecordId | None) -> Refusal | None:
        """Why a command on this record should wait: a colleague is at it now."""
        lease = self.leases.get(record) if record else None
        if lease is None or lease.is_mine or lease.holder is None:
            return None
        return Refusal(slug="claimed", facts={"name": lease.holder_name or lease.holder})

    # -- parts ----------------------------------------------------------------------------------

    async def _keep_or_leave(self, record: RecordId, held: _Held) -> None:
        """A record that has moved on, by our verdict or another's, leaves nothing to hold."""
        if self._version(record) == held.state_version:
            await self._renew(held.kind, record)
            return
        try:
            await self.say(LiveAct.RELEASE, held.kind, record)
        except ClientError as error:  # another's by now, or a server that does not answer
            log.info("a claim was not given back", extra={"slug": error.slug})

    async def _renew(self, kind: Kind, record: RecordId) -> None:
        lease = self.leases.get(record)
        act = LiveAct.CLAIM if lease is None or lease.is_tentative else LiveAct.RENEW
        try:
            told = await self._api.live_say(LiveSay(act=act, kind=kind, record=record))
        except ClientError as error:  # else the next turn tries again; the server counts seconds
            log.info("a claim was not renewed", extra={"slug": error.slug})
            if isinstance(error, Rejected) and error.slug in ENDED and record in self._mine:
                self._lost(record, _holder_in(error, kind, record))
            return
        if told is not None and record in self._mine:
            self._put(self._lease(told))

    def _lost(self, record: RecordId, told: LeaseState) -> None:
        self._mine.pop(record, None)
        self._put(msgspec.structs.replace(self._lease(told), is_lost=True))

    def _alone(self, said: LiveSay) -> Lease:
        """Offline a claim is a mark of our own."""
        if said.act not in {LiveAct.CLAIM, LiveAct.RENEW}:
            self._mine.pop(said.record, None)
            return self._put(_free(said.record))
        self._mine[said.record] = _Held(kind=said.kind, state_version=self._version(said.record))
        account = self._spine.account
        return self._put(
            Lease(
                record=said.record, holder=account.user, holder_name=account.name,
                until=self._spine.clock.now() + TENTATIVE_FOR, is_mine=True, is_tentative=True,
            )
        )  # fmt: skip

    def _version(self, record: RecordId) -> int | None:
        cached = self._spine.cache.record(record)
        return cached.state_version if cached else None

    def _lease(self, told: LeaseState) -> Lease:
        return Lease(
            record=told.record, holder=told.holder, holder_name=told.holder_name,
            until=told.until, is_mine=told.holder == self._spine.account.user,
        )  # fmt: skip

    def _put(self, lease: Lease) -> Lease:
        if lease.holder is None:
            self.leases.pop(lease.record, None)
        else:
            self.leases[lease.record] = lease
        self._news.lease(lease)
        return lease


def _free(record: RecordId) -> Lease:
    return Lease(record=record, holder=None, holder_name=None, until=None)


def _holder_in(error: Rejected, kind: Kind, record: RecordId) -> LeaseState:
    """Who has it now, as far as the refusal says."""
    holder, name = error.facts.get("holder"), error.facts.get("name")
    return LeaseState(
        kind=kind, record=record, holder=str(holder) if holder else None,
        holder_name=str(name) if name else None,
    )  # fmt: skip

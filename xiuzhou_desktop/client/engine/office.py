"""Questions to the server alone: an administrator's, of accounts, workstations, what a change would
affect; and a look at a party's numbers. Nothing of it is kept on this computer or waits in the
outbox.
"""

from xiuzhou_desktop.client.api import Api
from xiuzhou_desktop.client.errors import Unavailable
from xiuzhou_desktop.client.views import Draft
from xiuzhou_desktop.contract.administration import (
    AccountList,
    AccountSay,
    Foreseen,
    ForesightSay,
)
from xiuzhou_desktop.contract.parties import PartyFind, PartyFound, PartyLook, PartyNumbers
from xiuzhou_desktop.contract.platforms import Platforms
from xiuzhou_desktop.contract.sessions import Enrolments, EnrolmentSay, Sessions

from .link import LinkKeeper


class Office:
    """Asks at once, or says that it cannot."""

    def __init__(self, api: Api, link: LinkKeeper) -> None:
        self._api = api
        self._link = link

    async def accounts(self, said: AccountSay | None) -> AccountList:
        """The accounts, after one act on them if something is said. Raises ClientError."""
        self._need_link()
        return await (self._api.accounts() if said is None else self._api.account(said))

    async def sessions(self, ended: str | None) -> Sessions:
        """Who is signed in, after one session was ended if it is named. Raises ClientError."""
        self._need_link()
        if ended is not None:
            await self._api.end_session(ended)
        return await self._api.sessions()

    async def enrolments(self, said: EnrolmentSay | None) -> Enrolments:
        """The workstations that are let in, after one act on one if something is said. Raises
        ClientError."""
        self._need_link()
        return await (self._api.enrolments() if said is None else self._api.enrolment(said))

    async def platforms(self) -> Platforms:
        """How the link to each platform is. Raises ClientError."""
        self._need_link()
        return await self._api.platforms()

    async def party_look(self, said: PartyLook) -> PartyNumbers:
        """A party's numbers, looked at now. Raises ClientError."""
        self._need_link()
        return await self._api.party_look(said)

    async def party_find(self, said: PartyFind) -> PartyFound:
        """Parties by a number, a name or an address. Raises ClientError."""
        self._need_link()
        return await self._api.party_find(said)

    async def foresee(self, draft: Draft) -> Foreseen:
        """What the draft would affect. Raises ClientError."""
        self._need_link()
        asked = ForesightSay(
            kind=draft.kind, record=draft.record, transition=draft.transition, args=draft.args
        )
        return await self._api.foresight(asked)

    def _need_link(self) -> None:
        if not self._link.is_up:
            raise Unavailable("offline")

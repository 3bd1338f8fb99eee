"""What the fake engine answers where the true one asks the server: who is signed in and the
workstations that are let in, both an administrator's; every platform, heard just now; the files
that are on their way to it; and numbers of parties.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from xiuzhou_desktop.client.errors import Rejected, Unavailable
from xiuzhou_desktop.client.line import Allowed
from xiuzhou_desktop.client.uploads import FileState, Pause, Uploads, UploadSay
from xiuzhou_desktop.client.views import Link, LinkState
from xiuzhou_desktop.contract.parties import PartyFind, PartyFound, PartyLook, PartyNumbers
from xiuzhou_desktop.contract.platforms import Link as Reach
from xiuzhou_desktop.contract.platforms import PlatformLink, Platforms
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.contract.sessions import (
    EnrolmentAct,
    EnrolmentLine,
    Enrolments,
    EnrolmentSay,
    SessionLine,
    Sessions,
)
from xiuzhou_desktop.domain.areas import SCOPES
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.workflow import Actor, Role


class FakeOffice:
    """Keeps lists, and what was asked of it."""

    now: datetime
    actor: Actor
    said: list[str]
    _link: LinkState
    session_lines: tuple[SessionLine, ...] = ()
    enrolment_lines: tuple[EnrolmentLine, ...] = ()
    party_numbers: Mapping[RecordId, PartyNumbers] = {}
    on_their_way = Uploads(files=(), is_held=False, allowed=Allowed())

    async def sessions(self, ended: str | None = None) -> Sessions:
        self._let_in()
        self.session_lines = tuple(one for one in self.session_lines if one.id != ended)
        return Sessions(sessions=self.session_lines)

    async def enrolments(self, said: EnrolmentSay | None = None) -> Enrolments:
        self._let_in()
        if said is None:
            return Enrolments(enrolments=self.enrolment_lines)
        self.said.append(f"{said.act.value} {said.workstation}")
        kept = [one for one in self.enrolment_lines if one.workstation != said.workstation]
        is_in = said.act is EnrolmentAct.INVITE
        new = [EnrolmentLine(workstation=said.workstation, invited_until=self.now)] if is_in else []
        self.enrolment_lines = (*kept, *new)
        return Enrolments(enrolments=self.enrolment_lines, code="once-told" if is_in else None)

    async def party_look(self, said: PartyLook) -> PartyNumbers:
        self._need_link()
        self.said.append(f"look {said.record} {said.purpose}")
        return self.party_numbers[said.record]

    async def party_find(self, said: PartyFind) -> PartyFound:
        self._need_link()
        self.said.append(f"find {said.purpose}")
        asked = (said.resident_id, said.phone)
        found = [r for r, has in self.party_numbers.items() if asked in _each(has)]
        return PartyFound(records=tuple(found))

    async def uploads(self, said: UploadSay | None = None) -> Uploads:
        if said is not None:
            self.on_their_way = _after(self.on_their_way, said)
        return self.on_their_way

    async def platforms(self) -> Platforms:
        return Platforms(
            platforms=tuple(
                PlatformLink(scope=scope, link=Reach.ONLINE, heard_at=self.now, device_at=self.now)
                for scope in SCOPES
            )
        )

    def _need_link(self) -> None:
        if self._link.link is not Link.ONLINE:
            raise Unavailable("offline")

    def _let_in(self) -> None:
        self._need_link()
        if Role.ADMINISTRATOR not in self.actor.roles:
            raise Rejected(Problem(slug="forbidden", status=403))


def _each(numbers: PartyNumbers) -> tuple[tuple[str | None, str | None], ...]:
    return (numbers.resident_id, None), (None, numbers.phone)


def _after(told: Uploads, said: UploadSay) -> Uploads:
    if isinstance(said, Allowed):
        return msgspec.structs.replace(told, allowed=said)
    state = FileState.PAUSED if isinstance(said, Pause) else FileState.WAITING
    files = tuple(
        msgspec.structs.replace(one, state=state) if said.blob in {None, one.blob} else one
        for one in told.files
    )
    is_held = told.is_held if said.blob else isinstance(said, Pause)
    return msgspec.structs.replace(told, files=files, is_held=is_held)

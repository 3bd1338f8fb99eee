"""Which attached files are to go up, how far each is, and what a person holds back.

a pending command names it ─┐
an announcement awaits it ──┴─► wanted ── held back? ──► waiting ──► the uploader's turn
                                             ▲
Pause · Resume · Allowed ────────────────────┘ kept at once, heeded from the next part on
"""

import asyncio
import logging
from collections.abc import Container, Mapping

import msgspec

from xiuzhou_desktop.client.attachments import Attachment
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.client.line import Allowed, Line, keep_allowed, load_allowed
from xiuzhou_desktop.client.sync.entry import Entry
from xiuzhou_desktop.client.uploads import (
    FileOnItsWay,
    FileState,
    Held,
    Pause,
    Resume,
    Uploads,
    UploadSay,
    keep_held,
    load_held,
)
from xiuzhou_desktop.client.views import NEEDS_A_PERSON, OutboxStatus
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.command import Refusal
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.evidence import EvidenceBody
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.plate import pretty_title

from .news import News
from .reading import Reading
from .spine import Spine
from .waking import woken

log = logging.getLogger(__name__)
ARRIVE = "arrive"


class Transfers:
    """The files of one workstation on their way. Used on the engine's loop alone."""

    def __init__(self, spine: Spine, reading: Reading, news: News) -> None:
        self._spine = spine
        self._reading = reading
        self._news = news
        self._held = self._of_kept(load_held(spine.profile.folder))
        self.line = Line(spine.clocks.monotonic_s, load_allowed(spine.profile.root))
        self._said = asyncio.Event()
        self._sent: dict[str, int] = {}  # bytes that the server has, since it was asked
        self._under_way: str | None = None
        self._troubles: dict[str, Problem] = {}  # what went wrong with each
        self._untold: Mapping[RecordId, Refusal] = {}  # arrivals that are refused here

    # -- what is to go --------------------------------------------------------------------------

    def waiting(self, refused: Container[str]) -> list[str]:
        """Files that the server lacks: what pending commands name in the commands' order, then what
        was announced and not refused; nothing that is held back.
        """
        epoch, kept = self._spine.cache.meta().epoch, self._spine.attachments
        active = self._spine.outbox.active()
        named = dict.fromkeys(blob for entry in active for blob in entry.command.blobs)
        named |= dict.fromkeys(b for b in self.announced().values() if b not in refused)
        return [b for b in named if not kept.is_there(b, epoch) and not self.holds(b)]

    def announced(self) -> dict[RecordId, str]:
        """Evidence that awaits a file of this computer, whose arrival is neither told nor given up.

        Whoever announced it signs here: on which of his workstations it was does not matter.
        """
        said = [entry for entry in self._spine.outbox if entry.command.transition == ARRIVE]
        given_up = {e.command.record for e in said if e.status is OutboxStatus.DROPPED}
        found: dict[RecordId, str] = {}
        expected = msgspec.structs.replace(self._spine.awaited, is_open=True)
        for view in self._reading.query(expected).views:
            record, body = view.record.id, view.record.body
            is_told = record in given_up or any(one.transition == ARRIVE for one in view.pending)
            blob = f"sha256:{body.awaited}" if isinstance(body, EvidenceBody) else ""
            if self._spine.attachments.is_kept(blob) and not is_told:
                found[record] = blob
        return found

    # -- what a person says ----------------------------------------------------------------------

    def say(self, said: UploadSay) -> None:
        """Kept on this disk before it returns."""
        match said:
            case Allowed():
                keep_allowed(self._spine.profile.root, said)
                self.line.allow(said)
            case Pause(blob=None):
                self._hold(Held(is_all=True, blobs=self._held.blobs))
            case Pause(blob=str(blob)):
                self._hold(Held(is_all=self._held.is_all, blobs=self._held.blobs | {blob}))
            case Resume(blob=None):
                self._hold(Held())
            case Resume(blob=str(blob)):
                self._hold(self._released(blob))
        self._said.set()
        self._news.moved()

    def shown(self) -> Uploads:
        """Every file that somebody still asks for: the server lacks it, or may not be told yet that
        it arrived.
        """
        epoch, kept = self._spine.cache.meta().epoch, self._spine.attachments
        asked: list[tuple[Kind, RecordId, str, Entry | None]] = [
            (entry.command.kind, entry.command.record, blob, entry)
            for entry in self._spine.outbox.unsettled()
            for blob in entry.command.blobs
        ]
        asked += [(Kind.EVIDENCE, one, blob, None) for one, blob in self.announced().items()]
        found: dict[str, FileOnItsWay] = {}
        for kind, record, blob, entry in asked:
            is_done = kept.is_there(blob, epoch) and record not in self._untold
            if kept.is_kept(blob) and not is_done and blob not in found:
                found[blob] = self._shown(kept.of(blob), (kind, record), entry)
        return Uploads(
            files=tuple(found.values()), is_held=self._held.is_all, allowed=self.line.allowed
        )

    def holds(self, blob: str) -> bool:
        """Whether a person holds it back."""
        return self._held.holds(blob)

    # -- what the uploader tells -----------------------------------------------------------------

    async def turn(self, blob: str, size: int) -> bool:
        """Wait until so many bytes of the file may go; False: it is held back.

        They are booked once, and anew where a limit was allowed: that forgets what was booked.
        """
        if self.holds(blob):
            return False
        self._said.clear()
        now_s, limit = self._spine.clocks.monotonic_s, self.line.allowed
        goes_at_s = now_s() + self.line.book(size)
        while (left_s := goes_at_s - now_s()) > 0 and await woken(self._said, left_s):
            self._said.clear()
            if self.holds(blob):
                return False
            if self.line.allowed is not limit:
                limit, goes_at_s = self.line.allowed, now_s() + self.line.book(size)
        return not self.holds(blob)

    def begins(self, blob: str) -> None:
        """Its turn has come."""
        self._under_way = blob
        self._troubles.pop(blob, None)
        self._news.moved()

    def reached(self, blob: str, offset: int) -> None:
        """The server has so much of it."""
        self._sent[blob] = offset
        self._news.moved()

    def rests(self, blob: str, error: ClientError | None = None) -> None:
        """It has arrived or is held back; or what went wrong."""
        self._under_way = None
        if self._spine.attachments.is_there(blob, self._spine.cache.meta().epoch):
            self._sent.pop(blob, None)
        if error is not None:
            self._troubles[blob] = error.problem()
        self._news.moved()

    def are_untold(self, refused: Mapping[RecordId, Refusal]) -> None:
        """Evidence whose file's arrival is refused here, and by what rule."""
        if refused == self._untold:
            return
        for record, refusal in refused.items():
            if self._untold.get(record) != refusal:
                log.warning("an arrival is refused", extra={"record": record, "slug": refusal.slug})
        self._untold = refused
        self._news.moved()

    # -- parts ----------------------------------------------------------------------------------

    def _hold(self, held: Held) -> None:
        self._held = self._of_kept(held)
        keep_held(self._spine.profile.folder, self._held)

    def _of_kept(self, held: Held) -> Held:
        """Without files that are no longer here: the same bytes, attached anew, would not go."""
        kept = frozenset(filter(self._spine.attachments.is_kept, held.blobs))
        return Held(is_all=held.is_all, blobs=kept)

    def _released(self, blob: str) -> Held:
        """That one goes; where everything was held back, the others still are, each by itself."""
        others = {one.blob for one in self.shown().files} if self._held.is_all else set()
        return Held(blobs=(self._held.blobs | others) - {blob})

    def _shown(
        self, one: Attachment, named: tuple[Kind, RecordId], entry: Entry | None
    ) -> FileOnItsWay:
        kind, record = named
        failed = entry.problem if entry and entry.status in NEEDS_A_PERSON else None
        view = self._spine.view.find(record)
        is_there = self._spine.attachments.is_there(one.blob, self._spine.cache.meta().epoch)
        sent = one.size if is_there else self._sent.get(one.blob, None if one.place else 0)
        return FileOnItsWay(
            blob=one.blob, name=one.name, size=one.size, sent=sent,
            state=FileState.FAILED if failed else self._state(one.blob, record),
            kind=kind, record=record,
            problem=failed or self._trouble(one.blob, record),
            title=_titled(view.record) if view else "",
            about=self._about(view.record) if view else "",
        )  # fmt: skip

    def _trouble(self, blob: str, record: RecordId) -> Problem | None:
        """What is wrong with the file itself, else why its arrival is not told."""
        own, untold = self._troubles.get(blob), self._untold.get(record)
        if own is not None or untold is None:
            return own
        return Problem(slug=untold.slug, facts=untold.facts, article=untold.article)

    def _state(self, blob: str, record: RecordId) -> FileState:
        if record in self._untold and blob in self._troubles:
            return FileState.REFUSED
        if self.holds(blob):
            return FileState.PAUSED
        return FileState.UPLOADING if blob == self._under_way else FileState.WAITING

    def _about(self, record: Record) -> str:
        """What it is evidence of."""
        body = record.body
        of = (body.case or body.flag) if isinstance(body, EvidenceBody) else None
        view = self._spine.view.find(of) if of is not None else None
        return _titled(view.record) if view else ""


def _titled(record: Record) -> str:
    """Its title as people read it."""
    return pretty_title(record.title, record.subject_key)

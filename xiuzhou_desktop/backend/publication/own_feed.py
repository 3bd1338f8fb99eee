"""The district as its own portal: decisions of which it is master itself (domain.md §3), served to
everybody by `GET /open/penalties`.

What is confirmed is shown at once, what is taken down is gone at once: the feed is a view of the
publications, and the ledger reads its listing as it reads any portal's.
"""

from datetime import datetime

import msgspec

from xiuzhou_desktop.backend.publication.portal import Shown
from xiuzhou_desktop.backend.store import TableStore
from xiuzhou_desktop.contract.open_penalties import OpenPenalties, OpenPenalty, WithdrawnPenalty
from xiuzhou_desktop.domain.case_master import CaseMaster
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.money import yuan
from xiuzhou_desktop.domain.publication_body import (
    PublicationBody,
    PublicationState,
    PublicNotice,
)
from xiuzhou_desktop.domain.writing import body_of

SHOWN = frozenset({PublicationState.CONFIRMED, PublicationState.PUBLISHED})


class OwnFeed:
    """A portal over the district's own tables; asked for nothing, since it sees the records.

    Read by the public and by the ledger, each on a thread of its own: what is known is one value
    that is replaced, never changed, so that whoever replaces it last has only more to catch up.
    """

    def __init__(self, store: TableStore) -> None:
        self._store = store
        self._known: tuple[int, dict[RecordId, Record]] = (0, {})

    def hand_over(self, key: str, notice: PublicNotice) -> None:
        """Confirmed is shown."""

    def take_down(self, decision_no: str, reason: str) -> None:
        """Taken down is not shown."""

    def listing(self) -> tuple[Shown, ...]:
        """What the feed shows now."""
        return tuple(
            Shown(decision_no=body.decision_no, receipt=body.decision_no, at=_since(one, body))
            for one, body in self._bodies()
            if one.state in SHOWN and body.notice is not None
        )

    def page(self, now: datetime, after: str, limit: int) -> OpenPenalties:
        """Decisions shown and taken down, in the order of their numbers, from the one behind
        `after` on.
        """
        told = sorted(
            ((one, body) for one, body in self._bodies() if body.decision_no > after),
            key=lambda pair: pair[1].decision_no,
        )
        told = [(one, body) for one, body in told if _is_told(one, body)]
        page = told[:limit]
        return OpenPenalties(
            at=now,
            penalties=tuple(
                _open(body.notice, _since(one, body))
                for one, body in page
                if body.notice is not None and one.state in SHOWN
            ),
            withdrawn=tuple(
                WithdrawnPenalty(decision_no=body.decision_no, reason=body.public_reason or "")
                for one, body in page
                if one.state not in SHOWN
            ),
            next=page[-1][1].decision_no if len(told) > limit else None,
        )  # fmt: skip

    def _bodies(self) -> list[tuple[Record, PublicationBody]]:
        return [(one, body_of(one, PublicationBody)) for one in self._caught_up().values()]

    def _caught_up(self) -> dict[RecordId, Record]:
        seen, ours = self._known
        with self._store.reading() as tables:
            changed = tables.changed_after(Kind.PUBLICATION, seen)
        if changed:
            moved = {one.id: one for one in changed if _is_ours(one)}
            seen, ours = max(one.seq for one in changed), {**ours, **moved}
            self._known = (seen, ours)
        return ours


def _is_ours(publication: Record) -> bool:
    return body_of(publication, PublicationBody).master is CaseMaster.LOCAL


def _is_told(one: Record, body: PublicationBody) -> bool:
    """Shown, or taken down after it was shown: with the reason (行政处罚法 art. 48)."""
    if one.state in SHOWN:
        return body.notice is not None
    return body.public_reason is not None and body.confirmed_at is not None


def _since(record: Record, body: PublicationBody) -> datetime:
    return body.listed_at or body.confirmed_at or record.opened_at


def _open(notice: PublicNotice, since: datetime) -> OpenPenalty:
    plain = msgspec.structs.asdict(notice)
    fine = plain.pop("fine_fen")
    return OpenPenalty(**plain, fine_yuan=yuan(fine).replace(",", ""), published_at=since)

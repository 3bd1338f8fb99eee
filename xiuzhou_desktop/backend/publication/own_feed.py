"""The district as its own portal: decisions of which it is master itself (domain.md §3), served to
everybody by `GET /open/penalties`.

What is confirmed is shown at once, what is taken down is gone at once: the feed is a view of the
publications, and the ledger reads its listing as it reads any portal's.
"""

from datetime import datetime

import msgspec

from xiuzhou_desktop.backend.publication.portal import Shown
from xiuzhou_desktop.backend.store import Tables, TableStore
from xiuzhou_desktop.contract.open_penalties import OpenPenalties, OpenPenalty, WithdrawnPenalty
from xiuzhou_desktop.domain.case_master import CaseMaster
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.money import yuan
from xiuzhou_desktop.domain.publication_body import (
    PublicationBody,
    PublicationState,
    PublicNotice,
)
from xiuzhou_desktop.domain.writing import body_of

SHOWN = frozenset({PublicationState.CONFIRMED, PublicationState.PUBLISHED})


class OwnFeed:
    """A portal over the district's own tables; asked for nothing, since it sees the records."""

    def __init__(self, store: TableStore) -> None:
        self._store = store
        self._seen = 0
        self._ours: dict[str, Record] = {}

    def hand_over(self, key: str, notice: PublicNotice) -> None:
        """Confirmed is shown."""

    def take_down(self, decision_no: str, reason: str) -> None:
        """Taken down is not shown."""

    def listing(self) -> tuple[Shown, ...]:
        """What the feed shows now."""
        self._catch_up()
        return tuple(
            Shown(decision_no=body.decision_no, receipt=body.decision_no, at=_since(one, body))
            for one, body in self._bodies()
            if one.state in SHOWN and body.notice is not None
        )

    def page(self, now: datetime, after: str, limit: int) -> OpenPenalties:
        """Decisions in the order of their numbers, from the one behind `after` on."""
        self._catch_up()
        shown, withdrawn = [], []
        for one, body in self._bodies():
            if one.state in SHOWN and body.notice is not None:
                shown.append(_open(body.notice, _since(one, body)))
            elif body.public_reason is not None and body.confirmed_at is not None:
                withdrawn.append(
                    WithdrawnPenalty(decision_no=body.decision_no, reason=body.public_reason)
                )
        shown = sorted(
            (one for one in shown if one.decision_no > after), key=lambda one: one.decision_no
        )
        has_more = len(shown) > limit
        return OpenPenalties(
            at=now, penalties=tuple(shown[:limit]), withdrawn=tuple(withdrawn),
            next=shown[limit - 1].decision_no if has_more else None,
        )  # fmt: skip

    def _catch_up(self) -> None:
        with self._store.reading() as tables:
            self._take(tables)

    def _take(self, tables: Tables) -> None:
        for one in tables.changed_after(Kind.PUBLICATION, self._seen):
            self._seen = max(self._seen, one.seq)
            if body_of(one, PublicationBody).master is CaseMaster.LOCAL:
                self._ours[one.id] = one

    def _bodies(self) -> list[tuple[Record, PublicationBody]]:
        return [(one, body_of(one, PublicationBody)) for one in self._ours.values()]


def _since(record: Record, body: PublicationBody) -> datetime:
    return body.listed_at or body.confirmed_at or record.opened_at


def _open(notice: PublicNotice, since: datetime) -> OpenPenalty:
    plain = msgspec.structs.asdict(notice)
    fine = plain.pop("fine_fen")
    return OpenPenalty(**plain, fine_yuan=yuan(fine).replace(",", ""), published_at=since)

"""How each platform stands, as sentences: nothing is computed when it is painted."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ui.records import Sentences
from ui.theme.chips import Chip, ChipState
from ui.widgets import ThreadEntry
from xiuzhou_desktop.client.views import RecordView
from xiuzhou_desktop.contract.platforms import Link, PlatformLink
from xiuzhou_desktop.domain.areas import SCOPES
from xiuzhou_desktop.domain.custody import CustodyBody, custody_of
from xiuzhou_desktop.domain.envelope import Record, Struct
from xiuzhou_desktop.domain.ids import DISTRICT, Scope
from xiuzhou_desktop.domain.writing import body_of
from xiuzhou_desktop.plugin_api.context import Text

CHIPS = {
    Link.ONLINE: ChipState.PLAIN, Link.DEGRADED: ChipState.STALE, Link.OFFLINE: ChipState.OFFLINE,
}  # fmt: skip


class Seen(Struct, frozen=True, kw_only=True):
    """What the panel knows: links by platform as the server told them at `told_at`, custodies that
    stand, open work where this person may read it.
    """

    links: Mapping[Scope, PlatformLink] = {}
    told_at: datetime | None = None
    custodies: Sequence[RecordView] = ()
    waiting: Mapping[Scope, int] = {}


class Standing(Struct, frozen=True, kw_only=True):
    """One platform. `held`: the custody that holds there; `is_pending`: saved here only."""

    scope: Scope
    name: str
    chip: Chip
    facts: tuple[tuple[str, str], ...]
    held: RecordView | None = None
    kept: str = ""
    why: str = ""

    @property
    def is_town(self) -> bool:
        """Whether it can be taken over."""
        return self.scope != DISTRICT


class Words:
    """The panel's phrases."""

    def __init__(self, text: Text) -> None:
        self._text, self._said = text, Sentences(text)

    def standings(self, seen: Seen, now: datetime) -> tuple[Standing, ...]:
        """All six, the hub first."""
        return tuple(self._standing(scope, seen, now) for scope in SCOPES)

    def name(self, scope: Scope) -> str:
        """The platform's name."""
        return self._text("platforms.hub") if scope == DISTRICT else self._said.area(scope)

    def summary(self, standings: Sequence[Standing], seen: Seen) -> str:
        """How many of the five are online and how many are kept."""
        links = [one.link for scope, one in seen.links.items() if scope != DISTRICT]
        online, kept = links.count(Link.ONLINE), sum(one.held is not None for one in standings)
        key = "platforms.summary" if links else "platforms.summary.unknown"
        return self._text(key, online=online, towns=len(SCOPES) - 1, kept=kept)

    def told(self, seen: Seen) -> str:
        """Of when the links are that are shown."""
        if seen.told_at is None:
            return self._text("platforms.old.never")
        return self._text("platforms.old.at", at=self._said.hms(seen.told_at))

    def past(self, record: Record) -> ThreadEntry:
        """A custody that has ended."""
        body, said = body_of(record, CustodyBody), self._said
        end = record.closed_at or body.until
        sentence = self._text(
            "platforms.past", town=said.area(body.town), name=body.holder, why=body.reason,
            end=said.since(end, record.opened_at), how=said.state(record.kind, record.state),
        )  # fmt: skip
        return ThreadEntry(time=said.day_hm(record.opened_at), text=sentence)

    def _standing(self, scope: Scope, seen: Seen, now: datetime) -> Standing:
        by_id = {one.record.id: one for one in seen.custodies}
        record = custody_of(scope, [one.record for one in seen.custodies], now)
        body = body_of(record, CustodyBody) if record else None
        return Standing(
            scope=scope, name=self.name(scope), chip=self._chip(seen.links.get(scope)),
            facts=self._facts(scope, seen, now), held=by_id[record.id] if record else None,
            kept=self._kept(body, by_id[record.id], now) if record and body else "",
            why=self._text("platforms.why", why=body.reason) if body else "",
        )  # fmt: skip

    def _kept(self, body: CustodyBody, view: RecordView, now: datetime) -> str:
        key = "platforms.kept.pending" if view.pending else "platforms.kept"
        return self._text(key, name=body.holder, until=self._said.since(body.until, now))

    def _chip(self, link: PlatformLink | None) -> Chip:
        if link is None:
            return Chip(ChipState.STALE, self._text("platforms.link.unknown"))
        return Chip(CHIPS[link.link], self._text(f"platforms.link.{link.link.value}"))

    def _facts(self, scope: Scope, seen: Seen, now: datetime) -> tuple[tuple[str, str], ...]:
        link, text = seen.links.get(scope), self._text
        waiting = seen.waiting.get(scope)
        return (
            (text("platforms.workstation"), self._heard(link.heard_at if link else None, now)),
            (text("platforms.device"), self._heard(link.device_at if link else None, now)),
            (
                text("platforms.waiting"),
                text("platforms.unread") if waiting is None else text("platforms.count", n=waiting),
            ),
        )

    def _heard(self, at: datetime | None, now: datetime) -> str:
        if at is None:
            return self._text("platforms.never")
        said = self._said
        return self._text("platforms.heard", at=said.instant(at, now), ago=said.age(at, now))

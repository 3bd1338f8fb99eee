"""How each platform stands, as sentences: nothing is computed when it is painted."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from ui.records import Sentences
from ui.records.sentences import NOTHING
from ui.theme.chips import Chip, ChipState
from ui.widgets import BannerTone, ThreadEntry
from xiuzhou_desktop.client.errors import ClientError, ServerFailed, Unavailable
from xiuzhou_desktop.client.views import NEEDS_A_PERSON, RecordView
from xiuzhou_desktop.contract.platforms import DEVICES_LOOK_BACK, Link, PlatformLink
from xiuzhou_desktop.domain.areas import SCOPES
from xiuzhou_desktop.domain.custody import CustodyBody, custody_of
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.ids import DISTRICT, Scope
from xiuzhou_desktop.domain.writing import body_of
from xiuzhou_desktop.plugin_api.context import Text

CHIPS = {
    Link.ONLINE: ChipState.PLAIN, Link.DEGRADED: ChipState.STALE, Link.OFFLINE: ChipState.OFFLINE,
}  # fmt: skip
LOOK_BACK_H = DEVICES_LOOK_BACK // timedelta(hours=1)


class Delivery(StrEnum):
    """What became of our own last act on a custody."""

    SENT = "sent"
    PENDING = "pending"
    REFUSED = "refused"


class Local(Struct, frozen=True, kw_only=True):
    """What this computer holds: custodies that stand, those that ended last, and how much open work
    there is where this person may read it.
    """

    custodies: Sequence[RecordView] = ()
    ended: Sequence[RecordView] = ()
    waiting: Mapping[Scope, int] = {}


class Seen(Struct, frozen=True, kw_only=True):
    """What the panel knows: links by platform as the server told them at `told_at` (None: not yet),
    `fault` where it did not answer last; `local` None until it is read.
    """

    links: Mapping[Scope, PlatformLink] = {}
    told_at: datetime | None = None
    fault: ClientError | None = None
    local: Local | None = None


class Standing(Struct, frozen=True, kw_only=True):
    """One platform. `held`: the custody that holds there; `kept` and `why` say so, or that it was
    given back here and nobody else knows yet; `delivery` is that of the custody they speak of.
    """

    scope: Scope
    name: str
    chip: Chip
    facts: tuple[tuple[str, str], ...]
    held: RecordView | None = None
    kept: str = ""
    why: str = ""
    delivery: Delivery = Delivery.SENT

    @property
    def is_town(self) -> bool:
        """Whether it can be taken over."""
        return self.scope != DISTRICT


class Unanswered(Struct, frozen=True, kw_only=True):
    """Why the links that are shown are old ones, and of when they are."""

    icon: str
    tone: BannerTone
    strong: str
    text: str


def delivery_of(view: RecordView) -> Delivery:
    """How the last of our acts on it stands."""
    if not view.pending:
        return Delivery.SENT
    refused = view.pending[-1].status in NEEDS_A_PERSON
    return Delivery.REFUSED if refused else Delivery.PENDING


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
        """How many of the five are online, how many are kept, and what nobody else knows yet."""
        links = [one.link for scope, one in seen.links.items() if scope != DISTRICT]
        kept = sum(one.held is not None for one in standings)
        key = "platforms.summary" if links else "platforms.summary.unknown"
        said = self._text(
            key, online=links.count(Link.ONLINE), towns=len(SCOPES) - 1,
            kept=NOTHING if seen.local is None else kept,
        )  # fmt: skip
        unsent = sum(one.delivery is Delivery.PENDING for one in standings)
        return self._text("platforms.summary.unsent", said=said, count=unsent) if unsent else said

    def unanswered(self, fault: ClientError, seen: Seen) -> Unanswered:
        """No network is weather, everything else has a sentence of its own."""
        told = self._told(seen)
        if isinstance(fault, Unavailable) and not isinstance(fault, ServerFailed):
            return Unanswered(
                icon="wifi-off", tone=BannerTone.OFFLINE, strong=self._text("platforms.old"),
                text=told,
            )  # fmt: skip
        why = self._said.refusal(fault.problem()).text
        return Unanswered(
            icon="circle-x", tone=BannerTone.REFUSED, strong=self._text("platforms.failed"),
            text=f"{why} {told}",
        )  # fmt: skip

    def _told(self, seen: Seen) -> str:
        if seen.told_at is None:
            return self._text("platforms.old.never")
        return self._text("platforms.old.at", at=self._said.hms(seen.told_at))

    def past(self, view: RecordView) -> ThreadEntry:
        """A custody that has ended."""
        record, said = view.record, self._said
        body = body_of(record, CustodyBody)
        end = record.closed_at or body.until
        sentence = self._text(
            "platforms.past", town=said.area(body.town), name=body.holder, why=body.reason,
            end=said.since(end, record.opened_at), how=said.state(record.kind, record.state),
        )  # fmt: skip
        is_unsent = delivery_of(view) is Delivery.PENDING
        return ThreadEntry(
            time=said.day_hm(record.opened_at), text=sentence,
            pending=self._text("platforms.unsent") if is_unsent else None,
        )  # fmt: skip

    def _standing(self, scope: Scope, seen: Seen, now: datetime) -> Standing:
        local = seen.local or Local()
        by_id = {one.record.id: one for one in local.custodies}
        held = custody_of(scope, [one.record for one in local.custodies], now)
        plain = Standing(
            scope=scope, name=self.name(scope), chip=self._chip(seen.links.get(scope)),
            facts=self._facts(scope, seen, now),
        )  # fmt: skip
        if held is not None:
            return self._kept(plain, by_id[held.id], now)
        is_given_back = any(_is_given_back(one, scope) for one in local.ended)
        return self._given_back(plain) if is_given_back else plain

    def _kept(self, standing: Standing, view: RecordView, now: datetime) -> Standing:
        body, delivery = body_of(view.record, CustodyBody), delivery_of(view)
        until = self._said.since(body.until, now)
        return msgspec.structs.replace(
            standing, held=view, delivery=delivery,
            kept=self._text(f"platforms.kept.{delivery.value}", name=body.holder, until=until),
            why=self._text("platforms.why", why=body.reason),
        )  # fmt: skip

    def _given_back(self, standing: Standing) -> Standing:
        said = self._text("platforms.given_back")
        return msgspec.structs.replace(standing, delivery=Delivery.PENDING, kept=said)

    def _chip(self, link: PlatformLink | None) -> Chip:
        if link is None:
            return Chip(ChipState.STALE, self._text("platforms.link.unknown"))
        return Chip(CHIPS[link.link], self._text(f"platforms.link.{link.link.value}"))

    def _facts(self, scope: Scope, seen: Seen, now: datetime) -> tuple[tuple[str, str], ...]:
        link, text = seen.links.get(scope), self._text
        heard = device = NOTHING
        if link is not None:
            heard = self._heard(link.heard_at, now) or text("platforms.never")
            device = self._heard(link.device_at, now) or text("platforms.quiet", hours=LOOK_BACK_H)
        return (
            (text("platforms.workstation"), heard),
            (text("platforms.device"), device),
            (text("platforms.waiting"), self._waiting(scope, seen.local)),
        )

    def _waiting(self, scope: Scope, local: Local | None) -> str:
        if local is None:
            return NOTHING
        waiting = local.waiting.get(scope)
        if waiting is None:
            return self._text("platforms.unread")
        return self._text("platforms.count", n=waiting)

    def _heard(self, at: datetime | None, now: datetime) -> str | None:
        if at is None:
            return None
        said = self._said
        return self._text("platforms.heard", at=said.instant(at, now), ago=said.age(at, now))


def _is_given_back(view: RecordView, scope: Scope) -> bool:
    """Whether that town was given back here, which nobody else knows yet."""
    is_unsent = delivery_of(view) is Delivery.PENDING
    return is_unsent and body_of(view.record, CustodyBody).town == scope

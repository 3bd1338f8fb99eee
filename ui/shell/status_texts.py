"""The status bar's facts as texts: pure functions of what the engine says and of the time, in
look.md's words."""

from datetime import datetime

from ui.records.sentences import Sentences
from ui.widgets import StatusText, StatusTone
from xiuzhou_desktop.client.views import Link, LinkState, OutboxSummary, Signed
from xiuzhou_desktop.client.watch import Concern
from xiuzhou_desktop.domain.ids import DISTRICT
from xiuzhou_desktop.plugin_api.context import Text, View, ViewMode

STALE_AFTER_S = 60
FAR_OFF_MS = 60_000
MS = 1000


def link_text(
    link: LinkState, waiting: int, now: datetime, text: Text, left_s: float | None = None
) -> StatusText:
    """How the link stands, since when, what to do. `left_s`: how long syncing will still take."""
    names = Sentences(text)
    match link.link:
        case Link.ONLINE:
            return StatusText(icon="plug-connected", strong=text("link.online"))
        case Link.CONNECTING:
            return StatusText(icon="plug-connected", text=text("link.connecting"))
        case Link.SYNCING:
            left = text("link.syncing.left", span=names.span(left_s)) if left_s else ""
            return StatusText(icon="refresh", strong=_syncing(link, text), text=left)
        case Link.OFFLINE:
            span = names.span((now - link.since).total_seconds())
            since = names.since(link.since, now)
            return StatusText(
                icon="plug-connected-x",
                strong=text("link.offline", since=since, span=span),
                text=text("link.offline.note"),
                tone=StatusTone.OFFLINE,
            )
        case Link.BUSY:
            return StatusText(icon="hourglass-off", strong=_busy(link, names, text))
        case Link.SIGNED_OUT:
            return StatusText(
                icon="logout",
                strong=text("link.signed_out"),
                text=text("link.signed_out.note", count=waiting),
                key="F10",
                tone=StatusTone.OFFLINE,
            )
        case Link.UPGRADE | Link.STOPPED:
            key = f"link.{link.link.value}"
            return StatusText(
                icon="alert-triangle",
                strong=text(key),
                text=text(f"{key}.note"),
                tone=StatusTone.REFUSED,
            )


def data_text(link: LinkState, now: datetime, text: Text) -> StatusText:
    """How old the data is; told otherwise once it is stale."""
    sentence, is_stale = data_age(link, now, text)
    return StatusText(icon="clock-exclamation" if is_stale else "", text=sentence)


def data_age(link: LinkState, now: datetime, text: Text) -> tuple[str, bool]:
    """The sentence, and whether the data is stale."""
    names = Sentences(text)
    if link.data_as_of is None:
        return text("link.data.none"), True
    age = names.age(link.data_as_of, now)
    is_old = (now - link.data_as_of).total_seconds() > STALE_AFTER_S * max(1, link.clock_rate)
    if is_old or link.link is Link.OFFLINE:
        return text("link.data.stale", at=names.since(link.data_as_of, now), age=age), True
    return text("link.data.fresh", age=age), False


def outbox_text(outbox: OutboxSummary, text: Text) -> StatusText:
    """What waits and what was refused."""
    names = Sentences(text)
    trouble = [
        text(f"outbox.{name}", count=count)
        for name, count in (
            ("refused", outbox.refused),
            ("expired", outbox.expired),
            ("parked", outbox.parked),
        )
        if count
    ]
    oldest = outbox.oldest_age_s if outbox.pending else None
    return StatusText(
        icon="cloud-up",
        strong=text("outbox.pending", count=outbox.pending),
        text="" if oldest is None else text("outbox.oldest", span=names.span(oldest)),
        trouble=" · ".join(trouble),
        key="F8",
        tone=StatusTone.PENDING if outbox.pending else StatusTone.NORMAL,
    )


def clock_text(view: View, now: datetime, text: Text) -> StatusText:
    """What the panels that follow the view clock show."""
    if view.mode is ViewMode.LIVE:
        return StatusText(text=text("shell.clock.live"))
    at = Sentences(text).instant(view.at, now)
    return StatusText(icon="history", text=text("shell.past.at", at=at), tone=StatusTone.PAST)


def watch_text(concern: Concern, text: Text) -> StatusText:
    """What hinders the work, and what to do about it."""
    said = text(f"watch.{concern.check}", **concern.facts)
    remedy = text(f"watch.{concern.check}.remedy", **concern.facts)
    icon = "alert-triangle" if concern.is_alarm else "clock-exclamation"
    tone = StatusTone.REFUSED if concern.is_alarm else StatusTone.NORMAL
    return StatusText(icon=icon, strong=said, text=remedy, tone=tone)


def skew_text(link: LinkState, text: Text) -> StatusText:
    """This computer's clock beside the server's."""
    if link.demo:
        rate = link.clock_rate
        key = "shell.skew.demo_fast" if rate > 1 else "shell.skew.demo"
        return StatusText(text=text(key, rate=rate))
    offset = link.clock_offset_ms
    if offset is None:
        return StatusText(text=text("shell.skew.unknown"))
    if abs(offset) >= FAR_OFF_MS:
        span = Sentences(text).span(abs(offset) / MS)
        return StatusText(icon="clock-exclamation", trouble=text("shell.skew.far", span=span))
    return StatusText(text=text("shell.skew", seconds=f"{offset / MS:+.1f}"))


def person_text(signed: Signed, text: Text) -> StatusText:
    """Role and scope."""
    names = Sentences(text)
    role = names.role(str(signed.account.roles[0])) if signed.account.roles else ""
    return StatusText(text=text("shell.person.scope", role=role, scope=scope_name(signed, text)))


def scope_name(signed: Signed, text: Text) -> str:
    """The district for whoever may act in it, else the first town."""
    scopes = sorted({grant.partition(":")[0] for grant in signed.grants if _is_for_work(grant)})
    if DISTRICT in scopes or not scopes:
        return text("shell.scope.district")
    return Sentences(text).area(scopes[0])


def _is_for_work(grant: str) -> bool:
    return grant.endswith(":dispatch")


def _syncing(link: LinkState, text: Text) -> str:
    if not link.total:
        return text("link.syncing.plain")
    key = "link.syncing" if link.data_as_of else "link.syncing.first"
    return text(key, done=f"{link.done:,}", total=f"{link.total:,}")


def _busy(link: LinkState, names: Sentences, text: Text) -> str:
    if link.retry_at is None:
        return text("link.busy.plain")
    return text("link.busy", at=names.hms(link.retry_at))

"""What a tile says about its session: chosen by state and reason, never assembled.

Sentence = what happened + since when + what to do (look.md §4).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.media import (
    INSTALL_COMMAND,
    FreezeCause,
    MediaSession,
    Progress,
    Reason,
    SessionState,
    SessionStatus,
    SourceKind,
    Stretch,
)

Text = Callable[..., str]
"""A sentence by key with named arguments."""

MINUTE_S = 60
HOUR_S = 3600


class TileSays(msgspec.Struct, frozen=True, kw_only=True):
    """`over`: lines in the middle of the picture, the first is the news; `band`: the frozen band,
    `brief` where it has less room; `caption`: at the right of the caption line; `offers_retry`: F5
    is named and works."""

    over: tuple[str, ...] = ()
    band: str = ""
    brief: str = ""
    caption: str = ""
    offers_retry: bool = False


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """One look at a session, immutable: what the sentences depend on."""

    status: SessionStatus
    kind: SourceKind
    retry_in_s: int | None
    progress: Progress
    install: str
    has_picture: bool
    stood_since: datetime | None = None
    """When the picture last moved, as somebody knows who has watched it for longer."""
    stretch: Stretch | None = None
    """Where in a recorded piece the camera's picture does not move."""
    began_at: datetime | None = None
    """When that piece began, where it is known."""

    @classmethod
    def at(cls, session: MediaSession, stood_since: datetime | None = None) -> Looked:
        stillness = session.stillness()
        return cls(
            status=session.status,
            kind=session.kind,
            retry_in_s=session.retry_in_s(),
            progress=session.progress,
            install=session.missing.command if session.missing else INSTALL_COMMAND,
            has_picture=session.buffer.latest() is not None,
            stood_since=stood_since,
            stretch=stillness.at(session.progress.position_ms) if stillness else None,
            began_at=session.began_at,
        )


def say(looked: Looked, text: Text, now: datetime) -> TileSays:
    """The words of a tile at one look; a recorded piece says where it stands still, too."""
    says = _SAYERS[looked.status.state](looked, text, now)
    if looked.stretch is None:
        return says
    band, brief = _stood_then(looked.stretch, looked.began_at, text)
    return msgspec.structs.replace(says, band=band, brief=brief)


def _stood_then(stretch: Stretch, began_at: datetime | None, text: Text) -> tuple[str, str]:
    what = "media.black" if stretch.cause is FreezeCause.BLACK_PICTURE else "media.frozen"
    since = clip_time(stretch.from_ms)
    if began_at is not None:
        since = time_of_day(began_at + timedelta(milliseconds=stretch.from_ms))
    key = f"{what}.recorded" if stretch.from_ms else f"{what}.recorded.before"
    return text(key, since=since), text(f"{key}.brief", since=since)


def time_of_day(at: datetime) -> str:
    return at.astimezone(LOCAL).strftime("%H:%M:%S")


def age(since: datetime, now: datetime, text: Text) -> str:
    """How long ago, in the one unit that fits."""
    seconds = max(0, round((now - since).total_seconds()))
    if seconds < MINUTE_S:
        return text("media.age.seconds", count=seconds)
    if seconds < HOUR_S:
        return text("media.age.minutes", count=seconds // MINUTE_S)
    return text("media.age.hours", count=seconds // HOUR_S)


def clip_time(milliseconds: int) -> str:
    minutes, seconds = divmod(milliseconds // 1000, MINUTE_S)
    return f"{minutes:02}:{seconds:02}"


def _say_opening(looked: Looked, text: Text, _now: datetime) -> TileSays:
    over = () if looked.has_picture else (text("media.opening"),)
    return TileSays(over=over, caption=text("media.caption.opening"))


def _say_playing(looked: Looked, text: Text, _now: datetime) -> TileSays:
    return TileSays(caption=_clip_caption(looked, text, "media.caption.clip"))


def _say_paused(looked: Looked, text: Text, _now: datetime) -> TileSays:
    if looked.kind is SourceKind.LIVE:
        return TileSays(caption=text("media.caption.held"))
    return TileSays(caption=_clip_caption(looked, text, "media.caption.paused"))


def _say_ended(looked: Looked, text: Text, _now: datetime) -> TileSays:
    return TileSays(caption=_clip_caption(looked, text, "media.caption.ended"))


def _clip_caption(looked: Looked, text: Text, key: str) -> str:
    if looked.kind is SourceKind.LIVE:
        return ""
    return text(
        key,
        position=clip_time(looked.progress.position_ms),
        duration=clip_time(looked.progress.duration_ms),
    )


def _say_frozen(looked: Looked, text: Text, now: datetime) -> TileSays:
    status, known = looked.status, looked.stood_since
    what = "media.black" if status.reason is Reason.BLACK_PICTURE else "media.frozen"
    if status.stood_before and known is None:
        watched = age(status.since, now, text)
        return TileSays(
            band=text(f"{what}.at_open", age=watched), brief=text(f"{what}.at_open.brief"),
            caption=text("media.caption.no_change"),
        )  # fmt: skip
    since = min(status.since, known) if known else status.since
    band = text(what, since=time_of_day(since), age=age(since, now, text))
    brief = text(f"{what}.brief", since=time_of_day(since))
    last = text("media.caption.last_frame", at=time_of_day(since))
    return TileSays(band=band, brief=brief, caption=last)


def _say_reconnecting(looked: Looked, text: Text, _now: datetime) -> TileSays:
    over = (*_why(looked, text), _retry(looked, text))
    return TileSays(over=over, caption=_last_frame(looked, text), offers_retry=True)


def _say_offline(looked: Looked, text: Text, now: datetime) -> TileSays:
    since = looked.status.since
    gone = text("media.offline", since=time_of_day(since), age=age(since, now, text))
    over = (gone, *_why(looked, text), _retry(looked, text))
    if looked.has_picture:
        over += (text("media.offline.no_evidence"),)
    return TileSays(over=over, caption=_last_frame(looked, text), offers_retry=True)


def _why(looked: Looked, text: Text) -> tuple[str, ...]:
    """What the camera itself answered, where that helps to mend it."""
    reason = looked.status.reason
    return (text(f"media.reason.{reason.value}"),) if reason in _TELLING else ()


def _retry(looked: Looked, text: Text) -> str:
    attempt, wait_s = looked.status.attempt, looked.retry_in_s
    if wait_s is None:
        return text("media.reconnecting.now", attempt=attempt)
    return text("media.reconnecting", attempt=attempt, seconds=wait_s)


def _last_frame(looked: Looked, text: Text) -> str:
    last = looked.status.last_frame_at
    return text("media.caption.last_frame", at=time_of_day(last)) if last else ""


def _say_error(looked: Looked, text: Text, _now: datetime) -> TileSays:
    if looked.status.reason is Reason.LIBVLC_MISSING:
        over = (
            text("media.libvlc_missing"),
            text("media.libvlc_missing.install", command=looked.install),
            text("media.libvlc_missing.rest"),
        )
        return TileSays(over=over, offers_retry=True)
    if looked.status.reason is Reason.DEFECT:
        return TileSays(over=(text("media.defect"),))
    return TileSays(over=(text("media.clip_failed"),), offers_retry=True)


def _say_closed(_looked: Looked, _text: Text, _now: datetime) -> TileSays:
    return TileSays()


_TELLING = frozenset(
    {Reason.NO_ANSWER, Reason.REFUSED, Reason.WRONG_PASSWORD, Reason.NOT_FOUND, Reason.NO_VIDEO}
)
_SAYERS: dict[SessionState, Callable[[Looked, Text, datetime], TileSays]] = {
    SessionState.OPENING: _say_opening,
    SessionState.PLAYING: _say_playing,
    SessionState.PAUSED: _say_paused,
    SessionState.FROZEN: _say_frozen,
    SessionState.RECONNECTING: _say_reconnecting,
    SessionState.OFFLINE: _say_offline,
    SessionState.ENDED: _say_ended,
    SessionState.ERROR: _say_error,
    SessionState.CLOSED: _say_closed,
}

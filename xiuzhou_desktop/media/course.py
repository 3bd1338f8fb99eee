"""The course of one session as a state machine without threads and decoder (chart in status.py).

Fed with what the player says and the latest frame; answers what to do with the player.
"""

from __future__ import annotations

import random
from datetime import timedelta
from enum import StrEnum

import msgspec

from xiuzhou_desktop.media.backoff import LONGEST_WAIT_S, wait_s
from xiuzhou_desktop.media.clock import MediaClock
from xiuzhou_desktop.media.frames import Frame
from xiuzhou_desktop.media.libvlc import PlayerState
from xiuzhou_desktop.media.picture_watch import LOOK_EVERY_S, FreezeCause, PictureWatch
from xiuzhou_desktop.media.source import SourceKind
from xiuzhou_desktop.media.status import Reason, SessionState, SessionStatus

NEVER = float("-inf")
OPEN_TIMEOUT_S = 8.0
"""No first picture by then: the attempt has failed."""
STALLED_FOR_S = 12.0
"""Without a new frame for so long a live stream is opened anew."""
ATTEMPTS_UNTIL_OFFLINE = 3

_HOPELESS = frozenset({Reason.WRONG_PASSWORD, Reason.NOT_FOUND})
"""Trying again soon would lock the account or change nothing: at once the longest wait."""
_WAITING = frozenset({SessionState.RECONNECTING, SessionState.OFFLINE})
_MOVING = frozenset({SessionState.PLAYING, SessionState.FROZEN})


class Wish(StrEnum):
    KEEP = "KEEP"
    OPEN = "OPEN"
    DROP = "DROP"


class Course:
    """State, reason, attempts and the frozen-picture watch of one session."""

    def __init__(self, kind: SourceKind, clock: MediaClock, dice: random.Random) -> None:
        self._kind = kind
        self._clock = clock
        self._dice = dice
        at = clock.monotonic()
        self._watch = PictureWatch(at)
        self._looked_at = NEVER
        self._opened_at = at
        self._frames_at_open = 0
        self._trying = True
        self.trouble = Reason.NONE
        """Why the source did not come, where whoever opened it knows better than the player."""
        self.status = SessionStatus(state=SessionState.OPENING, since=clock.now())

    def opened(self, frames_shown: int) -> None:
        """The player was started; the first picture is yet to come."""
        self._trying = True
        self._opened_at = self._clock.monotonic()
        self._frames_at_open = frames_shown
        if self.status.state in _WAITING:
            self._say(retry_at=None)
        elif self.status.state is not SessionState.OPENING:
            self._enter(SessionState.OPENING)

    def hold(self) -> None:
        if self.status.state in _MOVING:
            self._enter(SessionState.PAUSED)

    def go_on(self) -> None:
        if self.status.state is SessionState.PAUSED:
            self._watch.restart(self._clock.monotonic())
            self._enter(SessionState.PLAYING)

    def fail(self, reason: Reason) -> None:
        """Nothing can be opened: no libVLC."""
        self._trying = False
        self._enter(SessionState.ERROR, reason)

    def close(self) -> None:
        self._enter(SessionState.CLOSED)

    def observe(self, player: PlayerState, frame: Frame | None) -> Wish:
        """One tick. The order: is it time to try, has it come up, has it gone, does it move."""
        at = self._clock.monotonic()
        if not self._trying and self.status.state in _WAITING:
            due = self.status.retry_at is not None and at >= self.status.retry_at
            return Wish.OPEN if due else Wish.KEEP
        if self._trying:
            return self._observe_opening(player, frame, at)
        if self.status.state in _MOVING:
            return self._observe_moving(player, frame, at)
        return Wish.KEEP

    def _observe_opening(self, player: PlayerState, frame: Frame | None, at: float) -> Wish:
        if frame is not None and frame.number > self._frames_at_open:
            self._trying = False
            self._watch.opened(at)
            self._looked_at = NEVER
            self._enter(SessionState.PLAYING)
            return self._observe_moving(player, frame, at)
        if player in {PlayerState.FAILED, PlayerState.ENDED}:
            return self._lose(Reason.CANNOT_OPEN, at)
        if at - self._opened_at >= OPEN_TIMEOUT_S:
            return self._lose(Reason.NO_FIRST_PICTURE, at)
        return Wish.KEEP

    def _observe_moving(self, player: PlayerState, frame: Frame | None, at: float) -> Wish:
        if frame is not None:
            self._look(frame, at)
        if player is PlayerState.ENDED and self._kind is SourceKind.CLIP:
            self._enter(SessionState.ENDED)
            return Wish.KEEP
        if player in {PlayerState.FAILED, PlayerState.ENDED}:
            return self._lose(Reason.LINK_LOST, at)
        if self._kind is SourceKind.CLIP:
            return Wish.KEEP
        if self._watch.without_frames_s(at) >= STALLED_FOR_S:
            return self._lose(Reason.NO_NEW_FRAME, at)
        self._mark_frozen(self._watch.freeze(at), at)
        return Wish.KEEP

    def _look(self, frame: Frame, at: float) -> None:
        if at - self._looked_at < LOOK_EVERY_S:
            return
        self._looked_at = at
        self._watch.look(frame, at)
        self._say(last_frame_at=self._clock.now())

    def _mark_frozen(self, cause: FreezeCause | None, at: float) -> None:
        if cause is None and self.status.state is SessionState.FROZEN:
            self._enter(SessionState.PLAYING)
        if cause is None or self.status.state is SessionState.FROZEN:
            return
        self._enter(SessionState.FROZEN, Reason(cause.value))
        still_for = at - self._watch.stood_still_since()
        since = self._clock.now() - timedelta(seconds=still_for)
        self._say(since=since, stood_before=not self._watch.saw_it_begin())

    def _lose(self, reason: Reason, at: float) -> Wish:
        self._trying = False
        reason = reason if self.trouble is Reason.NONE else self.trouble
        if self._kind is SourceKind.CLIP:
            self._enter(SessionState.ERROR, reason)
            return Wish.DROP
        is_hopeless = reason in _HOPELESS
        attempt = self.status.attempt + (ATTEMPTS_UNTIL_OFFLINE if is_hopeless else 0) + 1
        is_first = self.status.state not in _WAITING
        since = self._clock.now() if is_first else self.status.since
        is_offline = attempt > ATTEMPTS_UNTIL_OFFLINE
        self.status = SessionStatus(
            state=SessionState.OFFLINE if is_offline else SessionState.RECONNECTING,
            since=since,
            reason=reason,
            attempt=attempt,
            retry_at=at + (LONGEST_WAIT_S if is_hopeless else wait_s(attempt, self._dice)),
            last_frame_at=self.status.last_frame_at,
        )
        return Wish.DROP

    def _enter(self, state: SessionState, reason: Reason = Reason.NONE) -> None:
        self.status = SessionStatus(
            state=state,
            since=self._clock.now(),
            reason=reason,
            last_frame_at=self.status.last_frame_at,
        )

    def _say(self, **changed: object) -> None:
        self.status = msgspec.structs.replace(self.status, **changed)

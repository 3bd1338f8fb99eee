"""How the workflow hears what became of an effect, and how a person settles one in doubt.

    ask ──"it was sent"──► sent, told       ask ──"it was not"──► queued: goes out once more
                                             └─ its notice is over by now ──► dropped

What the provider said becomes a command of actor `system`, in the transaction that keeps it; a flag
that moved on refuses it, which is right. Who was reached by a notice that was voided meanwhile is
owed its correction, as `flag_notice.taken_back` owes it where the notice was known to be out.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from xiuzhou_desktop.backend.accounts import SYSTEM
from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.commands import Desk
from xiuzhou_desktop.backend.hooks import Failure
from xiuzhou_desktop.backend.store import Tables
from xiuzhou_desktop.backend.store.effects import EffectState, Origin, Owed
from xiuzhou_desktop.contract.sync import Status
from xiuzhou_desktop.domain.canonical import Json, to_json
from xiuzhou_desktop.domain.command import Command, Effect, Expect
from xiuzhou_desktop.domain.envelope import Args, Record
from xiuzhou_desktop.domain.flag_forms import NoticeDelivered, NoticeFailed, NoticeSent
from xiuzhou_desktop.domain.ids import CommandId, RecordId, derived_id
from xiuzhou_desktop.domain.notice_body import NoticeFailure, NoticeState

log = logging.getLogger(__name__)

VALID_FOR = timedelta(days=3650)
NOTICE = "notice"  # the template whose fate moves the flag; a correction moves nothing
CORRECTION = "correction"


class Became(StrEnum):
    """What came of an effect that a person settled."""

    TOLD = "told"
    KEPT = "kept"
    NOTICE_OVER = "notice-over"
    CORRECTED = "corrected"
    QUEUED = "queued"
    DROPPED = "dropped"


class Teller:
    """Tells within the caller's transaction."""

    def __init__(self, desk: Desk, clock: BusinessClock) -> None:
        self._desk = desk
        self._clock = clock

    def sent(self, tables: Tables, owed: Owed) -> Became:
        """It went out."""
        if owed.args.get("template") != NOTICE:
            tables.mark_told(owed)  # nobody waits for the receipt of another
            return Became.KEPT
        sent = NoticeSent(sent_at=self._clock.now(), notice=_notice_of(owed))
        if self._command(tables, owed, "notice_sent", sent):
            return Became.TOLD
        notice = notice_of(tables, owed)
        if notice is None or notice.state != NoticeState.VOIDED:
            return Became.NOTICE_OVER
        self._correct(tables, owed, notice)
        return Became.CORRECTED

    def _correct(self, tables: Tables, owed: Owed, voided: Record) -> None:
        """An effect of the command that voided it, which owed none: it knew of nobody reached.
        Where the notice was in doubt, this too may have gone out before a restore.
        """
        void = voided.log[-1].command
        origin = Origin(command=void, record=owed.record, at=self._clock.now())
        args = {**owed.args, "template": CORRECTION, "not_before": None}
        is_new = owed.state is EffectState.QUEUED
        state = EffectState.QUEUED if is_new else EffectState.CHECK
        tables.owe(origin, [Effect(kind=owed.kind, args=args)], state)

    def delivered(self, tables: Tables, owed: Owed, at: datetime) -> None:
        """It arrived."""
        delivered = NoticeDelivered(delivered_at=at, notice=_notice_of(owed))
        self._command(tables, owed, "notice_delivered", delivered)

    def failed(self, tables: Tables, owed: Owed, failure: Failure) -> None:
        """It will not arrive."""
        if owed.args.get("template") == NOTICE:
            cause = NoticeFailure(failure.cause)
            failed = NoticeFailed(cause=cause, detail=failure.detail, notice=_notice_of(owed))
            self._command(tables, owed, "notice_failed", failed)
        tables.mark_told(owed)

    def _command(self, tables: Tables, owed: Owed, transition: str, args: Args) -> bool:
        """Whether the flag took it."""
        flag = tables.find(owed.record)
        if flag is None:
            return False
        now = self._clock.now()
        command = Command(
            id=CommandId(derived_id("effect", owed.key, transition)), client_seq=0,
            kind=flag.kind, record=flag.id, transition=transition,
            expect=Expect(state_version=flag.state_version), args=_named(args),
            issued_at=owed.at, not_after=now + VALID_FOR,
        )  # fmt: skip
        judged = self._desk.execute_as(tables, SYSTEM, command)
        status = judged.result.status
        log.info("effect told", extra={"transition": transition, "status": status.value})
        return status is Status.APPLIED


Settle = Callable[[Tables, Teller, Owed], Became | None]


def was_sent(tables: Tables, teller: Teller, owed: Owed) -> Became | None:
    """The provider has it; None when somebody else was quicker to say so."""
    if not tables.mark_effect(owed, EffectState.SENT):
        return None
    return teller.sent(tables, owed)


def was_not_sent(tables: Tables, teller: Teller, owed: Owed) -> Became | None:
    """The provider has it not: it goes out with the next turn, but a notice only while it still
    waits; None as above.
    """
    notice = notice_of(tables, owed) if owed.args.get("template") == NOTICE else None
    if notice is None or notice.state == NoticeState.QUEUED:
        return Became.QUEUED if tables.mark_effect(owed, EffectState.QUEUED) else None
    if not tables.mark_effect(owed, EffectState.DROPPED):
        return None
    tables.mark_told(owed)
    return Became.DROPPED


def notice_of(tables: Tables, owed: Owed) -> Record | None:
    """That notice as it is by now; None where it is not known."""
    return tables.find(_notice_of(owed))


def _named(args: Args) -> dict[str, Json]:
    plain = to_json(args)
    return plain if isinstance(plain, dict) else {}


def _notice_of(owed: Owed) -> RecordId:
    """Which notice the message was: a later one of the same flag may be under way by now."""
    return RecordId(str(owed.args["notice"]))

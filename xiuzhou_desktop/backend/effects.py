"""The outbox at work: messages and packages go out at most once, and the workflow hears how it
ended (sync.md §4.4 *Effects*).

    queued → sending, committed → the call → sent with notice_sent, committed → the provider's
        receipt → notice_delivered | notice_failed

A crash leaves `sending`: a provider that deduplicates is asked for the key and, if it has none,
called again; of any other a person is asked, who settles it (telling.py). What may have gone out
before a restore is looked up first. A notice goes out only while it still waits and no officer is
there yet.
Whoever moved an effect on tells how it ended: a process that lost its lease in the call tells
nothing.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from xiuzhou_desktop.backend.accounts import SYSTEM
from xiuzhou_desktop.backend.case_packages import CasePackages
from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.commands import Desk
from xiuzhou_desktop.backend.hooks import ContactBook, Failure, SmsGateway
from xiuzhou_desktop.backend.store import TableStore, UnavailableError
from xiuzhou_desktop.backend.store.effects import EffectState, Owed
from xiuzhou_desktop.backend.store.port import Note
from xiuzhou_desktop.backend.telling import NOTICE, Teller, notice_of
from xiuzhou_desktop.documents.sms_text import sms_text
from xiuzhou_desktop.domain.command import EffectKind
from xiuzhou_desktop.domain.flag_table import NOTHING_TO_TELL
from xiuzhou_desktop.domain.notice_body import NoticeFailure, NoticeState

log = logging.getLogger(__name__)

IN_DOUBT = (EffectState.CHECK, EffectState.SENDING)
AT_ONCE = 20
UNTOLD_AT_ONCE = 200
TRY_AGAIN_AFTER = timedelta(seconds=20)  # business time; twice as long at each time after
TRY_AGAIN_WITHIN = timedelta(minutes=5)  # a provider that is back is used soon
RECEIPT_WITHIN = timedelta(days=3)  # a provider tells nothing after that


class Providers(NamedTuple):
    """The world outside."""

    sms: SmsGateway
    contacts: ContactBook
    packages: CasePackages


class Outbox:
    """Turns of one process, under the same lease as the timers, on a thread that no command waits
    for: each of its transactions ends before a provider or the tray is asked.
    """

    def __init__(
        self, store: TableStore, clock: BusinessClock, desk: Desk, providers: Providers
    ) -> None:
        self._store = store
        self._clock = clock
        self._teller = Teller(desk, clock)
        self._sms = providers.sms
        self._contacts = providers.contacts
        self._packages = providers.packages
        self._told_to: Owed | None = None

    def turn(self) -> int:
        """Send what waits, tell what is known; returns how many effects it touched."""
        now = self._clock.now()
        with self._store.reading() as tables:
            waiting = tables.waiting_effects(now, AT_ONCE)
            untold = tables.untold_effects(UNTOLD_AT_ONCE, self._told_to)
        # Round and round: what waits for its receipt for days keeps no later one from being heard.
        self._told_to = untold[-1] if len(untold) == UNTOLD_AT_ONCE else None
        for owed in waiting:
            self._kept_apart(self._advance, owed)
        for owed in untold:
            self._kept_apart(self._tell_receipt, owed)
        return len(waiting) + len(untold)

    def _kept_apart(self, act: Callable[[Owed], None], owed: Owed) -> None:
        """The top of a loop: one effect that breaks keeps no other waiting."""
        try:
            act(owed)
        except UnavailableError:
            raise
        except Exception:
            log.exception("an effect failed", extra={"command": owed.command})
            self._put_off(owed)

    def _advance(self, owed: Owed) -> None:
        try:
            if owed.state is EffectState.SENDING and not self._deduplicates(owed):
                self._mark(owed, EffectState.ASK)
                return
            if owed.state in IN_DOUBT and self._is_known(owed):
                self._have_gone(owed)
                return
            if self._is_called_off(owed):
                self._call_off(owed)
            elif self._mark(owed, EffectState.SENDING):
                self._send(owed)
        except ConnectionError:
            log.warning("provider does not answer", extra={"kind": owed.kind.value})
            self._put_off(owed)

    def _have_gone(self, owed: Owed) -> None:
        with self._store.writing() as tables:
            if tables.mark_effect(owed, EffectState.SENT):
                self._teller.sent(tables, owed)

    def _put_off(self, owed: Owed) -> None:
        """Each time longer: what fails for ever takes no turn from what could go out."""
        waits = min(TRY_AGAIN_AFTER * 2 ** min(owed.attempts, 8), TRY_AGAIN_WITHIN)
        with self._store.writing() as tables:
            tables.postpone_effect(owed, self._clock.now() + waits)

    def _is_called_off(self, owed: Owed) -> bool:
        """A notice that was voided, given up or overtaken before it went out, such as one held over
        night.
        """
        if owed.args.get("template") != NOTICE:
            return False
        with self._store.reading() as tables:
            notice, flag = notice_of(tables, owed), tables.find(owed.record)
        waits = notice is not None and notice.state == NoticeState.QUEUED
        return not waits or (flag is not None and flag.state in NOTHING_TO_TELL)

    def _call_off(self, owed: Owed) -> None:
        """The notice that still waits hears why it stays."""
        with self._store.writing() as tables:
            if tables.mark_effect(owed, EffectState.DROPPED):
                self._teller.failed(tables, owed, Failure(cause=NoticeFailure.OVERTAKEN.value))

    def _send(self, owed: Owed) -> None:
        if owed.kind is EffectKind.CASE_PACKAGE:
            self._hand_over(owed)
            return
        failure = self._send_sms(owed)
        with self._store.writing() as tables:
            state = EffectState.FAILED if failure else EffectState.SENT
            if not tables.end_effect(owed, state):
                return  # the lease went meanwhile, and who took it has told
            if failure:
                self._teller.failed(tables, owed, failure)
            else:
                self._teller.sent(tables, owed)

    def _send_sms(self, owed: Owed) -> Failure | None:
        subject = str(owed.args.get("subject_key") or "")
        number = self._contacts.number_of(subject, owed.key) if subject else None
        self._note_lookup(owed)
        if number is None:
            return Failure(cause=NoticeFailure.NO_CONTACT.value)
        with self._store.reading() as tables:
            flag = tables.find(owed.record)
            policy = tables.surroundings().policy
        if flag is None:
            return Failure(cause=NoticeFailure.SMS_FAILED.value, detail="the flag is gone")
        words = sms_text(str(owed.args.get("template") or NOTICE), flag, policy)
        return self._sms.send(owed.key, number, words)

    def _note_lookup(self, owed: Owed) -> None:
        """Each look into the contact book is kept with its purpose, without number or plate."""
        with self._store.writing() as tables:
            tables.note(
                Note(
                    at=self._clock.now(), who=SYSTEM.user, act="contact.lookup",
                    subject=owed.record, detail=owed.key,
                )
            )  # fmt: skip

    def _hand_over(self, owed: Owed) -> None:
        with self._store.reading() as tables:
            case = tables.find_doc(str(owed.args["case"]))
            flag = tables.find_doc(str(owed.args["flag"]))
        self._packages.put(owed.key, str(owed.args["step"]), case, flag)
        with self._store.writing() as tables:
            if tables.end_effect(owed, EffectState.SENT):
                self._teller.sent(tables, owed)

    def _is_known(self, owed: Owed) -> bool:
        if owed.kind is EffectKind.CASE_PACKAGE:
            return self._packages.has(owed.key)
        return self._sms.knows(owed.key)

    def _deduplicates(self, owed: Owed) -> bool:
        return owed.kind is EffectKind.CASE_PACKAGE or self._sms.deduplicates

    def _mark(self, owed: Owed, state: EffectState) -> bool:
        with self._store.writing() as tables:
            return tables.mark_effect(owed, state)

    def _tell_receipt(self, owed: Owed) -> None:
        if owed.kind is not EffectKind.SMS or owed.state is EffectState.FAILED:
            self._tell_late(owed)
            return
        now = self._clock.now()
        told = self._sms.receipt(owed.key, now)
        if told is None and now - owed.at < RECEIPT_WITHIN:
            return
        with self._store.writing() as tables:
            if told and told.failure:
                self._teller.failed(tables, owed, told.failure)
                return
            if told:
                self._teller.delivered(tables, owed, told.at)
            tables.mark_told(owed)

    def _tell_late(self, owed: Owed) -> None:
        """What an older version ended without telling; no receipt comes of it."""
        with self._store.writing() as tables:
            if owed.state is EffectState.FAILED:
                self._teller.failed(tables, owed, Failure(cause=NoticeFailure.SMS_FAILED.value))
            else:
                tables.mark_told(owed)

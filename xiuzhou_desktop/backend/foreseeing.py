"""What a command would affect: it is judged as it would be, and nothing is written.

say ─► judge over this very database ─► Refusal: why not
                                        Outcome ─► domain.foresight over the open records,
                                                  of a term for files over what has ended, too
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import uuid_utils
from sqlalchemy import Connection

from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import Store, records
from xiuzhou_desktop.backend.store.codec import grant_of
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.contract.administration import Foreseen, ForesightSay
from xiuzhou_desktop.domain.command import Command, Outcome, Refusal
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.foresight import Scene, ended_too, foresee, is_foreseen
from xiuzhou_desktop.domain.ids import CommandId, RecordId
from xiuzhou_desktop.domain.judge import judge
from xiuzhou_desktop.domain.setting_sound import Rules
from xiuzhou_desktop.domain.workflow import Context

VALID_FOR = timedelta(minutes=1)


def foreseen(
    store: Store, connection: Connection, person: Person, said: ForesightSay, now: datetime
) -> Foreseen:
    """The answer for what a person may ask for himself. Raises ProblemError `grant-revoked`."""
    target = records.find(connection, said.record) if said.record else None
    if target is not None and grant_of(target) not in person.grants:
        raise ProblemError("grant-revoked")
    tables, around = store.tables(connection), store.surroundings(connection)
    context = Context(
        now=now, actor=person.actor(grant_of(target) if target else None),
        calendar=around.calendar, policy=around.policy, rows=tables.answer_fact,
        custodies=around.custodies,
    )  # fmt: skip
    judged = judge(_command(said, now), target, context)
    if isinstance(judged, Refusal):
        return Foreseen(looked_at=0, refusal=judged)
    if not isinstance(judged, Outcome):
        raise AssertionError("the backend knows every fact")
    rules = Rules(policy=around.policy, calendar=around.calendar)
    among = _Counted(_among(connection, judged) if is_foreseen(said.kind) else ())
    counts = foresee(judged, target, Scene(records=among, rules=rules, now=now))
    return Foreseen(looked_at=among.count, counts=counts)


class _Counted:
    """Records that are read one after the other, and how many they were."""

    def __init__(self, found: Iterable[Record]) -> None:
        self._found = found
        self.count = 0

    def __iter__(self) -> Iterator[Record]:
        for one in self._found:
            self.count += 1
            yield one


def _among(connection: Connection, outcome: Outcome) -> Iterator[Record]:
    yield from records.open_records(connection)
    kind = ended_too(outcome)
    if kind is not None:
        yield from records.ended_records(connection, kind)


def _command(said: ForesightSay, now: datetime) -> Command:
    return Command(
        id=CommandId(str(uuid_utils.uuid7())), client_seq=0, kind=said.kind,
        record=said.record or RecordId(str(uuid_utils.uuid7())), transition=said.transition,
        args=said.args, issued_at=now, not_after=now + VALID_FOR,
    )  # fmt: skip

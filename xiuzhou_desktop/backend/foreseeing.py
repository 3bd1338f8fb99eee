"""What a command would affect: it is judged as it would be, and nothing is written.

say ─► judge over this very database ─► Refusal: why not
                                        Outcome ─► domain.foresight over the open records
"""

from datetime import datetime, timedelta

import uuid_utils
from sqlalchemy import Connection

from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import Store, records
from xiuzhou_desktop.backend.store.codec import grant_of
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.contract.administration import Foreseen, ForesightSay
from xiuzhou_desktop.domain.command import Command, Outcome, Refusal
from xiuzhou_desktop.domain.foresight import Scene, foresee, is_foreseen
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
    among = tuple(records.open_records(connection)) if is_foreseen(said.kind) else ()
    scene = Scene(open_records=among, rules=rules, now=now)
    counts = foresee(judged, target, scene)
    return Foreseen(looked_at=len(scene.open_records), counts=counts)


def _command(said: ForesightSay, now: datetime) -> Command:
    return Command(
        id=CommandId(str(uuid_utils.uuid7())), client_seq=0, kind=said.kind,
        record=said.record or RecordId(str(uuid_utils.uuid7())), transition=said.transition,
        args=said.args, issued_at=now, not_after=now + VALID_FOR,
    )  # fmt: skip

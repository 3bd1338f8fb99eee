"""The administrator at the server's own console: what the command line changes goes the way of
every change, as commands that the judge sees and the transition log keeps.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import uuid_utils

from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.commands import Desk
from xiuzhou_desktop.backend.store import Store, Tables, records
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.contract.sync import Status
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.command import Command, Expect
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.grants import grants_for
from xiuzhou_desktop.domain.ids import DISTRICT, CommandId, RecordId
from xiuzhou_desktop.domain.workflow import Actor, Role

CONSOLE = Actor(
    user="console",
    name="管理员（控制台）",
    roles=frozenset({Role.ADMINISTRATOR, Role.SYSTEM}),
    grants=grants_for([(Role.SYSTEM, DISTRICT)]),
)
VALID_FOR = timedelta(hours=1)


class NotDoneError(Exception):
    """The judge said no; the text is its slug with the facts."""

    def __init__(self, problem: Problem) -> None:
        told = ", ".join(f"{name}: {value}" for name, value in problem.facts.items())
        super().__init__(f"{problem.slug} ({told})" if told else problem.slug)
        self.problem = problem


class Acts:
    """What the console does within one transaction."""

    def __init__(self, tables: Tables, desk: Desk, clock: BusinessClock) -> None:
        self.tables = tables
        self._desk = desk
        self._clock = clock

    def create(
        self, kind: Kind, record: RecordId, transition: str, args: Mapping[str, Json]
    ) -> Record:
        """Make a record. Raises NotDoneError."""
        return self._do(kind, record, Expect(absent=True), (transition, args))

    def change(self, one: Record, transition: str, args: Mapping[str, Json]) -> Record:
        """Move a record along one row of its table. Raises NotDoneError."""
        expect = Expect(state_version=one.state_version)
        return self._do(one.kind, one.id, expect, (transition, args))

    def _do(
        self, kind: Kind, record: RecordId, expect: Expect, act: tuple[str, Mapping[str, Json]]
    ) -> Record:
        now = self._clock.now()
        command = Command(
            id=CommandId(str(uuid_utils.uuid7())), client_seq=0, kind=kind, record=record,
            transition=act[0], expect=expect, args=act[1], issued_at=now,
            not_after=now + VALID_FOR,
        )  # fmt: skip
        result = self._desk.execute_as(self.tables, CONSOLE, command).result
        found = self.tables.find(record)
        if result.status is not Status.APPLIED or found is None:
            raise NotDoneError(result.problem or Problem(slug=result.status.value))
        return found


class Console:
    """Creates and changes records as actor `console`."""

    def __init__(self, store: Store, clock: BusinessClock) -> None:
        self._store = store
        self._clock = clock
        self._desk = Desk(store, clock)

    @contextmanager
    def together(self) -> Iterator[Acts]:
        """What is done in the block is done whole or, where it ends in an error, not at all."""
        with self._store.writing() as tables:
            yield Acts(tables, self._desk, self._clock)

    def create(
        self, kind: Kind, record: RecordId, transition: str, args: Mapping[str, Json]
    ) -> Record:
        """Make one record. Raises NotDoneError."""
        with self.together() as acts:
            return acts.create(kind, record, transition, args)

    def change(self, one: Record, transition: str, args: Mapping[str, Json]) -> Record:
        """Move one record. Raises NotDoneError."""
        with self.together() as acts:
            return acts.change(one, transition, args)

    def external(self, source: str, external_id: str) -> Record | None:
        """The record that a source knows under its own id."""
        with self._store.snapshot() as connection:
            return records.find_external(connection, source, external_id)

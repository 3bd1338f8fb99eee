"""What the twin prints: JSON for machines, sentences for people; both from the same values."""

import json
import sys
from collections.abc import Iterable, Mapping

from xiuzhou_desktop.client.door import Said, Say, Stream
from xiuzhou_desktop.client.errors import Rejected
from xiuzhou_desktop.client.views import OutboxEntry, PendingMark, RecordView
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.canonical import Json, to_json
from xiuzhou_desktop.domain.command import Refusal
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.text.catalogue import Catalogue

from .names import spoken_facts

ENVELOPE = tuple(name for name in Record.__struct_fields__ if name not in ("body", "log"))


def on_terminal(said: Said) -> None:
    """To this process's own stdout and stderr."""
    print(said.text, file=sys.stderr if said.stream is Stream.ERROR else sys.stdout, flush=True)


class Out:
    """Where the answer goes: the terminal, or the door by which the command came."""

    def __init__(self, language: str, *, is_json: bool, tell: Say = on_terminal) -> None:
        self.text = Catalogue(language)
        self.is_json = is_json
        self._tell = tell

    def say(self, value: Json, lines: Iterable[str]) -> None:
        """The answer: the value for machines, the lines for people."""
        for line in (_as_json(value),) if self.is_json else lines:
            self._line(line)

    def event(self, value: Json, line: str) -> None:
        """One line of something that goes on."""
        self._line(_as_json(value) if self.is_json else line)

    def text_error(self, line: str) -> None:
        """A sentence beside the answer, for people."""
        self._tell(Said(stream=Stream.ERROR, text=line))

    def complain(self, problem: Problem) -> None:
        """Why there is no answer."""
        if self.is_json:
            self._line(_as_json({"problem": problem_json(problem)}))
        self.text_error(sentence(self.text, problem))

    def _line(self, line: str) -> None:
        self._tell(Said(stream=Stream.OUT, text=line))


def parse_record(text: str) -> tuple[Kind, RecordId]:
    """KIND/ID. Raises Rejected."""
    kind, _, record = text.partition("/")
    if kind not in tuple(Kind) or not record:
        raise Rejected(Problem(slug="bad-record-name", facts={"given": text}))
    return Kind(kind), RecordId(record)


def name_of(kind: Kind, record: RecordId) -> str:
    """KIND/ID."""
    return f"{kind.value}/{record}"


def envelope_json(view: RecordView) -> dict[str, Json]:
    """A record's envelope, with what hangs on it."""
    envelope: dict[str, Json] = {name: to_json(getattr(view.record, name)) for name in ENVELOPE}
    envelope["pending"] = [_mark_json(mark) for mark in view.pending]
    envelope["is_undecided"] = view.is_undecided
    envelope["is_local"] = view.is_local
    return envelope


def entry_json(entry: OutboxEntry) -> dict[str, Json]:
    """One command of the outbox."""
    command = entry.command
    return {
        "command": command.id,
        "record": name_of(command.kind, command.record),
        "transition": command.transition,
        "status": entry.status.value,
        "attempts": entry.attempts,
        "age_s": entry.age_s,
        "problem": problem_json(entry.problem) if entry.problem else None,
        "parked_by": entry.parked_by,
    }


def problem_json(problem: Problem) -> dict[str, Json]:
    """What a machine needs of a problem."""
    return {"slug": problem.slug, "facts": to_json(problem.facts), "article": problem.article}


def refusal_problem(refusal: Refusal) -> Problem:
    """A forecast's refusal, as the server would put it."""
    return Problem(slug=refusal.slug, status=422, facts=refusal.facts, article=refusal.article)


def sentence(text: Catalogue, problem: Problem) -> str:
    """What happened and what to do, in the user's language; chosen by slug (style.md rule 28)."""
    for key in (f"refusal.{problem.slug}", f"problem.{problem.slug}"):
        found = _filled(text, key, problem.facts)
        if found:
            remedy = _filled(text, f"remedy.{problem.slug}", problem.facts)
            return text("cli.with_remedy", sentence=found, remedy=remedy) if remedy else found
    return text("problem.rejected", slug=problem.slug)


def _filled(text: Catalogue, key: str, facts: Mapping[str, Json]) -> str | None:
    if not text.has(key):
        return None
    try:
        return text(key, **spoken_facts(text, facts))
    except KeyError:  # a server of another version names its facts differently
        return None


def _mark_json(mark: PendingMark) -> dict[str, Json]:
    return {
        "command": mark.command,
        "transition": mark.transition,
        "status": mark.status.value,
    }


def _as_json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)

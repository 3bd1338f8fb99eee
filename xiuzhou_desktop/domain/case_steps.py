"""The small steps of which every act on a case is made: the file as rules see it, the case in its
next state, and the hand-over to the province.

    master local       the act moves the case
    master provincial  the act is judged, kept as a draft and handed over; the province's answer
                       (`mirror`) moves the case
"""

import re
from datetime import date

from .canonical import Json
from .case_body import CaseBody, CaseState, DocumentKind, IssuedDocument, Submission
from .case_dates import due_of
from .case_master import CaseMaster
from .case_rules import CaseFile, first_broken
from .command import Effect, EffectKind, Refusal
from .envelope import Args, Kind, Record
from .evidence import EvidenceBody, EvidenceRole, EvidenceState
from .workflow import Actor, Changes, Fact, FactKey, Situation
from .writing import body_of, fact_of, target_of, with_body, with_columns

OWN_NUMBER = re.compile(r"^[A-Z-]+-(\d{4})(\d{4})-(\d+)$")  # XZ-A-20261124-0001
DOCUMENT_WORDS = {
    DocumentKind.NOTICE: "秀综执告字", DocumentKind.DECISION: "秀综执罚决字",
    DocumentKind.ON_THE_SPOT: "秀综执简字",
}  # fmt: skip


def _officer(index: int) -> Fact:
    def key(target: Record | None, _args: Args, _actor: Actor) -> str | None:
        officers = body_of(target, CaseBody).officers if target else ()
        return officers[index] if index < len(officers) else None

    return Fact(kind=Kind.OFFICER, by=FactKey.ID, key=key, closed=True)


def _target_id(target: Record | None, _args: Args, _actor: Actor) -> str | None:
    return target.id if target else None


def flag_id(target: Record | None, _args: Args, _actor: Actor) -> str | None:
    """The flag of which the case was filed: what lies under that is the case's, too."""
    return body_of(target, CaseBody).flag if target else None


def _is_proof(record: Record, _situation: Situation[Args]) -> bool:
    return body_of(record, EvidenceBody).role is EvidenceRole.PROOF


def _is_awaited(record: Record, _situation: Situation[Args]) -> bool:
    return record.state == EvidenceState.EXPECTED


FILE = {
    "first": _officer(0),
    "second": _officer(1),
    "proofs": Fact(kind=Kind.EVIDENCE, by=FactKey.PARENT, key=_target_id, where=_is_proof),
    "awaited": Fact(kind=Kind.EVIDENCE, by=FactKey.PARENT, key=_target_id, where=_is_awaited),
    "flag_proofs": Fact(kind=Kind.EVIDENCE, by=FactKey.PARENT, key=flag_id, where=_is_proof),
    "flag_awaited": Fact(kind=Kind.EVIDENCE, by=FactKey.PARENT, key=flag_id, where=_is_awaited),
}


def named(kind: Kind, name: str) -> Fact:
    """The record that the form names in that field."""

    def key(_target: Record | None, args: Args, _actor: Actor) -> str | None:
        value: str | None = getattr(args, name)
        return value

    return Fact(kind=kind, by=FactKey.ID, key=key, closed=True)


def file_of(s: Situation[Args]) -> CaseFile:
    """The case as the rules look at it; for rows that declare the facts `FILE`."""
    target = target_of(s)
    officers = (fact_of(s, "first"), fact_of(s, "second"))
    return CaseFile(
        record=target, body=body_of(target, CaseBody),
        officers=tuple(one for one in officers if one is not None),
        proofs=_under_both(s, "proofs"), awaited=_under_both(s, "awaited"), now=s.now,
        policy=s.policy,
    )  # fmt: skip


def _under_both(s: Situation[Args], name: str) -> tuple[Record, ...]:
    return (*s.facts.get(name, ()), *s.facts.get(f"flag_{name}", ()))


def lawful(s: Situation[Args]) -> Refusal | None:
    """The standing rules of the row's step."""
    return first_broken(s.command.transition, file_of(s))


def case_of(s: Situation[Args]) -> CaseBody:
    """The target's body."""
    return body_of(target_of(s), CaseBody)


def changed(s: Situation[Args], **body: object) -> Record:
    """The case with these parts changed and its limit reckoned anew, in the state it is in."""
    return _dated(s, with_body(target_of(s), **body))


def now_in(s: Situation[Args], state: CaseState, **body: object) -> Record:
    """The case in that state."""
    return _dated(s, with_columns(with_body(target_of(s), **body), state=state.value))


def ended_in(s: Situation[Args], state: CaseState, **body: object) -> Record:
    """The case in an end state."""
    return with_columns(now_in(s, state, **body), closed_at=target_of(s).closed_at or s.now)


def stepped(s: Situation[Args], state: CaseState, **body: object) -> Changes:
    """A step of legal effect: taken here, or drafted here and handed over to the province."""
    if case_of(s).master is CaseMaster.LOCAL:
        return Changes(target=now_in(s, state, **body))
    step = s.command.transition
    submission = Submission(step=step, to_state=state, at=s.now)
    drafted = changed(s, **body | {"submission": submission})
    return Changes(target=drafted, effects=(package(drafted, step),))


def package(case: Record, step: str) -> Effect:
    """The case's package for the province's system, at that step."""
    args: dict[str, Json] = {"case": case.id, "step": step}
    flag = body_of(case, CaseBody).flag
    return Effect(kind=EffectKind.CASE_PACKAGE, args=args | {"flag": flag})


def issued(s: Situation[Args], kind: DocumentKind, dated: date) -> tuple[IssuedDocument, ...]:
    """The case's documents with a further one, numbered after the case's own number."""
    documents = case_of(s).documents
    again = sum(one.kind is kind for one in documents)
    number = document_number(kind, target_of(s).number, again)
    return (*documents, IssuedDocument(kind=kind, number=number, dated=dated))


def document_number(kind: DocumentKind, case_number: str | None, again: int = 0) -> str:
    """秀综执罚决字〔2026〕第1124-0001号; a case without number has none yet either."""
    parts = OWN_NUMBER.match(case_number or "")
    if parts is None:
        return f"{DOCUMENT_WORDS[kind]}〔    〕第    号"
    year, day, serial = parts.groups()
    suffix = f"-{again + 1}" if again else ""
    return f"{DOCUMENT_WORDS[kind]}〔{year}〕第{day}-{serial}{suffix}号"


def _dated(s: Situation[Args], record: Record) -> Record:
    return with_columns(record, due_at=due_of(record, s.policy, s.calendar))

"""For each transition that a person may carry out: a record and arguments with which it is lawful,
so that a right is seen by what it does.

Most rows ask nothing beyond their form; those that the law or a rule asks more of stand in `WAYS`:
what the record's body holds, what lies beside it, what the command says.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec import inspect

from xiuzhou_desktop.domain.case_body import (
    CaseBody,
    CaseState,
    Hearing,
    Lock,
    Penalty,
    PenaltyKind,
    Remedy,
    RemedyKind,
    Review,
    ReviewStage,
    Statement,
    Verdict,
)
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.evidence import EvidenceRole, EvidenceState
from xiuzhou_desktop.domain.flag_body import FlagState, SecondFrame
from xiuzhou_desktop.domain.ids import RecordId, Scope, derived_id
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.notice_body import NoticeState
from xiuzhou_desktop.domain.order_body import OrderState
from xiuzhou_desktop.domain.party import PartyState, PartyType
from xiuzhou_desktop.domain.publication_body import source_digest
from xiuzhou_desktop.domain.rights import Right

PICTURE = f"sha256:{'cd' * 32}"
FIRST, SECOND, CHAIR = (derived_id("officer", one) for one in ("first", "second", "chair"))
LONG_AGO, LATELY = date(2026, 10, 8), date(2026, 11, 23)
TO_COME = datetime.now(UTC) + timedelta(hours=12)
WARNING = Penalty(kind=PenaltyKind.WARNING)
FINE = Penalty(kind=PenaltyKind.FINE, fine_fen=100_00)
PERMIT = "permit"  # where an exemption's number comes from


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """`beside`: another record, (kind, state, body); its id is `{beside}` in body and args."""

    args: Mapping[str, object] = {}
    body: Mapping[str, object] = {}
    columns: Mapping[str, object] = {}
    beside: tuple[Kind, StrEnum, Mapping[str, object]] | None = None


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """The record to act on, what lies beside it, and the arguments."""

    record: Record
    beside: tuple[Record, ...]
    args: Mapping[str, object]


PLAIN: Mapping[type, object] = {
    inspect.DateType: LATELY, inspect.VarTupleType: (), inspect.TupleType: (),
    inspect.DictType: {}, inspect.BoolType: False,
}  # fmt: skip
BESIDE, SELF, AREA, USER = "{beside}", "{self}", "{area}", "{user}"
FLAG_BEFORE = {"accept": "L3_DISPATCHED", "arrive": "ACCEPTED", "return_": "ACCEPTED"}
FRAME = SecondFrame(at=datetime.now(UTC), blob=PICTURE)
SIGNED = {"officers": (FIRST, SECOND), "party_name": "甲", "party_type": PartyType.ORGANISATION}
PROVEN = {**SIGNED, "facts": "停放", "basis": "条例", "proposed": WARNING}
PASSED = Review(
    stage=ReviewStage.NOTICE, by="reviewer", by_name="X", at=datetime.now(UTC),
    verdict=Verdict.PASSED,
)  # fmt: skip
PROOF = (Kind.EVIDENCE, EvidenceState.HELD, {"role": EvidenceRole.PROOF, "case": SELF})
OWED = CaseBody(
    decision_no="秀综执罚决字1号", decided_on=LATELY, facts="停放", party_name="甲",
    party_type=PartyType.ORGANISATION,
)  # fmt: skip
DECIDED = (Kind.CASE, CaseState.DECIDED, msgspec.structs.asdict(OWED))
WAYS: Mapping[tuple[Kind, str], Way] = {
    (Kind.FLAG, "attach"): Way(
        args={"parent": BESIDE}, beside=(Kind.FLAG, FlagState.DETECTED, {}),
    ),
    (Kind.FLAG, "second_frame"): Way(args={"blob": PICTURE}),
    (Kind.EVIDENCE, "arrive"): Way(
        args={"blob": PICTURE}, body={"awaited": "cd" * 32}, columns={"assignee": USER},
    ),
    (Kind.FLAG, "find_corrected"): Way(body={"second_frame": FRAME}),
    (Kind.FLAG, "find_present"): Way(body={"second_frame": FRAME}),
    (Kind.FLAG, "penalise_simple"): Way(args={"second_officer": SECOND}),
    (Kind.FLAG, "file"): Way(args={"second_officer": SECOND}),
    (Kind.FLAG, "correct_plate"): Way(args={"plate": "浙F12345"}),
    (Kind.FLAG, "void_notice"): Way(
        body={"notice": BESIDE}, beside=(Kind.NOTICE, NoticeState.SENT, {"flag": SELF}),
    ),
    (Kind.CAMERA, "mute"): Way(args={"until": TO_COME}),
    (Kind.ORDER, "suspend"): Way(args={"until": TO_COME}),
    (Kind.ORDER, "merge"): Way(
        args={"parent": BESIDE}, beside=(Kind.ORDER, OrderState.FILED, {}),
    ),
    (Kind.ORDER, "feedback"): Way(args={"photos": [PICTURE]}),
    **{
        (Kind.TASK, name): Way(
            body={"flag": BESIDE}, beside=(Kind.FLAG, FlagState(state), {"task": SELF}),
        )
        for name, state in FLAG_BEFORE.items()
    },
    (Kind.EXEMPTION, "amend"): Way(
        args={
            "permit_no": SELF, "area": AREA, "valid_to": "2027-12-31", "subject_key": "shop:甲",
        },
        columns={"source": PERMIT, "external_id": SELF},
    ),
    (Kind.CASE, "unlock"): Way(
        body={"lock": Lock(by="X", at=datetime.now(UTC), reason="审计")},
    ),
    (Kind.CASE, "file"): Way(args={"second_officer": SECOND}),
    (Kind.CASE, "name_party"): Way(
        args={"party": BESIDE}, beside=(Kind.PARTY, PartyState.ACTIVE, {}),
    ),
    (Kind.CASE, "establish"): Way(args={"fine_fen": FINE.fine_fen}),
    (Kind.CASE, "fast_track"): Way(
        body={**PROVEN, "admitted_on": LATELY}, columns={"category": "05-05"},
    ),
    (Kind.CASE, "assign_officers"): Way(args={"first_officer": FIRST, "second_officer": SECOND}),
    (Kind.CASE, "finish_investigation"): Way(body=PROVEN, beside=PROOF),
    (Kind.CASE, "send_notice"): Way(body={**PROVEN, "reviews": (PASSED,)}, beside=PROOF),
    (Kind.CASE, "answer_statement"): Way(body={"statement": Statement(text="X", made_on=LATELY)}),
    (Kind.CASE, "request_hearing"): Way(
        body={"notified": Penalty(kind=PenaltyKind.REVOCATION)},
    ),
    (Kind.CASE, "set_hearing"): Way(
        args={"chair": CHAIR}, body={"hearing": Hearing(requested_on=LONG_AGO)},
    ),
    (Kind.CASE, "hold_hearing"): Way(
        body={"hearing": Hearing(requested_on=LONG_AGO, told_on=LONG_AGO, chair=CHAIR)},
    ),
    (Kind.CASE, "decide"): Way(
        args={"kind": "warning", "is_sealed": True, "names_remedies": True},
        body={**PROVEN, "notified": WARNING}, beside=PROOF,
    ),
    (Kind.CASE, "record_payment"): Way(
        args={"amount_fen": FINE.fine_fen}, body={"penalty": FINE},
    ),
    (Kind.CASE, "enforce"): Way(body={"urged_on": LONG_AGO}),
    (Kind.CASE, "end_remedy"): Way(
        body={"remedy": Remedy(kind=RemedyKind.RECONSIDERATION, since=LONG_AGO)},
    ),
    (Kind.SETTING, "set"): Way(args={"value": 3}, body={"name": "looks_before_onsite"}),
    (Kind.SETTING, "unset"): Way(body={"name": "looks_before_onsite", "value": 3}),
    (Kind.PUBLICATION, "mask"): Way(
        args={"source": source_digest(OWED)}, body={"case": BESIDE}, beside=DECIDED,
    ),
    (Kind.PUBLICATION, "confirm"): Way(
        body={"case": BESIDE, "source": source_digest(OWED), "masked_by": "another"},
        beside=DECIDED,
    ),
    (Kind.CUSTODY, "hand_back"): Way(body={"until": TO_COME}),
    (Kind.PUBLICATION, "send_again"): Way(body={"confirmed_at": datetime.now(UTC)}),
}  # fmt: skip


def tried(right: Right, lies_in: Scope, user: str, at: datetime) -> Tried:
    """A record of this person's own for this right in that scope, and how it is lawfully used."""
    row = KINDS[right.kind].transition(right.transition)
    assert row is not None
    way = WAYS.get((right.kind, right.transition), Way())
    key = f"{user}-{lies_in}"
    own, other = (derived_id(one, right.kind, right.transition, key) for one in ("own", "beside"))
    named = {BESIDE: other, SELF: own, AREA: lies_in, USER: user}
    record = a_record(
        right.kind, min(row.sources), own, scope=lies_in, at=at, body=_said(way.body, named),
        columns=_said(way.columns, named),
    )  # fmt: skip
    needed = {
        field.encode_name: msgspec.to_builtins(least_value(inspect.type_info(field.type)))
        for field in msgspec.structs.fields(row.form)
        if field.required
    }
    beside = ()
    if way.beside is not None:
        kind, state, body = way.beside
        body = _said(body, named)
        parent = own if kind is Kind.EVIDENCE else None
        beside = (
            a_record(
                kind, state, other, scope=lies_in, at=at, body=body, columns={"parent_id": parent}
            ),
        )
    return Tried(record=record, beside=beside, args={**needed, **_said(way.args, named)})


def a_record(
    kind: Kind, state: StrEnum, id_: RecordId, *, scope: Scope, at: datetime,
    body: Mapping[str, object] = {}, columns: Mapping[str, object] = {},
) -> Record:  # fmt: skip
    """One with the least that its kind takes, and with these."""
    spec = KINDS[kind]
    least = msgspec.structs.replace(least_body(spec.body), **body)
    return Record(
        kind=kind, id=id_, scope=scope, state=state.value, opened_at=at, body=least,
        closed_at=at if state in spec.closed else None, **columns,
    )  # fmt: skip


def _said(values: Mapping[str, object], named: Mapping[str, str]) -> dict[str, object]:
    return {
        name: named.get(one, one) if isinstance(one, str) else one for name, one in values.items()
    }


def least_body(body: type[msgspec.Struct]) -> msgspec.Struct:
    """A body with the least that its type takes."""
    given = {
        field.name: least_value(inspect.type_info(field.type))
        for field in msgspec.structs.fields(body)
        if field.required
    }
    return body(**given)


def least_value(wanted: inspect.Type) -> object:
    """A value of that type."""
    match wanted:
        case inspect.UnionType():
            return None if wanted.includes_none else least_value(wanted.types[0])
        case inspect.Metadata():
            return least_value(wanted.type)
        case inspect.EnumType():
            return next(iter(wanted.cls))
        case inspect.StructType():
            return least_body(wanted.cls)
        case inspect.DateTimeType():
            return datetime.now(UTC)
        case inspect.IntType():
            return wanted.ge or 1
        case _:
            return PLAIN.get(type(wanted), "X")

"""Counts over whole populations, asked of the database within the reader's grants (`GET
/v1/figures`).

An evicting cache cannot count; so the backend does, and says the period of every figure.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, select

from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.publication.portal import Looked
from xiuzhou_desktop.backend.store.at_rest import opened
from xiuzhou_desktop.backend.store.codec import decode
from xiuzhou_desktop.backend.store.schema import record
from xiuzhou_desktop.contract.figures import Figure, Figures
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.case_body import CaseBody, Procedure
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.flag_body import FlagState
from xiuzhou_desktop.domain.publication_body import OWED, PublicationState
from xiuzhou_desktop.domain.workcalendar import LOCAL

DAYS_BEFORE = 30  # of a subject's history: the period that makes a repeat (domain.md §2.3)
UNJUDGED = (FlagState.DETECTED.value, FlagState.DUPLICATE.value)


class Asked(Struct, frozen=True, kw_only=True):
    """One question; `grants` are the reader's."""

    name: str
    grants: tuple[str, ...]
    now: datetime
    camera: str | None = None
    subject_key: str | None = None
    period: tuple[datetime, datetime] | None = None
    portals: tuple[Looked, ...] = ()


def answer(connection: Connection, asked: Asked) -> Figures:
    """The figures of that name. Raises ProblemError for a name or argument that there is not."""
    count = _COUNTS.get(asked.name)
    if count is None:
        raise ProblemError("bad-parameter", "name")
    return Figures(at=asked.now, figures=tuple(count(connection, asked)))


def _camera_precision(connection: Connection, asked: Asked) -> Iterable[Figure]:
    """Of the camera's flags that a person judged, how many were violations."""
    if asked.camera is None:
        raise ProblemError("bad-parameter", "camera")
    by_state = _by_state(connection, asked, record.c.camera == asked.camera)
    judged = {state: n for state, n in by_state.items() if state not in UNJUDGED}
    right = sum(n for state, n in judged.items() if state != FlagState.FALSE_ALARM.value)
    yield Figure(name="camera_precision", counted=right, of=sum(judged.values()))


def _subject_history(connection: Connection, asked: Asked) -> Iterable[Figure]:
    """What is known of a plate or shop: confirmed flags of 30 days, and of all time."""
    if asked.subject_key is None:
        raise ProblemError("bad-parameter", "subject_key")
    since = asked.now - timedelta(days=DAYS_BEFORE)
    subject = record.c.subject_key == asked.subject_key
    confirmed = record.c.state.not_in((*UNJUDGED, FlagState.FALSE_ALARM.value))
    flags = (subject, confirmed, record.c.kind == Kind.FLAG.value)
    recent = (*flags, record.c.opened_at >= format_instant(since))
    yield Figure(
        name="subject_flags_30d", counted=_count(connection, asked, *recent), period_from=since,
        period_to=asked.now,
    )  # fmt: skip
    yield Figure(name="subject_flags", counted=_count(connection, asked, *flags))
    cases = (subject, record.c.kind == Kind.CASE.value)
    yield Figure(name="subject_cases", counted=_count(connection, asked, *cases))


def _today(connection: Connection, asked: Asked) -> Iterable[Figure]:
    """The running local day: what came in, and what of it is settled."""
    midnight = asked.now.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    for kind in (Kind.FLAG, Kind.ORDER):
        yield from _settled_of(connection, asked, kind, (midnight, asked.now))


def _period_orders(connection: Connection, asked: Asked) -> Iterable[Figure]:
    """A closed period: orders that came in, and what of them is settled (处置率)."""
    yield from _settled_of(connection, asked, Kind.ORDER, _period(asked))


def _period_flags(connection: Connection, asked: Asked) -> Iterable[Figure]:
    """The same of flags."""
    yield from _settled_of(connection, asked, Kind.FLAG, _period(asked))


def _publications(connection: Connection, asked: Asked) -> Iterable[Figure]:
    """Decisions of a period by the state of their publication, and how many of those that are owed
    to the public are published (公示率).
    """
    start, end = _period(asked)
    decided = (
        record.c.kind == Kind.PUBLICATION.value, record.c.opened_at >= format_instant(start),
        record.c.opened_at < format_instant(end),
    )  # fmt: skip
    by_state = _by_state(connection, asked, and_(*decided))
    for state in PublicationState:
        yield Figure(
            name=f"publication_{state.lower()}", counted=by_state.get(state.value, 0),
            period_from=start, period_to=end,
        )  # fmt: skip
    late = _count(
        connection, asked, *decided, record.c.is_open == 1,
        record.c.due_at <= format_instant(asked.now),
    )  # fmt: skip
    yield Figure(name="publication_overdue", counted=late, period_from=start, period_to=end)
    owed = sum(n for state, n in by_state.items() if PublicationState(state) in OWED)
    published = by_state.get(PublicationState.PUBLISHED.value, 0)
    yield Figure(
        name="publication_ratio", counted=published, of=owed, period_from=start, period_to=end
    )


def _portals(connection: Connection, asked: Asked) -> Iterable[Figure]:
    """The last reconciliation: what each portal showed, as of `period_to`; how many of them have
    been silent since; how many published decisions were not found there.
    """
    for one in asked.portals:
        yield Figure(name=f"portal_{one.master.value}", counted=one.shown, period_to=one.at)
    yield Figure(name="portals_silent", counted=sum(one.is_silent for one in asked.portals))
    lost = (
        record.c.kind == Kind.PUBLICATION.value, record.c.state == PublicationState.MISSING.value
    )  # fmt: skip
    yield Figure(name="portals_missing", counted=_count(connection, asked, *lost))


def _period_cases(connection: Connection, asked: Asked) -> Iterable[Figure]:
    """Cases by general procedure that were closed within the period (办结), those on the fast track
    among them, and how many of them ended in a decision.
    """
    start, end = _period(asked)
    query = select(record.c.doc).where(
        record.c.kind == Kind.CASE.value, record.c.closed_at >= format_instant(start),
        record.c.closed_at < format_instant(end), record.c.grant_key.in_(asked.grants),
    )  # fmt: skip
    docs = connection.execute(query).scalars()
    bodies = [decode(opened(connection, doc)).body for doc in docs]
    general = [
        body
        for body in bodies
        if isinstance(body, CaseBody) and body.procedure is not Procedure.SIMPLE
    ]
    counts = {
        "cases_fast_track": sum(one.procedure is Procedure.FAST_TRACK for one in general),
        "cases_decided": sum(one.decided_on is not None for one in general),
    }
    for name, counted in ({"cases_general": len(general)} | counts).items():
        yield Figure(name=name, counted=counted, of=len(general), period_from=start, period_to=end)


def _cameras(connection: Connection, asked: Asked) -> Iterable[Figure]:
    """Cameras by the state of their records."""
    by_state = _by_state(connection, asked, record.c.kind == Kind.CAMERA.value)
    total = sum(by_state.values())
    for state, n in sorted(by_state.items()):
        yield Figure(name=f"cameras_{state.lower()}", counted=n, of=total)


def _settled_of(
    connection: Connection, asked: Asked, kind: Kind, period: tuple[datetime, datetime]
) -> Iterable[Figure]:
    start, end = period
    came = (
        record.c.kind == kind.value, record.c.opened_at >= format_instant(start),
        record.c.opened_at < format_instant(end),
    )  # fmt: skip
    settled = _count(connection, asked, *came, record.c.is_open == 0)
    yield Figure(
        name=f"{kind.value}s_settled", counted=settled, of=_count(connection, asked, *came),
        period_from=start, period_to=end,
    )  # fmt: skip


def _period(asked: Asked) -> tuple[datetime, datetime]:
    if asked.period is None:
        raise ProblemError("bad-parameter", "from, to")
    return asked.period


def _count(connection: Connection, asked: Asked, *wanted: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(record).where(*wanted)
    granted = record.c.grant_key.in_(asked.grants)
    return int(connection.execute(query.where(granted)).scalar_one())


def _by_state(connection: Connection, asked: Asked, wanted: ColumnElement[bool]) -> dict[str, int]:
    granted = record.c.grant_key.in_(asked.grants)
    query = select(record.c.state, func.count()).where(wanted, granted).group_by(record.c.state)
    return {state: int(n) for state, n in connection.execute(query)}


_COUNTS: dict[str, Callable[[Connection, Asked], Iterable[Figure]]] = {
    "camera_precision": _camera_precision,
    "subject_history": _subject_history,
    "today": _today,
    "period_orders": _period_orders,
    "period_flags": _period_flags,
    "period_cases": _period_cases,
    "cameras": _cameras,
    "publications": _publications,
    "portals": _portals,
}
NAMES = tuple(_COUNTS)

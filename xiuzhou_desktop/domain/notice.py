"""The notice 短信告知 (APL 41¶3): a legal message about one flag.

    QUEUED ─sent─► SENT ─delivered─► DELIVERED
       └──────┴─────failed──► FAILED          any ─void─► VOIDED (更正)

A receipt may come late: from FAILED, too. It moves only with its flag: by `notice_sent`,
`notice_delivered`, `notice_failed` and `void_notice` there.
"""

from .envelope import Args, Kind, KindGroup
from .notice_body import NoticeBody, NoticeState
from .roles import NOBODY
from .workflow import Changes, KindSpec, Situation, Transition
from .writing import target_of

S = NoticeState


def _unchanged(s: Situation[Args]) -> Changes:
    return Changes(target=target_of(s))


def _row(name: str, sources: set[NoticeState], target: NoticeState) -> Transition:
    return Transition(
        name=name, sources=frozenset(sources), targets=(target,), roles=NOBODY, writes=_unchanged
    )


SPEC = KindSpec(
    kind=Kind.NOTICE,
    group=KindGroup.DISPATCH,
    body=NoticeBody,
    states=NoticeState,
    closed=frozenset({S.DELIVERED, S.FAILED, S.VOIDED}),
    number_prefix="XZ-N",
    transitions=(
        _row("sent", {S.QUEUED}, S.SENT),
        _row("delivered", {S.QUEUED, S.SENT, S.FAILED}, S.DELIVERED),
        _row("failed", {S.QUEUED, S.SENT}, S.FAILED),
        _row("void", {S.QUEUED, S.SENT, S.DELIVERED, S.FAILED}, S.VOIDED),
    ),
)

"""What may be done with a publication in each state: a table, read by buttons and keys alike."""

from collections.abc import Mapping

from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.publication_body import PublicationState

S = PublicationState


class Act(Struct, frozen=True, kw_only=True):
    """A transition and how it is named; `asks`: its form comes first."""

    transition: str
    text: str
    asks: bool = False


class Acts(Struct, frozen=True, kw_only=True):
    """Ctrl+Enter and Ctrl+Backspace."""

    primary: Act | None = None
    secondary: Act | None = None


MASK = Act(transition="mask", text="publication.act.mask")
CONFIRM = Act(transition="confirm", text="publication.act.confirm")
RETURN = Act(transition="return_", text="publication.act.return", asks=True)
SEND_AGAIN = Act(transition="send_again", text="publication.act.send_again")
EXEMPT = Act(transition="exempt", text="publication.act.exempt", asks=True)
RETRACT = Act(transition="retract", text="publication.act.retract", asks=True)

SIGNATURES = frozenset({MASK, CONFIRM})  # not given while the second scan finds anything

ACTS: Mapping[str, Acts] = {
    S.DUE: Acts(primary=MASK, secondary=EXEMPT),
    S.MASKED: Acts(primary=CONFIRM, secondary=RETURN),
    S.CONFIRMED: Acts(secondary=RETRACT),
    S.FAILED: Acts(primary=SEND_AGAIN, secondary=RETRACT),
    S.MISSING: Acts(primary=SEND_AGAIN, secondary=RETRACT),
    S.PUBLISHED: Acts(secondary=RETRACT),
    S.RETRACTING: Acts(),
    S.RETRACTED: Acts(),
    S.EXEMPT: Acts(),
}

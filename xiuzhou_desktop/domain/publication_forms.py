"""What is asked for by acts on a publication."""

from .envelope import Args
from .fields import Digest, Instant, Line, Notes, Positive, Reason
from .ids import RecordId
from .publication_body import ExemptGround, FailureCause


class Owe(Args, frozen=True, kw_only=True):
    """Which decision."""

    case: RecordId


class MaskNotice(Args, frozen=True, kw_only=True):
    """`source` names the words that were before the person; `by_hand` are passages to hide beyond
    the rules.
    """

    source: Digest
    by_hand: tuple[Line, ...] = ()


class Return(Args, frozen=True, kw_only=True):
    """Back to the first person, with the reason."""

    reason: Reason


class Exempt(Args, frozen=True, kw_only=True):
    """Not published at all."""

    ground: ExemptGround
    reason: Reason


class Listed(Args, frozen=True, kw_only=True):
    """What the portal's listing says: since when, under which receipt, how often."""

    at: Instant
    receipt: Line
    count: Positive = 1


class NotListed(Args, frozen=True, kw_only=True):
    """Why it is not there."""

    cause: FailureCause
    detail: Notes | None = None


class Retract(Args, frozen=True, kw_only=True):
    """The reason is published, too (APL 48)."""

    public_reason: Reason


class AlarmPublication(Args, frozen=True, kw_only=True):
    """A limit has passed; nothing else changes."""

    name: Line

"""How long files are kept after the end of what they belong to: one table.

    kind        its files                                  from               setting
    case        evidence, and its flag's pictures          its end            case_files_days
    flag        still, frames, on-site photos, evidence    its end, no case   flag_files_days
    order       still and photos                           its end            order_files_days
    evidence    a picture of a camera alone                its taking         camera_files_days

A case has more to say (case_keeping.py): a lock, a remedy, a second case. Then the record's timer
takes `dispose` 依期销毁: it names the files no more, and the backend's sweep throws them away but
for those that another record names.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from .command import Refusal
from .envelope import Kind, Record
from .policy import Policy

TERMS: Mapping[Kind, str] = {
    Kind.CASE: "case_files_days", Kind.FLAG: "flag_files_days", Kind.ORDER: "order_files_days",
    Kind.EVIDENCE: "camera_files_days",
}  # fmt: skip
RESTS = timedelta(days=7)  # after a restore: what cannot be taken back waits for late commands


def kept_until(kind: Kind, since: datetime, policy: Policy) -> datetime:
    """When the time of that kind's files is over."""
    days: int = getattr(policy, TERMS[kind])
    return since + timedelta(days=days)


def kept_of(setting: str) -> Kind | None:
    """Whose files this setting speaks of, if of any."""
    return next((kind for kind, name in TERMS.items() if name == setting), None)


def due_after_end(record: Record, policy: Policy) -> datetime | None:
    """When the files of an ended record may go; None while it is open, or they went."""
    if record.closed_at is None or is_disposed(record):
        return None
    return kept_until(record.kind, record.closed_at, policy)


def is_disposed(record: Record) -> bool:
    """Whether its files went in due time: what came under it now would never go."""
    return getattr(record.body, "disposed_at", None) is not None


def kept(due: datetime | None, now: datetime) -> Refusal | None:
    """Not a day too early."""
    return None if due is not None and due <= now else Refusal(slug="files-kept")

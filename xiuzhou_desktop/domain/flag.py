"""The three-level disposition 三级处置 of a suspected violation (domain.md §2.3).

DETECTED ─confirm─► CONFIRMED ─notice_delivered─► L1_NOTIFIED ─find_corrected─► SELF_CORRECTED
   │ dismiss ► FALSE_ALARM  │ notice_failed          │ find_undetermined ► UNDETERMINED (2x)
   │ attach ► DUPLICATE     │ urgent, repeat         │ find_present
   └─send_onsite────────────┴► L3_DISPATCHED ◄───────┘
         L3_DISPATCHED ─accept─► ACCEPTED ─arrive─► ARRIVED     (accept, arrive: on the task)
CORRECTED_ON_SITE · LEFT · SIMPLE_PENALTY · CASE_FILED · TRANSFERRED ─close─► CLOSED
ways back: correct_plate · void_notice · reopen · detach
"""

from .envelope import Kind, KindGroup
from .flag_body import FlagBody, FlagState
from .flag_table import ENDED, TRANSITIONS
from .flag_times import PHASES, TIMERS
from .workflow import KindSpec

S = FlagState

SPEC = KindSpec(
    kind=Kind.FLAG,
    group=KindGroup.DISPATCH,
    body=FlagBody,
    states=FlagState,
    closed=ENDED,
    transitions=TRANSITIONS,
    timers=TIMERS,
    phases=PHASES,
    number_prefix="XZ-F",
    merge_fields=frozenset({"note", "description"}),
)

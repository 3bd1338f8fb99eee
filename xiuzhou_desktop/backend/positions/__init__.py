"""The position store: fixes of vehicles, apart from records, without the commit lock (rule 10).

Checked fix ──► PositionStore (positions.db, or PostgreSQL by days) ──► history, newest fixes
"""

from xiuzhou_desktop.backend.positions.intake import Checked, PositionIntake, kept_from_ms
from xiuzhou_desktop.backend.positions.names import VehicleNames
from xiuzhou_desktop.backend.positions.store import Fix, PositionStore, open_positions

__all__ = [
    "Checked",
    "Fix",
    "PositionIntake",
    "PositionStore",
    "VehicleNames",
    "kept_from_ms",
    "open_positions",
]

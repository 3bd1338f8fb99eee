"""How much is asked of the servers, and when: a day's rhythm in as many minutes as there are.

flags a second   50 ┤        ▄          ▄          ▄
                  5 ┤▄▄▄▄▄▄▄▄█▄▄▄▄▄▄▄▄▄▄█▄▄▄▄▄▄▄▄▄▄█▄▄▄▄▄
                    0       0.2        0.5        0.8    of the time
                                        ↑ a process is killed in its peak, and started again
"""

from xiuzhou_desktop.domain.areas import AREAS, TOWNS, scope_of
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.ids import DISTRICT, AreaCode, Scope

STATIONS = 200
CALM_PER_S, PEAK_PER_S = 5, 50
PEAKS = (0.2, 0.5, 0.8)
PEAK_SHARE = 0.02  # of the time: 12 s of ten minutes
KILL_AT = 0.51  # within the second peak
POSITIONS_PER_S, TICKS_PER_S = 2_000, 2  # each vehicle tells where it is at each tick
NOTED, CONFIRMED = 0.25, 0.2  # of the flags; the others are dismissed
P99_LIMIT_MS = 250
AREA_CODES = tuple(map(AreaCode, AREAS))


class Plan(Struct, frozen=True, kw_only=True):
    """One run. `scale`: the share of a whole district's work that so many workstations do;
    flags a second are those of the whole district. `held`: flags of earlier days, all closed, that
    lie in the district before the day begins.
    """

    seconds: float
    stations: int = STATIONS
    calm_per_s: float = CALM_PER_S
    peak_per_s: float = PEAK_PER_S
    held: int = 0

    @property
    def scale(self) -> float:
        return self.stations / STATIONS

    def flags_per_s(self, at_s: float) -> float:
        """At so many seconds after the beginning."""
        share = at_s / self.seconds
        is_peak = any(begin <= share < begin + PEAK_SHARE for begin in PEAKS)
        return (self.peak_per_s if is_peak else self.calm_per_s) * self.scale

    @property
    def vehicles(self) -> int:
        """So many that each tick's places are the positions of a second."""
        return max(1, round(POSITIONS_PER_S / TICKS_PER_S * self.scale))

    @property
    def kill_at_s(self) -> float:
        return self.seconds * KILL_AT

    def scope_of(self, number: int) -> Scope:
        """Where that workstation stands: as many for each area as for any other, since as many
        flags come from each. The streets' stand in the district's hub, which sees the towns too.
        """
        return scope_of(AREA_CODES[number % len(AREA_CODES)])

    def judged_from(self, scope: Scope) -> frozenset[Scope]:
        """Whose flags they judge who stand there; the hub those of a town in which nobody does."""
        manned = {self.scope_of(number) for number in range(self.stations)}
        beside = set(TOWNS) - manned if scope == DISTRICT else set()
        return frozenset({scope, *beside})

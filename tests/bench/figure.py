"""One measured figure, the table of them, and `build/bench.json`.

Figure ──verdict──► ok        value against its limit, ratio against its goal
told    ──► one JSON line on stdout, by which a measuring process hands its figures over
"""

import statistics
import sys
from collections.abc import Sequence
from enum import StrEnum

import msgspec

MARK = "FIGURE "


class Sense(StrEnum):
    """On which side of its limit a value is good."""

    AT_MOST = "≤"
    AT_LEAST = "≥"


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A value with its limit; `ratio` with its `goal` where the figure is relative to `beside`."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    sense: Sense = Sense.AT_MOST
    ratio: float | None = None
    goal: float | None = None
    beside: str = ""  # what the ratio is to, measured in the same run
    is_measured: bool = True  # False: the measuring broke, `noise` says how
    noise: str = ""  # minimum / median / maximum, and by which clock

    @property
    def is_ok(self) -> bool:
        """Within its limit, and within its goal."""
        is_within = self.limit is None or _holds(self.value, self.sense, self.limit)
        is_near = self.goal is None or (
            self.ratio is not None and _holds(self.ratio, self.sense, self.goal)
        )
        return self.is_measured and is_within and is_near


def tell(figure: Figure) -> None:
    """Hand a figure over to the process that started this one."""
    print(MARK + msgspec.json.encode(figure).decode(), flush=True)


def told_in(output: str) -> tuple[Figure, ...]:
    """The figures in what a measuring process printed."""
    lines = (line for line in output.splitlines() if line.startswith(MARK))
    return tuple(msgspec.json.decode(line[len(MARK) :], type=Figure) for line in lines)


def written(figures: Sequence[Figure]) -> bytes:
    """`bench.json`."""
    rows = [
        {
            "name": one.name, "value": round(one.value, 3), "unit": one.unit, "limit": one.limit,
            "ratio": None if one.ratio is None else round(one.ratio, 3), "goal": one.goal,
            "ok": one.is_ok,
        }
        for one in figures
    ]  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(rows), indent=2) + b"\n"


def table(figures: Sequence[Figure]) -> str:
    """A line a figure, for people."""
    lines = [f"{'':5}{'figure':22}{'value':>16}{'limit':>10}{'ratio':>8}{'goal':>7}  noise"]
    for one in figures:
        sign = "ok" if one.is_ok else "FAIL"
        value = f"{one.value:,.2f} {one.unit}"
        limit = "—" if one.limit is None else f"{one.sense.value} {one.limit:g}"
        ratio = "—" if one.ratio is None else f"{one.ratio:.2f}"
        goal = "—" if one.goal is None else f"{one.sense.value} {one.goal:g}"
        beside = f" · beside {one.beside}" if one.beside else ""
        lines.append(
            f"{sign:5}{one.name:22}{value:>16}{limit:>10}{ratio:>8}{goal:>7}  {one.noise}{beside}"
        )
    return "\n".join(lines)


def spread(values: Sequence[float], unit: str, by: str = "") -> str:
    """`min/median/max` of several runs."""
    middle = statistics.median(values)
    said = f"{min(values):.3g}/{middle:.3g}/{max(values):.3g} {unit}, n={len(values)}"
    return f"{said}, {by}" if by else said


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value which that share of all does not exceed."""
    ordered = sorted(values)
    place = min(len(ordered) - 1, max(0, -(-len(ordered) * round(share * 1000) // 1000) - 1))
    return ordered[place]


def note(words: str) -> None:
    """Progress, on stderr."""
    print(words, file=sys.stderr, flush=True)


def _holds(value: float, sense: Sense, limit: float) -> bool:
    return value <= limit if sense is Sense.AT_MOST else value >= limit

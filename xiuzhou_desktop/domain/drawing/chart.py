"""What of a table is drawn as an arrow, and what is said in words beneath it.

An arrow leads onwards in the order in which the kind lists its states. Ways back would cross the
whole picture, and what stays where it is would be a loop at every state: both become notes.
"""

from enum import StrEnum

from ..envelope import Struct
from ..workflow import KindSpec, Moves, Role, Transition


class By(StrEnum):
    """Who takes a step: the style of its arrow."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"
    FOLLOWS = "follows another record"


class Arrow(Struct, frozen=True, kw_only=True):
    """All rows that lead from one state to another, by the same hand."""

    source: str
    target: str
    names: tuple[str, ...]
    by: By


class Chart(Struct, frozen=True, kw_only=True):
    """A kind's workflow, ready to be arranged. `entries`: row → state of records that it makes."""

    title: str
    states: tuple[str, ...]
    closed: frozenset[str]
    entries: tuple[tuple[str, str], ...]
    arrows: tuple[Arrow, ...]
    notes: tuple[str, ...]


def chart_of(spec: KindSpec) -> Chart:
    """The chart of a kind's table."""
    order = {state.value: index for index, state in enumerate(spec.states)}
    found: dict[tuple[str, str, By], list[str]] = {}
    notes: list[str] = []
    for row in spec.transitions:
        onwards = _onwards(row, order)
        if not onwards:
            notes += _note(row, spec)
            continue
        for source, target in onwards:
            found.setdefault((source, target, _by(row)), []).append(row.name)
        notes += _note_of_backward(row, order)
    arrows = tuple(
        Arrow(source=source, target=target, names=tuple(names), by=by)
        for (source, target, by), names in found.items()
    )
    return Chart(
        title=f"{spec.kind.value} ({spec.group.value})", states=tuple(order), arrows=arrows,
        closed=frozenset(state.value for state in spec.closed), notes=tuple(notes),
        entries=tuple((row.name, row.targets[0].value) for row in spec.transitions if row.creates),
    )  # fmt: skip


def _onwards(row: Transition, order: dict[str, int]) -> list[tuple[str, str]]:
    return [
        (source.value, target.value)
        for source in sorted(row.sources, key=lambda state: order[state.value])
        for target in row.targets
        if order[source.value] < order[target.value] and not _stays(row)
    ]


def _stays(row: Transition) -> bool:
    return set(row.targets) == set(row.sources)


def _by(row: Transition) -> By:
    if not row.roles:
        return By.FOLLOWS
    if Role.DUTY_OFFICER in row.roles or Role.ADMINISTRATOR in row.roles:
        return By.OFFICER
    return By.SUPERVISOR if Role.SUPERVISOR in row.roles else By.SYSTEM


def _note(row: Transition, spec: KindSpec) -> list[str]:
    if row.creates:
        return []
    where = _listed(row.sources, spec)
    if _stays(row):
        return [f"{row.name} ({_by(row).value}): stays in {where}"]
    targets = " or ".join(state.value for state in row.targets)
    return [f"{row.name} ({_by(row).value}): {where} → {targets}"]


def _note_of_backward(row: Transition, order: dict[str, int]) -> list[str]:
    if row.moves is Moves.CONTENT:
        return [f"{row.name} ({_by(row).value}): leaves every other state as it is"]
    back = [
        f"{source.value} → {target.value}"
        for source in sorted(row.sources, key=lambda state: order[state.value])
        for target in row.targets
        if order[source.value] > order[target.value]
    ]
    return [f"{row.name} ({_by(row).value}): also {', '.join(back)}"] if back else []


def _listed(sources: frozenset[StrEnum], spec: KindSpec) -> str:
    if sources == frozenset(spec.states):
        return "every state"
    if sources == frozenset(spec.states) - spec.closed:
        return "every open state"
    return ", ".join(state.value for state in spec.states if state in sources)

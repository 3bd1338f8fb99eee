"""docs/terms.md: every kind, state, transition and phase with its words in both languages, read off
the tables and the catalogues. `python -m xiuzhou_desktop.documents.terms > docs/terms.md`
"""

import sys
from collections.abc import Iterable, Iterator

from xiuzhou_desktop.domain.kinds import SPECS
from xiuzhou_desktop.domain.workflow import KindSpec, Moves, Transition
from xiuzhou_desktop.text.catalogue import Catalogue

HEAD = """# Terms 术语

Every kind with its states, transitions and phases, as code, wire and tables name them and as the
windows do. Printed by `python -m xiuzhou_desktop.documents.terms` from the tables and the text
catalogues; a test fails where this page differs. What the words mean: [glossary.md](glossary.md).
A transition from (new) makes the record.
"""
LANGUAGES = ("zh_CN", "en_US")
CHINESE, ENGLISH = (Catalogue(language) for language in LANGUAGES)


def page() -> str:
    """The page."""
    return "\n".join((HEAD, *(line for spec in SPECS for line in _section(spec))))


def _section(spec: KindSpec) -> Iterator[str]:
    kind = spec.kind.value
    yield f"## {kind} {CHINESE(f'kind.{kind}')} · {ENGLISH(f'kind.{kind}')}\n"
    states = (
        (state.value, _words(f"state.{kind}.{state.value}"), "closed" * (state in spec.closed))
        for state in spec.states
    )
    yield from _table(("state", "中文", "English", ""), states)
    moves = (
        (row.name, _words(f"transition.{kind}.{row.name}"), f"{_from(row)} → {_to(row)}")
        for row in spec.transitions
    )
    yield from _table(("transition", "中文", "English", "from → to"), moves)
    if spec.phases:
        phases = ((one.name, _words(f"phase.{one.name}"), "") for one in spec.phases)
        yield from _table(("phase", "中文", "English", ""), phases)


def _table(
    head: tuple[str, ...], rows: Iterable[tuple[str, tuple[str, str], str]]
) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for code, (chinese, english), more in rows:
        yield f"| {code} | {chinese} | {english} | {more} |"
    yield ""


def _words(key: str) -> tuple[str, str]:
    return CHINESE(key), ENGLISH(key)


def _from(row: Transition) -> str:
    return "(new)" if row.creates else " ".join(sorted(row.sources))


def _to(row: Transition) -> str:
    return "(stays)" if row.moves is Moves.CONTENT else " ".join(sorted(row.targets))


if __name__ == "__main__":
    sys.stdout.write(page())

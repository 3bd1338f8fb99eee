"""What a key of the panel does, as callables that hold no lambda."""

from collections.abc import Callable

from plugins.cases.evidence_column import EvidenceColumn
from xiuzhou_desktop.domain.envelope import Kind


class Piece:
    """A digit's piece of evidence."""

    def __init__(self, evidence: EvidenceColumn, number: int) -> None:
        self._evidence, self._number = evidence, number

    def __call__(self) -> None:
        self._evidence.choose(self._number)


class Make:
    """A new record by hand."""

    def __init__(self, make: Callable[[Kind, str], None], kind: Kind, act: str) -> None:
        self._make, self._kind, self._act = make, kind, act

    def __call__(self) -> None:
        self._make(self._kind, self._act)


class OnPiece:
    """An act on the chosen piece of evidence."""

    def __init__(self, press: Callable[[str], None], act: str) -> None:
        self._press, self._act = press, act

    def __call__(self) -> None:
        self._press(self._act)

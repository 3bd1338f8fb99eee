"""What a key of the panel does, as callables that hold no lambda."""

from plugins.triage.filter_bar import FilterBar
from plugins.triage.judging import Judging
from plugins.triage.marks import Marks
from plugins.triage.stage import Stage
from plugins.triage.verdicts import Verdict
from ui.records import RecordDesk
from xiuzhou_desktop.domain.envelope import Kind


class Digit:
    """A digit's place in the verdict bar."""

    def __init__(self, stage: Stage, number: int) -> None:
        self._stage, self._number = stage, number

    def __call__(self) -> None:
        self._stage.press(self._number)


class Report:
    """A new record by hand."""

    def __init__(self, judging: Judging, kind: Kind) -> None:
        self._judging, self._kind = judging, kind

    def __call__(self) -> None:
        self._judging.report(self._kind, "report")


class Ask:
    """A transition of the selected item that is not among the digits: its form."""

    def __init__(self, desk: RecordDesk, judging: Judging, verdict: Verdict) -> None:
        self._desk, self._judging, self._verdict = desk, judging, verdict

    def __call__(self, *_: object) -> None:
        if self._desk.current is not None:
            self._judging.press(self._desk.current, self._verdict, None)


class Mark:
    """X: marks the item for one verdict on all, and goes on; again takes the mark away."""

    def __init__(self, desk: RecordDesk, marks: Marks) -> None:
        self._desk, self._marks = desk, marks

    def __call__(self) -> None:
        if self._desk.current is not None:
            self._marks.toggle(self._desk.current)
            self._desk.next()


class Escape:
    """Esc: first the marks go, then the filter."""

    def __init__(self, marks: Marks, filter_bar: FilterBar) -> None:
        self._marks, self._filter_bar = marks, filter_bar

    def __call__(self) -> None:
        if self._marks:
            self._marks.clear()
        else:
            self._filter_bar.leave()

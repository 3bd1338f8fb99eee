"""What a key of the panel does, as callables that hold no lambda."""

from plugins.triage.arrivals import Arrivals
from plugins.triage.bulk import Bulk
from plugins.triage.filter_bar import FilterBar
from plugins.triage.judging import Judging
from plugins.triage.marks import Marks
from plugins.triage.sections import KINDS, STORM, TO_JUDGE
from plugins.triage.stage import Stage
from plugins.triage.storms import Storm
from plugins.triage.verdicts import Verdict
from ui.records import RecordDesk
from ui.start import start
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.plugin_api.context import PanelContext


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


class MarkStorm:
    """Ctrl+G: marks all of the storm that holds the item, else of the most urgent one, so that the
    next digit answers them together; its first comes before the eye."""

    def __init__(
        self, desk: RecordDesk, arrivals: Arrivals, bulk: Bulk, context: PanelContext
    ) -> None:
        self._desk, self._arrivals, self._bulk, self._context = desk, arrivals, bulk, context

    def __call__(self) -> None:
        storm = self._arrivals.storm_of(self._desk.current)
        if storm is not None:
            start(self._mark(storm), owner=self._desk)

    async def _mark(self, storm: Storm) -> None:
        query = RecordQuery(
            kinds=KINDS, ids=storm.ids, states=TO_JUDGE, is_open=True, limit=len(storm.ids)
        )
        page = await self._context.engine.query(query)
        for section in self._desk.model.sections():
            if section.key == f"{STORM}{storm.key}" and not section.is_open:
                self._desk.toggle_section(section.key)
        self._bulk.marks.take(page.views)
        if page.views:
            self._desk.select(page.views[0].record.id)


class Escape:
    """Esc: first the marks go, then the filter."""

    def __init__(self, marks: Marks, filter_bar: FilterBar) -> None:
        self._marks, self._filter_bar = marks, filter_bar

    def __call__(self) -> None:
        if self._marks:
            self._marks.clear()
        else:
            self._filter_bar.leave()

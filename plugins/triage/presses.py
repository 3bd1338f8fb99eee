"""What a key of the panel does, as callables that hold no lambda."""

from plugins.triage.judging import Judging
from plugins.triage.rows import RowMaker
from plugins.triage.stage import Stage
from plugins.triage.verdicts import Verdict
from ui.records import RecordDesk
from ui.start import start
from xiuzhou_desktop.contract.live import LiveAct
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.plugin_api.context import Engine


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


class Claim:
    """B: takes the selected item for this workstation, or gives it back."""

    def __init__(self, desk: RecordDesk, rows: RowMaker, engine: Engine) -> None:
        self._desk, self._rows, self._engine = desk, rows, engine

    def __call__(self) -> None:
        if self._desk.current is not None:
            start(self._say(self._desk.current.record), owner=self._desk)

    async def _say(self, record: Record) -> None:
        act = LiveAct.RELEASE if self._rows.is_mine(record.id) else LiveAct.CLAIM
        lease = await self._engine.live_say(act.value, record.kind, record.id)
        if lease is not None:
            self._rows.take_leases((lease,))
            self._desk.tick()

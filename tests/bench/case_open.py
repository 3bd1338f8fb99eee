"""case.open: a case with 200 pieces of evidence, from the selection until its page is complete and
the list painted. CPU time of the process: a busy neighbour of the machine does not count.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from plugins.cases.panel import CasesPanel
from tests.bench.figure import Figure, note, percentile, spread, tell
from tests.bench.in_window import in_window
from tests.bench.many_flags import OPENING, filled, flag
from tests.bench.timed import TimedApplication
from tests.e2e.product import Product
from tests.e2e.waits import until
from xiuzhou_desktop.domain.case_body import CaseBody, CaseState, Penalty, PenaltyKind
from xiuzhou_desktop.domain.case_master import CaseMaster
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.evidence import Custody, EvidenceBody, EvidenceRole, EvidenceType
from xiuzhou_desktop.domain.ids import CategoryCode, RecordId
from xiuzhou_desktop.domain.workflow import Role

CASES, PIECES, FLAGS = 24, 200, 20
A_CASE = PIECES + 1
WARM = 2  # cases that are opened before it counts
MS = 1000
PATIENCE_S = 20.0
LOOK_S, IDLE_SHARE, MOST_LOOKS = 0.4, 0.15, 20


def main() -> None:
    """Measure and tell; the one argument is a folder."""
    root = Path(sys.argv[1]) / "cases"
    root.mkdir()
    filled(root, Role.DUTY_OFFICER, _loads(), FLAGS + CASES * A_CASE + 2_000).close()
    in_window(root, play)


async def play(_qt: TimedApplication, product: Product) -> None:
    """Case after case."""
    product.window.show_panel("cases")
    frame = product.window.docks.frame("cases")
    await until(lambda: frame is not None and isinstance(frame.panel, CasesPanel), "the panel")
    assert frame is not None
    panel = frame.panel
    assert isinstance(panel, CasesPanel)
    cpu_ms, wall_ms = [], []
    for number in range(CASES):
        wall, cpu = await _opened(panel, _case_id(number))
        note(f"case {number}: {wall:.0f} ms, CPU {cpu:.0f} ms")
        if number >= WARM:
            wall_ms.append(wall)
            cpu_ms.append(cpu)
        await _quiet()
    tell(
        Figure(
            name="case.open", value=percentile(cpu_ms, 0.95), unit="ms p95", limit=200,
            noise=f"{spread(cpu_ms, 'ms', 'CPU')}; wall {spread(wall_ms, 'ms')}",
        )
    )  # fmt: skip


async def _opened(panel: CasesPanel, case: RecordId) -> tuple[float, float]:
    """Milliseconds of wall clock and of CPU until the page stands."""
    begin, begin_cpu = time.perf_counter(), time.process_time()
    panel.go_to(case)
    while not _stands(panel, case):
        assert time.perf_counter() < begin + PATIENCE_S, "the case is not opened"
        await asyncio.sleep(0.002)
    return (time.perf_counter() - begin) * MS, (time.process_time() - begin_cpu) * MS


async def _quiet() -> None:
    """Until the files were looked at and the paper is drawn: nobody opens two cases a second."""
    before = time.process_time()
    for _ in range(MOST_LOOKS):
        await asyncio.sleep(LOOK_S)
        spent, before = time.process_time() - before, time.process_time()
        if spent < LOOK_S * IDLE_SHARE:
            return


def _stands(panel: CasesPanel, case: RecordId) -> bool:
    evidence = panel.page.evidence
    is_listed = len(evidence.views) == PIECES and evidence.desk.model.line(0) is not None
    return panel.case_id == case and panel.page.is_complete and is_listed


def _loads() -> Iterator[list[Record]]:
    yield [flag(number) for number in range(FLAGS)]
    for number in range(CASES):
        yield [_case(number), *(_piece(number, place) for place in range(PIECES))]


def _case(number: int) -> Record:
    fine = Penalty(kind=PenaltyKind.FINE, fine_fen=500_00)
    body = CaseBody(
        master=CaseMaster.LOCAL, facts="当事人将货架摆出店门外经营", basis="条例第十七条",
        party_name="陈建荣", proposed=fine, filed_at=OPENING - timedelta(days=number + 3),
        evidence=tuple(_piece_id(number, place) for place in range(PIECES)),
    )  # fmt: skip
    return Record(
        kind=Kind.CASE, id=_case_id(number), number=f"XZ-A-20261120-{number:04d}",
        state=CaseState.INVESTIGATING, version=1, state_version=1,
        category=CategoryCode("05-04"), priority=3, opened_at=OPENING - timedelta(days=number + 4),
        due_at=OPENING + timedelta(days=60 - number), title=f"越门经营 {number}", body=body,
        seq=FLAGS + 1_001 + number * A_CASE,
    )  # fmt: skip


def _piece(number: int, place: int) -> Record:
    at = OPENING - timedelta(days=number + 3, minutes=place)
    body = EvidenceBody(
        case=_case_id(number), type=EvidenceType.PHOTO, blob=f"sha256:{place:064x}",
        captured_at=at, role=EvidenceRole.PROOF,
        custody=(Custody(at=at, actor="李强", act="record"),),
    )  # fmt: skip
    return Record(
        kind=Kind.EVIDENCE, id=_piece_id(number, place), state="HELD", version=1, state_version=1,
        parent_id=_case_id(number), category=CategoryCode("05-04"), opened_at=at,
        title=f"现场照片 {place + 1}", body=body, seq=FLAGS + 1_002 + number * A_CASE + place,
    )  # fmt: skip


def _case_id(number: int) -> RecordId:
    return RecordId(f"00000000-0000-7000-8a00-{number:012d}")


def _piece_id(number: int, place: int) -> RecordId:
    return RecordId(f"00000000-0000-7000-8e00-{number * PIECES + place:012d}")


if __name__ == "__main__":
    main()

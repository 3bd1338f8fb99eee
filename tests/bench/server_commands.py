"""server.commands: commands a second that one server process judges over HTTP, on SQLite.

Three runs, each on a fresh district: batches of fifty reports, then batches of fifty verdicts on
what was reported. The slower of the two kinds counts, by the median of the runs.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import uuid_utils

from tests.backend.process import Backend, report, with_officer
from tests.bench.figure import Figure, Sense, spread, tell

RUNS, BATCHES, A_BATCH = 3, 8, 50
PROJECT = Path(__file__).resolve().parents[2]
Made = Callable[[int], dict[str, object]]


def main() -> None:
    """Measure and tell."""
    reports: list[float] = []
    verdicts: list[float] = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory(dir=PROJECT / "build") as name:
            folder = with_officer(Path(name) / "district")
            with Backend(folder) as backend, backend.client() as client:
                _run(client, reports, verdicts)
    by_kind = {"report": reports, "confirm": verdicts}
    slower = min(by_kind, key=lambda kind: statistics.median(by_kind[kind]))
    noise = "; ".join(f"{kind} {spread(found, '/s')}" for kind, found in by_kind.items())
    tell(
        Figure(
            name="server.commands", value=statistics.median(by_kind[slower]), unit="/s",
            limit=200, sense=Sense.AT_LEAST, noise=f"{noise}, wall",
        )
    )  # fmt: skip


def _run(client: httpx.Client, reports: list[float], verdicts: list[float]) -> None:
    epoch = client.get("/v1/sync/session").json()["epoch"]
    made = [str(uuid_utils.uuid7()) for _ in range((BATCHES + 1) * A_BATCH)]

    def reported(number: int) -> dict[str, object]:
        return report(
            address=f"中山西路 {number + 1} 号", client_seq=number + 1, record=made[number],
            args={
                "category": "05-05", "address": f"中山西路 {number + 1} 号", "channel": "phone",
                "plate": f"浙F{10_000 + number}", "plate_colour": "blue",
            },
        )  # fmt: skip

    def confirmed(number: int) -> dict[str, object]:
        return report(
            client_seq=len(made) + number + 1, record=made[number], transition="confirm",
            expect={"state_version": 1}, args={},
        )  # fmt: skip

    reports.append(_rate(client, epoch, reported))
    verdicts.append(_rate(client, epoch, confirmed))


def _rate(client: httpx.Client, epoch: str, made: Made) -> float:
    """Commands a second over all batches after a first one. Raises AssertionError if one fails."""
    _push(client, epoch, [made(number) for number in range(A_BATCH)])
    batches = [
        [made(batch * A_BATCH + number) for number in range(A_BATCH)]
        for batch in range(1, BATCHES + 1)
    ]
    begin = time.perf_counter()
    for batch in batches:
        _push(client, epoch, batch)
    return BATCHES * A_BATCH / (time.perf_counter() - begin)


def _push(client: httpx.Client, epoch: str, commands: list[dict[str, object]]) -> None:
    answer = client.post("/v1/commands", json={"epoch": epoch, "commands": commands})
    assert answer.status_code == 200, answer.text
    for result in answer.json()["results"]:
        assert result["status"] == "applied", result


if __name__ == "__main__":
    main()

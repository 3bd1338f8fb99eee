"""A stand-in for the province's penalty system: it takes packages from one folder and answers into
another, as the real one would.

    python -m xiuzhou_desktop.backend.demo.province --folder DIR/case-packages [--once]

It gives each case one number for life, takes every step that it is handed, and numbers decisions
itself.
"""

import argparse
import asyncio
import json
import os
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from xiuzhou_desktop.domain.canonical import canonical, format_instant
from xiuzhou_desktop.domain.case_body import CaseState

POLL_S = 0.5
ATTEND_S = 2.0  # an officer sees that a step waits, and then that it was taken
S = CaseState
TAKES_TO: Mapping[str, CaseState] = {
    "file": S.FILED, "send_notice": S.NOTICE_SENT, "decide": S.DECIDED, "serve": S.SERVED,
    "record_payment": S.PAID, "close": S.CLOSED, "no_penalty": S.NO_PENALTY,
}  # fmt: skip


async def attend(folder: Path, now: Callable[[], datetime]) -> None:
    """Answer what comes, by the demonstration's own clock, until cancelled."""
    while True:
        await asyncio.to_thread(answer_all, folder, now())
        await asyncio.sleep(ATTEND_S)


def answer_all(folder: Path, now: datetime) -> int:
    """Answer every package that has none yet; returns how many."""
    out, tray = folder / "out", folder / "in"
    answered = 0
    for file in sorted(out.glob("*.json")) if out.is_dir() else ():
        name = f"a-{file.name}"
        if any((tray / place / name).exists() for place in (".", "done", "bad")):
            continue
        answer = _answer(json.loads(file.read_bytes()), now)
        if answer is not None:
            _drop(tray, name, canonical(answer))
            answered += 1
    return answered


def _answer(package: Mapping[str, object], now: datetime) -> dict[str, object] | None:
    case = package.get("case")
    if not isinstance(case, dict):
        return None
    body = case["body"]
    number = body.get("provincial_no") or _number(case)
    state = _state(str(package["step"]), body)
    answer: dict[str, object] = {
        "key": package["key"], "case": case["id"], "state": state, "at": format_instant(now),
        "provincial_no": number,
    }  # fmt: skip
    if state == S.DECIDED:
        answer |= {"document_no": f"嘉{body['decision_no']}", "dated": body["decided_on"]}
    return answer


def _state(step: str, body: Mapping[str, object]) -> str:
    """The step that was handed over is taken; filing alone gives a number."""
    submission = body.get("submission")
    if isinstance(submission, dict):
        return str(submission["to_state"])
    return TAKES_TO[step].value


def _number(case: Mapping[str, object]) -> str:
    return f"浙嘉秀罚立〔{str(case['opened_at'])[:4]}〕{str(case['id'])[-6:].upper()}"


def _drop(tray: Path, name: str, content: bytes) -> None:
    tray.mkdir(parents=True, exist_ok=True)
    part = (tray / name).with_suffix(".part")
    part.write_bytes(content)
    os.replace(part, tray / name)


def main() -> None:
    """Answer until stopped."""
    parser = argparse.ArgumentParser(description="A stand-in for the province's penalty system.")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--once", action="store_true", help="answer what lies there, and end")
    given = parser.parse_args()
    pause = threading.Event()
    while True:
        answer_all(given.folder, datetime.now(UTC))
        if given.once or pause.wait(POLL_S):
            return


if __name__ == "__main__":
    main()

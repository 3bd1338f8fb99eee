"""The walk as a table: named steps, run in order, one line each; a failure does not end it."""

import time
import traceback
from collections.abc import Awaitable, Callable, Iterable
from typing import TextIO

import msgspec

from tests.e2e.walker import Walker

Run = Callable[[Walker], Awaitable[None]]
TRACE_LINES = 12


class Step(msgspec.Struct, frozen=True):
    """One thing that the walk shows."""

    says: str
    run: Run


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """How a step went; `reason` None: well."""

    number: int
    says: str
    seconds: float
    reason: str | None = None


async def walk(steps: Iterable[tuple[int, Step]], walker: Walker, out: TextIO) -> tuple[Done, ...]:
    """Run the steps one after the other."""
    done = []
    for number, step in steps:
        done.append(await _take(number, step, walker, out))
        one = done[-1]
        if one.reason is None:
            print(f"ok {number:02d} {one.says} ({one.seconds:.1f} s)", file=out, flush=True)
        else:
            print(f"FAIL {number:02d} {one.says} … {one.reason}", file=out, flush=True)
    return tuple(done)


async def _take(number: int, step: Step, walker: Walker, out: TextIO) -> Done:
    began = time.monotonic()
    reason = None
    try:
        await walker.ready()
        await step.run(walker)
    except Exception as error:  # noqa: BLE001 - the top of the walk: the next step still runs
        reason = f"{type(error).__name__}: {error}"
        walker.pictures.keep_failure(number)
        if not isinstance(error, AssertionError) or not str(error):
            trace = traceback.format_exception(error)
            print("".join(trace[-TRACE_LINES:]), file=out)
    seconds = time.monotonic() - began
    return Done(number=number, says=step.says, seconds=seconds, reason=reason)

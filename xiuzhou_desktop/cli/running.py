"""Running a command: here, or by the program that holds the profile.

twin ──► own engine ──ProfileInUse──► its door ──► answer(): the same command, on its engine
             ▲                           │
             └──── lock free again ◄─────┴── nobody there: a holder that starts or ends just now
"""

import argparse
import asyncio
import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from xiuzhou_desktop.client.door import Call, Say, ask
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.errors import ClientError, ProfileInUse, Unavailable
from xiuzhou_desktop.contract.problems import Problem

from .parser import parse
from .say import Out, on_terminal

log = logging.getLogger(__name__)
EXIT_WRONG, EXIT_MISUNDERSTOOD, EXIT_UNREACHED = 1, 2, 4
PATIENCE_S = 5.0  # a window takes some seconds to open; a short twin is done in one
LOOK_AGAIN_S = 0.05


async def answer(core: EngineCore, call: Call, say: Say) -> int:
    """A twin's command on the engine of the program that holds the profile; the exit code."""
    try:
        asked = parse(call.arguments, Path(call.folder))
    except SystemExit:  # a twin of another version
        return EXIT_MISUNDERSTOOD
    asked.lent = core
    return await run(asked, Out(asked.lang, is_json=asked.json, tell=say))


async def run(asked: argparse.Namespace, out: Out) -> int:
    """The exit code. Raises ProfileInUse; BrokenPipeError where nobody reads on."""
    try:
        code: int = await asked.run(asked, out)
    except (ProfileInUse, BrokenPipeError):
        raise
    except ClientError as error:
        out.complain(error.problem())
        return EXIT_UNREACHED if isinstance(error, Unavailable) else EXIT_WRONG
    except Exception as error:  # the top: a defect of this program, with its trace in the log
        log.exception("defect")
        out.complain(Problem(slug="program-defect", facts={"error": type(error).__name__}))
        return EXIT_WRONG
    return code


def run_or_hand_over(asked: argparse.Namespace, out: Out, arguments: Sequence[str]) -> int:
    """Run the command where the profile is open. It runs once, wherever that is."""
    call = _call(asked, arguments)
    asked.answer = answer
    until_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            return asyncio.run(run(asked, out))
        except ProfileInUse as error:
            code = _handed_over(asked, error, call, out)
            if code is not None:
                return code
            if not asked.is_handed_over or time.monotonic() > until_s:
                out.complain(error.problem())
                return EXIT_WRONG
        threading.Event().wait(LOOK_AGAIN_S)


def _handed_over(
    asked: argparse.Namespace, error: ProfileInUse, call: Call, out: Out
) -> int | None:
    door = error.facts.get("door")
    if not asked.is_handed_over or not isinstance(door, str):
        return None
    try:
        return ask(door, call, on_terminal)
    except ClientError as ended:
        out.complain(ended.problem())
        return EXIT_WRONG


def _call(asked: argparse.Namespace, arguments: Sequence[str]) -> Call:
    """Its words, with what this process's surroundings say and the holder's do not."""
    meant = ("--profile", str(asked.profile), "--lang", asked.lang)
    return Call(arguments=(*arguments, *meant), folder=str(Path.cwd()))

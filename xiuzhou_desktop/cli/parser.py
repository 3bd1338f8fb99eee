"""Arguments of the twin, and which coroutine answers each."""

import argparse
import asyncio
import logging
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from xiuzhou_desktop.client.errors import ClientError, Unavailable
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.text.catalogue import LANGUAGES

from . import acting, doctor, exporting, reading, signing
from .log_lines import log_to
from .say import Out, sentence

log = logging.getLogger(__name__)
Command = Callable[[argparse.Namespace, Out], Awaitable[int]]
EXIT_WRONG, EXIT_UNREACHED = 1, 4
DEFAULT_ROOT = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "xiuzhou"


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit code."""
    asked = _parser().parse_args(arguments)
    log_to(asked.profile / "logs")
    out = Out(language=asked.lang, is_json=asked.json)
    run: Command = asked.run
    try:
        return asyncio.run(_run(run, asked, out))
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:  # `| head` has what it wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


async def _run(run: Command, asked: argparse.Namespace, out: Out) -> int:
    try:
        return await run(asked, out)
    except Unavailable as error:
        out.complain(sentence(out.text, error.problem()), error.problem())
        return EXIT_UNREACHED
    except ClientError as error:
        out.complain(sentence(out.text, error.problem()), error.problem())
        return EXIT_WRONG
    except Exception as error:  # the top: a defect of this program, with its trace in the log
        log.exception("defect")
        problem = Problem(slug="program-defect", facts={"error": type(error).__name__})
        out.complain(sentence(out.text, problem), problem)
        return EXIT_WRONG


def _parser() -> argparse.ArgumentParser:
    common = _common(argparse.SUPPRESS)
    parser = argparse.ArgumentParser(prog="python -m xiuzhou_desktop", parents=[_common()])
    parser.set_defaults(profile=DEFAULT_ROOT, json=False, lang=_language())
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Command, about: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=about, parents=[common])
        command.set_defaults(run=run)
        return command

    login = add("login", signing.login, "sign in; the password comes on stdin")
    login.add_argument("--server", required=True, metavar="URL")
    login.add_argument("--user", required=True)
    login.add_argument("--workstation", default=socket.gethostname())
    sync = add("sync", signing.sync, "send what is ready, fetch what is new")
    sync.add_argument("--watch", action="store_true", help="go on until interrupted")
    _records(add)
    _outbox(add)
    export = add("export", exporting.export, "records of a kind as a file")
    export.add_argument("kind", type=Kind, choices=tuple(Kind), metavar="KIND")
    export.add_argument("--format", choices=("csv", "geojson"), required=True)
    export.add_argument("--out", type=Path, required=True, metavar="F")
    check = add("doctor", doctor.doctor, "what is wrong and how to mend it")
    check.add_argument("--bundle", type=Path, metavar="ZIP", help="pack the logs")
    return parser


def _common(default: str | None = None) -> argparse.ArgumentParser:
    """What every command takes, before or after its name; the one after it holds."""
    common = argparse.ArgumentParser(add_help=False, argument_default=default)
    common.add_argument("--profile", type=Path, metavar="DIR")
    common.add_argument("--json", action="store_true", default=default, help="for machines")
    common.add_argument("--lang", choices=LANGUAGES)
    return common


Adder = Callable[[str, Command, str], argparse.ArgumentParser]


def _records(add: Adder) -> None:
    listing = add("list", reading.list_records, "records of a kind, open ones first")
    listing.add_argument("kind", type=Kind, choices=tuple(Kind), metavar="KIND")
    listing.add_argument("--state", metavar="S")
    listing.add_argument("--limit", type=int, default=100, metavar="N")
    show = add("show", reading.show, "one record, its thread, what may be done")
    show.add_argument("record", metavar="KIND/ID")
    new = add("new", acting.new, "make a record")
    new.add_argument("kind", type=Kind, choices=tuple(Kind), metavar="KIND")
    new.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    act = add("do", acting.do, "ask for a transition")
    act.add_argument("record", metavar="KIND/ID")
    act.add_argument("transition")
    act.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")


def _outbox(add: Adder) -> None:
    add("outbox", reading.outbox, "every command of this profile and its fate")
    resolve = add("resolve", acting.resolve, "settle what was refused")
    resolve.add_argument("command")
    resolve.add_argument("remedy", choices=("theirs", "mine"))


def _language() -> str:
    named = os.environ.get("XIUZHOU_LANG", "")
    return named if named in LANGUAGES else "zh_CN"

"""Arguments of the backend's command line, and which function answers each."""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from xiuzhou_desktop.backend.cli import people, serving
from xiuzhou_desktop.backend.cli.refused import RefusedError
from xiuzhou_desktop.backend.settings import SEED

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 done, 1 refused or partly done, 2 not understood."""
    asked = _parser().parse_args(arguments)
    run: Command = asked.run
    try:
        return run(asked)
    except RefusedError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m xiuzhou_desktop.backend")
    commands = parser.add_subparsers(required=True)
    _serve(commands.add_parser("serve", help="run the district backend"))
    _init(commands.add_parser("init", help="make the first administrator"))
    return parser


def _serve(parser: argparse.ArgumentParser) -> None:
    _data(parser)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument(
        "--demo", action="store_true", help="a demonstration district, loopback only"
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--demo-date", type=date.fromisoformat)
    parser.add_argument("--speed", type=int, default=1, help="business seconds a second")
    parser.set_defaults(run=serving.run)


def _init(parser: argparse.ArgumentParser) -> None:
    _data(parser)
    parser.set_defaults(run=people.init)


def _data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--database", metavar="URL", help="PostgreSQL instead of SQLite in DIR")

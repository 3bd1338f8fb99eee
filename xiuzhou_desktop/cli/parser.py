"""Arguments of the twin, and which coroutine answers each."""

import argparse
import os
import socket
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from xiuzhou_desktop.client.tracks import TrackFormat
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.text.catalogue import LANGUAGES

from . import acting, doctor, exporting, probing, reading, signing, tracking
from .say import Out
from .status import status

Command = Callable[[argparse.Namespace, Out], Awaitable[int]]
APP_FOLDER = "xiuzhou-desktop"  # the window's profiles
DEFAULT_ROOT = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / APP_FOLDER


def parse(arguments: Sequence[str], folder: Path) -> argparse.Namespace:
    """What was asked; relative files are meant from `folder`. Exits with 2 where it makes no
    sense.
    """
    asked = _parser(folder).parse_args(arguments)
    asked.profile = folder / asked.profile
    return asked


def _parser(folder: Path) -> argparse.ArgumentParser:
    common = _common(argparse.SUPPRESS)
    parser = argparse.ArgumentParser(prog="python -m xiuzhou_desktop", parents=[_common()])
    parser.set_defaults(
        profile=DEFAULT_ROOT, json=False, lang=_language(), lent=None, is_handed_over=True
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Command, about: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=about, parents=[common])
        command.set_defaults(run=run)
        return command

    login = add("login", signing.login, "sign in; the password comes on stdin")
    login.set_defaults(is_handed_over=False)
    login.add_argument("--server", required=True, metavar="URL")
    login.add_argument("--user", required=True)
    login.add_argument("--ca", type=folder.joinpath, metavar="PEM", help="the district's own CA")
    login.add_argument("--plain-http", action="store_true", help="allow this address without TLS")
    login.add_argument("--code", help="enrols this computer: the administrator gives it out")
    login.add_argument("--workstation", default=socket.gethostname())
    sync = add("sync", signing.sync, "send what is ready, fetch what is new")
    sync.add_argument("--watch", action="store_true", help="go on until interrupted")
    _records(add)
    _outbox(add)
    export = add("export", exporting.export, "records of a kind as a file")
    export.add_argument("kind", type=Kind, choices=tuple(Kind), metavar="KIND")
    export.add_argument("--format", choices=("csv", "geojson"), required=True)
    export.add_argument("--out", type=folder.joinpath, required=True, metavar="F")
    track = add("tracks", tracking.tracks, "a vehicle's track as a file")
    track.add_argument("vehicle", metavar="VEHICLE", help="plate, subject key or record id")
    track.add_argument("--from", dest="start", required=True, metavar="T", help="RFC 3339")
    track.add_argument("--to", dest="end", required=True, metavar="T")
    track.add_argument("--format", choices=tuple(TrackFormat), required=True)
    track.add_argument("--out", type=folder.joinpath, required=True, metavar="F")
    _cameras(add)
    add("status", status, "what hinders the work just now")
    check = add("doctor", doctor.doctor, "what is wrong and how to mend it")
    check.set_defaults(is_handed_over=False)
    check.add_argument("--bundle", type=folder.joinpath, metavar="ZIP", help="pack the logs")
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


def _cameras(add: Adder) -> None:
    play = add("probe", probing.probe_source, "play a source without a window; what comes of it")
    play.set_defaults(is_handed_over=False)
    play.add_argument("url", metavar="URL", help="rtsp, http(s) or a file, without a password")
    play.add_argument("--seconds", type=float, default=10, metavar="N")
    login = add("camera-login", probing.camera_login, "name and password of a camera, on stdin")
    login.set_defaults(is_handed_over=False)
    login.add_argument("url", metavar="URL")


def _language() -> str:
    named = os.environ.get("XIUZHOU_LANG", "")
    return named if named in LANGUAGES else "zh_CN"

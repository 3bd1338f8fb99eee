"""Arguments of the backend's command line, and which function answers each."""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from xiuzhou_desktop.backend.cli import (
    audit,
    backups,
    doctoring,
    effects,
    files,
    moving,
    people,
    sealed,
    serving,
    sessions,
)
from xiuzhou_desktop.backend.cli.refused import RefusedError
from xiuzhou_desktop.backend.csv_import import COLUMNS
from xiuzhou_desktop.backend.logs import LEVELS
from xiuzhou_desktop.backend.positions.files import PositionRow
from xiuzhou_desktop.backend.problems import SLUGS, ProblemError
from xiuzhou_desktop.backend.settings import SEED
from xiuzhou_desktop.domain.areas import SCOPES
from xiuzhou_desktop.domain.ids import DISTRICT
from xiuzhou_desktop.domain.workflow import Role

IMPORTED = {**COLUMNS, "positions": PositionRow.__struct_fields__}
PERSONS = tuple(role for role in Role if role not in (Role.SYSTEM, Role.DEVICE))
Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 done, 1 refused or partly done, 2 not understood."""
    asked = _parser().parse_args(arguments)
    run: Command = asked.run
    try:
        return run(asked)
    except (RefusedError, ProblemError) as error:
        print(_why(error), file=sys.stderr)
        return 1


def _why(error: RefusedError | ProblemError) -> str:
    return SLUGS[error.slug][1] if isinstance(error, ProblemError) else str(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m xiuzhou_desktop.backend")
    commands = parser.add_subparsers(required=True)
    _serve(commands.add_parser("serve", help="run the district backend"))
    _init(commands.add_parser("init", help="make the first administrator"))
    _user(commands.add_parser("user", help="accounts, roles, certificates"))
    _config(commands.add_parser("config", help="the district's own rules as a file"))
    _import(commands.add_parser("import", help="cameras, vehicles, flags or positions from a file"))
    _device(commands.add_parser("device", help="sources of AI flags"))
    _sealed(commands.add_parser("sealed", help="unsent work of accounts that were shut"))
    _effects(commands.add_parser("effects", help="messages that perhaps went out"))
    _session(commands.add_parser("session", help="who is signed in where"))
    _workstation(commands.add_parser("workstation", help="computers from which one may sign in"))
    _audit(commands.add_parser("audit", help="who did what of weight, as a chain"))
    _move(commands.add_parser("move", help="from SQLite to PostgreSQL, whole"))
    _backup(commands.add_parser("backup", help="all but the keys, while the server runs"))
    _restore(commands.add_parser("restore", help="put a backup back, under a new epoch"))
    _doctor(commands.add_parser("doctor", help="what may be wrong, each with its remedy"))
    _log_level(commands.add_parser("log-level", help="of one logger; read at SIGHUP"))
    token = commands.add_parser("metrics-token", help="for a monitor on another computer")
    _data(token)
    token.set_defaults(run=doctoring.metrics_token)
    _restored(commands.add_parser("restored", help="after a backup was put back: a new epoch"))
    return parser


def _serve(parser: argparse.ArgumentParser) -> None:
    _data(parser)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--tls-cert", type=Path, metavar="PEM", help="the chain; SIGHUP reads anew")
    parser.add_argument("--tls-key", type=Path, metavar="PEM")
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


def _user(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True)
    for name, run, about in (
        ("add", people.add, "password on stdin"),
        ("disable", people.disable, "shut an account"),
        ("reset", people.reset, "new password on stdin"),
        ("grant", people.grant, "a role in a scope, a certificate"),
        ("revoke", people.revoke, "take a role in a scope away"),
    ):
        act = acts.add_parser(name, help=about)
        act.add_argument("user")
        _data(act)
        act.set_defaults(run=run)
        if name in ("add", "grant"):
            _rights(act, needs_role=name == "add")
        elif name == "revoke":
            _role(act, is_needed=True)
    everyone = acts.add_parser("list", help="every account")
    _data(everyone)
    everyone.set_defaults(run=people.list_all)


def _rights(parser: argparse.ArgumentParser, *, needs_role: bool) -> None:
    parser.add_argument("--name", help="as others read it")
    _role(parser, is_needed=needs_role)
    parser.add_argument("--certificate", metavar="NUMBER")
    parser.add_argument("--valid-from", type=date.fromisoformat)
    parser.add_argument("--valid-to", type=date.fromisoformat)


def _role(parser: argparse.ArgumentParser, *, is_needed: bool) -> None:
    parser.add_argument("--role", type=Role, choices=PERSONS, required=is_needed)
    parser.add_argument("--scope", choices=SCOPES, default=DISTRICT)


def _config(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True)
    out = acts.add_parser("export", help="JSON on stdout")
    _data(out)
    out.set_defaults(run=files.config_export)
    into = acts.add_parser("import", help="JSON or TOML; all of it or nothing")
    into.add_argument("file", type=Path)
    into.add_argument("--note", help="the decision behind it")
    _data(into)
    into.set_defaults(run=files.config_import)


def _import(parser: argparse.ArgumentParser) -> None:
    parser.description = " ".join(
        f"Columns of {kind}: {', '.join(columns)}." for kind, columns in IMPORTED.items()
    )
    parser.add_argument("kind", choices=tuple(IMPORTED))
    parser.add_argument("file", type=Path, help="CSV; positions also as .gpx or .nmea")
    parser.add_argument("--vehicle", metavar="PLATE", help="whose positions a .gpx or .nmea holds")
    _data(parser)
    parser.set_defaults(run=files.import_file)


def _device(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True)
    add = acts.add_parser("add", help="prints its token once")
    add.add_argument("name")
    _data(add)
    add.set_defaults(run=files.device_add)


def _sealed(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True)
    everything = acts.add_parser("list", help="what is kept")
    _data(everything)
    everything.set_defaults(run=sealed.list_all)
    one = acts.add_parser("open", help="JSON on stdout; opening it is in the audit")
    one.add_argument("what", help="an id of the list, or a file that a workstation left")
    one.add_argument("--files", type=Path, help="a folder for the files inside")
    _data(one)
    one.set_defaults(run=sealed.open_one)


def _effects(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True)
    everything = acts.add_parser("list", help="key, kind, record, since when")
    _data(everything)
    everything.set_defaults(run=effects.list_asked)
    one = acts.add_parser("settle", help="what the provider says of one; it is in the audit")
    one.add_argument("key", help="of the list")
    one.add_argument("said", choices=tuple(effects.SAID), help="not-sent: it goes out once more")
    _data(one)
    one.set_defaults(run=effects.settle)


def _session(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True)
    everyone = acts.add_parser("list", help="id, user, workstation, last renewed")
    _data(everyone)
    everyone.set_defaults(run=sessions.list_sessions)
    one = acts.add_parser("end", help="signed out at once, streams within 15 s")
    one.add_argument("session", help="an id of the list")
    _data(one)
    one.set_defaults(run=sessions.end)


def _workstation(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True)
    for name, run, about in (
        ("invite", sessions.invite, "prints a code once, good for a day"),
        ("remove", sessions.remove, "nobody signs in from it any more"),
    ):
        act = acts.add_parser(name, help=about)
        act.add_argument("name")
        _data(act)
        act.set_defaults(run=run)
    known = acts.add_parser("list", help="every one, and since when")
    _data(known)
    known.set_defaults(run=sessions.list_workstations)


def _audit(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True)
    whole = acts.add_parser("verify", help="names each row that was changed or taken out")
    whole.add_argument("--head", metavar="HASH", help="a head printed earlier and kept elsewhere")
    _data(whole)
    whole.set_defaults(run=audit.verify)
    out = acts.add_parser("export", help="JSON lines on stdout")
    _data(out)
    out.set_defaults(run=audit.export)


def _move(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from", dest="source", type=_sqlite_file, required=True, metavar="URL",
        help="sqlite:///DIR/district.db; no backend may be serving it",
    )  # fmt: skip
    parser.add_argument(
        "--to", dest="target", type=_postgresql_url, required=True, metavar="URL",
        help="an empty PostgreSQL",
    )  # fmt: skip
    parser.set_defaults(run=moving.run)


def _sqlite_file(text: str) -> Path:
    url = _url(text)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise argparse.ArgumentTypeError("sqlite:///DIR/district.db is asked for")
    return Path(url.database)


def _postgresql_url(text: str) -> str:
    if _url(text).get_backend_name() != "postgresql":
        raise argparse.ArgumentTypeError("postgresql://USER@HOST/NAME is asked for")
    return text


def _url(text: str) -> URL:
    try:
        return make_url(text)
    except ArgumentError:
        raise argparse.ArgumentTypeError(f"{text!r} is no address of a database") from None


def _backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="new or empty")
    _data(parser)
    parser.set_defaults(run=backups.backup)


def _restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, metavar="FOLDER")
    parser.add_argument("--force", action="store_true", help="moves what is there aside")
    _data(parser)
    parser.set_defaults(run=backups.put_back)


def _doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tls-cert", type=Path, metavar="PEM")
    parser.add_argument("--tls-key", type=Path, metavar="PEM")
    _data(parser)
    parser.set_defaults(run=doctoring.doctor)


def _log_level(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("logger", help="xiuzhou_desktop.backend.effects")
    parser.add_argument("level", nargs="?", choices=LEVELS, help="without it: as usual again")
    _data(parser)
    parser.set_defaults(run=doctoring.log_level)


def _restored(parser: argparse.ArgumentParser) -> None:
    _data(parser)
    parser.set_defaults(run=files.restored)


def _data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--database", type=_postgresql_url, metavar="URL",
        help="PostgreSQL instead of SQLite in DIR",
    )  # fmt: skip

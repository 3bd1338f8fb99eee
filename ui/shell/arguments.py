"""What can be said on the command line of the window."""

import argparse
from pathlib import Path

import msgspec

from ui.shell.district_file import read_district
from ui.shell.workspaces import Workspace
from ui.theme.tokens import ThemeName

APP_FOLDER = "xiuzhou-desktop"


class Arguments(msgspec.Struct, frozen=True, kw_only=True):
    """The command line, typed. None: as last time, or the default."""

    demo: bool
    speed: str | None
    server: str | None
    ca: Path | None
    plain_http: bool
    profile_root: Path
    workspace: str | None
    language: str
    theme: ThemeName | None
    file: str = ""
    """The district file's name."""
    is_unread: bool = False
    """It says nothing to us."""
    offered: Path | None = None
    """The CA that it names; the person is asked before it counts."""


def read_arguments(argv: list[str], data_home: Path) -> Arguments:
    """Parse; prints usage and exits with 2 where it does not make sense."""
    parser = argparse.ArgumentParser(prog="main.py", description="秀洲城管指挥 · desktop client")
    parser.add_argument("file", nargs="?", type=Path, help="a district file, *.xiuzhou")
    parser.add_argument("--demo", action="store_true", help="start a demonstration server, too")
    parser.add_argument("--speed", metavar="X", help="how fast business time runs in it")
    parser.add_argument("--server", metavar="URL")
    parser.add_argument("--ca", metavar="PEM", type=Path, help="the district's own CA")
    parser.add_argument("--plain-http", action="store_true", help="allow --server without TLS")
    parser.add_argument("--profile", metavar="DIR", type=Path, help="root of all profiles")
    parser.add_argument("--workspace", choices=tuple(Workspace))
    parser.add_argument("--lang", choices=("zh_CN", "en_US"), default="zh_CN")
    parser.add_argument("--theme", choices=tuple(ThemeName))
    given = parser.parse_args(argv)
    if given.speed and not given.demo:
        parser.error("--speed needs --demo")
    district = read_district(given.file) if given.file else None
    return Arguments(
        demo=given.demo,
        speed=given.speed,
        server=given.server or (district.server if district else None),
        ca=given.ca,
        plain_http=given.plain_http,
        profile_root=(given.profile or data_home / APP_FOLDER).resolve(),
        workspace=given.workspace,
        language=given.lang,
        theme=ThemeName(given.theme) if given.theme else None,
        file=given.file.name if given.file else "",
        is_unread=given.file is not None and district is None,
        offered=district.ca if district and not given.ca else None,
    )

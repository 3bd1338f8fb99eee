"""`python -m xiuzhou_desktop.domain draw KIND [--out FILE.svg]`: a table as a picture.

`python -m xiuzhou_desktop.domain rights`: who may do what, as docs/rights.md has it.
"""

import argparse
import sys
from pathlib import Path

from .drawing import arrange, chart_of, svg_of
from .envelope import Kind
from .kinds import KINDS
from .rights import table


def main(arguments: list[str]) -> int:
    """Draw the table of one kind, or print the rights in all; exits 2 for a word that is no
    kind, as argparse does.
    """
    parser = argparse.ArgumentParser(prog="python -m xiuzhou_desktop.domain")
    commands = parser.add_subparsers(dest="command", required=True)
    draw = commands.add_parser("draw", help="draw the transition table of a kind as SVG")
    draw.add_argument("kind", choices=[kind.value for kind in Kind])
    draw.add_argument("--out", type=Path, help="file to write; without it the SVG goes to stdout")
    commands.add_parser("rights", help="role, kind and transition of all tables as one page")
    asked = parser.parse_args(arguments)
    if asked.command == "rights":
        sys.stdout.write(table())
        return 0
    picture = svg_of(arrange(chart_of(KINDS[Kind(asked.kind)])))
    if asked.out is None:
        sys.stdout.write(picture)
        return 0
    asked.out.write_text(picture, encoding="utf-8")
    print(asked.out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

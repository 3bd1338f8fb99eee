"""The desktop client: `python main.py [--demo] [--server URL] …`."""

import sys
from pathlib import Path

import ui.swift_imports  # noqa: F401 - first: what follows is loaded faster
from ui.shell.arguments import read_arguments
from ui.shell.run import data_home, run


def main() -> int:
    return run(read_arguments(sys.argv[1:], Path(data_home())))


if __name__ == "__main__":
    sys.exit(main())

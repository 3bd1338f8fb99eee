"""The desktop client: `python main.py [--demo] [--server URL] …`.

Engine and media are imported before Qt: PySide6 reads the source of each module that comes after
it, to see whether it uses PySide6, and that is a third of a second for all that these two need.
"""

import sys
from pathlib import Path

import xiuzhou_desktop.client.engine  # noqa: F401 - before Qt, see above
import xiuzhou_desktop.media  # noqa: F401
from ui.shell.arguments import read_arguments
from ui.shell.run import data_home, run


def main() -> int:
    return run(read_arguments(sys.argv[1:], Path(data_home())))


if __name__ == "__main__":
    sys.exit(main())

"""`python -m xiuzhou_desktop.backend`: serve, and the administrator's commands."""

import sys

from xiuzhou_desktop.backend.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

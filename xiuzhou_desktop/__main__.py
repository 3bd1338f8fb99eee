"""`python -m xiuzhou_desktop`: the command-line twin of the client."""

import sys

from xiuzhou_desktop.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

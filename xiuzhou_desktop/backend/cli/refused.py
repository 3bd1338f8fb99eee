"""What ends a command of the command line with one sentence and exit code 1."""


class RefusedError(Exception):
    """Not done; the message says why and what to do."""

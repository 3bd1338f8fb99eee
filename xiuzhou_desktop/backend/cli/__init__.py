"""The backend's command line."""

from xiuzhou_desktop.backend.cli.parser import main

__all__ = ["main"]

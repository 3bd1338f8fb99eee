"""Backups of a district: taken while it runs, verified, put back under a new epoch."""

from xiuzhou_desktop.backend.backup.databases import BackupError, is_occupied
from xiuzhou_desktop.backend.backup.restoring import restore
from xiuzhou_desktop.backend.backup.taking import take

__all__ = ["BackupError", "is_occupied", "restore", "take"]

"""The precious journal on SQLCipher: every saved command."""

from .sql_journal import SqlJournal

__all__ = ["SqlJournal"]

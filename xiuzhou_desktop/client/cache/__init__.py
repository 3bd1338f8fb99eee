"""The disposable cache on SQLCipher: records, full text, cursor."""

from .sql_cache import SqlCache

__all__ = ["SqlCache"]

"""The district's database: one `Store`, and one module a table or group of tables behind it."""

from xiuzhou_desktop.backend.store.engine import DiskFullError, UnavailableError
from xiuzhou_desktop.backend.store.port import Tables, TableStore
from xiuzhou_desktop.backend.store.store import Store, open_store

__all__ = ["DiskFullError", "Store", "TableStore", "Tables", "UnavailableError", "open_store"]

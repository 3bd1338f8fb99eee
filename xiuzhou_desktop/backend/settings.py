"""What `serve` was told: one frozen value that every part of the backend is built from."""

from datetime import date
from pathlib import Path

from xiuzhou_desktop.domain.envelope import Struct

SEED = 7  # of the demonstration world, when nobody asks for another
VERSION = "0.1.0"


class Settings(Struct, frozen=True, kw_only=True):
    """`folder` is DIR of the command line: database, blobs, keys and the clock's offset live below
    it.
    """

    folder: Path
    host: str = "127.0.0.1"
    port: int = 0
    database: str | None = None  # a SQLAlchemy URL of PostgreSQL; None = SQLite in the folder
    demo: bool = False
    seed: int = SEED
    demo_date: date | None = None
    tls_cert: Path | None = None  # a PEM file with the chain; None: no TLS
    tls_key: Path | None = None
    speed: int = 1  # how fast business time runs; only a demonstration may run fast

    @property
    def sqlite_file(self) -> Path:
        """The database when no URL names another."""
        return self.folder / "district.db"

    @property
    def positions_file(self) -> Path:
        """Positions of vehicles, when no URL names another database."""
        return self.folder / "positions.db"

    @property
    def blob_folder(self) -> Path:
        """Content-addressed files."""
        return self.folder / "blobs"

    @property
    def upload_folder(self) -> Path:
        """Files that are still coming; on the disk of the blobs, where they become some."""
        return self.folder / "uploads"

    @property
    def metrics_key_file(self) -> Path:
        """What a monitor on another computer shows, as hex."""
        return self.key_folder / "metrics.key"

    @property
    def log_levels_file(self) -> Path:
        """Levels of the log that are not the usual ones; read at each reload."""
        return self.folder / "log-levels.json"

    @property
    def high_water_file(self) -> Path:
        """How far the database ever came; never part of its backup."""
        return self.folder / "high-water.json"

    @property
    def key_folder(self) -> Path:
        """Secrets that no database backup holds."""
        return self.folder / "keys"

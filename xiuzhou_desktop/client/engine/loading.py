"""How far a load is, as the status bar tells it: records, bytes, and the time that is left."""

from xiuzhou_desktop.client.sync.bootstrap import Bootstrap
from xiuzhou_desktop.domain.envelope import Struct

TOLD_AFTER_S = 1.0  # before that the pace is not known


class Loaded(Struct, frozen=True, kw_only=True):
    """The values of LinkState that belong to a load."""

    done: int = 0
    total: int = 0
    done_bytes: int = 0
    left_s: int | None = None


class LoadClock:
    """Reckons the time left by the pace since this load began, which may go on from an earlier one.

    `promised`: records that the server holds for these grants.
    """

    def __init__(self, load: Bootstrap, promised: int, now_s: float) -> None:
        self._load = load
        self._promised = promised
        self._begun_s = now_s
        self._begun_at = load.done

    def loaded(self, now_s: float) -> Loaded:
        """As it is now."""
        done = self._load.done
        total = max(self._promised, self._load.total, done)
        taken_s, came = now_s - self._begun_s, done - self._begun_at
        left_s = None
        if taken_s >= TOLD_AFTER_S and came:
            left_s = round((total - done) * taken_s / came)
        return Loaded(done=done, total=total, done_bytes=self._load.done_bytes, left_s=left_s)

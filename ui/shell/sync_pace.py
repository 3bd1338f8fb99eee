"""How long the first synchronisation will still take, from how fast it went so far."""

from xiuzhou_desktop.client.views import Link, LinkState

LEAST_S = 2.0  # before it nobody can say


class SyncPace:
    """Remembers where a run began; another run, or one that goes backwards, begins anew."""

    def __init__(self) -> None:
        self._began: tuple[float, int] | None = None
        self._last = 0

    def seconds_left(self, link: LinkState, now_s: float) -> float | None:
        """None while nothing is counted or too little has passed. `now_s`: a steady clock."""
        if link.link is not Link.SYNCING or not link.total:
            self._began = None
            return None
        if self._began is None or link.done < self._last:
            self._began = (now_s, link.done)
        self._last = link.done
        began_s, done = self._began
        passed_s, came = now_s - began_s, link.done - done
        if passed_s < LEAST_S or came <= 0:
            return None
        return (link.total - link.done) * passed_s / came

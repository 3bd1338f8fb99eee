"""What a monitor reads: `GET /metrics` in Prometheus' text.

    counted as it happens   commands by result, how far pulls lie behind
    asked at each reading   open streams, effects by state, cameras by health, platforms by silence,
                            the certificate's end

The process's memory, processor time and files come from the library.
"""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import Connection

from xiuzhou_desktop.backend.store import effects
from xiuzhou_desktop.contract.live import CameraHealth
from xiuzhou_desktop.contract.platforms import Platforms

CONTENT_TYPE = CONTENT_TYPE_LATEST
BEHIND = (0, 1, 10, 100, 1_000, 10_000, 100_000)  # changes


class Metrics:
    """The figures of one process. `token` is what a monitor elsewhere shows."""

    def __init__(self, token: str) -> None:
        self.token = token
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._commands = Counter(
            "xiuzhou_commands", "Commands by result", ["result"], registry=self._registry
        )
        self._behind = Histogram(
            "xiuzhou_pull_lag_changes", "Changes between a pull's cursor and the horizon",
            buckets=BEHIND, registry=self._registry,
        )  # fmt: skip
        self._streams = Gauge("xiuzhou_streams", "Open event streams", registry=self._registry)
        self._effects = Gauge(
            "xiuzhou_effects", "Effects by state", ["state"], registry=self._registry
        )
        self._cameras = Gauge(
            "xiuzhou_cameras", "Cameras by health", ["health"], registry=self._registry
        )
        self._platforms = Gauge(
            "xiuzhou_platform_silence_seconds",
            "Since a workstation of the platform was heard, business time", ["scope"],
            registry=self._registry,
        )  # fmt: skip
        self._certificate = Gauge(
            "xiuzhou_certificate_expires_seconds", "When the TLS certificate ends, Unix time",
            registry=self._registry,
        )  # fmt: skip

    def judged(self, result: str) -> None:
        """A command was answered."""
        self._commands.labels(result).inc()

    def pulled(self, behind: int) -> None:
        """A pull was answered that lay so many changes behind."""
        self._behind.observe(behind)

    def certificate_ends(self, at_s: float) -> None:
        """A certificate was read."""
        self._certificate.set(at_s)

    def platforms(self, found: Platforms, now: datetime) -> None:
        """How long each has been silent; one that was never heard has no line."""
        self._platforms.clear()
        for one in found.platforms:
            if one.heard_at is not None:
                self._platforms.labels(one.scope).set((now - one.heard_at).total_seconds())

    def text(self, streams: int, owed: Mapping[str, int], cameras: Iterable[CameraHealth]) -> bytes:
        """The page, with what stands now."""
        self._streams.set(streams)
        self._effects.clear()
        for state, count in owed.items():
            self._effects.labels(state).set(count)
        self._cameras.clear()
        for health, count in Tally(one.health for one in cameras).items():
            self._cameras.labels(str(health)).set(count)
        return generate_latest(self._registry)


def owed_by_state(connection: Connection) -> dict[str, int]:
    """How many effects stand in each state."""
    return {state.value: 0 for state in effects.EffectState} | effects.count_by_state(connection)

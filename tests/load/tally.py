"""What a run has seen: how long answers took, what was promised by them, and what went wrong."""

from collections import Counter

from tests.bench.figure import percentile
from xiuzhou_desktop.client.errors import ClientError, ServerFailed, Unavailable
from xiuzhou_desktop.domain.ids import CommandId


class Tally:
    """Kept by the one process that asks."""

    def __init__(self) -> None:
        self.commands_ms: list[float] = []
        self.ingest_ms: list[float] = []
        self.late_ms: list[float] = []  # by which this process itself was behind its own clock
        self.answered: set[CommandId] = set()  # officers' commands that a server called applied
        self.flags: set[str] = set()  # external ids that a server has taken
        self.fixes: dict[int, int] = {}  # instant → fixes of it that a server has taken
        self.pulls = 0
        self.crossed = 0  # times that somebody went over to the other process
        self.errors: Counter[str] = Counter()
        self.unanswered = 0  # requests that nobody answered: asked again, at the cost of time

    def failed(self, what: str, error: ClientError) -> None:
        """A request came to nothing: an error, unless it found no server at all."""
        if isinstance(error, Unavailable) and not isinstance(error, ServerFailed):
            self.unanswered += 1
        else:
            self.errors[f"{what} {error.slug}"] += 1

    def p99_ms(self) -> float:
        """Of the officers' commands, each from its first sending to its answer, whatever failed
        in between.
        """
        return percentile(self.commands_ms, 0.99) if self.commands_ms else float("inf")

    def line(self, minute: int) -> str:
        """What a person wants to know after each minute."""
        ingest = percentile(self.ingest_ms, 0.99) if self.ingest_ms else 0.0
        late = percentile(self.late_ms, 0.99) if self.late_ms else 0.0
        return (
            f"{minute} min: {len(self.answered)} commands p99 {self.p99_ms():.0f} ms,"
            f" {len(self.flags)} flags p99 {ingest:.0f} ms, {sum(self.fixes.values()):,} positions,"
            f" {self.pulls} pulls, {self.crossed} crossed, {self.unanswered} asked again,"
            f" {self.errors.total()} errors; generator late p99 {late:.0f} ms"
        )

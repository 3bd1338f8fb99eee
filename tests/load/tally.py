"""What a run has seen: how long answers took, what was promised by them, and what went wrong."""

from collections import Counter
from collections.abc import Iterator

from tests.bench.figure import percentile
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.domain.ids import CommandId, RecordId

SILENCE = frozenset({"unreachable", "timeout", "stream-ended"})  # slugs where no server says a word


class Tally:
    """Kept by the one process that asks."""

    def __init__(self) -> None:
        self.commands_ms: list[float] = []
        self.ingest_ms: list[float] = []
        self.late_ms: list[float] = []  # by which this process itself was behind its own clock
        self.answered: dict[CommandId, frozenset[RecordId]] = {}  # applied, and what it has written
        self.flags: set[str] = set()  # external ids that a server has taken
        self.fixes: dict[int, int] = {}  # instant → fixes of it that a server has taken
        self.pulls = 0
        self.crossed: Counter[str] = Counter()  # to the other process, by what the first one did
        self.errors: Counter[str] = Counter()
        self.unanswered: Counter[str] = Counter()  # at both: asked again, at the cost of time

    def failed(self, what: str, error: ClientError) -> None:
        """A request came to nothing: an error, unless no server said a word."""
        came_to = self.unanswered if is_unanswered(error) else self.errors
        came_to[f"{what} {error.slug}"] += 1

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
            f" {self.pulls} pulls, {self.crossed.total()} crossed,"
            f" {self.unanswered.total()} asked again, {self.errors.total()} errors;"
            f" generator late p99 {late:.0f} ms"
        )

    def reasons(self) -> Iterator[str]:
        """Each thing that went wrong, and how often."""
        counted = {
            "error": self.errors, "asked again": self.unanswered, "crossed": self.crossed,
        }  # fmt: skip
        for what, why in counted.items():
            for slug, times in why.most_common():
                yield f"  {what}: {times} × {slug}"


def is_unanswered(error: ClientError) -> bool:
    """Whether no server said anything: not even that it cannot now (503), which is an error."""
    return error.slug in SILENCE

"""A subscription and its end."""

from typing import Protocol


class Observation(Protocol):
    """Whoever opened it closes it."""

    def close(self) -> None: ...

"""What a step holds true; what it says when it is not is the walk's line."""

from collections.abc import Callable

from tests.e2e.walker import Walker


def expect(is_so: object, otherwise: str) -> None:
    """Raise AssertionError with the sentence unless it is so."""
    if not is_so:
        raise AssertionError(otherwise)


def panel_text(walker: Walker) -> Callable[..., str]:
    """Sentences of the triage panel."""
    frame = walker.window.docks.frame("triage")
    assert frame is not None, "there is no triage panel"
    return frame.text

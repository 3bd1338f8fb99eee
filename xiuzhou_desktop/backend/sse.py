"""Server-sent events as text."""

from xiuzhou_desktop.backend.wire import encode_body

EVENT_STREAM = "text/event-stream"
SIGN_OF_LIFE = b": here\n\n"


def event(name: str, value: object) -> bytes:
    """One event with a JSON body."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), encode_body(value))

"""Bodies out and in: canonical JSON, with stored records spliced in as they are, never decoded on
their way (sync.md §6).
"""

from typing import TypeVar

import msgspec

from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.contract.history import HistoryPage
from xiuzhou_desktop.contract.sync import CommandResult, PullPage, PushAnswer, SnapshotPage
from xiuzhou_desktop.domain.canonical import canonical, to_json

T = TypeVar("T")


def encode_body(value: object) -> bytes:
    """The bytes of any answer."""
    match value:
        case msgspec.Raw():
            return bytes(value)
        case (
            PullPage() | SnapshotPage() | HistoryPage()
        ):  # no instant in them: the fast encoder gives the same
            return msgspec.json.encode(value, order="sorted")
        case PushAnswer():
            return msgspec.json.encode({"results": [_result(one) for one in value.results]})
        case CommandResult():
            return msgspec.json.encode(_result(value))
        case _:
            return canonical(value)


def decode_body(body: bytes, wanted: type[T]) -> T:
    """The request of an operation. Raises ProblemError `malformed`, whatever the bytes are."""
    if b"\\u0000" in body:
        raise ProblemError("malformed", "a character that no text holds")
    try:
        return msgspec.json.decode(body, type=wanted)
    except (ValueError, RecursionError) as error:  # msgspec's errors and bad UTF-8 are ValueErrors
        raise ProblemError("malformed", str(error)) from error


def _result(result: CommandResult) -> dict[str, object]:
    bare = to_json(msgspec.structs.replace(result, records=(), current=msgspec.UNSET))
    told: dict[str, object] = {**bare} if isinstance(bare, dict) else {}
    told["records"] = list(result.records)
    if not isinstance(result.current, msgspec.UnsetType):
        told["current"] = result.current
    return told

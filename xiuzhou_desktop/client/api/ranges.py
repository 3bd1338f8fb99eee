"""A part of a file, as the server tells of it (RFC 9110 §14): `206` with `Content-Range`, or all of
the file where something on the way gives no ranges.
"""

import re
from collections.abc import Mapping

from xiuzhou_desktop.client.blob_files import Part
from xiuzhou_desktop.client.errors import WrongServer

from .transport import BLOB_LIMIT, Heard

CONTENT_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


def headers_of(digest: str, offset: int, size: int) -> Mapping[str, str]:
    """What asks for so many bytes from there on; of another file, for all of it."""
    return {
        "Range": f"bytes={offset}-{offset + size - 1}", "If-Range": f'"{digest}"',
        "Accept-Encoding": "identity",  # a part of what was packed on the way could not be opened
    }  # fmt: skip


def part_of(heard: Heard, offset: int) -> Part:
    """The part that was asked for. Raises WrongServer: `blob-cut` where its head and its bytes
    differ, `answer-too-large`.
    """
    told = heard.headers.get("content-range")
    if told is None and heard.content:
        return Part(offset=0, content=heard.content, total=len(heard.content))
    found = CONTENT_RANGE.fullmatch(told or "")
    first, last, total = (int(one) for one in found.groups()) if found else (0, -1, 0)
    is_sound = first == offset and last < total and len(heard.content) == last + 1 - first > 0
    if not is_sound:
        raise WrongServer("blob-cut", told=told, size=len(heard.content))
    if total > BLOB_LIMIT:
        raise WrongServer("answer-too-large", limit=BLOB_LIMIT)
    return Part(offset=first, content=heard.content, total=total)

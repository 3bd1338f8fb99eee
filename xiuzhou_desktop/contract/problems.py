"""Errors on the wire.

RFC 9457 problems. `slug` is the stable name; the sentence for people is chosen by it on the screen.
"""

from collections.abc import Mapping

from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Struct

PROBLEM_TYPE = "urn:xiuzhou:problem:"


class Problem(Struct, frozen=True, kw_only=True):
    """One problem.

    `article` cites the law behind a refusal; `facts` are the named arguments of its sentence.
    """

    type: str = ""
    slug: str
    title: str = ""
    status: int = 400
    detail: str | None = None
    retryable: bool = False
    request_id: str | None = None
    article: str | None = None
    facts: Mapping[str, Json] = {}

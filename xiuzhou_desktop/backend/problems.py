"""Problems: how the backend says no (RFC 9457). One exception, one table of slugs with status and
whether to try again.

ProblemError(slug)   the whole request is refused; app.py turns it into application/problem+json
command_problem()    one command of a batch is refused; the batch is answered 200
"""

from collections.abc import Mapping
from http import HTTPStatus

from xiuzhou_desktop.contract.problems import PROBLEM_TYPE, Problem
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.command import Refusal

# slug → status, title. Retryable are 429 and 503; the rest needs another request.
SLUGS: dict[str, tuple[int, str]] = {
    "malformed": (400, "The body is not what this operation takes"),
    "bad-parameter": (400, "A parameter is missing or not understood"),
    "bad-cursor": (400, "The cursor is not one of ours"),
    "signed-out": (401, "Sign in, or refresh the session"),
    "wrong-password": (401, "User and password do not match"),
    "session-ended": (403, "The session has ended"),
    "account-disabled": (403, "The account is disabled"),
    "locked-out": (403, "Too many wrong passwords"),
    "not-enrolled": (403, "This workstation is not enrolled"),
    "bad-code": (403, "The code is not known, was used or has lapsed"),
    "grant-revoked": (403, "These records are not granted to this account"),
    "forbidden": (403, "Not allowed to this account"),
    "foreign-source": (403, "A device speaks for itself: source is its own name"),
    "not-found": (404, "There is nothing here"),
    "method-not-allowed": (405, "Not this method"),
    "not-acceptable": (406, "No such representation"),
    "epoch-mismatch": (409, "The database was restored: resync, then send again"),
    "claimed": (409, "Somebody else holds the claim"),
    "lease-lost": (409, "The claim has ended: it was not renewed, or was broken"),
    "account-exists": (409, "There is an account of that name"),
    "last-administrator": (409, "The district would have no administrator"),
    "offset-mismatch": (409, "The file does not go on there: ask how far it is"),
    "not-now": (409, "Not possible as things stand"),
    "epoch-changed": (410, "The database was restored: resync"),
    "cursor-expired": (410, "The cursor is older than what is kept: resync"),
    "tus-version": (412, "Only tus 1.0.0 is spoken here"),
    "too-large": (413, "More than one request may hold"),
    "unsupported-media": (415, "Not a type that is taken here"),
    "range-not-satisfiable": (416, "Nothing lies in that range"),
    "unsupported-file": (422, "Neither a picture nor a PDF nor a video"),
    "blob-mismatch": (422, "The bytes are not those of the hash"),
    "bad-image": (422, "The picture cannot be used"),
    "bad-plate": (422, "Not a plate"),
    "bad-time": (422, "The time cannot be right"),
    "bad-flag": (422, "The flag cannot be used"),
    "unknown-camera": (422, "No such camera"),
    "schema-unsupported": (426, "This client speaks another version"),
    "too-many-requests": (429, "Too many at once"),
    "upload-quota": (429, "Too much was uploaded that no command has named yet"),
    "defect": (500, "A defect of the backend; it is logged under the request id"),
    "disk-full": (503, "The server's disk is full: nothing is saved there, reading goes on"),
    "unavailable": (503, "Not now; try again"),
    "no-picture": (503, "The camera gives no picture"),
}
RETRYABLE = {429, 500, 503}
RIGHTS = frozenset({"role", "follows", "grant-revoked", "forbidden", "custody", "custody-of-hub"})
"""Refused because of who asks, not of what is asked: 403, and a row in the audit."""


class ProblemError(Exception):
    """The request is answered by a problem. `facts` are the named arguments of its sentence."""

    def __init__(self, slug: str, detail: str | None = None, **facts: Json) -> None:
        super().__init__(slug, detail)
        self.slug = slug
        self.detail = detail
        self.facts = facts

    @property
    def status(self) -> int:
        """Its HTTP status."""
        return SLUGS[self.slug][0]

    def problem(self, request_id: str) -> Problem:
        """The value on the wire."""
        status, title = SLUGS[self.slug]
        return Problem(
            type=PROBLEM_TYPE + self.slug, slug=self.slug, title=title, status=status,
            detail=self.detail, retryable=status in RETRYABLE, request_id=request_id,
            facts=self.facts,
        )  # fmt: skip


def slug_of_status(status: int) -> str:
    """The slug for an error that the framework found."""
    named = {code: slug for slug, (code, _) in reversed(SLUGS.items())}
    return named.get(status, "malformed" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "defect")


def command_problem(slug: str, facts: Mapping[str, Json] | None = None) -> Problem:
    """Why one command of a batch came to nothing."""
    status = HTTPStatus.FORBIDDEN if slug in RIGHTS else HTTPStatus.CONFLICT
    return Problem(type=PROBLEM_TYPE + slug, slug=slug, status=status, facts=facts or {})


def refusal_problem(refusal: Refusal) -> Problem:
    """The judge's no, with the article of law behind it."""
    is_right = refusal.slug in RIGHTS
    return Problem(
        type=PROBLEM_TYPE + refusal.slug, slug=refusal.slug, facts=refusal.facts,
        status=HTTPStatus.FORBIDDEN if is_right else HTTPStatus.UNPROCESSABLE_ENTITY,
        article=refusal.article,
    )  # fmt: skip

"""The past of the records."""

from xiuzhou_desktop.backend import feed, history
from xiuzhou_desktop.backend.operation import Call, Operation, Parameter, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store.history import Asked
from xiuzhou_desktop.backend.wire import encode_body
from xiuzhou_desktop.contract.history import HistoryPage
from xiuzhou_desktop.contract.sync import PAGE_LIMIT
from xiuzhou_desktop.domain.envelope import Kind

OPEN = {"true": True, "false": False}
QUERY = (
    Parameter(
        name="at", about="as of when", required=True,
        schema={"type": "string", "format": "date-time"},
    ),
    Parameter(
        name="kinds", about="kinds, separated by commas", required=True, schema={"type": "string"}
    ),
    Parameter(
        name="open", about="only what was open then",
        schema={"type": "string", "enum": ["true", "false"]},
    ),
    Parameter(name="after_id", about="where the page begins", schema={"type": "string"}),
    Parameter(
        name="limit", about="records looked at",
        schema={"type": "integer", "minimum": 1, "maximum": PAGE_LIMIT},
    ),
)  # fmt: skip


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""

    async def past(call: Call) -> Reply:
        person, asked = await call.person(), _asked(call)
        page = await parts.store.read(lambda c: history.page(c, person, asked))
        if Kind.PARTY.value in asked.kinds:
            await parts.parties.note_sent(person, feed.parties_shown(page.records))
        return Reply(body=encode_body(page))

    return (
        Operation(
            method="GET", path="/v1/history", name="history", gives=HistoryPage, run=past,
            query=QUERY, about="Records as they stood at an instant, by id.",
            problems=("bad-parameter",),
        ),
    )  # fmt: skip


def _asked(call: Call) -> Asked:
    kinds = tuple(call.query("kinds").split(","))
    if not set(kinds) <= {kind.value for kind in Kind}:
        raise ProblemError("bad-parameter", "kinds")
    is_open = call.query("open", "true")
    if is_open not in OPEN:
        raise ProblemError("bad-parameter", "open")
    limit = call.number("limit", PAGE_LIMIT, most=PAGE_LIMIT)
    return Asked(
        at=call.instant("at"), kinds=kinds, only_open=OPEN[is_open],
        after_id=call.query("after_id", ""), limit=limit,
    )  # fmt: skip

"""Counts over whole populations."""

from xiuzhou_desktop.backend import figures
from xiuzhou_desktop.backend.figures import Asked
from xiuzhou_desktop.backend.operation import Call, Operation, Parameter, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.wire import encode_body
from xiuzhou_desktop.contract.figures import Figures

TEXT = {"type": "string"}
INSTANT = {"type": "string", "format": "date-time"}


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""

    async def count(call: Call) -> Reply:
        person, given = await call.person(), call.request.query_params
        now = parts.clock.now()
        has_period = "from" in given or "to" in given
        asked = Asked(
            name=call.query("name"), grants=tuple(sorted(person.grants)), now=now,
            camera=call.query("camera") if "camera" in given else None,
            subject_key=call.query("subject_key") if "subject_key" in given else None,
            period=(call.instant("from"), call.instant("to", now)) if has_period else None,
            portals=parts.ledger.looked(),
        )  # fmt: skip
        told = await parts.store.read(lambda c: figures.answer(c, asked))
        return Reply(body=encode_body(told))

    names = {"type": "string", "enum": list(figures.NAMES)}
    return (
        Operation(
            method="GET", path="/v1/figures", name="figures", gives=Figures, run=count,
            about="Counts and ratios with their period and age.",
            query=(
                Parameter(name="name", about="which figures", schema=names, required=True),
                Parameter(name="camera", about="of camera_precision", schema=TEXT),
                Parameter(name="subject_key", about="of subject_history", schema=TEXT),
                Parameter(name="from", about="of a period", schema=INSTANT),
                Parameter(name="to", about="of a period", schema=INSTANT),
            ),
        ),
    )  # fmt: skip

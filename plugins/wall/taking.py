"""S: the picture in a tile as evidence, attached to the selected flag.

    frame ─worker─► PNG of the original pixels ─► engine.attach ─► evidence ─► one sentence
        of a flag: `announce`, so that a case which is filed from it knows that the picture comes
        of no flag: `record`, once the picture is on the server

Nothing is drawn into it and nothing is scaled. A picture that is not live proves nothing and is
not taken.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import msgspec

from plugins.wall.cameras import Camera
from ui.records import Sentences
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.client.views import Draft
from xiuzhou_desktop.domain.canonical import Json, format_instant
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.evidence import EvidenceType
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.media import Frame, SessionState, take_snapshot
from xiuzhou_desktop.plugin_api.context import PanelContext


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it, in one sentence. `evidence` None: nothing was kept."""

    says: str
    evidence: RecordId | None = None


class Shot(msgspec.Struct, frozen=True, kw_only=True):
    """What the hand pressed S on."""

    camera: Camera
    frame: Frame
    at: datetime
    camera_clock: datetime | None = None


async def take(context: PanelContext, shot: Shot) -> Taken:
    """Keep it durably; the network is not needed."""
    snapshot = await asyncio.to_thread(take_snapshot, shot.frame, shot.at)
    local = shot.at.astimezone(LOCAL)
    title = f"{shot.camera.code} {shot.camera.street} {shot.camera.name} {local:%H:%M:%S}"
    try:
        blob = await context.engine.attach(snapshot.png, f"{title}.png")
    except ClientError as error:
        sentences = Sentences(context.text)
        return Taken(says=sentences.refusal(error.problem()).text)
    flag = context.selection.latest(Kind.FLAG)
    args: dict[str, Json] = {
        "type": EvidenceType.STILL.value, "title": title.strip(),
        "captured_at": format_instant(shot.at), "camera": shot.camera.id,
        "pixels_sha256": snapshot.pixels_sha256,
    }  # fmt: skip
    if flag is None:
        args["blob"] = blob
    else:
        args |= {
            "flag": flag.record, "awaited": blob.removeprefix("sha256:"),
            "workstation": context.engine.signed.workstation,
        }  # fmt: skip
    if shot.camera_clock is not None:
        args["camera_clock"] = format_instant(shot.camera_clock)
    return await _record(context, args, shot)


async def _record(context: PanelContext, args: Mapping[str, Json], shot: Shot) -> Taken:
    act = "announce" if "awaited" in args else "record"
    told = await context.engine.submit(
        Draft(kind=Kind.EVIDENCE, record=None, transition=act, args=args)
    )
    if told.refusal is not None:
        spoken = Sentences(context.text).refusal(told.refusal)
        return Taken(says=spoken.text)
    at = Sentences(context.text).hms(shot.at)
    flag = args.get("flag")
    clock = context.text("wall.taken.no_clock")
    if shot.camera_clock is not None:
        clock = context.text(
            "wall.taken.clock", time=Sentences(context.text).hms(shot.camera_clock)
        )
    view = None
    if isinstance(flag, str):
        view = await context.engine.get(Kind.FLAG, RecordId(flag))
    if view is None:
        says = context.text("wall.taken.alone", code=shot.camera.code, time=at, clock=clock)
    else:
        says = context.text(
            "wall.taken", code=shot.camera.code, time=at, flag=view.record.title, clock=clock
        )
    return Taken(says=says, evidence=told.record)


def why_not(state: SessionState | None) -> str | None:
    """The text key of why this picture is no evidence; None: it is."""
    if state is SessionState.PLAYING:
        return None
    return "wall.taken.frozen" if state is SessionState.FROZEN else "wall.taken.not_live"

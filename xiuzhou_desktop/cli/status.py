"""`status`: what hinders the work just now, as the status bar says it."""

import argparse

from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.watch import Concern
from xiuzhou_desktop.domain.canonical import to_json
from xiuzhou_desktop.domain.envelope import Struct

from .opened import opened
from .say import Out

EXIT_ALARM = 1


class Status(Struct, frozen=True, kw_only=True):
    """How an engine stands; `is_rebuilt`: its cache was damaged and is being loaded again."""

    concerns: tuple[Concern, ...]
    pending: int
    refused: int
    is_rebuilt: bool


async def status(asked: argparse.Namespace, out: Out) -> int:
    """One line a concern; exit code 1 if one endangers work."""
    async with opened(asked) as core:
        found = status_of(core)
    lines = [said(out, one) for one in found.concerns] or [out.text("cli.all_well")]
    out.say(to_json(found), lines)
    return EXIT_ALARM if any(one.is_alarm for one in found.concerns) else 0


def status_of(core: EngineCore) -> Status:
    """As it stands now."""
    summary = core.desk.summary()
    return Status(
        concerns=core.watchdog.concerns(), pending=summary.pending, refused=summary.refused,
        is_rebuilt=core.spine.cache.was_rebuilt,
    )  # fmt: skip


def said(out: Out, concern: Concern) -> str:
    """Its sentence and its remedy."""
    key = f"watch.{concern.check}"
    remedy = out.text(f"{key}.remedy")
    return out.text("cli.with_remedy", sentence=out.text(key, **concern.facts), remedy=remedy)

"""`login` and `sync`. While `sync --watch` holds the profile, it answers other twins as a window
does.
"""

import argparse
import asyncio
import sys

from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.session import enrolled, sign_in, trust_said
from xiuzhou_desktop.client.views import Changed, LinkState
from xiuzhou_desktop.domain.canonical import Json, to_json

from .opened import answering, opened
from .say import Out, sentence


async def login(asked: argparse.Namespace, out: Out) -> int:
    """Sign in and remember the profile."""
    password = (await asyncio.to_thread(sys.stdin.readline)).rstrip("\r\n")
    trust = trust_said(asked.profile, asked.server, asked.ca, is_plain_allowed=asked.plain_http)
    if asked.code is not None:
        trust = await enrolled(asked.server, asked.code, trust, asked.profile)
    profile = await sign_in(
        asked.server, asked.user, password, asked.workstation, asked.profile, trust=trust
    )
    profile.close()
    out.say(
        {"server": profile.server, "user": profile.user, "key": profile.key_place.value},
        [out.text("cli.signed_in", user=profile.user, server=profile.server)],
    )
    return 0


async def sync(asked: argparse.Namespace, out: Out) -> int:
    """Return when nothing is ready and the cache is at the horizon; with --watch never."""
    async with opened(asked) as core:
        if asked.watch:
            await _watch(core, asked, out)
        await core.sync_once()
        summary = core.desk.summary()
        out.say(
            {"outbox": to_json(summary), "link": _link_json(core.link.state)},
            [out.text("cli.synced", pending=summary.pending, refused=summary.refused)],
        )
    return 0


async def _watch(core: EngineCore, asked: argparse.Namespace, out: Out) -> None:
    told: list[LinkState] = []

    def tell(changed: Changed) -> None:
        if changed.link and (not told or told[-1].link is not changed.link.link):
            told.append(changed.link)
            out.event(_link_json(changed.link), _link_line(out, changed.link))

    observing = core.news.observe(tell)
    try:
        async with answering(core, asked):
            await core.keep_at_work()
    finally:
        observing.close()


def _link_json(link: LinkState) -> dict[str, Json]:
    return {
        "link": link.link.value,
        "clock_offset_ms": link.clock_offset_ms,
        "data_as_of": to_json(link.data_as_of),
        "reason": link.reason.slug if link.reason else None,
    }


def _link_line(out: Out, link: LinkState) -> str:
    state = out.text(f"cli.link.{link.link.value}")
    if link.reason is None:
        return state
    return out.text("cli.link_because", state=state, reason=sentence(out.text, link.reason))

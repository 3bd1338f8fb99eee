"""`probe` and `camera-login`: a camera's own stream without a window, and who may have it."""

import argparse
import asyncio
import sys

import msgspec

from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.media import BadAddressError, Login, camera_source, read_address, store_login
from xiuzhou_desktop.media.probe import Probed, probe

from .say import Out

NOT_UNDERSTOOD = 2


async def probe_source(asked: argparse.Namespace, out: Out) -> int:
    """0 if pictures came, 1 if none did."""
    try:
        address = read_address(asked.url)
    except BadAddressError as error:
        out.complain(Problem(slug=f"address-{error.slug}"))
        return NOT_UNDERSTOOD
    found = await probe(camera_source(address), asked.seconds)
    out.say(msgspec.to_builtins(found), _lines(found, out))
    return 0 if found.frames else 1


def _lines(found: Probed, out: Out) -> tuple[str, ...]:
    if not found.frames:
        return (out.text("cli.probe.none", reason=found.reason.value),)
    return (
        out.text(
            "cli.probe", codec=found.codec or "?", width=found.width, height=found.height,
            fps=found.fps, first_ms=found.first_frame_ms, frames=found.frames,
            reconnects=found.reconnects,
        ),
        out.text("cli.probe.frozen" if found.frozen else "cli.probe.moving"),
    )  # fmt: skip


async def camera_login(asked: argparse.Namespace, out: Out) -> int:
    """Name and password of a camera, one line each on stdin, into the keyring."""
    try:
        place = read_address(asked.url).place
    except BadAddressError as error:
        out.complain(Problem(slug=f"address-{error.slug}"))
        return NOT_UNDERSTOOD
    user = (await asyncio.to_thread(sys.stdin.readline)).rstrip("\r\n")
    password = (await asyncio.to_thread(sys.stdin.readline)).rstrip("\r\n")
    if place is None or not await asyncio.to_thread(store_login, place, Login(user, password)):
        out.complain(Problem(slug="no-keyring"))
        return 1
    out.say({"camera": place, "user": user}, [out.text("cli.camera_login", place=place)])
    return 0

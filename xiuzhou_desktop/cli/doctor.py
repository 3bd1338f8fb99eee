"""`doctor`: what is wrong on this computer and how to mend it, each check on its own."""

import argparse
import asyncio
import json
import platform
import shutil
import subprocess
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec
import sqlcipher3.dbapi2 as driver

from xiuzhou_desktop.client.api import Api, Transport
from xiuzhou_desktop.client.clock import SystemClocks
from xiuzhou_desktop.client.door import Call, Said, ask
from xiuzhou_desktop.client.errors import ClientError, NoProfile, ProfileInUse, Unavailable
from xiuzhou_desktop.client.key import KEY_FILE
from xiuzhou_desktop.client.profile import LastLogin, folder_name, last_login
from xiuzhou_desktop.client.session import CLIENT_NAME, MemoryTokens
from xiuzhou_desktop.client.trust import load_trust
from xiuzhou_desktop.client.watch import LEAST_FREE, WORST_SKEW, Concern
from xiuzhou_desktop.contract.sync import SCHEMA
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.media import LibVlcMissing, load_libvlc

from .opened import opened
from .say import Out, sentence
from .status import Status, said, status_of

OWN_CHECKS = ("disk", "clock")  # measured here, profile or none
CHINESE_FONTS = ("fc-list", ":lang=zh-cn", "family")
VERSIONS = ("PySide6-Essentials", "httpx", "sqlalchemy", "sqlcipher3", "msgspec", "python-vlc")


class Finding(Struct, frozen=True, kw_only=True):
    """One check. `key` names its sentence `doctor.<key>`; `is_ok` None: it could not be checked."""

    check: str
    is_ok: bool | None
    key: str
    facts: dict[str, str | int] = {}


async def doctor(asked: argparse.Namespace, out: Out) -> int:
    """All checks, even when one fails."""
    findings = [_libvlc(), _fonts(), _disk(asked.profile), *_versions()]
    findings += await _profile(asked, out)
    findings += await _server(asked.profile, out)
    values: list[Json] = [_json(out, one) for one in findings]
    out.say(values, [_line(out, one) for one in findings])
    if asked.bundle:
        _pack(asked.bundle, asked.profile, values)
    return 1 if any(one.is_ok is False for one in findings) else 0


def _libvlc() -> Finding:
    found = load_libvlc()
    if isinstance(found, LibVlcMissing):
        return Finding(check="libvlc", is_ok=False, key="libvlc.missing")
    return Finding(check="libvlc", is_ok=True, key="libvlc.ok")


def _fonts() -> Finding:
    try:
        told = subprocess.run(
            CHINESE_FONTS, capture_output=True, text=True, check=False, timeout=20
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return Finding(check="fonts", is_ok=None, key="fonts.unknown")
    families = {line.partition(",")[0] for line in told.stdout.splitlines() if line.strip()}
    if not families:
        return Finding(check="fonts", is_ok=False, key="fonts.missing")
    return Finding(check="fonts", is_ok=True, key="fonts.ok", facts={"count": len(families)})


def _disk(root: Path) -> Finding:
    free = shutil.disk_usage(root).free
    facts: dict[str, str | int] = {"free_mib": free // 1024**2, "path": str(root)}
    is_ok = free >= LEAST_FREE
    return Finding(check="disk", is_ok=is_ok, key="disk.ok" if is_ok else "disk.low", facts=facts)


def _versions() -> list[Finding]:
    facts: dict[str, str | int] = {
        "python": platform.python_version(), "schema": SCHEMA, "sqlite": driver.sqlite_version,
        "packages": ", ".join(f"{name} {_version(name)}" for name in VERSIONS),
    }  # fmt: skip
    return [Finding(check="versions", is_ok=True, key="versions", facts=facts)]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "—"


async def _profile(asked: argparse.Namespace, out: Out) -> list[Finding]:
    root: Path = asked.profile
    try:
        login = last_login(root)
        found = [_key(root / folder_name(login.server) / login.user)]
        status = await _status(asked)
    except NoProfile:
        return [Finding(check="profile", is_ok=None, key="profile.none")]
    except ProfileInUse as error:
        facts: dict[str, str | int] = {"why": sentence(out.text, error.problem())}
        return [Finding(check="profile", is_ok=None, key="profile.in_use", facts=facts)]
    except ClientError as error:
        facts = {"why": sentence(out.text, error.problem())}
        return [Finding(check="profile", is_ok=False, key="profile.bad", facts=facts)]
    key = "profile.rebuilt" if status.is_rebuilt else "profile.ok"
    counts: dict[str, str | int] = {"pending": status.pending, "refused": status.refused}
    concerns = [_concern(out, one) for one in status.concerns if one.check not in OWN_CHECKS]
    return [*found, Finding(check="profile", is_ok=True, key=key, facts=counts), *concerns]


async def _status(asked: argparse.Namespace) -> Status:
    """Of an own engine, or of the one that holds the profile. Raises ClientError."""
    try:
        async with opened(asked) as core:
            return status_of(core)
    except ProfileInUse as error:
        status = await asyncio.to_thread(_status_of_holder, str(error.facts.get("door")))
        if status is None:
            raise
        return status


def _status_of_holder(door: str) -> Status | None:
    lines: list[Said] = []
    call = Call(arguments=("status", "--json"), folder=str(Path.cwd()))
    if ask(door, call, lines.append) is None or not lines:
        return None
    return msgspec.json.decode(lines[0].text, type=Status)


def _concern(out: Out, concern: Concern) -> Finding:
    facts: dict[str, str | int] = {"why": said(out, concern)}
    return Finding(check=concern.check, is_ok=False, key="concern", facts=facts)


def _key(folder: Path) -> Finding:
    path = folder / KEY_FILE
    if path.exists():
        return Finding(check="key", is_ok=True, key="key.file", facts={"path": str(path)})
    return Finding(check="key", is_ok=True, key="key.keyring")


async def _server(root: Path, out: Out) -> list[Finding]:
    try:
        login = last_login(root)
    except NoProfile:
        return []
    api = Api(Transport(login.server, CLIENT_NAME, trust=load_trust(root)), MemoryTokens())
    try:
        return await _asked(api, login)
    except Unavailable:
        facts: dict[str, str | int] = {"server": login.server}
        return [Finding(check="server", is_ok=False, key="server.unreached", facts=facts)]
    except ClientError as error:
        facts = {"why": sentence(out.text, error.problem()), "server": login.server}
        return [Finding(check="server", is_ok=False, key="server.wrong", facts=facts)]
    finally:
        await api.close()


async def _asked(api: Api, login: LastLogin) -> list[Finding]:
    health, heard = await api.health()
    speaks = health.schema_min <= SCHEMA <= health.schema_max
    facts: dict[str, str | int] = {
        "server": login.server, "version": health.version, "min": health.schema_min,
        "max": health.schema_max, "ours": SCHEMA,
    }  # fmt: skip
    key = "server.ok" if speaks else "server.schema"
    found = [Finding(check="server", is_ok=speaks, key=key, facts=facts)]
    if heard.date:
        skew = SystemClocks().wall() - heard.date
        is_ok = abs(skew) <= WORST_SKEW
        told: dict[str, str | int] = {"seconds": round(skew.total_seconds())}
        key = "clock.ok" if is_ok else "clock.off"
        found.append(Finding(check="clock", is_ok=is_ok, key=key, facts=told))
    return found


def _line(out: Out, one: Finding) -> str:
    marks = {True: "doctor.mark.ok", False: "doctor.mark.bad", None: "doctor.mark.unknown"}
    said = out.text(f"doctor.{one.key}", **one.facts)
    return out.text("doctor.line", mark=out.text(marks[one.is_ok]), sentence=said)


def _json(out: Out, one: Finding) -> Json:
    said = out.text(f"doctor.{one.key}", **one.facts)
    facts: dict[str, Json] = dict(one.facts)
    return {"check": one.check, "ok": one.is_ok, "sentence": said, "facts": facts}


def _pack(bundle: Path, root: Path, values: list[Json]) -> None:
    """Logs hold no personal data (style.md rule 27); journal, cache, key and session stay here."""
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doctor.json", json.dumps(values, ensure_ascii=False, indent=1))
        for path in sorted((root / "logs").glob("*.log*")):
            archive.write(path, f"logs/{path.name}")

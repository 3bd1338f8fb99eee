"""The link to each platform, measured by what comes from there: over HTTP, across a restart."""

import socket
from datetime import datetime
from pathlib import Path

import httpx

from tests.backend.district import MORNING, OTHER_TOWN, TOWN, District
from tests.backend.process import Backend, with_officer, with_towns_officer
from xiuzhou_desktop.backend.blobs import Blobs
from xiuzhou_desktop.backend.ingest import Intake
from xiuzhou_desktop.backend.platforms import ONLINE_WITHIN, PlatformWatch
from xiuzhou_desktop.backend.serve import UNHEARD_MS, bind
from xiuzhou_desktop.contract.ingest import IngestFlag
from xiuzhou_desktop.contract.platforms import Link, PlatformLink
from xiuzhou_desktop.domain.areas import SCOPES
from xiuzhou_desktop.domain.canonical import parse_instant
from xiuzhou_desktop.domain.ids import DISTRICT, Scope
from xiuzhou_desktop.domain.workflow import Role


def told(client: httpx.Client) -> dict[str, dict[str, str | None]]:
    platforms = client.get("/v1/platforms").json()["platforms"]
    assert [one["scope"] for one in platforms] == [*SCOPES]
    return {one["scope"]: one for one in platforms}


def heard_at(client: httpx.Client, scope: str) -> datetime:
    at = told(client)[scope]["heard_at"]
    assert at is not None
    return parse_instant(at)


def test_a_town_is_online_while_it_asks_and_its_last_sign_outlives_the_process(
    tmp_path: Path,
) -> None:
    folder = with_towns_officer(with_officer(tmp_path / "data"))
    with Backend(folder) as one:
        with one.client() as hub:
            assert told(hub)[DISTRICT]["link"] == "online"
            assert told(hub)[TOWN] == {
                "scope": TOWN, "link": "offline", "heard_at": None, "device_at": None,
            }  # fmt: skip
            with one.client("town") as town:
                town.get("/v1/sync/session")
                first = heard_at(hub, TOWN)
                town.get("/v1/sync/session")
            now = told(hub)
            assert (now[DISTRICT]["link"], now[TOWN]["link"]) == ("online", "online")
            assert heard_at(hub, TOWN) >= first
            page = httpx.get(f"{one.url}/metrics").text
            assert f'xiuzhou_platform_silence_seconds{{scope="{TOWN}"}}' in page
            assert f'scope="{OTHER_TOWN}"' not in page
            last = heard_at(hub, TOWN)
        assert one.stop() == 0
    with Backend(folder) as again, again.client() as hub:
        assert heard_at(hub, TOWN) == last


def link_of(district: District, watch: PlatformWatch, scope: Scope) -> PlatformLink:
    with district.store.snapshot() as connection:
        found = watch.read(connection, ()).platforms
    return next(one for one in found if one.scope == scope)


def test_silence_is_offline_and_a_device_alone_is_degraded(district: District) -> None:
    watch = PlatformWatch(district.clock)
    district.add_officer("town", Role.DUTY_OFFICER, TOWN)
    watch.heard(district.person("town"))
    district.wall.at += ONLINE_WITHIN
    assert link_of(district, watch, TOWN).link is Link.ONLINE
    with district.store.transaction() as connection:
        watch.keep(connection, ())
    district.wall.advance(seconds=1)
    assert link_of(district, watch, TOWN).link is Link.OFFLINE
    at = district.wall.at
    flag = IngestFlag(external_id="A-1", category="05-05", captured_at=at, area=TOWN)
    blobs = Blobs(district.settings.folder / "blobs")
    Intake(district.store, district.clock, district.desk, blobs).take("detector", flag, None)
    seen = link_of(district, PlatformWatch(district.clock), TOWN)  # as another process sees it
    assert seen == PlatformLink(
        scope=TOWN, link=Link.DEGRADED, heard_at=MORNING, device_at=at
    )  # fmt: skip


def test_a_stream_whose_cable_is_cut_does_not_outlive_its_signs_of_life() -> None:
    with bind("127.0.0.1", 0) as listening:
        listening.listen()
        with socket.create_connection(listening.getsockname()):
            taken, _ = listening.accept()
            with taken:
                assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == UNHEARD_MS
    assert UNHEARD_MS < 1000 * ONLINE_WITHIN.total_seconds()
